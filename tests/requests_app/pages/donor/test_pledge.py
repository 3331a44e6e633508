"""Anybody's promise of money: said on the public page, proved by mail, and no money before staff take it."""

import re
from datetime import timedelta

import pytest
from builders import make_world
from console import text_of
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from fundmgr.domain.lifecycle import FundState
from fundmgr.models import Commitment, Donor, Event, Fund, OutboxMessage, PledgeOffer
from fundmgr.queries import books
from requests_app.services import pledge_offer_mail

pytestmark = pytest.mark.django_db
_LINK = re.compile(r"/f/[-\w]+/pledge/confirm/[0-9a-f]{64}/")
SAID = {"name": "Ana Rivera", "email": "Ana@Example.org", "amount": "1,250", "form_token": "t" * 24}


@pytest.fixture
def world():
    return make_world(now=timezone.now() - timedelta(days=1))


class Page:
    """One browser at the form of a fund."""

    def __init__(self, world, **headers):
        self.root = f"/f/{world.fund.slug}/pledge/"
        self.browser = Client(headers=headers)

    def get(self, path=""):
        return self.browser.get(path if path.startswith("/") else f"{self.root}{path}")

    def send(self, **said):
        return self.browser.post(self.root, {**SAID, **said})


def deliver():
    """Send what is owed, and return the links of the letters."""
    before = len(mail.outbox)
    for message in OutboxMessage.objects.filter(kind="pledge_offer", done_at__isnull=True).order_by("id"):
        pledge_offer_mail.send(message=message, now=timezone.now())
        OutboxMessage.objects.filter(id=message.id).update(done_at=timezone.now())
    return [_LINK.search(letter.body).group() for letter in mail.outbox[before:]]


def test_a_promise_is_sent_proved_by_mail_and_counts_as_no_money(world):
    page, before = Page(world), books.position(world.fund.id)
    day = timezone.now().date() + timedelta(days=40)
    sent = page.send(month=day.month, day=day.day, year=day.year, wish="Rent", shows_name="on")
    assert (sent.status_code, sent["Location"]) == (302, f"{page.root}sent/")
    assert "Check your email" in text_of(page.get("sent/"))

    (link,) = deliver()
    looked = page.get(link)
    assert "You promise $1,250." in text_of(looked)
    assert PledgeOffer.objects.get().state == "WAITING_FOR_MAIL"
    shown = page.browser.post(link, follow=True)

    assert "$1,250: pledged, not yet received." in text_of(shown)
    row = PledgeOffer.objects.get()
    assert (row.state, row.name, row.contact) == ("PROVED", "Ana Rivera", "ana@example.org")
    assert (row.amount_cents, row.meant_on, row.wish, row.shows_name) == (125_000, day, "Rent", True)
    assert books.position(world.fund.id) == before
    assert not Commitment.objects.exists()
    assert not Donor.objects.exists()


def test_a_link_used_twice_proves_once_and_shows_the_same_page(world):
    page = Page(world)
    page.send()
    (link,) = deliver()

    first, second = (page.browser.post(link, follow=True) for _ in range(2))

    assert "pledged, not yet received" in text_of(first)
    assert "pledged, not yet received" in text_of(second)
    assert Event.objects.filter(verb="pledge_offer.proved").count() == 1


def test_a_double_tap_keeps_one_promise_and_other_words_another(world):
    page = Page(world)
    answers = [page.send(), page.send(), page.send(email="other@example.org"), page.send(form_token="")]

    assert [answer.status_code for answer in answers] == [302] * 4
    assert PledgeOffer.objects.count() == 3
    assert len(deliver()) == 3


def test_the_sixth_promise_of_an_address_in_an_hour_is_refused(world):
    page = Page(world)

    answers = [page.send(amount=str(100 + number)) for number in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "You sent five promises in one hour." in text_of(answers[-1])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "Enter your name"),
        ({"name": "x" * 161}, "What you write must be 160 letters or less"),
        ({"email": "ana"}, "Enter an email address like name@example.com"),
        ({"amount": "much"}, "Enter the amount in dollars, like 500"),
        ({"amount": "0"}, "Enter the amount in dollars, like 500"),
        ({"month": "2", "day": "30", "year": "2027"}, "Enter a real date"),
        ({"month": "9", "day": "1", "year": "2023"}, "Enter a day from today on"),
        ({"wish": "x" * 121}, "What you write must be 120 letters or less"),
    ],
)
def test_what_cannot_be_read_is_told_in_words_and_what_was_typed_is_kept(world, said, sentence):
    answer = Page(world).send(**said)

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    kept = {**SAID, **said}
    assert f'value="{kept["email"]}"' in answer.content.decode()
    assert f'value="{kept["amount"]}"' in answer.content.decode()
    assert not PledgeOffer.objects.exists()


