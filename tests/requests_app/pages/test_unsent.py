"""What a worker sends after the half hour is kept for them alone, and is in its boxes after the code."""

from datetime import timedelta
from html import unescape

import pytest
from builders import make_world
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from walking import Walk, errors_of, heading_of

from fundmgr.domain.eligibility import Reason
from fundmgr.domain.permissions import Role
from requests_app import kept_words
from requests_app.models import Appeal, AssistanceRequest, FormFeedback, Message
from requests_app.services import reviews

pytestmark = pytest.mark.django_db
KEPT = "We keep what you wrote for 30 minutes more."
LOST = "You were signed out after 30 minutes. Get a code, then send it again."
BACK = "We kept what you wrote. It is not sent yet."
WORDS = "Mi hija está enferma.\nNo puedo esperar."
TYPED = {
    "request/messages/": {"text": WORDS},
    "request/how-was-this-form/": {"opinion": "HARD", "text": WORDS},
    "request/change/anything-else/": {"statement": WORDS},
    "my-data/name/": {"full_name": "Ana María Rivera", "preferred_name": "Anita"},
    "my-data/contact/": {"channel": "MAIL", "email": "ana.new@example.com"},
    "my-data/second-contact/": {"phone": "(213) 555-0142"},
}


@pytest.fixture
def world():
    return make_world(now=timezone.now() - timedelta(days=60))


@pytest.fixture
def sent(world) -> Walk:
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


def send_late(walk: Walk, path: str, typed: dict[str, str]):
    """Send a page that was open while the half hour went by."""
    hidden = walk.hidden(path)
    walk.client.session.flush()
    return walk.client.post(walk.root + path, {**hidden, **typed}, follow=True)


def words_of(response) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize("path", TYPED)
def test_what_was_typed_is_in_its_boxes_after_the_code_and_not_sent(sent, path):
    before = AssistanceRequest.objects.values().get()

    late = send_late(sent, path, TYPED[path])
    assert KEPT in words_of(late)
    sent.prove(path="sign-in/")
    page = words_of(sent.get(path))

    assert BACK in page
    assert all(value in page for value in TYPED[path].values())
    assert not Message.objects.exists()
    assert not FormFeedback.objects.exists()
    assert AssistanceRequest.objects.values().get() == before


def test_a_choice_is_chosen_again(sent):
    send_late(sent, "request/how-was-this-form/", TYPED["request/how-was-this-form/"])
    sent.prove(path="sign-in/")

    assert 'value="HARD" checked' in words_of(sent.get("request/how-was-this-form/"))


def test_a_second_look_and_an_answer_wait_too(sent, world):
    request, now = AssistanceRequest.objects.get(), timezone.now()
    reviewer = world.actor(Role.REVIEWER)
    reviews.start(request_id=request.id, by=reviewer, now=now)
    reviews.ask_for_info(request_id=request.id, text="When did you last work?", by=reviewer, now=now)
    assert KEPT in words_of(send_late(sent, "request/answer/", {"text": "In May, with a crane"}))
    sent.prove(path="sign-in/")
    assert "In May, with a crane" in words_of(sent.get("request/answer/"))
    sent.post("request/answer/", {"text": "In May, with a crane"})

    row = reviews.propose(
        request_id=request.id, is_eligible=False, reasons=[Reason.NO_LOSS_LINK], by=reviewer, now=now
    )
    reviews.decide(decision_id=row.id, approve=True, by=world.actor(Role.APPROVER), now=now)
    assert KEPT in words_of(send_late(sent, "request/look-again/", {"ground": "CHANGED", "text": WORDS}))
    sent.prove(path="sign-in/")
    page = words_of(sent.get("request/look-again/"))

    assert WORDS in page
    assert 'value="CHANGED" checked' in page
    assert not Appeal.objects.exists()


def test_what_waits_is_sent_once_and_is_gone_then(sent):
    send_late(sent, "request/messages/", {"text": WORDS})
    sent.prove(path="sign-in/")

    assert BACK in words_of(sent.get("request/messages/"))
    assert BACK in words_of(sent.get("request/messages/")), "a page that is loaded again loses nothing"
    sent.post("request/messages/", {"text": WORDS})

    assert Message.objects.get().text == WORDS
    after = words_of(sent.get("request/messages/"))
    assert BACK not in after
    assert after.count("Mi hija está enferma") == 1


def test_a_request_that_was_changed_meanwhile_is_shown_beside_what_was_kept(sent):
    path = "request/change/anything-else/"
    send_late(sent, path, {"statement": "From the first phone"})
    other = Walk(sent.world)
    other.prove(path="sign-in/")
    other.post(path, {"statement": "From the second phone"})
    sent.prove(path="sign-in/")

    answer = sent.post(path, {"statement": "From the first phone"})

    assert answer.status_code == 409
    assert "From the second phone" in words_of(answer)
    assert AssistanceRequest.objects.get().statement == "From the second phone"


