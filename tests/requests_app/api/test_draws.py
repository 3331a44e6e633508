"""A draw over the API: drafted, two hashes, two secrets, proposed, approved."""

import builders
import pytest
from calling import code_of, file_request

from fundmgr.allocation import draw
from fundmgr.domain.permissions import Role
from requests_app.models import Award
from requests_app.services import reviews

DRAW = {"version": 1, "rule": "draw", "last": "partial"}
FIRST, SECOND = "a secret of the director", "a secret of the approver"


@pytest.fixture
def director(program, world):
    builders.put_money_in(world, 500_000)
    for number in range(6):
        request = file_request(world, f"w{number}@example.org")
        decision = reviews.propose(
            request_id=request.id, is_eligible=True, by=world.actor(Role.REVIEWER), now=builders.NOW
        )
        reviews.decide(decision_id=decision.id, approve=True, by=world.actor(Role.APPROVER), now=builders.NOW)
    return program(Role.DIRECTOR)


@pytest.fixture
def approver(program):
    return program(Role.APPROVER)


@pytest.fixture
def place(director):
    """The address of a draft of a draw."""
    drafted = director.post("rounds", {"rule": DRAW, "urgent_tickets": 2})
    assert drafted.status_code == 201, drafted.content
    return f"rounds/{drafted.json()['id']}"


def commit(caller, place, secret, **options):
    return caller.post(f"{place}/secrets", {"commitment": draw.commitment(secret)}, **options)


def reveal(caller, place, secret, **more):
    return caller.post(f"{place}/secrets/revelation", {"secret": secret, **more})


def test_a_draw_goes_from_the_list_to_the_awards(director, approver, place):
    assert "two people" in director.get(f"{place}/draw").json()["missing"]
    first = commit(director, place, FIRST)
    commit(approver, place, SECOND)
    told = reveal(director, place, FIRST)
    both = reveal(approver, place, SECOND)
    proposed = director.post(f"{place}/proposal").json()
    body = {"result_digest": proposed["result_digest"]}
    approved = approver.post(f"{place}/approvals", body, key="a")

    assert first.json()["secrets"][0]["commitment"] == draw.commitment(FIRST)
    assert (told.json()["seed"], told.json()["secrets"][0]["secret"]) == ("", None)
    assert told.json()["secrets"][0]["revealed_at"]
    found = both.json()
    assert found["seed"] == draw.seed(found["list_root"], [FIRST, SECOND])
    assert [one["secret"] for one in found["secrets"]] == [FIRST, SECOND]
    assert proposed["list_root"] == found["list_root"]
    assert proposed["policy_version"] == 1
    assert approved.json()["state"] == "COMMITTED", approved.content
    assert sum(Award.objects.values_list("amount_cents", flat=True)) == 490_000


def test_a_hash_sent_twice_with_one_key_is_one(director, place):
    first = commit(director, place, FIRST, key="k")
    again = commit(director, place, FIRST, key="k")

    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()


def test_what_cannot_be_is_told_with_its_code(director, approver, program, place):
    assert code_of(reveal(director, place, FIRST)) == "wrong_state"
    assert code_of(director.post(f"{place}/proposal")) == "wrong_state"
    commit(director, place, FIRST)
    assert code_of(commit(director, place, SECOND)) == "wrong_state"
    copied = commit(approver, place, FIRST)
    assert (copied.status_code, copied.json()["errors"][0]["code"]) == (422, "used_before")
    commit(approver, place, SECOND)
    other = reveal(director, place, SECOND)
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "other_secret")
    assert other.json()["errors"][0]["pointer"] == "#/secret"
    assert commit(program(Role.BOARD), place, "a third secret here").status_code == 403


@pytest.mark.parametrize(
    "sent", [{}, {"commitment": None}, {"commitment": 5}, {"commitment": "x"}, {"hash": "x"}]
)
def test_a_body_that_is_no_hash_is_pointed_at(director, place, sent):
    answer = director.post(f"{place}/secrets", sent)

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")


@pytest.mark.parametrize(
    "more", [{"beacon_round": 1}, {"beacon_round": 0}, {"beacon_round": 2**60}, {"urgent_tickets": 11}]
)
def test_terms_that_cannot_be_are_refused(director, more):
    answer = director.post("rounds", {"rule": DRAW, **more})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.content
    assert answer.json()["errors"][0]["pointer"] == f"#/{next(iter(more))}"


def test_another_rule_has_no_draw(director):
    drafted = director.post("rounds", {"rule": {"version": 1, "rule": "queue"}}).json()
    assert director.get(f"rounds/{drafted['id']}/draw").status_code == 404
    hashed = commit(director, f"rounds/{drafted['id']}", FIRST)
    assert code_of(hashed) == "wrong_state"
