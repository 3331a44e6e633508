"""Commitments and receipts over the API."""

import builders
import pytest
from calling import code_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.queries import books

USD = {"amount": "5000.00", "currency": "USD"}


@pytest.fixture
def treasury(program):
    return program(Role.TREASURER_PREPARES)


@pytest.fixture
def pledge(world):
    """The body of a promise by a donor of the fund."""
    donor = builders.make_donor(world)
    return {"donor_id": ids.public("don", donor.id), "amount": USD, "pledged_on": "2023-09-18"}


@pytest.fixture
def commitment(treasury, pledge):
    """A promise on record."""
    return treasury.post("commitments", pledge).json()["id"]


def receipt(**changes):
    return {"amount": USD, "bank_reference": "FED-1", "received_on": "2023-09-18", **changes}


def test_a_promise_becomes_money_by_two_people(program, treasury, commitment, world):
    recorded = treasury.post(f"commitments/{commitment}/receipts", receipt())
    place = recorded["Location"].removeprefix("/api/v1/")
    alone = program(Role.TREASURER_RELEASES, owner=treasury.actor)
    own = alone.post(f"{place}/reconciliation")
    other = program(Role.TREASURER_RELEASES)
    confirmed = other.post(f"{place}/reconciliation", key="r")
    again = other.post(f"{place}/reconciliation", key="r")

    assert (recorded.status_code, recorded.json()["state"]) == (201, "RECEIVED")
    assert (own.status_code, code_of(own)) == (403, "self_approval")
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "RECONCILED")
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert books.available_cents(world.fund.id) == 490_000
    assert treasury.get(f"commitments/{commitment}").json()["state"] == "FULFILLED"
    assert [row["id"] for row in treasury.get(f"commitments/{commitment}/receipts").json()["data"]] == [
        recorded.json()["id"]
    ]


def test_a_promise_is_given_up(treasury, commitment):
    answer = treasury.post(f"commitments/{commitment}/cancellation", {"reason": "The donor withdrew."})

    assert (answer.status_code, answer.json()["state"]) == (200, "CANCELLED")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"amount": {"amount": "0.00", "currency": "USD"}}, "#/amount/amount"),
        ({"amount": {"amount": "5.00", "currency": "EUR"}}, "#/amount/currency"),
        ({"amount": {"amount": "5.00"}}, "#/amount/currency"),
        ({"amount": {**USD, "tip": 1}}, "#/amount/tip"),
        ({"amount": "5.00"}, "#/amount"),
        ({"amount": 5.0}, "#/amount"),
        ({"pledged_on": "2023-02-29"}, "#/pledged_on"),
        ({"pledged_on": "0001-01-01"}, "#/pledged_on"),
        ({"due_on": "2023-09-17"}, "#/due_on"),
        ({"is_conditional": True}, "#/condition"),
        ({"donor_id": "com_" + "0" * 32}, "#/donor_id"),
        ({"donor_id": 1}, "#/donor_id"),
        ({"restriction_id": "General"}, "#/restriction_id"),
    ],
)
def test_what_cannot_be_used_is_pointed_at(treasury, pledge, changes, pointer):
    answer = treasury.post("commitments", {**pledge, **changes})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_donor_or_restriction_of_another_fund_is_not_there(treasury, pledge):
    other = builders.make_world(name="Harbor Relief")
    stranger = ids.public("don", builders.make_donor(other).id)
    foreign = ids.public("rst", builders.put_money_in(other, 100).restriction_id)

    for name, value in (("donor_id", stranger), ("restriction_id", foreign)):
        answer = treasury.post("commitments", {**pledge, name: value})

        assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
        assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{name}"]


def test_a_bank_reference_counts_once(treasury, commitment):
    half = receipt(amount={"amount": "10.00", "currency": "USD"})
    treasury.post(f"commitments/{commitment}/receipts", half)

    answer = treasury.post(f"commitments/{commitment}/receipts", half)

    assert (answer.status_code, code_of(answer)) == (409, "duplicate")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"amount": {"amount": "5000.01", "currency": "USD"}}, "#/amount"),
        ({"received_on": "2023-09-17"}, "#/received_on"),
        ({"bank_reference": ""}, "#/bank_reference"),
        ({"bank_reference": "x" * 81}, "#/bank_reference"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused(treasury, commitment, changes, pointer):
    answer = treasury.post(f"commitments/{commitment}/receipts", receipt(**changes))

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
