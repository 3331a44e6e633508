"""The fund's news as Atom: what happened, in both languages, with the same key for ever, and no person."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from builders import NOW, make_world, put_money_in
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from waiting import make_requests

from fundmgr.domain.permissions import Role
from fundmgr.models import Fund
from fundmgr.services import funds
from requests_app.pages import kept_pages
from requests_app.services import rounds, rule_publications

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
ATOM = "{http://www.w3.org/2005/Atom}"
EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture(autouse=True)
def no_copies(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(kept_pages, "_pages", {})
    cache.clear()


@pytest.fixture
def world():
    return make_world(reserve_bp=0)


def get(world, language="en", **options):
    return Client().get(f"/f/{world.fund.slug}/news/{language}.atom", **options)


def feed_of(answer):
    return ElementTree.fromstring(answer.content)  # noqa: S314 parses only what the site wrote just before


def entries(answer):
    return {one.find(f"{ATOM}title").text: one for one in feed_of(answer).iter(f"{ATOM}entry")}


def decide(world, needs, cents):
    put_money_in(world, cents)
    make_requests(world, needs)
    row = rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=LATER)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=LATER)


def test_what_happened_is_told_newest_first(world):
    decide(world, [50_000] * 12, 120_000)
    director = world.actor(Role.DIRECTOR)
    funds.pause_intake(fund_id=world.fund.id, by=director, now=NOW + timedelta(days=1))
    rule_publications.publish(fund_id=world.fund.id, rule=EQUAL, by=director, now=NOW + timedelta(days=2))

    answer = get(world)

    titles = list(entries(answer))
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert titles[0].startswith("The figures of ")
    assert titles[1:] == [
        "The fund said by which rule it shares its next money",
        "The fund is paused",
        "Round 1 is decided",
        "The fund is open",
    ]
    assert (
        "The round set aside $1,200 for 12 people."
        in entries(answer)["Round 1 is decided"].find(f"{ATOM}summary").text
    )


def test_a_round_of_few_people_is_told_without_figures(world):
    decide(world, [50_000] * 3, 120_000)

    told = entries(get(world))["Round 1 is decided"].find(f"{ATOM}summary").text

    assert told == "So few people are in it that figures would show a person."


def test_the_figures_are_those_of_the_page_and_their_key_is_the_days(world):
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 20)

    before = entries(get(world))
    put_money_in(world, 100_000, bank_reference="WIRE-2")
    cache.clear()
    after = entries(get(world))

    title = next(iter(before))
    key = f"{ATOM}id"
    assert before[title].find(f"{ATOM}summary").text == "The fund has 10 cents for each dollar asked for"
    assert after[title].find(f"{ATOM}summary").text == "The fund has 20 cents for each dollar asked for"
    assert before[title].find(key).text == after[title].find(key).text
    assert len({one.find(key).text for one in after.values()}) == len(after)


def test_each_language_has_a_feed_and_no_other(world):
    told = get(world, "es")

    assert "El fondo está abierto" in entries(told)
    assert b'xml:lang="es"' in told.content
    assert told["Content-Language"] == "es"
    assert get(world, "fr").status_code == 404
    assert Client().get("/f/no-such-fund/news/en.atom").status_code == 404
    assert Client().post(f"/f/{world.fund.slug}/news/en.atom").status_code == 405


def test_it_may_be_kept_for_five_minutes_and_is_not_sent_again(world):
    first = get(world)

    again = get(world, headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "public, max-age=300"
    assert not first.cookies
    assert (again.status_code, again.content) == (304, b"")


def test_the_last_one_is_served_while_the_database_is_away(world, monkeypatch):
    first = get(world)

    def gone(*_args, **_keys):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
    cache.clear()

    assert get(world).content == first.content
    assert Client(raise_request_exception=False).get(f"/f/{world.fund.slug}/news/es.atom").status_code == 503


def test_a_name_is_never_markup(world):
    Fund.objects.update(name="A <b> & co")

    assert feed_of(get(world)).find(f"{ATOM}title").text == "A <b> & co"


def test_the_funds_page_leads_to_it_in_its_own_language(world):
    page = Client().get(f"/f/{world.fund.slug}/", headers={"Accept-Language": "es"}).content.decode()

    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert page.count(f'href="/f/{world.fund.slug}/news/es.atom"') == 2
