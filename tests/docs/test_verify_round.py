"""The program that computes a published round again: it agrees with the product and names what was bent."""

import json
import random
import sys

import numpy as np
import pytest
from builders import NOW, make_world, put_money_in
from calling import draw_order
from publications import DOCS, run, tampered
from waiting import make_requests

from fundmgr.allocation import Policy, Problem, allocate
from fundmgr.allocation.shares import WHOLE, share_within
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from requests_app.models import AllocationRound, AssistanceRequest
from requests_app.queries import publications
from requests_app.services import round_replay, rounds

NEEDS = [100_000, 80_001, 50_000, 120_003, 60_007, 0, 33_333]
PARTS = {"tiers": "urgency", "tier_shares_bp": [6_001, 3_999]}
URGENT = (1, 3, 4)
RULES = {
    "equal awards": {"rule": "equal_awards"},
    "proportional": {"rule": "proportional"},
    "equal losses": {"rule": "equal_losses"},
    "talmud": {"rule": "talmud"},
    "queue": {"rule": "queue", "last": "partial"},
    "queue that skips": {"rule": "queue", "last": "skip"},
    "queue that stops": {"rule": "queue", "last": "stop"},
    "draw": {"rule": "draw", "last": "skip"},
    "a floor, shared": {"rule": "proportional", "floor_cents": 40_000},
    "a floor, held": {"rule": "equal_awards", "floor_cents": 40_000, "remainder": "hold"},
    "urgent first": {"rule": "equal_awards", "tiers": "urgency"},
    "urgent first, a queue": {"rule": "queue", "last": "stop", "tiers": "urgency"},
    "urgent first, a draw": {"rule": "draw", "last": "partial", "tiers": "urgency"},
    "urgent first, losses": {"rule": "equal_losses", "tiers": "urgency"},
    "a part for the urgent": {"rule": "proportional", **PARTS},
    "a part, a queue": {"rule": "queue", "last": "skip", **PARTS},
    "a part, a floor": {"rule": "equal_awards", "floor_cents": 40_000, "remainder": "hold", **PARTS},
    "a part, a floor, shared": {"rule": "talmud", "floor_cents": 10_000, **PARTS},
}


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 200_003)
    rows = make_requests(made, NEEDS, craft="Grip")
    urgent = [rows[place].id for place in URGENT]
    AssistanceRequest.objects.filter(id__in=urgent).update(urgency=["EVICTION"])
    return made


def published(world, rule):
    by = world.actor(Role.DIRECTOR)
    row = rounds.draft(fund_id=world.fund.id, rule={"version": 1, **rule}, by=by, now=NOW)
    if rule["rule"] == "draw":
        draw_order(world, row)
    rounds.propose(round_id=row.id, by=by, now=NOW)
    return publications.publication(by, round_id=row.id)


def with_pots(world, rule=None):
    if rule is None:
        rule = {"rule": "equal_awards"}
    tied = funds.add_restriction(
        fund_id=world.fund.id, name="Editors", wording="", rule={"crafts": ["editor"]},
        by=world.actor(Role.DIRECTOR), now=NOW,
    )  # fmt: skip
    put_money_in(world, 50_000, bank_reference="WIRE-2", restriction_id=tied.id)
    make_requests(world, [90_000, 70_000], craft="Editor")
    return published(world, rule)


@pytest.mark.parametrize("named", RULES)
def test_a_round_of_the_product_holds(tmp_path, world, named):
    said = run("verify_round.py", tmp_path, published(world, RULES[named]))

    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    assert "The round holds." in said.stdout


def test_a_drawn_round_of_the_product_passes_the_check_of_its_draw(tmp_path, world):
    said = run("verify_draw.py", tmp_path, published(world, RULES["draw"]))

    assert (said.returncode, said.stderr) == (0, ""), said.stdout


def test_urgent_requests_come_first_over_pots_too(tmp_path, world):
    told = with_pots(world, {"rule": "proportional", "tiers": "urgency"})

    said = run("verify_round.py", tmp_path, told)

    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    assert "from the pots that may pay it" in said.stdout


def test_a_round_over_pots_is_computed_again(tmp_path, world):
    told = with_pots(world)

    said = run("verify_round.py", tmp_path, told)

    assert said.returncode == 0, said.stdout
    assert "from the pots that may pay it" in said.stdout
    assert told["pots"][1]["used_cents"] > 0


