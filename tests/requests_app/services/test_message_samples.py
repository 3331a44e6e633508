"""Texts to workers: each names the fund and the request, fits, and leads to the one site alone."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, World, make_world

from fundmgr.domain import actors, errors, ids, segments
from fundmgr.domain.permissions import Role
from requests_app.services import message_samples, notices
from requests_app.services.message_samples import Sample
from requests_app.services.notices import Letter

SITE = "https://fund.example.org"


@pytest.fixture
def world(db: None, settings) -> World:
    settings.SITE_URL = SITE
    return make_world()


@pytest.fixture
def samples(world: World) -> list[Sample]:
    return message_samples.samples(fund_id=world.fund.id, by=world.actor(Role.REVIEWER), now=NOW)


def test_each_kind_is_written_in_each_language(samples) -> None:
    assert {(one.kind, one.language) for one in samples} == {
        (kind, language)
        for kind in {*notices.KINDS, *notices.REPLIES, "contact_code", "contact_changed"}
        for language in ("en", "es")
    }
    for one in samples:
        assert bool(one.subject) == bool(one.mail) == (one.kind not in notices.REPLIES)
        assert "{" not in one.text + one.mail
        assert "\n" not in one.text


def test_an_english_text_is_one_part_and_a_spanish_one_at_most_two(samples) -> None:
    too_long = {
        (one.kind, one.language): (one.length.segments, one.length.units, one.length.odd_letters)
        for one in samples
        if one.length.segments > {"en": 1, "es": 2}[one.language]
    }

    assert too_long == {}


@pytest.mark.parametrize("days", range(7))
@pytest.mark.parametrize("at", [time(23, 59, 59), time(16, 30)])
def test_no_weekday_of_a_deadline_makes_a_text_longer(world: World, days: int, at: time) -> None:
    until = datetime.combine(NOW.date() + timedelta(days=days), at, tzinfo=ZoneInfo(world.fund.time_zone))
    for kind in ("award_made", "award_reminder"):
        for language, most in (("en", 1), ("es", 2)):
            letter = Letter(
                world.fund, None, "", language, kind, {"reference": "R-7K3Q9", "accept_by": until}
            )
            length = segments.measure(notices.worded(letter, is_first=False))
            assert (length.segments <= most, length.odd_letters) == (True, ""), (kind, language, length)


def test_each_text_names_the_fund_and_the_request_and_no_amount(world: World, samples) -> None:
    for one in samples:
        assert one.text.startswith(f"{world.fund.name}: ")
        is_news = one.kind in notices.KINDS
        assert not is_news or "R-7K3Q9" in one.text
        assert "$" not in one.text


def test_each_link_leads_to_the_one_site(samples) -> None:
    links = [link for one in samples for link in re.findall(r"https?://\S+|www\.\S+", one.text)]

    assert links
    assert all(link == SITE or link.startswith((f"{SITE}/f/", f"{SITE}/r/R-7K3Q9")) for link in links)


def test_a_fund_with_a_long_name_pays_no_part_more(settings, db) -> None:
    settings.SITE_URL = SITE
    world = make_world(name="Lanternlight Productions Crew Assistance Fund")

    found = message_samples.samples(fund_id=world.fund.id, by=world.actor(Role.REVIEWER), now=NOW)

    of_parts = {one.kind: one.length for one in found if one.language == "en" and one.length.segments > 1}
    assert of_parts == {}


def test_the_first_text_of_news_alone_says_how_to_end_them(samples) -> None:
    news = [one for one in samples if one.kind in notices.KINDS]
    said = {(one.kind, one.language) for one in news if "STOP" in one.text or "ALTO" in one.text}

    assert said == {("request_received", "en"), ("request_received", "es")}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_kind_without_a_text_of_its_own_is_told_as_news(world: World, language: str) -> None:
    letter = Letter(world.fund, None, "", language, "unheard_of", {"reference": "R-7K3Q9"})

    text = notices.worded(letter, is_first=True)

    assert "R-7K3Q9" in text
    assert segments.measure(text).segments <= {"en": 1, "es": 2}[language]


def test_nobody_from_outside_reads_them(world: World) -> None:
    with pytest.raises(errors.NotFound):
        message_samples.samples(fund_id=world.fund.id, by=actors.person(ids.new_id(NOW)), now=NOW)
