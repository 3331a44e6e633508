"""The rule that a fund tells everybody, over the API."""

import pytest
from calling import code_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from requests_app.models import RulePublication

EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture
def place(world):
    return f"funds/{ids.public('fund', world.fund.id)}/rule"


def test_nothing_is_told_before_somebody_publishes(program, place):
    found = program(Role.REVIEWER).get(place).json()

    assert (found["rule"], found["told_by"], found["since"]) == (None, None, None)
    assert found["sentences"] == {"en": [], "es": []}


def test_a_director_publishes_and_all_staff_read(program, place):
    made = program(Role.DIRECTOR).post(place, {"rule": EQUAL})

    assert made.status_code == 201
    assert made["Location"] == f"/api/v1/{place}"
    assert made.json() == program(Role.AUDITOR).get(place).json()
    assert made.json()["rule"]["rule"] == "equal_awards"
    assert "Sending early does not help." in made.json()["sentences"]["en"]
    assert len(made.json()["sentences"]["en"]) == len(made.json()["sentences"]["es"])


def test_sent_twice_it_is_published_once(program, place):
    director = program(Role.DIRECTOR)

    first = director.post(place, {"rule": EQUAL}, key="once")
    again = director.post(place, {"rule": EQUAL}, key="once")

    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert RulePublication.objects.count() == 1


def test_who_may_not_and_what_cannot_be_published_is_refused(program, place):
    assert code_of(program(Role.REVIEWER).post(place, {"rule": EQUAL})) == "forbidden"
    assert (
        code_of(program(Role.DIRECTOR, scopes="funds:read").post(place, {"rule": EQUAL})) == "scope_missing"
    )
    refused = program(Role.DIRECTOR).post(place, {"rule": {"version": 1, "rule": "piniles"}})
    assert code_of(refused) == "validation_failed"
    assert not RulePublication.objects.exists()


NO_ROUND = [
    ({**EQUAL, "floor_cents": 150_001}, "floor_above_every_claim"),
    ({"version": 1, "rule": "draw", "floor_cents": 100}, "unusable_rule"),
]


@pytest.mark.parametrize(("rule", "code"), NO_ROUND, ids=[code for _, code in NO_ROUND])
def test_a_rule_that_no_round_can_carry_is_not_published(program, place, rule, code):
    refused = program(Role.DIRECTOR).post(place, {"rule": rule})

    assert refused.status_code == 422
    (problem,) = refused.json()["errors"]
    assert (problem["code"], problem["pointer"]) == (code, "#/rule")
    assert problem["detail"].endswith(".")
    assert not RulePublication.objects.exists()


def test_each_sentence_says_of_whom_and_how_much(program, place):
    rule = {**EQUAL, "floor_cents": 40_000, "remainder": "hold"}

    said = program(Role.DIRECTOR).post(place, {"rule": rule}).json()["sentences"]

    assert (
        "In the order of asking, each is sure of $400, or of all they need if that is less. "
        "Whoever the money does not reach gets nothing."
    ) in said["en"]
    assert "What the smallest grants leave stays in the fund." in said["en"]
    assert any("$400" in one for one in said["es"])


def test_what_is_paid_in_full_is_the_need_that_counts(program, place):
    said = program(Role.DIRECTOR).post(place, {"rule": {"version": 1, "rule": "queue"}}).json()["sentences"]

    text = "In the order of asking, each gets what they need, up to $1,500, until the money is gone."
    assert text in said["en"]
