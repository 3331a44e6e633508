"""A rule as it is tried out: what counts of each need, and an order of example where chance would decide."""

import hashlib
from uuid import UUID

from fundmgr.domain.lifecycle import RequestState
from requests_app.queries.rounds import Claim
from requests_app.services import tried_rules
from requests_app.services.round_frozen import Column

CAP_CENTS = 150_000


def claim(verified_cents: int, *, usable_cents: tuple[int, ...] = ()) -> Claim:
    """Somebody who waits, read with a cap of 750,000 cents."""
    capped_cents = min(verified_cents, 750_000)
    return Claim(UUID(int=1), 1, RequestState.ELIGIBLE, verified_cents, capped_cents, usable_cents)


def test_a_rule_counts_up_to_the_policys_cap_unless_it_says_otherwise():
    usual = tried_rules.read({"version": 1, "rule": "queue"}, cap_cents=CAP_CENTS)
    whole = tried_rules.read(
        {"version": 1, "rule": "queue", "need_up_to_cents": 750_000}, cap_cents=CAP_CENTS
    )

    assert (usual.need_up_to_cents, whole.need_up_to_cents) == (150_000, 750_000)
    assert usual.rule == whole.rule == {"version": 1, "rule": "queue"}


def test_each_claim_and_what_each_pot_may_pay_of_it_are_cut_alike():
    tried = tried_rules.read(
        {"version": 1, "rule": "queue", "need_up_to_cents": 100_000}, cap_cents=CAP_CENTS
    )

    found = tried.columns([claim(411_000, usable_cents=(411_000, 120_000)), claim(30_000)])

    assert found == [Column(100_000, 411_000, (100_000, 100_000), 2), Column(30_000, 30_000, (), 2)]


def test_the_order_of_example_is_what_sha256sum_says():
    keys = {
        place: hashlib.sha256(f"{tried_rules.EXAMPLE_SEED}:{place + 1}:1".encode()).digest()
        for place in range(50)
    }

    assert tried_rules.example_order(50) == sorted(keys, key=keys.__getitem__)
    assert tried_rules.example_order(0) == []


def test_only_a_draw_has_an_order_of_example():
    draw, queue = (
        tried_rules.read({"version": 1, "rule": rule}, cap_cents=CAP_CENTS) for rule in ("draw", "queue")
    )

    assert sorted(draw.drawn(9)) == list(range(9))
    assert queue.drawn(9) is None


def test_the_usual_ways_never_give_more_than_the_policy_says():
    ways = tried_rules.usual_ways(need_ceiling_cents=60_000, award_cap_cents=50_000)

    assert [way.need_up_to_cents for way in ways] == [60_000, 50_000, 50_000, 60_000, 50_000]