def test_what_can_be_sent_no_more_stays_to_be_read(sent, world):
    path = "request/change/anything-else/"
    send_late(sent, path, {"statement": WORDS})
    reviews.start(
        request_id=AssistanceRequest.objects.get().id, by=world.actor(Role.REVIEWER), now=timezone.now()
    )
    sent.prove(path="sign-in/")

    assert WORDS in words_of(sent.get(path))
    refused = sent.post(path, {"statement": WORDS})

    assert refused.status_code == 409
    assert errors_of(refused)
    assert WORDS in words_of(refused)


def test_nobody_else_who_signs_in_on_the_same_browser_sees_it(sent, world):
    far = Walk(world)
    far.fill("ben@example.com")
    far.send()
    send_late(sent, "request/messages/", {"text": WORDS})

    sent.prove("ben@example.com", path="sign-in/")
    page = sent.get("request/messages/")

    assert heading_of(page) == "Messages"
    assert WORDS not in words_of(page)
    assert BACK not in words_of(page)


def test_it_goes_when_they_sign_out(sent):
    send_late(sent, "request/messages/", {"text": WORDS})
    sent.prove("ana@example.com", path="sign-in/")
    sent.client.post(f"{sent.root}sign-out/")
    sent.prove(path="sign-in/")

    assert WORDS not in words_of(sent.get("request/messages/"))


def test_it_lies_sealed(sent):
    send_late(sent, "request/messages/", {"text": "hunger"})

    (kept,) = [row.get_decoded() for row in Session.objects.all() if kept_words.KEPT in row.get_decoded()]

    assert kept[kept_words.KEPT].keys() == {f"{sent.root}request/messages/"}
    assert "hunger" not in str(kept)


@pytest.mark.parametrize("whose", ["", "x", "A" * 64, "é"])
def test_a_form_that_is_not_of_a_page_of_ours_leaves_nothing(sent, whose):
    before = Session.objects.count()

    answer = send_late(sent, "request/messages/", {"text": WORDS, "whose": whose})

    assert LOST in words_of(answer)
    assert Session.objects.count() <= before


def test_a_form_without_its_token_leaves_nothing(world):
    walk = Walk(world, Client(enforce_csrf_checks=True))
    walk.fill()
    walk.send()
    hidden = walk.hidden("request/messages/")
    walk.client.session.flush()
    forged = {**hidden, "csrfmiddlewaretoken": "x" * 64, "text": WORDS}

    assert walk.client.post(f"{walk.root}request/messages/", forged).status_code == 403
    assert not any(kept_words.KEPT in row.get_decoded() for row in Session.objects.all())


@pytest.mark.parametrize(
    "path", ["my-data/contact/code/", "request/pay/bank/", "my-data/second-contact/code/"]
)
def test_codes_and_bank_details_are_not_kept(sent, path):
    hidden = {**sent.hidden("request/messages/"), "code": "123456", "account_number": "000123456789"}
    sent.client.session.flush()

    answer = sent.client.post(sent.root + path, hidden, follow=True)

    assert LOST in words_of(answer)
    assert not any(kept_words.KEPT in row.get_decoded() for row in Session.objects.all())


def test_a_text_far_beyond_its_box_is_told_as_not_kept(sent):
    answer = send_late(sent, "request/messages/", {"text": "x" * kept_words.MOST_BYTES})

    assert LOST in words_of(answer)


def test_a_text_as_long_as_its_box_is_kept_in_any_script(sent):
    longest = "😢" * 1000
    assert KEPT in words_of(send_late(sent, "request/messages/", {"text": longest}))
    sent.prove(path="sign-in/")

    assert longest in words_of(sent.get("request/messages/"))


def test_where_the_database_does_not_take_it_the_page_says_that_it_was_not_kept(sent, monkeypatch):
    hidden = sent.hidden("request/messages/")
    sent.client.session.flush()
    del sent.client.cookies["sessionid"]

    def gone(*_args, **_keys):
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as patched:
        patched.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
        patched.setattr("fundmgr.models.prepared.one", gone)
        answer = sent.client.post(f"{sent.root}request/messages/", {**hidden, "text": WORDS})

    assert answer.status_code == 302
    assert LOST in words_of(sent.get("sign-in/"))


def test_a_page_that_nobody_was_signed_in_to_says_whom_it_was_made_for_nowhere(sent):
    assert 'name="whose"' not in words_of(sent.get("request/take-back/"))
    assert 'name="whose"' not in words_of(Walk(sent.world).get("sign-in/"))
