"""Documents over the API: sent by who filed, read by whose step needs it, asked for, accepted, rejected."""

import casework
import nasty
import pytest
from builders import make_world, put_money_in
from calling import code_of, multipart
from papers import named

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from requests_app.models import AssistanceRequest, Document
from requests_app.services import documents

BYTES = "application/octet-stream"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def program_that_filed(world, program):
    """An intake program and the address of a request that it filed."""
    caller = program(Role.INTAKE)
    request = casework.file_request(world, by=caller.actor)
    return caller, f"requests/{ids.public('req', request.id)}"


def on_disk(store):
    return [place for place in store.rglob("*") if place.is_file()]


def send(caller, path, content=None, *, name="stub.heic", **options):
    content = nasty.A_HEIC if content is None else content
    return caller.post(f"{path}/documents", **multipart({"file": named(name, content)}), **options)


def test_a_document_is_sent_told_and_handed_out_as_a_clean_copy(program, program_that_filed):
    helper, path = program_that_filed

    made = send(helper, path)

    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["kind"], body["state"], body["media_type"]) == ("PROOF_OF_WORK", "AVAILABLE", "image/jpeg")
    assert "name" not in body
    reviewer = program(Role.REVIEWER)
    assert reviewer.get(f"{path}/documents").json()["data"] == [body]
    place = made["Location"].removeprefix("/api/v1/")
    assert reviewer.get(place).json() == body
    assert not Event.objects.filter(verb="document.viewed").exists()

    got = reviewer.get(place, Accept=BYTES)

    assert got.content.startswith(b"\xff\xd8\xff")
    assert got["Content-Disposition"].startswith("attachment")
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got["Cache-Control"] == "no-store"
    seen = Event.objects.get(verb="document.viewed")
    assert (seen.actor, ids.public("doc", seen.object_id)) == (reviewer.actor.key, body["id"])


def test_who_may_list_a_document_may_read_what_is_known_of_it(program, program_that_filed):
    """The answer to sending one says where it can be read."""
    helper, path = program_that_filed
    made = send(helper, path)
    place = made["Location"].removeprefix("/api/v1/")

    assert helper.get(place).json() == made.json()
    assert program(Role.APPROVER).get(place).json() == made.json()
    assert program(Role.INTAKE).get(place).status_code == 404


def test_the_bytes_need_the_scope_for_personal_data(program, program_that_filed):
    helper, path = program_that_filed
    place = send(helper, path)["Location"].removeprefix("/api/v1/")

    refused = program(Role.REVIEWER, scopes="requests:read").get(place, Accept=BYTES)

    assert (refused.status_code, code_of(refused)) == (403, "scope_missing")


@pytest.mark.parametrize("role", [Role.APPROVER, Role.INTAKE, Role.TREASURER_PREPARES, Role.BOARD])
def test_who_needs_no_document_gets_none(program, program_that_filed, role):
    helper, path = program_that_filed
    place = send(helper, path)["Location"].removeprefix("/api/v1/")

    assert program(role).get(place, Accept=BYTES).status_code in {403, 404}
    assert not Event.objects.filter(verb="document.viewed").exists()


