"""Awards, batches and payouts over the API: a program prepares, a signed-in person releases."""

import pytest
from calling import code_of, make_things

from fundmgr.domain.permissions import Role
from fundmgr.queries import books


@pytest.fixture
def things(world):
    return make_things(world)


@pytest.fixture
def released(person, things):
    """The batch, released by the second treasurer."""
    releaser = person(Role.TREASURER_RELEASES)
    answer = releaser.post(things.path("batches/{batch_id}/release"))
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_program_does_not_release(program, things):
    for role in (Role.TREASURER_RELEASES, Role.TREASURER_PREPARES, Role.DIRECTOR):
        answer = program(role).post(things.path("batches/{batch_id}/release"))

        assert (answer.status_code, code_of(answer)) == (403, "person_required"), role


def test_the_preparer_does_not_release(person, things, world):
    from builders import NOW

    from fundmgr.domain import actors
    from fundmgr.services import funds

    preparer = world.actor(Role.TREASURER_PREPARES)
    funds.appoint(
        fund_id=world.fund.id,
        user_id=preparer.person_id,
        role=Role.TREASURER_RELEASES,
        by=actors.SYSTEM,
        now=NOW,
    )

    answer = person(preparer).post(things.path("batches/{batch_id}/release"))

    assert (answer.status_code, code_of(answer)) == (403, "self_approval")


def test_a_signed_in_treasurer_releases_once(released, person, things):
    assert (released["state"], len(released["payment_list_sha256"])) == ("RELEASED", 64)

    again = person(Role.TREASURER_RELEASES).post(things.path("batches/{batch_id}/release"))

    assert (again.status_code, code_of(again)) == (409, "wrong_state")


def test_a_payment_settles_once(program, things, released, world):
    treasury = program(Role.TREASURER_PREPARES)
    path = things.path("payouts/{payout_id}/settlement")

    settled = treasury.post(path, key="s")
    again = treasury.post(path, key="s")
    anew = treasury.post(path)

    assert (settled.status_code, settled.json()["state"]) == (200, "SETTLED"), settled.content
    assert again["Idempotent-Replayed"] == "true"
    assert (anew.status_code, code_of(anew)) == (409, "wrong_state")
    assert books.position(world.fund.id).paid_cents == 150_000
    assert treasury.get(things.path("batches/{batch_id}")).json()["state"] == "SETTLED"


def test_a_payment_comes_back_and_can_be_sent_anew(program, things, released):
    treasury = program(Role.TREASURER_PREPARES)

    returned = treasury.post(things.path("payouts/{payout_id}/return"), {"code": "R03"})
    batch = treasury.post("batches", {"award_ids": [things.ids["award_id"]]})

    assert (returned.status_code, returned.json()["state"]) == (200, "RETURNED"), returned.content
    assert returned.json()["return_code"] == "R03"
    assert (batch.status_code, batch.json()["payouts_count"]) == (201, 1), batch.content
    attempts = [row["attempt"] for row in treasury.get("payouts").json()["data"]]
    assert sorted(attempts) == [1, 2]


@pytest.mark.parametrize(
    "body", [{}, {"code": "x"}, {"code": "TOO LONG CODE"}, {"code": 3}, {"code": "R\u00003"}]
)
def test_a_return_needs_the_banks_code(program, things, released, body):
    answer = program(Role.TREASURER_PREPARES).post(things.path("payouts/{payout_id}/return"), body)

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/code"]


def test_a_batch_is_given_up_and_built_again(program, things):
    treasury = program(Role.TREASURER_PREPARES)

    cancelled = treasury.post(things.path("batches/{batch_id}/cancellation"))
    built = treasury.post("batches", {}, key="b")
    again = treasury.post("batches", {}, key="b")
    empty = treasury.post("batches", {})

    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "CANCELLED")
    assert (built.status_code, built.json()["total"]["amount"]) == (201, "1500.00"), built.content
    assert (again.json(), again["Idempotent-Replayed"]) == (built.json(), "true")
    assert (empty.status_code, code_of(empty)) == (409, "wrong_state")


@pytest.mark.parametrize("award_ids", [[], ["awd_1"], [1], "awd", ["awd_" + "0" * 32] * 5001])
def test_a_batch_names_awards_by_their_ids(program, things, award_ids):
    answer = program(Role.TREASURER_PREPARES).post("batches", {"award_ids": award_ids})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")


def test_an_award_that_is_not_there_is_not_paid(program, things):
    answer = program(Role.TREASURER_PREPARES).post("batches", {"award_ids": ["awd_" + "0" * 32]})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/award_ids/0"]


def test_an_award_that_cannot_be_paid_is_named_among_others(program, things):
    """A batch has up to five thousand: who builds it must find the one that stands in the way."""
    answer = program(Role.TREASURER_PREPARES).post("batches", {"award_ids": [things.ids["award_id"]]})

    assert (answer.status_code, code_of(answer)) == (409, "wrong_state")
    assert answer.json()["errors"] == [
        {"pointer": "#/award_ids/0", "code": "wrong_state", "detail": answer.json()["detail"]}
    ]


def test_awards_and_payouts_are_read_by_treasury(program, things):
    treasury = program(Role.TREASURER_PREPARES)

    award = treasury.get("awards").json()["data"][0]
    payout = treasury.get("payouts").json()["data"][0]

    assert (award["id"], award["amount"]["amount"]) == (things.ids["award_id"], "1500.00")
    assert treasury.get(things.path("awards/{award_id}")).json() == award
    assert treasury.get(things.path("payouts/{payout_id}")).json() == payout
    assert payout["method"] == "PICK_UP"