def test_all_that_is_to_be_mended_is_told_at_once_and_once(world):
    told = text_of(Page(world).send(name="", email="x", amount="", month="13", wish="x" * 121))

    for sentence in (
        "Enter your name",
        "Enter an email address like",
        "Enter the amount in dollars",
        "Enter a real date",
        "120 letters or less",
    ):
        # At the top of the page, and at its box.
        assert told.count(sentence) == 2, sentence


def test_a_link_ends_after_three_days_and_is_not_sent_late(world):
    page = Page(world)
    page.send()
    (link,) = deliver()
    page.send(amount="7")
    PledgeOffer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert deliver() == []
    assert (page.get(link).status_code, page.browser.post(link).status_code) == (410, 410)
    assert "This link is over" in text_of(page.get(link))
    assert not Event.objects.filter(verb="pledge_offer.proved").exists()


def test_a_link_of_one_fund_proves_nothing_in_another(world):
    other = make_world(name="Other fund", now=timezone.now())
    page = Page(world)
    page.send()
    (link,) = deliver()

    answer = page.browser.post(link.replace(world.fund.slug, other.fund.slug))

    assert answer.status_code == 410
    assert PledgeOffer.objects.get().state == "WAITING_FOR_MAIL"


@pytest.mark.parametrize("token", ["0" * 64, "short"])
def test_a_link_that_never_was_proves_nothing(world, token):
    page = Page(world)

    assert page.get(f"confirm/{token}/").status_code == 410


def test_the_letter_is_in_english_and_holds_nothing_that_was_typed(world):
    Page(world).send(name="Buy pills at evil.example", wish="evil.example")
    deliver()

    (letter,) = mail.outbox
    assert letter.subject == f"Confirm your promise to {world.fund.name}"
    assert letter.to == ["ana@example.org"]
    assert "promised $1,250.00 to" in letter.body
    assert "evil.example" not in letter.subject + letter.body


def test_the_pages_and_the_letter_speak_spanish(world):
    page = Page(world, accept_language="es")
    assert "Prometer dinero" in text_of(page.get())
    assert "Escriba su nombre" in text_of(page.send(name=""))
    page.send()
    (link,) = deliver()

    assert mail.outbox[0].subject == f"Confirme su promesa a {world.fund.name}"
    assert "El enlace funciona hasta el" in mail.outbox[0].body
    assert "prometido, todavía no recibido" in text_of(page.browser.post(link, follow=True))


def test_the_funds_page_leads_there_until_the_fund_ends(world):
    shown = Client().get(f"/f/{world.fund.slug}/").content.decode()
    assert f"/f/{world.fund.slug}/pledge/" in shown

    Fund.objects.filter(id=world.fund.id).update(state=FundState.WINDING_DOWN)

    assert f"/f/{world.fund.slug}/pledge/" not in Client().get(f"/f/{world.fund.slug}/").content.decode()
    assert Page(world).send().status_code == 302
    assert not PledgeOffer.objects.exists()


def test_no_page_of_a_promise_is_kept_or_found(world):
    page = Page(world)
    page.send()
    (link,) = deliver()
    answers = [page.get(), page.get("sent/"), page.get(link), page.get("confirm/none/")]

    assert {answer["Cache-Control"] for answer in answers} == {"no-store, private"}
    assert all("noindex" in answer.content.decode() for answer in answers)


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "OTHER"},
        {"amount_cents": 0},
        {"state": "PROVED"},
        {"proved_at": "2026-01-01T00:00Z"},
        {"state": "TAKEN", "proved_at": "2026-01-01T00:00Z"},
        {"state": "TURNED_DOWN", "proved_at": "2026-01-01T00:00Z", "decided_at": "2026-01-01T00:00Z"},
    ],
)
def test_the_database_keeps_what_a_state_means(world, changes):
    Page(world).send()

    with pytest.raises(IntegrityError), transaction.atomic():
        PledgeOffer.objects.update(**changes)
