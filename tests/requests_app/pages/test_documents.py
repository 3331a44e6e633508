"""Photos and papers of a worker, sent through the real pages as a browser without scripts does."""

import re
from datetime import timedelta
from uuid import uuid4

import casework
import nasty
import pytest
from builders import World, make_world
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk, errors_of, heading_of

from fundmgr.domain.documents import DocumentKind
from fundmgr.domain.lifecycle import DocumentState, RequestState
from fundmgr.models import Event
from requests_app.models import AssistanceRequest, Document, Draft

ADD, LATER = "apply/proof/add/", "request/photos/"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    """A worker at the question about proof."""
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE[:-1])
    return walk


@pytest.fixture
def sent(walk: Walk) -> Walk:
    """A worker who sent a request with one photo."""
    add(walk)
    walk.answer("proof")
    walk.send()
    return walk


def named(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def add(walk: Walk, content: bytes | None = None, *, name: str = "stub.jpg", to: str = ADD):
    """Send one file as the page's own form does."""
    content = nasty.a_photo() if content is None else content
    return walk.client.post(walk.root + to, {"file": named(name, content)})


def on_disk(store) -> list:
    return [path for path in store.rglob("*") if path.is_file()]


def text_of(response) -> str:
    return response.content.decode()


# --- with the form --------------------------------------------------------------------------


def test_a_photo_is_kept_at_once_listed_and_goes_with_the_request(walk: Walk, store) -> None:
    page = walk.get("apply/proof/")
    assert heading_of(page) == "Show us you worked on the show"
    assert "Step 8 of 9" in text_of(page)
    assert 'accept="image/*,application/pdf"' in text_of(page)
    assert 'capture="environment"' in text_of(page)

    response = add(walk, name="IMG 0142.HEIC", content=nasty.A_HEIC)

    assert response.url == walk.root + "apply/proof/"
    row = Document.objects.get()
    assert (row.name, row.media_type, row.kind) == ("IMG 0142.jpg", "image/jpeg", DocumentKind.PROOF_OF_WORK)
    assert row.draft_id == Draft.objects.get().id
    shown = text_of(walk.get("apply/proof/"))
    assert "IMG 0142.jpg" in shown
    assert "I will send it later" not in shown
    (path,) = on_disk(store)
    assert b"JFIF" not in path.read_bytes()

    assert walk.post("apply/proof/", {"then": "continue"}).url == walk.root + "apply/check/"
    assert "IMG 0142.jpg" in text_of(walk.get("apply/check/"))
    walk.send()
    assert Document.objects.get().request_id == AssistanceRequest.objects.get().id
    assert "IMG 0142.jpg" in text_of(walk.get(LATER))


@pytest.mark.parametrize(
    ("choice", "said"), [("later", "I will send it later"), ("none", "I don&#x27;t have it")]
)
def test_nobody_is_held_up_without_a_file(walk: Walk, choice: str, said: str) -> None:
    assert walk.post("apply/proof/", {"proof": choice, "then": "continue"}).url == walk.root + "apply/check/"

    assert said in text_of(walk.get("apply/check/"))
    assert walk.send().url == walk.root + "request/receipt/"
    assert AssistanceRequest.objects.count() == 1


def test_an_empty_page_asks_once_and_keeps_nothing(walk: Walk) -> None:
    response = walk.post("apply/proof/", {"then": "continue"})

    assert response.status_code == 422
    assert errors_of(response) == ["Add a photo or PDF, or choose what you will do"]
    assert errors_of(walk.post(ADD)) == ["Choose a photo or a PDF"]


@pytest.mark.parametrize("name", nasty.REFUSED_AT_DOORS)
def test_a_nasty_file_is_refused_in_clear_words_and_nothing_is_kept(walk: Walk, store, name: str) -> None:
    make, _code = nasty.REFUSED[name]

    response = add(walk, make(), name="stub.jpg")

    assert response.status_code == 422
    (said,) = errors_of(response)
    assert said.startswith(("The ", "We cannot open ", "This PDF "))
    assert not re.search(r"invalid|please|sorry|required|\bmust be valid", said, re.IGNORECASE)
    assert text_of(response).count(said) >= 2
    assert 'href="#id_file"' in text_of(response)
    assert not Document.objects.exists()
    assert on_disk(store) == []
    # The form goes on from there.
    assert walk.post("apply/proof/", {"proof": "later", "then": "continue"}).status_code == 302


def test_the_same_words_in_spanish(walk: Walk) -> None:
    response = walk.client.post(
        walk.root + ADD, {"file": named("a.jpg", b"")}, headers={"accept-language": "es"}
    )

    assert errors_of(response) == ["El archivo que eligió está vacío"]


@pytest.mark.parametrize("name", sorted(nasty.POLYGLOTS))
def test_a_file_that_is_two_at_once_is_kept_as_one_and_handed_out_asleep(
    walk: Walk, store, name: str
) -> None:
    assert add(walk, nasty.POLYGLOTS[name](), name="stub.html").status_code == 302

    (kept,) = [path.read_bytes() for path in on_disk(store)]
    assert not any(part in kept for part in nasty.HARM)
    opened = walk.get(f"apply/proof/{Document.objects.get().id}/")
    assert opened["Content-Type"] in {"image/jpeg", "application/pdf"}
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in opened["Content-Security-Policy"]


def test_what_is_refused_with_the_form_is_refused_later_too(sent: Walk, store) -> None:
    kept = on_disk(store)
    for name in sorted(set(nasty.REFUSED_AT_DOORS) - {"pdf bomb", "pixel flood"}):
        response = add(sent, nasty.REFUSED[name][0](), to=f"{LATER}add/")

        assert response.status_code == 422, name
        assert len(errors_of(response)) == 1, name
    assert (Document.objects.count(), on_disk(store)) == (1, kept)


@pytest.mark.parametrize("place", [ADD, f"{LATER}add/"])
def test_a_gigabyte_is_refused_before_it_is_read(request, place: str) -> None:
    walk = request.getfixturevalue("walk" if place == ADD else "sent")
    before, body = Document.objects.count(), nasty.Endless()

    response = walk.client.generic(
        "POST",
        walk.root + place,
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(1_000_000_000), "wsgi.input": body},
    )

    assert errors_of(response) == ["The file must be smaller than 10 MB"]
    assert (body.read_bytes, Document.objects.count()) == (0, before)


