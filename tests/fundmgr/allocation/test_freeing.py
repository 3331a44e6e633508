"""What a freed pot would pay, held to a plain search over all cuts between pots and requests."""

from itertools import product

import numpy as np
import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Freed, Policy, Problem, added, allocate, compare, freed
from fundmgr.allocation.policy import POT_RULES

thorough = settings(max_examples=examples(100), deadline=None)
EQUAL = Policy(rule="equal_awards")


@st.composite
def cases(draw):
    """Claims, pots, and what each pot may pay of each claim: nothing, all or a part."""
    claims = draw(st.lists(st.integers(0, 400), min_size=1, max_size=5))
    pots = draw(
        st.lists(st.one_of(st.just(0), st.integers(0, 150), st.integers(0, 900)), min_size=1, max_size=4)
    )
    usable = [
        [draw(st.one_of(st.just(0), st.just(claim), st.integers(0, claim))) for _ in pots] for claim in claims
    ]
    return claims, pots, usable


def most(claims, pots, usable):
    """As much as can be paid is the least of all cuts: some pots emptied, the rest as the others may pay."""
    cuts = []
    for emptied in product((False, True), repeat=len(pots)):
        from_others = [
            min(claim, sum(cents for cents, is_empty in zip(row, emptied, strict=True) if not is_empty))
            for claim, row in zip(claims, usable, strict=True)
        ]
        cuts.append(
            sum(cents for cents, is_empty in zip(pots, emptied, strict=True) if is_empty) + sum(from_others)
        )
    return min(cuts)


def gained(case, pot, cents):
    claims, pots, usable = case
    rest = [held - cents if place == pot else held for place, held in enumerate(pots)]
    free = [[*row, claim] for row, claim in zip(usable, claims, strict=True)]
    return most(claims, [*rest, cents], free) - most(claims, pots, usable)


@thorough
@given(cases(), st.sampled_from(POT_RULES))
def test_a_freed_sum_and_a_freed_dollar_pay_what_the_cuts_allow(case, rule):
    claims, pots, usable = case
    problem = Problem(sum(pots), claims, pots_cents=pots, usable_cents=np.array(usable))
    found = allocate(problem, Policy(rule=rule))

    for pot, held in enumerate(pots):
        one = freed(found, pot)
        assert one.cents == max(held - found.pots_used_cents[pot], min(held, 100))
        assert one.gained_cents == gained(case, pot, one.cents)
        assert one.dollar_gains_cents == gained(case, pot, min(100, held))
        assert (one.people > 0) == (one.gained_cents > 0)


@thorough
@given(cases(), st.sampled_from(POT_RULES))
def test_freeing_what_is_unused_takes_nothing_from_anybody(case, rule):
    claims, pots, usable = case
    problem = Problem(sum(pots), claims, pots_cents=pots, usable_cents=np.array(usable))
    found = allocate(problem, Policy(rule=rule))
    for pot, unused in enumerate(np.subtract(pots, found.pots_used_cents).tolist()):
        rest = [held - unused if place == pot else held for place, held in enumerate(pots)]
        free = np.array([[*row, claim] for row, claim in zip(usable, claims, strict=True)])
        after = allocate(
            Problem(sum(pots), claims, pots_cents=[*rest, unused], usable_cents=free), Policy(rule=rule)
        )
        # A spare cent may go to somebody else.
        assert np.all(after.awards_cents >= found.awards_cents - 1)


@thorough
@given(cases(), st.data())
def test_the_dollars_of_a_pot_are_worth_the_same_until_none_is(case, data):
    _, pots, _ = case
    pot = data.draw(st.integers(0, len(pots) - 1))
    at_most = gained(case, pot, pots[pot])

    cents = data.draw(st.integers(0, pots[pot]))

    assert gained(case, pot, cents) == min(cents, at_most)


def tied(pots, *, claims=(1_000, 1_000, 4_000)):
    """The first pot pays all, the second the first request alone."""
    return Problem(sum(pots), list(claims), pots_cents=pots, eligibility=[[0, 1], [0], [0]])


def test_what_a_narrow_pot_cannot_use_goes_to_whoever_misses_something():
    found = allocate(tied([900, 1_500]), EQUAL)

    assert found.pots_used_cents == (900, 1_000)
    assert freed(found, 1) == Freed(cents=500, gained_cents=500, people=2, dollar_gains_cents=100)


def test_no_more_is_paid_than_is_missing():
    found = allocate(tied([4_950, 2_000]), EQUAL)

    assert freed(found, 1) == Freed(cents=1_000, gained_cents=50, people=1, dollar_gains_cents=50)


@pytest.mark.parametrize("pots", [[900, 700], [9_000, 700], [9_000, 5_000]])
def test_a_freed_dollar_is_worth_nothing_where_nothing_is_left_or_nobody_misses_anything(pots):
    assert freed(allocate(tied(pots), EQUAL), 1).gained_cents == 0


def test_a_used_pot_is_worth_freeing_where_another_one_could_stand_in():
    """Both pots may pay the first request alone; the one that is drawn first is used up."""
    problem = Problem(
        1_200, [1_000, 500], pots_cents=[1_000, 200], eligibility=[[0, 1], []], draw_order=[0, 1]
    )
    found = allocate(problem, EQUAL)

    assert found.pots_used_cents == (1_000, 0)
    assert freed(found, 0) == Freed(cents=100, gained_cents=100, people=1, dollar_gains_cents=100)


def test_a_rule_without_pots_has_so_much_more_to_share():
    found = allocate(Problem(900, [1_000, 1_000]), Policy(rule="queue", last="stop"))

    assert added(found, 150) == Freed(cents=150, gained_cents=1_000, people=1, dollar_gains_cents=1_000)
    assert added(found, 50) == Freed(cents=50, gained_cents=0, people=0, dollar_gains_cents=0)
    full = allocate(Problem(5_000, [1_000, 1_000]), Policy(rule="talmud"))
    assert added(full, 50) == Freed(cents=50, gained_cents=0, people=0, dollar_gains_cents=0)


def test_a_comparison_tells_it_of_each_pot():
    problem = tied([900, 1_500])

    (row,) = compare(problem, [EQUAL])

    assert row.freed == tuple(freed(allocate(problem, EQUAL), pot) for pot in (0, 1))
    assert compare(Problem(9, [10]), [EQUAL])[0].freed == ()
    with pytest.raises(TypeError):
        freed(allocate(Problem(9, [10]), EQUAL), 0)
