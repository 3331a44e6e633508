"""The day that a worker is promised is a working day, and the same wherever it stands."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import casework
import pytest
from builders import NOW, World, make_world
from console import Staff
from console import text_of as words_of
from django.core.cache import cache
from django.utils import timezone
from walking import Walk

from fundmgr.domain.ids import public as public_id
from fundmgr.domain.permissions import Role
from fundmgr.domain.promised_days import promised
from fundmgr.services import background
from requests_app.models import AssistanceRequest, Decision, Notice, RequestTransition
from requests_app.pages.staff.queue_query import LATE
from requests_app.queries import public, requests
from requests_app.queries.console import home, queue_page
from requests_app.queries.requests import QueueFilters
from requests_app.templatetags.fund_ui import when

pytestmark = pytest.mark.django_db
ZONE = "America/Los_Angeles"
A_WEEK = range(7)


@pytest.fixture
def world() -> World:
    return make_world(now=timezone.now() - timedelta(days=60))


@pytest.fixture
def sent(world: World) -> Walk:
    walk = Walk(world)
    walk.fill()
    walk.send()
    return walk


def moved(*, days: int) -> datetime:
    """The one request came so many days ago."""
    since = timezone.now() - timedelta(days=days)
    AssistanceRequest.objects.update(submitted_at=since)
    return since


def told(day) -> str:
    """A day in words, with plain spaces."""
    return when(day).replace("\N{NO-BREAK SPACE}", " ")


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("ago", A_WEEK)
def test_status_receipt_letter_and_console_name_the_same_working_day(sent: Walk, ago: int) -> None:
    since = moved(days=ago)
    decided_by, read_by = (promised(since, days=days, zone=ZONE) for days in (14, 7))
    assert decided_by.weekday() < 5

    request = AssistanceRequest.objects.get()
    for path in ("request/", "request/receipt/"):
        page = text_of(sent.get(path))
        assert told(decided_by) in page
    assert f"By {told(read_by)}" in text_of(sent.get("request/"))
    background.deliver(clock=timezone.now)
    assert f"We answer by {told(decided_by)}." in " ".join(
        Notice.objects.get(kind="request_received").text.split()
    )
    console = words_of(Staff(sent.world, Role.REVIEWER).get(f"requests/{public_id('req', request.id)}/"))
    assert f"Decision promised by {told(decided_by)}" in console


@pytest.mark.parametrize("ago", range(13, 24))
def test_it_is_late_for_everybody_once_that_day_is_over_and_not_before(sent: Walk, ago: int) -> None:
    due = promised(moved(days=ago), days=14, zone=ZONE)
    is_late = due < timezone.now().astimezone(ZoneInfo(ZONE)).date()
    reviewer, fund_id, now = sent.world.actor(Role.REVIEWER), sent.world.fund.id, timezone.now()

    page = text_of(sent.get("request/"))

    assert ("We are late" in page) == is_late
    assert home(reviewer, fund_id=fund_id, now=now).work.past_promise == is_late
    late = QueueFilters(is_late=True)
    assert len(requests.queue(reviewer, fund_id, now=now, filters=late).rows) == is_late
    shown = queue_page(reviewer, fund_id=fund_id, filters=late, order="", cursor=None, now=now)
    assert shown.late_count == len(shown.page.rows) == is_late


@pytest.mark.parametrize("ago", range(18, 32))
def test_a_new_day_for_one_that_is_late_is_a_working_day_to_come(sent: Walk, ago: int) -> None:
    moved(days=ago)
    today = timezone.now().astimezone(ZoneInfo(ZONE)).date()

    page = text_of(sent.get("request/"))

    days = [today + timedelta(days=more) for more in range(14)]
    (said,) = [day for day in days if f"New date: {told(day)}." in page]
    assert said.weekday() < 5


def test_the_queue_leads_to_what_is_late_and_the_word_is_read(world: World) -> None:
    now = timezone.now()
    old = casework.file_request(world, now=now - timedelta(days=20))
    new = casework.file_request(world, contact="b@example.org", full_name="Ali Khan", now=now)
    desk = Staff(world, Role.REVIEWER)

    listed = words_of(desk.get(f"requests/?{urlencode({'q': LATE})}"))

    assert old.reference in listed
    assert new.reference not in listed
    assert "Past the promised day" in listed
    assert urlencode({"q": LATE}) in desk.get("").content.decode()
    assert "Late is yes, like late:yes." in words_of(desk.get("requests/?q=late:no"))


def test_how_many_answers_came_in_time_is_counted_by_the_same_day() -> None:
    """Decided on a Monday: what fell due on the weekend before was in time."""
    world = make_world(now=NOW - timedelta(days=60))
    asked = [NOW - timedelta(days=12 + number) for number in range(14)]
    rows = [
        casework.file_request(world, contact=f"w{number}@example.org", full_name=f"W {number}", now=since)
        for number, since in enumerate(asked)
    ]
    casework.make_eligible(world, rows)
    decided_on = NOW.astimezone(ZoneInfo(ZONE)).date()
    cache.clear()

    pace = public.figures(world.fund.id, now=NOW).pace

    assert Decision.objects.count() == RequestTransition.objects.filter(new_state="ELIGIBLE").count() == 14
    in_time = [since for since in asked if promised(since, days=14, zone=ZONE) >= decided_on]
    assert (pace.answered_count, pace.on_time_count) == (14, len(in_time))
    assert len(in_time) == 5, "asked from 12 to 16 days before: two of them fell due on the weekend"


def test_the_funds_page_says_that_a_weekend_adds_to_the_days(client, world: World) -> None:
    page = " ".join(client.get(f"/f/{world.fund.slug}/").content.decode().split())

    assert "An answer within" in page
    assert "or on the working day after" in page