def test_a_visitor_who_sends_a_gigabyte_before_the_code_is_told_why_and_loses_nothing(world: World) -> None:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)

    response = walk.client.generic(
        "POST",
        walk.root + ADD,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(1_000_000_000),
    )

    assert response.url.endswith("/apply/contact/")
    page = walk.get("apply/contact/").content.decode()
    assert "We did not take the file. First enter the code that we send you." in page
    assert "Ana Rivera" in Draft.objects.get().answers


def test_a_file_from_another_site_is_not_taken(walk: Walk, world: World) -> None:
    strict = Walk(world, Client(enforce_csrf_checks=True))
    strict.client.cookies = walk.client.cookies

    assert add(strict).status_code == 403
    assert not Document.objects.exists()


def test_sent_twice_it_is_one_file(walk: Walk, store) -> None:
    add(walk)
    assert add(walk).status_code == 302

    assert Document.objects.count() == 1
    assert len(on_disk(store)) == 1


def test_five_files_and_no_more(walk: Walk) -> None:
    for number in range(5):
        assert add(walk, nasty.a_photo(mark=str(number))).status_code == 302

    assert "Add this file" not in text_of(walk.get("apply/proof/"))
    assert add(walk, nasty.a_photo(mark="6")).status_code == 422
    assert Document.objects.count() == 5


def test_a_file_can_be_taken_away_and_leaves_a_tombstone(
    walk: Walk, store, django_capture_on_commit_callbacks
) -> None:
    add(walk)
    row = Document.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        response = walk.client.post(f"{walk.root}apply/proof/{row.id}/remove/", {"return_to": "check"})

    assert response.url == f"{walk.root}apply/proof/?return_to=check"
    row.refresh_from_db()
    assert (row.state, row.place, row.name) == (DocumentState.REMOVED, "", None)
    assert len(row.sha256) == 64
    assert on_disk(store) == []
    assert "stub.jpg" not in text_of(walk.get("apply/proof/"))
    # It can be sent again.
    assert add(walk).status_code == 302


def test_files_wait_where_the_worker_signs_in_again_on_another_phone(walk: Walk, world: World) -> None:
    add(walk)

    other = Walk(world)
    other.prove(path="sign-in/")

    assert "stub.jpg" in text_of(other.get("apply/proof/"))
    assert other.get(f"apply/proof/{Document.objects.get().id}/").status_code == 200