def with_parts(world, rule):
    """Two pots for one kind of need each, which may pay a part of most requests."""
    for category, cents in (("HEALTH", 60_000), ("RENT", 70_001)):
        row = funds.add_restriction(
            fund_id=world.fund.id, name=category, wording="", rule={"categories": [category]},
            by=world.actor(Role.DIRECTOR), now=NOW,
        )  # fmt: skip
        put_money_in(world, cents, bank_reference=f"WIRE-{category}", restriction_id=row.id)
    make_requests(world, [90_000, 70_000, 120_000], need_lines=[(NeedCategory.HEALTH, 30_000)])
    lines = [(NeedCategory.HEALTH, 10_000), (NeedCategory.RENT, 50_000)]
    make_requests(world, [80_000, 60_000], need_lines=lines)
    return published(world, rule)


@pytest.mark.parametrize(
    "rule",
    [{"rule": "equal_awards"}, {"rule": "proportional"}, {"rule": "equal_awards", "tiers": "urgency"}],
    ids=lambda rule: " ".join(rule.values()),
)
def test_a_round_over_pots_that_pay_parts_is_computed_again(tmp_path, world, rule):
    told = with_parts(world, rule)

    said = run("verify_round.py", tmp_path, told)
    bent = run("verify_round.py", tmp_path, tampered(told, lambda one: one.update(sharing_version=1)))

    assert (said.returncode, said.stderr) == (0, ""), said.stdout
    assert "from the pots that may pay it" in said.stdout
    assert sum(pot["used_cents"] > 0 for pot in told["pots"]) == 3
    assert bent.returncode == 1


def test_a_round_made_before_pots_paid_parts_is_computed_as_it_was(tmp_path, world):
    AllocationRound._meta.get_field("sharing_version").default = 1
    try:
        told = with_parts(world, {"rule": "equal_awards"})
    finally:
        AllocationRound._meta.get_field("sharing_version").default = 2
    found = run("verify_round.py", tmp_path, told)
    older = run("verify_round.py", tmp_path, tampered(told, lambda one: one.pop("sharing_version")))
    newer = run("verify_round.py", tmp_path, tampered(told, lambda one: one.update(sharing_version=2)))

    assert told["sharing_version"] == 1
    assert (found.returncode, older.returncode) == (0, 0), found.stdout
    assert newer.returncode == 1
    assert round_replay.replay(word="1").findings == ()


def entry(place, **changes):
    return lambda told: told["list"][place].update(changes)


def outsider(told):
    """One who is paid and whom the narrow pot may not pay."""
    return next(one for one in told["list"] if one["award_cents"] and not one["usable_cents"][1])


def a_cent_moved(told):
    """From one who is paid by the general pot to another of them: every sum and every limit still holds."""
    one, other = [line for line in told["list"] if line["share_cents"][0] > 1][:2]
    for line, cent in ((one, 1), (other, -1)):
        line["award_cents"] += cent
        line["share_cents"][0] += cent


def moved(place, cents):
    def change(told):
        told["list"][place]["award_cents"] += cents
        told["list"][place + 1]["award_cents"] -= cents

    return change


