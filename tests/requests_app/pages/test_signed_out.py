"""A worker's own page after the half hour: a code is asked for, and leads back to it."""

from datetime import timedelta

import pytest
from builders import make_world
from django.utils import timezone
from walking import Walk, code_for

from fundmgr.domain.lifecycle import RequestState
from requests_app.models import AssistanceRequest

pytestmark = pytest.mark.django_db
SAID = "You were signed out after 30 minutes. Get a code, then send it again."


@pytest.fixture
def world():
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def sent(world) -> Walk:
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


def sign_out(walk: Walk) -> None:
    """The half hour is over."""
    walk.client.session.flush()


@pytest.mark.parametrize(
    "path",
    [
        "request/messages/",
        "request/photos/",
        "request/texts/",
        "request/take-back/",
        "request/change/",
        "request/receipt/",
        "request/how-was-this-form/",
        "my-data/",
        "my-data/name/",
        "my-data/contact/",
    ],
)
def test_the_code_leads_back_to_the_page_that_was_wanted(sent, path):
    sign_out(sent)

    assert sent.get(path).url == f"{sent.root}sign-in/"
    sent.prove(path="sign-in/")

    assert sent.get(path).status_code == 200
    assert sent.get("sign-in/").url == f"{sent.root}request/", "once is enough"


def test_the_answer_to_the_code_is_that_page(sent):
    sign_out(sent)
    sent.get("request/messages/")

    sent.post("sign-in/", {"channel": "MAIL", "email": "ana@example.com"})
    answer = sent.post("sign-in/code/", {"code": code_for("ana@example.com")})

    assert answer.url == f"{sent.root}request/messages/"


def test_what_is_sent_too_late_is_not_kept_in_silence(sent):
    hidden = sent.hidden("request/take-back/")
    sign_out(sent)

    answer = sent.client.post(f"{sent.root}request/take-back/", hidden, follow=True)

    assert answer.redirect_chain == [(f"{sent.root}sign-in/", 302)]
    assert SAID in answer.content.decode()
    assert AssistanceRequest.objects.get().state == RequestState.SUBMITTED


def test_an_address_that_only_takes_what_is_sent_is_not_led_back_to(sent):
    sign_out(sent)
    sent.client.post(f"{sent.root}my-data/second/remove/")

    sent.prove(path="sign-in/")

    assert sent.get("sign-in/").url == f"{sent.root}request/"


def test_one_who_asked_for_nothing_goes_where_they_would_have_gone(world):
    walk = Walk(world)
    walk.get("request/messages/")
    walk.start()

    walk.prove(path="sign-in/")

    assert walk.get("sign-in/").url == f"{walk.root}apply/show/"


def test_a_page_of_another_fund_is_not_led_to(sent):
    far = Walk(make_world(name="Harbor Relief", now=timezone.now() - timedelta(days=1)), sent.client)
    sign_out(sent)
    far.get("request/messages/")

    sent.prove(path="sign-in/")

    assert sent.get("sign-in/").url == f"{sent.root}request/"


MAIL_CHOSEN, TEXT_CHOSEN = 'value="MAIL" checked', 'value="TEXT" checked'


def test_the_way_by_which_this_browser_got_in_is_chosen_after_the_half_hour(sent):
    sign_out(sent)
    page = sent.get("sign-in/").content.decode()
    assert MAIL_CHOSEN in page
    assert "ana@example.com" not in page, "only the way is kept, not the address"

    walk = Walk(sent.world)
    walk.prove("(213) 555-0142", path="sign-in/")
    sign_out(walk)
    assert TEXT_CHOSEN in walk.get("sign-in/").content.decode()


def test_a_wrong_code_a_new_browser_and_who_signed_out_leave_the_choice_as_it_was(sent, world):
    unknown = Walk(world)
    unknown.post("sign-in/", {"channel": "MAIL", "email": "nobody@example.com"})
    unknown.post("sign-in/code/", {"code": "000000"})
    assert "way" not in unknown.client.cookies
    assert TEXT_CHOSEN in Walk(world).get("sign-in/").content.decode()

    sent.client.post(f"{sent.root}sign-out/")
    assert TEXT_CHOSEN in sent.get("sign-in/").content.decode()


def test_a_new_contact_is_the_way_of_the_next_time(sent):
    sent.post("my-data/contact/", {"channel": "TEXT", "phone": "(213) 555-0142", "text_consent": "on"})
    sent.post("my-data/contact/code/", {"code": code_for("(213) 555-0142")})
    sign_out(sent)

    assert TEXT_CHOSEN in sent.get("sign-in/").content.decode()


def test_a_way_that_was_made_up_is_none(sent, world):
    walk = Walk(world)
    walk.client.cookies["way"] = "MAIL"

    assert TEXT_CHOSEN in walk.get("sign-in/").content.decode()
