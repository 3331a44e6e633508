"""Rounds that serve urgent requests first, or have a part for them: frozen, replayed, published."""

import pytest
from builders import NOW, make_world, put_money_in
from django.db import IntegrityError, transaction
from waiting import make_requests

from fundmgr.domain import errors
from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.permissions import Role
from fundmgr.services import proof
from requests_app.models import Award, RoundRequest
from requests_app.queries import publications
from requests_app.services import round_replay, round_sharing, rounds, workbench

EQUAL = {"version": 1, "rule": "equal_awards"}
FIRST = {**EQUAL, "tiers": "urgency"}
PARTS = {**FIRST, "tier_shares_bp": [7_000, 3_000]}


@pytest.fixture
def world(db):
    """Two urgent requests came after two others; the money is for about half of it."""
    made = make_world(reserve_bp=0)
    put_money_in(made, 200_000)
    make_requests(made, [100_000, 100_000])
    make_requests(made, [90_000, 60_000], urgency=[Urgency.EVICTION])
    return made


def propose(world, rule):
    return rounds.propose_rule(fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW)


def awards(row):
    return sorted(row.members.values_list("tier", "award_cents"))


def test_the_tier_of_each_request_is_frozen_with_the_list(world):
    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)

    assert sorted(row.members.values_list("capped_cents", "tier")) == [
        (60_000, 1), (90_000, 1), (100_000, 2), (100_000, 2),
    ]  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundRequest.objects.filter(round=row).update(tier=1)


def test_urgent_requests_are_paid_in_full_before_any_other(world):
    assert awards(propose(world, FIRST)) == [(1, 60_000), (1, 90_000), (2, 25_000), (2, 25_000)]


def test_each_tier_shares_its_part(world):
    assert awards(propose(world, PARTS)) == [(1, 60_000), (1, 80_000), (2, 30_000), (2, 30_000)]


@pytest.mark.parametrize("rule", [FIRST, PARTS])
def test_it_is_approved_awarded_and_computed_again_to_the_same_bytes(world, rule):
    row = propose(world, rule)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)

    assert sum(Award.objects.values_list("amount_cents", flat=True)) == 200_000
    assert proof.check_books() == []
    found = round_replay.replay(word="1", slug=world.fund.slug)
    assert (found.findings, found.result_digest) == ((), row.result_digest)


def test_a_bent_tier_is_found(world):
    row = propose(world, FIRST)
    plain = propose_again(world, row)

    assert plain.problem_digest != row.problem_digest


def propose_again(world, row):
    by = world.actor(Role.DIRECTOR)
    rounds.void(round_id=row.id, reason="Another rule.", by=by, now=NOW)
    return propose(world, EQUAL)


def test_tiers_are_published_only_where_the_rule_goes_by_them(world):
    tiered = propose(world, FIRST)
    by = world.actor(Role.BOARD)

    told = publications.publication(by, round_id=tiered.id)["list"]
    assert sorted(line["tier"] for line in told) == [1, 1, 2, 2]
    plain = propose_again(world, tiered)
    assert all("tier" not in line for line in publications.publication(by, round_id=plain.id)["list"])


def test_a_draft_may_turn_to_tiers(world):
    by = world.actor(Role.DIRECTOR)
    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=by, now=NOW)
    rounds.change_rule(round_id=row.id, rule=PARTS, by=by, now=NOW)

    row = rounds.propose(round_id=row.id, by=by, now=NOW)

    assert awards(row) == [(1, 60_000), (1, 80_000), (2, 30_000), (2, 30_000)]


def test_a_list_of_before_has_no_tiers():
    shared = {"capped_cents": [100, 200], "verified_cents": [100, 200], "estate_cents": 150}

    for tiers in ((), (0, 0), (1, 0)):
        with pytest.raises(errors.InvalidInput) as refusal:
            round_sharing.share(**shared, rule=FIRST, tiers=tiers)
        assert "before requests had tiers" in refusal.value.problems[0].sentence
    assert round_sharing.share(**shared, rule=FIRST, tiers=(2, 1)).awards_cents == (0, 150)


@pytest.mark.parametrize(
    "rule",
    [
        {**EQUAL, "tiers": "income"},
        {**EQUAL, "tier_shares_bp": [5_000, 5_000]},
        {**FIRST, "tier_shares_bp": [5_000, 4_000]},
    ],
)
def test_tiers_that_are_none_are_refused(world, rule):
    with pytest.raises(errors.InvalidInput):
        propose(world, rule)


def test_the_workbench_compares_them(world):
    by = world.actor(Role.DIRECTOR)

    plain, first, parts = workbench.compare(
        fund_id=world.fund.id, rules=[EQUAL, FIRST, PARTS], by=by, now=NOW
    ).rules

    assert (plain.row.spread.paid_count, first.row.spread.paid_count) == (4, 4)
    assert (plain.row.spread.highest_cents, first.row.spread.highest_cents) == (50_000, 90_000)
    assert parts.row.spread.lowest_cents == 30_000
    assert "paid in full before any other tier" in " ".join(first.figures.promises)
    assert "70 %, 30 %" in " ".join(parts.figures.promises)
