"""The same call again: the same answer, and never a second effect."""

import re
import threading

import builders
import pytest
from calling import Caller, code_of, file_request, give_token, make_client, make_things
from django.db import connection
from django.test import Client
from django.utils import timezone

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Donor, OutboxMessage
from fundmgr.services import background
from requests_app.api.openapi import document
from requests_app.models import ContactChange, ContactCode, Notice

NEEDED = [
    path.removeprefix("/api/v1/")
    for path, methods in document()["paths"].items()
    for method, call in methods.items()
    if any(one["name"] == "Idempotency-Key" and one.get("required") for one in call.get("parameters", ()))
]
MOVES_MONEY = {
    "commitments/{commitment_id}/receipts",
    "receipts",
    "receipts/{receipt_id}/reconciliation",
    "receipts/{receipt_id}/match",
    "receipts/{receipt_id}/bounce",
    "refunds/{refund_id}/decision",
    "releases/{release_id}/decision",
    "reserve-uses/{use_id}/decision",
    "reversals/{reversal_id}/decision",
    "bank-fees",
    "bank-imports/{import_id}/reconciliation",
    "rounds/{round_id}/approvals",
    "batches",
    "batches/{batch_id}/release",
    "payouts/{payout_id}/settlement",
    "payouts/{payout_id}/return",
}


def test_every_call_that_makes_or_moves_something_takes_a_key():
    without = {
        path.removeprefix("/api/v1/")
        for path, methods in document()["paths"].items()
        for method, call in methods.items()
        if method == "post"
        and not any(one["name"] == "Idempotency-Key" for one in call.get("parameters", ()))
    }

    # A token is another one each time; RFC 6749 knows no key.
    assert without == {"oauth/token"}


def test_every_call_that_moves_money_needs_a_key():
    assert set(NEEDED) == MOVES_MONEY


def test_without_the_key_money_does_not_move(program, world):
    things = make_things(world)
    director = program(Role.DIRECTOR)
    bodies = {
        "commitments/{commitment_id}/receipts": {
            "amount": {"amount": "1.00", "currency": "USD"},
            "bank_reference": "X",
            "received_on": "2023-09-18",
        },
        "rounds/{round_id}/approvals": {"result_digest": "0" * 64},
        "payouts/{payout_id}/return": {"code": "R03"},
        "receipts/{receipt_id}/bounce": {"reason": "No funds."},
        "refunds/{refund_id}/decision": {"outcome": "MADE"},
        "releases/{release_id}/decision": {"outcome": "MADE"},
        "reserve-uses/{use_id}/decision": {"outcome": "MADE"},
        "reversals/{reversal_id}/decision": {"outcome": "MADE"},
        "bank-fees": {
            "amount": {"amount": "1.00", "currency": "USD"},
            "bank_reference": "X",
            "charged_on": "2023-09-18",
        },
        "receipts": {
            "amount": {"amount": "1.00", "currency": "USD"},
            "bank_reference": "X",
            "received_on": "2023-09-18",
        },
        "receipts/{receipt_id}/match": {"donor_id": things.ids["donor_id"]},
    }

    for path in NEEDED:
        answer = director.post(things.path(path), bodies.get(path, {}), key=None)

        assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_missing"), path


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "naïve", "a\tb", " x"])
def test_a_key_that_cannot_be_kept_is_refused(program, key):
    answer = program(Role.DIRECTOR).post("donors", {"name": "x"}, key=key)

    assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_invalid")


@pytest.mark.parametrize("key", ["x", "x" * 255, "a b", "{}'\";--"])
def test_a_key_of_printable_ascii_is_kept(program, key):
    director = program(Role.DIRECTOR)

    assert director.post("donors", {"name": "x"}, key=key).status_code == 201
    assert director.post("donors", {"name": "x"}, key=key)["Idempotent-Replayed"] == "true"
    assert Donor.objects.count() == 1


def test_another_body_under_the_same_key_is_refused(program):
    director = program(Role.DIRECTOR)
    director.post("donors", {"name": "x"}, key="k")

    answer = director.post("donors", {"name": "y"}, key="k")

    assert (answer.status_code, code_of(answer)) == (422, "idempotency_mismatch")
    assert Donor.objects.count() == 1


def test_a_key_belongs_to_one_caller_and_one_address(program, world):
    director = program(Role.DIRECTOR)
    director.post("donors", {"name": "x"}, key="k")

    other = program(Role.TREASURER_PREPARES).post("donors", {"name": "x"}, key="k")

    assert "Idempotent-Replayed" not in other
    assert Donor.objects.count() == 2