TAMPERED = {
    "another format": (lambda told: told.update(format="x"), "no published round"),
    "no list": (lambda told: told.update(list=[]), "empty"),
    "a line that is none": (lambda told: told["list"].append(5), "no object"),
    "no token": (entry(0, id=None), "no token"),
    "a token twice": (lambda told: told["list"].append(told["list"][0]), "twice"),
    "a person left out": (lambda told: told["list"].pop(), "root"),
    "people moved": (lambda told: told["list"].reverse(), "root"),
    "a claim raised": (entry(0, claim_cents=100_001), "root"),
    "a claim with a point": (entry(0, claim_cents=1.5), "whole cents"),
    "a ticket more": (entry(0, tickets=2), "root"),
    "an award above the claim": (entry(5, award_cents=1), "more than it claims"),
    "an award below zero": (entry(0, award_cents=-1), "whole cents"),
    "true for an award": (entry(0, award_cents=True), "whole cents"),
    "a cent moved": (moved(0, 1), "gets"),
    "an award moved": (moved(2, 1_000), "gets"),
    "withdrawn and paid": (entry(0, withdrawn=True), "withdrawn"),
    "withdrawn without a word": (entry(0, withdrawn=None), "withdrawn"),
    "another root": (lambda told: told.update(list_root="0" * 64), "root"),
    "another rule": (lambda told: told["rule"].update(rule="proportional"), "gets"),
    "a comparison rule": (lambda told: told["rule"].update(rule="piniles"), "not known"),
    "another version": (lambda told: told["rule"].update(version=2), "version"),
    "another way with pots": (lambda told: told.update(sharing_version=3), "does not know"),
    "no way with pots": (lambda told: told.update(sharing_version=0), "does not know"),
    "a field more": (lambda told: told["rule"].update(bonus=1), "other fields"),
    "another floor": (lambda told: told["rule"].update(floor_cents=60_000), "gets"),
    "another ending": (lambda told: told["rule"].update(last="skip"), "digest of the result"),
    "another remainder": (lambda told: told["rule"].update(remainder="hold"), "digest of the result"),
    "no ending": (lambda told: told["rule"].update(last="never"), "does not fit"),
    "more money": (lambda told: told.update(estate_cents=300_000), "leftover_cents"),
    "money in halves": (lambda told: told.update(estate_cents=0.5), "whole cents"),
    "another count": (lambda told: told.update(awarded_count=1), "awarded_count"),
    "another total": (lambda told: told.update(awarded_cents=1), "awarded_cents"),
    "another leftover": (lambda told: told.update(leftover_cents=1), "leftover_cents"),
    "no pot": (lambda told: told.update(pots=[]), "no pot"),
    "another pot": (lambda told: told["pots"][0].update(available_cents=1), "not the estate"),
    "another problem": (lambda told: told.update(problem_digest="0" * 64), "digest of the problem"),
    "another result": (lambda told: told.update(result_digest="0" * 64), "digest of the result"),
}


@pytest.mark.parametrize("named", TAMPERED)
def test_what_was_bent_is_named(tmp_path, world, named):
    change, sentence = TAMPERED[named]

    said = run("verify_round.py", tmp_path, tampered(published(world, RULES["equal awards"]), change))

    assert said.returncode == 1, said.stdout + said.stderr
    assert sentence in said.stdout


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda told: told["pots"][1].update(available_cents=1), "overdrawn"),
        (lambda told: told["pots"][1].update(used_cents=1), "pot 2 pays"),
        (lambda told: told["list"][0].update(share_cents=[0, 0]), "not paid in full"),
        (lambda told: told["list"][0].update(share_cents=[0]), "what each pot pays"),
        (lambda told: outsider(told)["share_cents"].reverse(), "may not pay"),
        (lambda told: told.update(result_digest="0" * 64), "digest of the result"),
        (lambda told: told.update(problem_digest="0" * 64), "digest of the problem"),
        (a_cent_moved, "cents, not"),
        (lambda told: told["rule"].update(rule="talmud"), "cannot share several pots"),
        (lambda told: told["rule"].update(floor_cents=1), "cannot share several pots"),
        (lambda told: told["rule"].update(rule="proportional"), "cents, not"),
    ],
)  # fmt: skip
def test_what_was_bent_over_pots_is_named(tmp_path, world, change, sentence):
    said = run("verify_round.py", tmp_path, tampered(with_pots(world), change))

    assert said.returncode == 1, said.stdout
    assert sentence in said.stdout


