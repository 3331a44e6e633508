"""Who runs a fund, and what becomes of what people tell it: what staff wrote, and what the program does."""

import pytest
from builders import NOW, answers_the_phone, make_world
from django.db import OperationalError
from django.test import Client

from fundmgr.domain.permissions import Role
from fundmgr.models import Fund
from fundmgr.services import funds
from requests_app.pages import kept_pages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_copies(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(kept_pages, "_pages", {})


@pytest.fixture
def world():
    return make_world()


def get(world, path, **options):
    return Client().get(f"/f/{world.fund.slug}/{path}", **options)


def text(world, path, **options):
    return get(world, path, **options).content.decode()


def describe(world, **words):
    funds.describe(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW, **words)


def test_what_staff_wrote_is_read_by_everybody(world):
    answers_the_phone(world)
    describe(
        world,
        sponsor="Riverside Charities",
        ein="12-3456789",
        help_mail="help@example.org",
        board="Kwame Ortiz, chair\n\n Lena Fox ",
        surplus_clause="What is left goes to the Harbor Fund.",
    )

    page = text(world, "about/")

    assert "<h1>Who runs this fund</h1>" in page
    assert "is part of Riverside Charities, which holds its money." in page
    assert "Tax number (EIN): 12-3456789" in page
    assert "<li>Kwame Ortiz, chair</li><li>Lena Fox</li>" in page
    assert 'href="mailto:help@example.org"' in page
    assert "(213) 555-0100" in page
    assert "What is left goes to the Harbor Fund." in page


def test_what_nobody_wrote_is_said_to_be_missing(world):
    Fund.objects.update(legal_form="other", help_phone="")

    page = text(world, "about/")

    assert "The fund has not named its board here." in page
    assert "The fund has not said here how to reach it." in page
    assert "which holds its money" not in page


@pytest.mark.parametrize(
    ("legal_form", "sentence"),
    [("charity", "is a charity of its own."), ("union", "is a union&#x27;s hardship fund.")],
)
def test_a_fund_without_a_sponsor_says_what_it_is(world, legal_form, sentence):
    Fund.objects.update(legal_form=legal_form)

    assert sentence in text(world, "about/")


def test_what_a_person_types_is_never_markup(world):
    describe(world, board="<b>Kwame</b>", surplus_clause="<script>x</script>")

    page = text(world, "about/")

    assert "&lt;b&gt;Kwame&lt;/b&gt;" in page
    assert "<script>x" not in page


def test_privacy_is_told_in_the_days_that_the_settings_and_the_policy_say(world, settings):
    settings.LEFTOVERS_KEPT_DAYS, settings.PAID_RECORDS_KEPT_YEARS = 21, 7

    page = text(world, "privacy/")

    assert "<h1>Your privacy</h1>" in page
    assert "It goes after 21 days without a change." in page
    assert "stay 7 years, because the tax office may ask." in page
    assert "Photos go 180 days after the decision" in page
    assert f"/f/{world.fund.slug}/my-data/" in page


@pytest.mark.parametrize(
    ("path", "words"), [("about/", "Quién dirige este fondo"), ("privacy/", "Su privacidad")]
)
def test_both_are_told_in_spanish(world, path, words):
    assert words in text(world, path, headers={"Accept-Language": "es"})


@pytest.mark.parametrize("path", ["about/", "privacy/"])
def test_both_are_served_while_the_database_is_away(world, monkeypatch, path):
    get(world, path)

    def gone(*_args, **_keys):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)

    assert "does not answer right now. This page is from" in text(world, path)


def test_a_change_is_shown_at_once(world):
    text(world, "about/")
    describe(world, board="Viktor Dang")

    assert "Viktor Dang" in text(world, "about/")


def test_the_number_of_our_texts_stands_below_each_public_page(world, settings):
    settings.SMS_FROM = "+12135550177"

    for path in ("", "about/", "privacy/"):
        assert "We text only from <strong>(213) 555-0177</strong>." in text(world, path)


def test_the_funds_page_leads_to_both_and_an_unknown_fund_to_neither(world):
    page = text(world, "")

    for path in ("about/", "privacy/"):
        assert f'href="/f/{world.fund.slug}/{path}"' in page
        assert Client().get(f"/f/no-such-fund/{path}").status_code == 404
        assert Client().post(f"/f/{world.fund.slug}/{path}").status_code == 405