def test_a_slash_at_the_end_is_the_same_address(program):
    director = program(Role.DIRECTOR)
    director.post("donors", {"name": "x"}, key="k")

    again = director.post("donors/", {"name": "x"}, key="k")

    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")


def test_a_refused_call_may_be_tried_again_with_its_key(program):
    director = program(Role.DIRECTOR)
    body = {
        "donor_id": "don_" + "0" * 32,
        "amount": {"amount": "1.00", "currency": "USD"},
        "pledged_on": "2023-01-01",
    }
    refused = director.post("commitments", body, key="k")

    made = director.post("donors", {"name": "x"}, key="k")

    assert (refused.status_code, made.status_code) == (422, 201)


def test_a_contact_change_asked_for_again_sends_one_code_and_answers_the_same(program, world):
    filer = program(Role.INTAKE)
    path = contact_change_of(file_request(world, "old@example.org", by=filer.actor))

    first, again = (filer.post(path, {"contact": "new@example.org"}, key="ask") for _time in range(2))
    other = filer.post(path, {"contact": "third@example.org"}, key="ask")

    assert (first.status_code, "Idempotent-Replayed" in first) == (202, False), first.content
    assert (again.status_code, again["Idempotent-Replayed"], again.json()) == (202, "true", first.json())
    assert (other.status_code, code_of(other)) == (422, "idempotency_mismatch")
    assert OutboxMessage.objects.filter(kind="contact_code").count() == 1


def test_a_contact_proved_again_is_changed_once_and_answers_the_same(program, world):
    filer = program(Role.INTAKE)
    path = contact_change_of(file_request(world, "old@example.org", by=filer.actor))
    asked = filer.post(path, {"contact": "new@example.org"}, key="ask")
    sent = {"contact": "new@example.org", "code": code_sent_to("new@example.org")}

    first, again = (filer.post(f"{path}/code", sent, key="code") for _time in range(2))
    other = filer.post(f"{path}/code", {**sent, "code": "000000"}, key="code")
    asked_again = filer.post(path, {"contact": "new@example.org"}, key="ask")

    assert (first.status_code, "Idempotent-Replayed" in first) == (200, False), first.content
    assert (again.status_code, again["Idempotent-Replayed"], again.json()) == (200, "true", first.json())
    assert (other.status_code, code_of(other)) == (422, "idempotency_mismatch")
    # The contact is the worker's by now, and still the first call has its first answer.
    assert (asked_again.status_code, asked_again.json()) == (202, asked.json())
    assert ContactChange.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="contact_changed").count() == 2


def test_a_wrong_code_is_counted_and_its_key_may_be_used_again(program, world):
    filer = program(Role.INTAKE)
    path = contact_change_of(file_request(world, "old@example.org", by=filer.actor))
    filer.post(path, {"contact": "new@example.org"})
    right = code_sent_to("new@example.org")
    wrong = "000000" if right != "000000" else "000001"

    refused = filer.post(f"{path}/code", {"contact": "new@example.org", "code": wrong}, key="code")
    done = filer.post(f"{path}/code", {"contact": "new@example.org", "code": right}, key="code")

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "wrong_code")
    assert ContactCode.objects.get().attempts == 1
    assert done.status_code == 200, done.content


def contact_change_of(row) -> str:
    return f"requests/{ids.public('req', row.id)}/contact-change"


def code_sent_to(contact: str) -> str:
    background.deliver(clock=timezone.now)
    found = Notice.objects.filter(kind="contact_code").order_by("-created_at", "-id")
    return re.search(r"\d{6}", next(row for row in found if row.contact == contact).subject).group()


def test_of_calls_at_the_same_moment_one_is_done(committed_db):
    world = builders.make_world()
    _, application = make_client(world, Role.DIRECTOR)
    token = give_token(application)
    gate, answers = threading.Barrier(6), []

    def call():
        caller = Caller(Client(), {"Authorization": f"Bearer {token}"})
        gate.wait()
        answers.append(caller.post("donors", {"name": "x"}, key="k"))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Donor.objects.count() == 1
    codes = sorted(answer.status_code for answer in answers)
    assert set(codes) <= {201, 409}
    assert sum(answer.status_code == 201 and "Idempotent-Replayed" not in answer for answer in answers) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert (code_of(answer), answer["Retry-After"]) == ("idempotency_in_flight", "1")