def test_it_computes_what_the_engine_computes(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    sys.modules.pop("verify_round", None)
    import verify_round

    source = random.Random(7)  # noqa: S311 - examples to try, no secret
    for _ in range(1_500):
        count = source.randint(1, 9)
        claims = [source.choice([0, source.randint(0, 20), source.randint(0, 10**9)]) for _ in range(count)]
        estate = source.randint(0, sum(claims) + 2)
        floor = source.choice([0, 0, source.randint(1, max(1, *claims))])
        policy = Policy(
            rule=source.choice(verify_round.RULES), last=source.choice(["partial", "stop", "skip"]),
            floor_cents=floor if max(claims) >= floor else 0, remainder=source.choice(["hold", "distribute"]),
        )  # fmt: skip
        order = source.sample(range(count), count)
        if policy.rule in ("draw", "queue") or policy.floor_cents:
            right = allocate(Problem(estate, claims, order=order), policy)
        else:
            right = allocate(Problem(estate, claims), policy)

        awards, held = verify_round.shared(claims, order, estate, policy.to_json())

        assert (awards, held) == (right.awards_cents.tolist(), right.held_cents), (claims, estate, policy)


def random_parts(source, policies, count=400):
    """Claims on pots that may pay all, a part or nothing of each."""
    for _ in range(count):
        count, pots = source.randint(0, 12), [source.randint(0, 4_000) for _ in range(source.randint(2, 5))]
        most = source.choice([5, 30, 1_000, 10**6])
        claims = [source.randint(0, most) for _ in range(count)]
        limits = [[source.choice([0, claim, source.randint(0, claim)]) for _ in pots] for claim in claims]
        tiers = source.choice([None, [source.randint(1, 2) for _ in claims]])
        policy = Policy(rule=source.choice(policies), tiers="urgency" if tiers else "")
        usable = np.array(limits, dtype=np.int64).reshape(count, len(pots))
        yield Problem(sum(pots), claims, tiers=tiers, pots_cents=pots, eligibility=usable > 0), policy, usable


def test_it_shares_pots_that_pay_parts_as_the_engine_does(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    sys.modules.pop("verify_round", None)
    import verify_round

    source = random.Random(17)  # noqa: S311 - examples to try, no secret
    for problem, policy, usable in random_parts(source, ["equal_awards", "proportional"]):
        right = share_within(problem, policy, usable, version=2)
        if right.allocation.problem.usable_cents is None:
            continue
        told = {"rule": policy.to_json(), "pots": [{"available_cents": pot} for pot in problem.pots_cents]}
        claims = problem.claims_cents.tolist()
        tiers = None if problem.tiers is None else problem.tiers.tolist()

        awards, shares, used = verify_round.over_part_pots(told, claims, tiers, usable.tolist())

        assert awards == right.allocation.awards_cents.tolist(), (claims, usable, policy)
        assert shares == right.cents.tolist()
        assert tuple(used) == right.allocation.pots_used_cents


def test_it_shares_several_pots_as_the_engine_did_before_they_paid_parts(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    sys.modules.pop("verify_round", None)
    import verify_round

    source = random.Random(11)  # noqa: S311 - examples to try, no secret
    for problem, policy, usable in random_parts(source, ["equal_awards", "proportional"]):
        right = share_within(problem, policy, usable, version=WHOLE)
        told = {"rule": policy.to_json(), "pots": [{"available_cents": pot} for pot in problem.pots_cents]}
        claims = problem.claims_cents.tolist()
        tiers = None if problem.tiers is None else problem.tiers.tolist()

        sharing, shares, used, eligible = verify_round.over_pots(told, claims, tiers, usable.tolist())

        assert sharing.awards == right.allocation.awards_cents.tolist(), (claims, usable, policy)
        assert shares == right.cents.tolist()
        assert tuple(used) == right.allocation.pots_used_cents
        assert np.array_equal(
            np.array(eligible, dtype=bool).reshape(usable.shape), right.allocation.problem.eligibility
        )


def test_it_serves_tiers_as_the_engine_does(monkeypatch):
    monkeypatch.syspath_prepend(str(DOCS))
    sys.modules.pop("verify_round", None)
    import verify_round

    source = random.Random(13)  # noqa: S311 - examples to try, no secret
    for _ in range(1_000):
        count = source.randint(1, 9)
        claims = [source.choice([0, source.randint(0, 20), source.randint(0, 10**9)]) for _ in range(count)]
        tiers = [source.randint(1, 2) for _ in claims]
        estate, part = source.randint(0, sum(claims) + 2), source.randint(0, 10_000)
        floor = source.choice([0, 0, source.randint(1, max(1, *claims))])
        policy = Policy(
            rule=source.choice(verify_round.RULES), last=source.choice(["partial", "stop", "skip"]),
            floor_cents=floor if max(claims) >= floor else 0, remainder=source.choice(["hold", "distribute"]),
            tiers="urgency", tier_shares_bp=source.choice([(), (part, 10_000 - part)]),
        )  # fmt: skip
        order = source.sample(range(count), source.randint(1, count))
        walks = policy.rule in ("draw", "queue") or policy.floor_cents
        right = allocate(Problem(estate, claims, tiers=tiers, order=order if walks else None), policy)

        awards, held = verify_round.by_tiers(
            claims, tiers, order if walks else list(range(count)), estate, policy.to_json()
        )

        assert (awards, held) == (right.awards_cents.tolist(), right.held_cents), (claims, estate, policy)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, json.dumps([1]) + "x"])
def test_a_file_that_cannot_be_read_is_said_to_be_one(tmp_path, text):
    said = run("verify_round.py", tmp_path, text)

    assert said.returncode == 2
    assert "Traceback" not in said.stderr
