"""The reserve over the API: used by two people, for a reason, never beyond what it holds."""

import pytest
from builders import make_world, put_money_in
from calling import code_of
from casework import add_role

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.queries import funds
from fundmgr.services import proof


@pytest.fixture
def kept(world):
    """20 dollars are kept back of 1,000."""
    put_money_in(world, 100_000)
    return f"restrictions/{ids.public('rst', funds.general_restriction(world.fund.id).id)}/reserve-uses"


def body_of(*, amount="15.00", **changes):
    return {
        "amount": {"amount": amount, "currency": "USD"},
        "ground": "SECOND_LOOK",
        "reason": "A second look was decided for a worker.",
        **changes,
    }


def decide(caller, made, outcome="MADE", **options):
    return caller.post(f"reserve-uses/{made['id']}/decision", {"outcome": outcome}, **options)


def available(caller, world):
    found = caller.get(f"funds/{ids.public('fund', world.fund.id)}/means").json()
    return found["unrestricted_available"]["amount"]


def test_two_people_put_money_of_the_reserve_to_use(program, world, kept):
    director, treasurer = program(Role.DIRECTOR), program(Role.TREASURER_RELEASES)
    assert available(director, world) == "980.00"

    made = director.post(kept, body_of())

    assert (made.status_code, made.json()["state"]) == (201, "PROPOSED")
    assert available(director, world) == "980.00"
    done = decide(treasurer, made.json())
    assert (done.status_code, done.json()["state"]) == (200, "MADE")
    assert available(director, world) == "995.00"
    assert director.get(made["Location"].removeprefix("/api/v1/")).json() == done.json()
    assert director.get(kept).json()["data"] == [done.json()]
    rows = director.get("transfers").json()["data"]
    assert [row["cause_id"] for row in rows if row["move"] == "RESERVE_USE"] == [made.json()["id"]]
    assert proof.check_books() == []


def test_the_proposer_decides_nothing_and_nothing_is_decided_twice(program, world, kept):
    owner = world.actor(Role.DIRECTOR)
    add_role(world, owner, Role.TREASURER_RELEASES)
    made = program(Role.DIRECTOR).post(kept, body_of()).json()

    own = decide(program(Role.TREASURER_RELEASES, owner=owner), made)
    first = decide(program(Role.TREASURER_RELEASES), made, "REFUSED", key="k")
    again = decide(program(Role.TREASURER_RELEASES), made)

    assert (own.status_code, code_of(own)) == (403, "self_approval")
    assert (first.status_code, first.json()["state"]) == (200, "REFUSED")
    assert (again.status_code, code_of(again)) == (409, "already_decided")


def test_a_decision_sent_again_moves_no_more_money(program, world, kept):
    treasurer = program(Role.TREASURER_RELEASES)
    made = program(Role.DIRECTOR).post(kept, body_of()).json()

    answers = [decide(treasurer, made, key="same") for _ in range(3)]

    assert [answer.json() for answer in answers[1:]] == [answers[0].json()] * 2
    assert available(treasurer, world) == "995.00"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "0.00"}, "not_positive"),
        ({"amount": "20.01"}, "more_than_reserve"),
        ({"amount": "-1.00"}, "not_money"),
    ],
)
def test_an_amount_that_is_not_there_is_pointed_at(program, kept, changes, code):
    answer = program(Role.DIRECTOR).post(kept, body_of(**changes))

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_another_ground_is_refused_and_another_funds_use_is_not_there(program, kept):
    director = program(Role.DIRECTOR)
    assert director.post(kept, body_of(ground="A_PARTY")).status_code == 422
    made = director.post(kept, body_of()).json()
    stranger = program(Role.TREASURER_RELEASES, of=make_world(name="Harbor Relief"))

    assert code_of(decide(stranger, made)) == "not_found"
    assert code_of(stranger.get(f"reserve-uses/{made['id']}")) == "not_found"
    assert code_of(stranger.get(kept)) == "not_found"
