"""The order of a draw: checkable by hand, fair by tickets, steady when somebody falls away."""

from hashlib import sha256

import pytest

from fundmgr.allocation import draw, errors


def test_the_order_is_that_of_the_best_ticket_of_each():
    ids, tickets = ["ana", "ben", "cho"], [2, 1, 3]

    best = {
        name: min(sha256(f"seed:{name}:{number}".encode()).hexdigest() for number in range(1, count + 1))
        for name, count in zip(ids, tickets, strict=True)
    }

    assert [ids[place] for place in draw.order("seed", ids, tickets)] == sorted(ids, key=best.__getitem__)


def test_no_ticket_means_not_drawn():
    assert sorted(draw.order("seed", ["ana", "ben", "cho"], [1, 0, 1])) == [0, 2]


def test_another_seed_gives_another_order():
    ids = [f"id{number}" for number in range(50)]

    assert draw.order("one", ids, [1] * 50) != draw.order("two", ids, [1] * 50)


def test_who_falls_away_changes_nobody_elses_place():
    ids, tickets = [f"id{number}" for number in range(40)], [1 + number % 3 for number in range(40)]
    before = [ids[place] for place in draw.order("seed", ids, tickets)]

    left = [name for name in ids if name != "id7"]
    counts = [count for name, count in zip(ids, tickets, strict=True) if name != "id7"]
    after = [left[place] for place in draw.order("seed", left, counts)]

    assert after == [name for name in before if name != "id7"]


def test_chances_go_with_the_tickets():
    """Chi-square over 3,000 seeds, two degrees of freedom; 13.8 is passed once in a thousand at random."""
    tickets = [1, 2, 3]
    firsts = [0, 0, 0]
    for seed in range(3_000):
        firsts[draw.order(str(seed), ["ana", "ben", "cho"], tickets)[0]] += 1

    expected = [500 * count for count in tickets]
    assert sum((seen - mean) ** 2 / mean for seen, mean in zip(firsts, expected, strict=True)) < 13.8


@pytest.mark.parametrize(
    ("ids", "tickets"),
    [(["a"], [1, 2]), (["a", "a"], [1, 1]), (["a"], [-1]), (["a"], [0.5]), (["a"], [True])],
)
def test_tickets_that_do_not_fit_are_refused_by_name(ids, tickets):
    with pytest.raises(errors.BadTickets):
        draw.order("seed", ids, tickets)
