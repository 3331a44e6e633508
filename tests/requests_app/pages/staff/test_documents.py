"""A worker's files at the desk: looked at under a record, judged, asked for; and the worker's side of it."""

import re
from datetime import timedelta

import casework
import nasty
import pytest
from builders import make_world
from console import Staff, summary_of, text_of
from django.utils import timezone
from walking import Walk, heading_of

from fundmgr.domain import actors, ids
from fundmgr.domain.lifecycle import DocumentState, RequestState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.services import background
from requests_app.models import Applicant, AssistanceRequest, Document, Notice
from requests_app.services import documents

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def world():
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def worker(world):
    """A worker who sent a request."""
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


@pytest.fixture
def row(worker):
    """A photo of that worker."""
    return add(worker)


@pytest.fixture
def page(row):
    return f"requests/{ids.public('req', row.request_id)}/{ids.public('doc', row.id)}/"


def add(walk, mark="stub"):
    """Send a photo later, and return its row."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    sent = SimpleUploadedFile("stub.jpg", nasty.a_photo(mark=mark))
    answer = walk.client.post(f"{walk.root}request/photos/add/", {"file": sent})
    assert answer.status_code == 302
    return Document.objects.order_by("-id")[0]


def case_of(row):
    return f"requests/{ids.public('req', row.request_id)}/"


def test_a_reviewer_sees_the_photo_in_the_page_and_the_trail_says_so(world, row, page):
    reviewer = Staff(world, Role.REVIEWER)
    case = text_of(reviewer.get(case_of(row)))
    assert reviewer.address(page) in case
    assert "To look at" in case

    shown = text_of(reviewer.get(page))
    assert f'<img src="{reviewer.address(page)}file/"' in shown
    assert not Event.objects.filter(verb="document.viewed").exists()
    got = reviewer.get(f"{page}file/")

    assert got["Content-Type"] == "image/jpeg"
    assert got["Content-Disposition"] == 'inline; filename="stub.jpg"'
    assert got["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "no-store")
    seen = Event.objects.get(verb="document.viewed")
    assert (seen.actor, seen.object_id) == (reviewer.actor.key, row.id)
    assert "opened a file" in text_of(reviewer.get(case_of(row)))
    assert reviewer.get(f"{page}file/", save="1")["Content-Disposition"].startswith("attachment")


def test_a_photo_is_turned_and_enlarged_by_links(world, page):
    reviewer = Staff(world, Role.REVIEWER)

    shown = text_of(reviewer.get(page, turn="90", zoom="2"))

    assert 'class="paper turn-90 zoom-2"' in shown
    assert "turn=180&amp;zoom=2" in shown
    assert "turn=90&amp;zoom=3" in shown
    assert 'class="paper turn-0 zoom-1"' in text_of(reviewer.get(page, turn="9", zoom="x"))


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.REVIEWER, True),
        (Role.DIRECTOR, True),
        (Role.AUDITOR, True),
        (Role.APPROVER, False),
        (Role.INTAKE, False),
        (Role.BOARD, False),
        (Role.TREASURER_PREPARES, False),
        (Role.TREASURER_RELEASES, False),
    ],
)
def test_only_whose_step_needs_it_opens_a_file(world, row, page, role, sees):
    person = Staff(world, role)

    answers = [person.get(page), person.get(f"{page}file/")]

    assert all((answer.status_code == 200) is sees for answer in answers)
    assert all(answer.status_code in {200, 403, 404} for answer in answers)
    assert Event.objects.filter(verb="document.viewed").exists() is sees
    case = person.get(case_of(row))
    if role is Role.APPROVER:
        assert "Proof of work" in text_of(case)
        assert "stub.jpg" not in text_of(case)


def test_staff_of_another_fund_a_relative_and_the_wrong_request_find_nothing(world, row, page):
    stranger = Staff(make_world(name="Another Fund"), Role.REVIEWER)
    relative = Staff(world, Role.REVIEWER)
    other = casework.file_request(world, contact="other@example.org")
    wrong = f"requests/{ids.public('req', other.id)}/{ids.public('doc', row.id)}/"

    for part in ("", "file/"):
        assert relative.get(wrong + part).status_code == 404
        assert stranger.get(page + part).status_code == 404
    Applicant.objects.filter(id=other.applicant_id).update(
        user_id=relative.actor.person_id, household_id=row.request.household_id
    )
    for part in ("", "file/"):
        assert relative.get(page + part).status_code == 404
    assert relative.post(f"{page}accept/").status_code == 404
    assert relative.post(f"{page}reject/", {"why": "UNREADABLE"}).status_code == 404
    row.refresh_from_db()
    assert row.state == DocumentState.AVAILABLE


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.AUDITOR, Role.APPROVER])
def test_who_may_look_may_not_judge(world, row, page, role):
    person = Staff(world, role)

    answers = [
        person.post(f"{page}accept/"),
        person.post(f"{page}reject/", {"why": "UNREADABLE"}),
        person.post(f"{case_of(row)}document/", {"document": "PAY_STUB"}),
    ]

    assert {answer.status_code for answer in answers} == {403}


def test_one_named_document_is_asked_for_and_the_photo_is_the_answer(world, worker):
    request = AssistanceRequest.objects.get()
    place = f"requests/{ids.public('req', request.id)}/"
    reviewer = Staff(world, Role.REVIEWER)
    assert f"{place}document/" in text_of(reviewer.get(place))
    assert "Choose what you need to see." in summary_of(reviewer.post(f"{place}document/"))

    reviewer.post(f"{place}document/", {"document": "PAY_STUB", "text": "One from May is enough."})

    card = text_of(worker.get("request/"))
    assert "Show us a pay stub" in card
    assert "One from May is enough." in card
    assert f"{worker.root}request/photos/" in card
    assert heading_of(worker.get("request/photos/")) == "Show us a pay stub"
    background.deliver(clock=timezone.now)
    told = Notice.objects.get(kind="info_needed").text
    assert "Show us a pay stub:" in told
    assert "request/photos/" in told

    row = add(worker)

    request.refresh_from_db()
    assert (row.kind, row.ask.document) == ("PAY_STUB", "PAY_STUB")
    assert request.state == RequestState.IN_REVIEW
    assert request.info_requests.get().answered_at is not None
    assert "Show us a pay stub" not in text_of(worker.get("request/"))
    # A second page is kept and asks nobody anything.
    assert add(worker, "page 2").kind == "PROOF_OF_WORK"


def test_who_does_not_have_it_answers_in_words(world, worker):
    request = AssistanceRequest.objects.get()
    reviewer = Staff(world, Role.REVIEWER)
    reviewer.post(f"requests/{ids.public('req', request.id)}/document/", {"document": "PAY_STUB"})
    assert f"{worker.root}request/answer/" in text_of(worker.get("request/photos/"))

    worker.post("request/answer/", {"text": "The show never sent one."})

    request.refresh_from_db()
    assert request.state == RequestState.IN_REVIEW
    assert "The show never sent one." in text_of(reviewer.get(f"requests/{ids.public('req', request.id)}/"))


def test_a_rejected_photo_is_told_in_the_workers_words_and_asked_for_again(world, worker, row, page):
    reviewer = Staff(world, Role.REVIEWER)

    sent = {"why": "UNREADABLE", "note": "The date is dark.", "ask_again": "on"}
    assert reviewer.post(f"{page}reject/", sent).status_code == 302

    shown = text_of(worker.get("request/photos/"))
    assert "We could not read it. Take the photo again in good light." in shown
    assert "The date is dark." in shown
    assert "Show us that you worked on the show" in text_of(worker.get("request/"))
    spanish = text_of(worker.get("request/photos/", headers={"accept-language": "es"}))
    assert "No pudimos leerlo. Tome la foto otra vez con buena luz." in spanish
    assert "Cannot be used" in text_of(reviewer.get(case_of(row)))


def test_an_accepted_photo_is_told_too(world, worker, row, page):
    Staff(world, Role.REVIEWER).post(f"{page}accept/")

    row.refresh_from_db()
    assert row.state == DocumentState.ACCEPTED
    assert "We can use it." in text_of(worker.get("request/photos/"))
    assert AssistanceRequest.objects.get().state == RequestState.IN_REVIEW


def test_judging_voids_what_was_proposed_and_what_was_found(world, row, page):
    reviewer = Staff(world, Role.REVIEWER)
    decision = casework.propose(world, row.request)
    assert reviewer.post(f"{page}accept/").status_code == 302
    decision.refresh_from_db()
    assert decision.state == "VOID"

    request = AssistanceRequest.objects.get()
    casework.make_eligible(world, [request])
    reviewer.post(f"{page}reject/", {"why": "WRONG_PAPER"})

    request.refresh_from_db()
    assert (request.state, request.verified_cents) == (RequestState.IN_REVIEW, None)


def test_the_same_paper_of_two_people_is_pointed_out(world, row, page):
    twin = casework.file_request(world, contact="twin@example.org")
    documents.add_to_request(
        request_id=twin.id,
        name="mine.jpg",
        content=nasty.a_photo(mark="stub"),
        by=world.actor(Role.INTAKE),
        now=timezone.now(),
    )

    shown = text_of(Staff(world, Role.REVIEWER).get(page))

    assert re.search(rf"The very same file came with .*{twin.reference}", shown)


def test_a_worker_who_is_staff_elsewhere_does_not_judge_their_own(world, worker, row, page):
    user_id = Applicant.objects.get(id=row.request.applicant_id).user_id
    casework.add_role(world, actors.person(user_id), Role.REVIEWER)
    myself = Staff(world, actors.person(user_id))

    assert myself.get(page).status_code == 404
    assert myself.post(f"{page}accept/").status_code == 404