def test_another_fund_and_one_who_did_not_file_find_nothing(program, program_that_filed):
    helper, path = program_that_filed
    place = send(helper, path)["Location"].removeprefix("/api/v1/")
    stranger = program(Role.REVIEWER, of=make_world(name="Another Fund"))

    answers = [
        send(program(Role.INTAKE), path),
        send(program(Role.REVIEWER), path),
        stranger.get(place),
        stranger.get(f"{path}/documents"),
        stranger.post(f"{place}/acceptance"),
        stranger.post(f"{place}/rejection", {"why": "UNREADABLE"}),
        stranger.post(f"{path}/document-requests", {"document": "PAY_STUB"}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert Document.objects.count() == 1


@pytest.mark.parametrize("name", nasty.REFUSED_AT_DOORS)
def test_a_file_that_cannot_be_kept_is_refused_by_its_code_and_leaves_nothing(
    program_that_filed, store, name
):
    helper, path = program_that_filed
    make, code = nasty.REFUSED[name]
    events = Event.objects.count()

    answer = send(helper, path, make(), name="stub.jpg")

    assert answer.status_code == 422
    (problem,) = answer.json()["errors"]
    assert (problem["pointer"], problem["code"]) == ("#/file", code)
    assert problem["detail"].startswith(("The ", "We cannot open ", "This PDF "))
    assert (Document.objects.count(), Event.objects.count(), on_disk(store)) == (0, events, [])


@pytest.mark.parametrize("name", sorted(nasty.POLYGLOTS))
def test_a_file_that_is_two_at_once_is_kept_as_one(program_that_filed, store, name):
    helper, path = program_that_filed
    sent = nasty.POLYGLOTS[name]()
    assert any(part in sent for part in nasty.HARM)

    assert send(helper, path, sent, name="stub.html").status_code == 201

    (kept,) = [place.read_bytes() for place in on_disk(store)]
    assert not any(part in kept for part in nasty.HARM)


def test_a_gigabyte_is_refused_before_it_is_read(program_that_filed):
    helper, path = program_that_filed
    body = nasty.Endless()

    answer = helper.http.generic(
        "POST",
        f"/api/v1/{path}/documents",
        content_type="multipart/form-data; boundary=x",
        headers={**helper.headers, "Idempotency-Key": "gigabyte"},
        **{"CONTENT_LENGTH": "1000000000", "wsgi.input": body},
    )

    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")
    assert body.read_bytes == 0
    assert not Document.objects.exists()


def test_the_same_call_again_and_the_same_file_again_are_one_document(program_that_filed):
    helper, path = program_that_filed
    first = send(helper, path, key="k")

    again, twin = send(helper, path, key="k"), send(helper, path, key="other")

    assert again.json() == twin.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Document.objects.count() == 1


def test_what_is_asked_for_is_answered_by_the_next_file(program, program_that_filed):
    helper, path = program_that_filed
    reviewer = program(Role.REVIEWER)

    asked = reviewer.post(f"{path}/document-requests", {"document": "PAY_STUB", "text": "One from May."})

    assert (asked.status_code, asked.json()["state"]) == (200, "NEEDS_INFO")
    assert send(helper, path).json()["kind"] == "PAY_STUB"
    assert reviewer.get(path).json()["state"] == "IN_REVIEW"


def test_a_document_is_rejected_with_a_reason_and_then_accepted(program, program_that_filed):
    helper, path = program_that_filed
    place = send(helper, path)["Location"].removeprefix("/api/v1/")
    reviewer = program(Role.REVIEWER)

    wrong = reviewer.post(f"{place}/rejection", {"why": "OTHER"})
    rejected = reviewer.post(f"{place}/rejection", {"why": "UNREADABLE"})
    twice = reviewer.post(f"{place}/rejection", {"why": "UNREADABLE"})
    accepted = reviewer.post(f"{place}/acceptance")

    assert [one["pointer"] for one in wrong.json()["errors"]] == ["#/note"]
    assert (rejected.json()["state"], rejected.json()["why"]) == ("REJECTED", "UNREADABLE")
    assert code_of(twice) == "wrong_state"
    assert (accepted.json()["state"], accepted.json()["why"]) == ("ACCEPTED", None)


def test_rejecting_after_a_decision_opens_the_request_again(world, program, program_that_filed):
    helper, path = program_that_filed
    place = send(helper, path)["Location"].removeprefix("/api/v1/")
    request = AssistanceRequest.objects.get()
    casework.make_eligible(world, [request])

    answer = program(Role.REVIEWER).post(f"{place}/rejection", {"why": "WRONG_PAPER", "ask_again": True})

    assert answer.status_code == 200
    request.refresh_from_db()
    assert (request.state, request.verified_cents) == (RequestState.NEEDS_INFO, None)
    assert request.info_requests.get().document == "PROOF_OF_WORK"


def test_from_an_award_on_nothing_is_judged(world, program):
    put_money_in(world, 500_000)
    (award,) = casework.make_awards(world, [100_000])
    row = documents.add_to_request(
        request_id=award.request_id,
        name="late.jpg",
        content=nasty.a_photo(),
        by=world.actor(Role.INTAKE),
        now=casework.NOW,
    )

    answer = program(Role.REVIEWER).post(f"documents/{ids.public('doc', row.id)}/acceptance")

    assert code_of(answer) == "wrong_state"