def test_who_did_not_prove_a_contact_leaves_no_file(world: World) -> None:
    walk = Walk(world)
    walk.start()

    assert add(walk).url == walk.root + "apply/contact/"
    assert not Document.objects.exists()


# --- looking at it --------------------------------------------------------------------------


def test_ones_own_photo_is_shown_asleep_and_a_pdf_is_saved(walk: Walk) -> None:
    add(walk)
    add(walk, nasty.an_acting_paper(), name="stub.pdf")
    photo, paper = Document.objects.order_by("id")

    shown = walk.get(f"apply/proof/{photo.id}/")
    saved = walk.get(f"apply/proof/{paper.id}/")

    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"] == 'attachment; filename="stub.pdf"'
    for response in (shown, saved):
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "no-store"
    # Nobody but staff is written down for looking.
    assert not Event.objects.filter(verb="document.viewed").exists()


@pytest.mark.parametrize("when", ["draft", "sent"])
def test_another_worker_finds_nothing_by_any_verb(walk: Walk, world: World, when: str) -> None:
    add(walk)
    if when == "sent":
        walk.answer("proof")
        walk.send()
    row = Document.objects.get()
    other = Walk(world)
    other.fill("other@example.com")
    if when == "sent":
        other.send()
    stranger = Walk(world)

    for visitor in (other, stranger):
        for page in ("apply/proof", "request/photos"):
            address = f"{visitor.root}{page}/{row.id}/"
            assert visitor.client.get(address).status_code == 404
            assert visitor.client.head(address).status_code == 404
            assert visitor.client.post(f"{address}remove/").status_code == 404
    row.refresh_from_db()
    assert row.state == DocumentState.AVAILABLE
    assert walk.client.get(f"{walk.root}request/photos/{uuid4()}/").status_code == 404


# --- later ----------------------------------------------------------------------------------


def test_a_missing_photo_is_added_from_the_receipt(walk: Walk) -> None:
    walk.answer("proof")
    walk.send()
    receipt = text_of(walk.get("request/receipt/"))
    assert "Add missing photo" in receipt
    assert f"{walk.root}{LATER}" in receipt
    assert f"{walk.root}{LATER}" in text_of(walk.get("request/"))

    assert add(walk, to=f"{LATER}add/").url == walk.root + LATER

    row = Document.objects.get()
    assert row.request_id == AssistanceRequest.objects.get().id
    assert AssistanceRequest.objects.get().state == RequestState.SUBMITTED
    assert Event.objects.get(verb="document.added").object_id == row.id


def test_after_a_decision_a_file_is_kept_and_the_decision_stands(sent: Walk, world: World) -> None:
    request = AssistanceRequest.objects.get()
    casework.make_eligible(world, [request])

    assert add(sent, nasty.a_photo(mark="late"), to=f"{LATER}add/").status_code == 302

    request.refresh_from_db()
    assert request.state == RequestState.ELIGIBLE
    assert request.documents.count() == 2


def test_a_file_while_a_proposal_waits_voids_it(sent: Walk, world: World) -> None:
    request = AssistanceRequest.objects.get()
    decision = casework.propose(world, request)

    add(sent, nasty.a_photo(mark="new"), to=f"{LATER}add/")

    decision.refresh_from_db()
    assert decision.state == "VOID"
    assert AssistanceRequest.objects.get().version == request.version + 1


def test_once_a_person_reads_a_file_stays(sent: Walk, world: World) -> None:
    request, row = AssistanceRequest.objects.get(), Document.objects.get()
    assert "Remove" in text_of(sent.get(LATER))
    casework.propose(world, request)

    sent.client.post(f"{sent.root}{LATER}{row.id}/remove/")

    row.refresh_from_db()
    assert row.state == DocumentState.AVAILABLE
    assert "Remove" not in text_of(sent.get(LATER))


def test_a_request_that_was_taken_back_takes_no_files(sent: Walk) -> None:
    sent.post("request/take-back/")

    assert f"{sent.root}{LATER}" not in text_of(sent.get("request/"))
    response = add(sent, nasty.a_photo(mark="late"), to=f"{LATER}add/")
    assert response.status_code == 422
    assert Document.objects.count() == 1
