"""What the engine refuses by name reaches every door: problem+json with its code, a sentence at its knob."""

import pytest
from builders import NOW, make_world, put_money_in
from calling import Caller, code_of, give_token, make_client
from console import Staff, text_of
from django.test import Client
from waiting import make_requests

from fundmgr.allocation import Problem
from fundmgr.domain.errors import InvalidInput
from fundmgr.domain.permissions import Role
from requests_app.services import round_sharing, rounds, rule_figures, workbench
from requests_app.services.round_frozen import Column

pytestmark = pytest.mark.django_db
EQUAL = {"version": 1, "rule": "equal_awards"}
TALMUD = {"version": 1, "rule": "talmud"}


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 100_000)
    make_requests(made, [100_000, 60_000, 30_000])
    return made


@pytest.fixture
def director(world):
    _, application = make_client(world, Role.DIRECTOR)
    return Caller(Client(), {"Authorization": f"Bearer {give_token(application)}"})


def problems_with(monkeypatch, **more):
    """Let the engine be given what the database would never hold, or no request has yet."""

    def bent(estate, claims, **kept):
        found = {name: make(len(claims)) for name, make in more.items()}
        return Problem(estate, found.pop("claims", claims), **{**kept, **found})

    monkeypatch.setattr(round_sharing, "Problem", bent)


def negative(monkeypatch):
    problems_with(monkeypatch, claims=lambda count: [-1] * count)


def too_large(monkeypatch):
    problems_with(monkeypatch, claims=lambda count: [2**61] * count)


def weightless(monkeypatch):
    problems_with(monkeypatch, weights=lambda count: [0] * count)


def without_pot(monkeypatch):
    problems_with(
        monkeypatch, pots_cents=lambda count: [100_000], eligibility=lambda count: [[0]] * (count - 1) + [[7]]
    )


def nothing(monkeypatch):
    """The rule alone is at fault."""


REFUSALS = [
    ("negative_claim", negative, {}),
    ("claims_too_large", too_large, {}),
    ("all_weights_zero", weightless, {}),
    ("unknown_pot", without_pot, {}),
    ("floor_above_every_claim", nothing, {"floor_cents": 200_000}),
    ("unknown_policy_version", nothing, {"version": 2}),
]
NAMED = pytest.mark.parametrize(("code", "bend", "terms"), REFUSALS, ids=[row[0] for row in REFUSALS])


@NAMED
def test_a_preview_names_the_refusal_and_the_rule_it_is_about(monkeypatch, director, code, bend, terms):
    bend(monkeypatch)
    first = TALMUD if bend is nothing else {**EQUAL, **terms}

    answer = director.post("rounds/preview", {"rules": [first, {**EQUAL, **terms}]})

    assert (code_of(answer), answer.status_code) == ("validation_failed", 422)
    (problem,) = answer.json()["errors"]
    assert problem["code"] == code
    inside = "/version" if code == "unknown_policy_version" else ""
    assert problem["pointer"] == ("#/rules/1" if bend is nothing else "#/rules/0") + inside
    assert problem["detail"].endswith(".")


@NAMED
def test_a_round_is_refused_by_the_same_name(monkeypatch, director, code, bend, terms):
    bend(monkeypatch)
    drafted = director.post("rounds", {"rule": {**EQUAL, **terms}})
    is_drafted = drafted.status_code == 201
    answer = director.post(f"rounds/{drafted.json()['id']}/proposal") if is_drafted else drafted

    assert code_of(answer) == "validation_failed"
    assert [problem["code"] for problem in answer.json()["errors"]] == [code]
    # Where the rule alone is at fault it is not even drafted.
    assert is_drafted == (bend is not nothing)


def test_a_draft_does_not_change_to_a_smallest_grant_that_nobody_reaches(world):
    by = world.actor(Role.DIRECTOR)
    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=by, now=NOW)

    with pytest.raises(InvalidInput) as refused:
        rounds.change_rule(round_id=row.id, rule={**EQUAL, "floor_cents": 100_001}, by=by, now=NOW)

    (problem,) = refused.value.problems
    assert problem.code == "floor_above_every_claim"
    assert problem.sentence == (
        "No need counts for as much as the smallest grant of $1,000.01. The most is $1,000.00."
    )


@pytest.mark.parametrize(("code", "bend", "terms"), REFUSALS[:5], ids=[row[0] for row in REFUSALS[:5]])
def test_the_workbench_says_it_in_a_sentence_at_the_rule(monkeypatch, world, code, bend, terms):
    bend(monkeypatch)
    floor = str(terms.get("floor_cents", 0) // 100)

    answer = Staff(world, Role.DIRECTOR).get("rounds/workbench/", **{"equal_awards-floor": floor})

    assert answer.status_code == 422
    assert '<p class="error-text">' in text_of(answer)
    assert "Allocation workbench" in text_of(answer)
    if bend is nothing:
        # The other rules go on.
        assert text_of(answer).count("People paid") == 2
        assert "No need counts for as much as the smallest grant of 2,000.00." in text_of(answer)


def test_a_stored_rule_of_another_version_is_refused_when_it_is_computed(world):
    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)
    type(row).objects.filter(id=row.id).update(rule={**EQUAL, "version": 7})

    with pytest.raises(InvalidInput) as refused:
        rounds.propose(round_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)

    (problem,) = refused.value.problems
    assert problem.code == "unknown_policy_version"
    assert problem.sentence == "This engine reads policies of version 1, not 7."


def test_one_person_whose_half_would_be_below_the_smallest_grant_breaks_nothing(world):
    alone = make_world(name="One alone", reserve_bp=0)
    put_money_in(alone, 50_000, bank_reference="WIRE-2")
    make_requests(alone, [100_000])
    rule = {**EQUAL, "floor_cents": 80_000}

    (found,) = workbench.compare(
        fund_id=alone.fund.id, rules=[rule], by=alone.actor(Role.DIRECTOR), now=NOW
    ).rules

    assert found.figures.splitting_gains_cents == -found.row.spread.paid_cents


def test_claims_at_the_edge_of_the_engine_are_bent_no_further():
    edge = rule_figures.read_claims([Column(2**61, 2**61, (), 0)] * 2, [2**60])
    found = rule_figures.figures(edge, round_sharing.read_rule(EQUAL), [2**59, 2**59])

    assert found.inflating_gains_cents == 0
