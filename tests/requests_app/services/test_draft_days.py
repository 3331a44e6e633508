"""Drafts that lie are told of twice, to a proved contact alone, and then erased."""

from datetime import datetime, timedelta

import pytest
from builders import World, make_world
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk

from fundmgr.domain.permissions import Role
from fundmgr.services import background, funds
from requests_app.models import Draft, Notice
from requests_app.services import draft_days, leftovers


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove()
    return walk


def later(**span: int) -> datetime:
    return timezone.now() + timedelta(**span)


def remind(world: World, at: datetime) -> int:
    owed = draft_days.remind(fund_id=world.fund.id, now=at)
    background.deliver(clock=lambda: at)
    return owed


def reminders() -> list[Notice]:
    return list(Notice.objects.filter(kind="draft_reminder").order_by("created_at"))


def test_a_draft_is_told_of_after_one_day_and_after_five(world: World, walk: Walk) -> None:
    assert remind(world, later(hours=23)) == 0
    assert [remind(world, later(hours=hours)) for hours in (25, 26, 48)] == [1, 0, 0]
    assert [remind(world, later(days=5, hours=hours)) for hours in (1, 2)] == [1, 0]

    first, second = reminders()
    assert first.contact == second.contact == "ana@example.com"
    assert first.subject == f"Your answers to {world.fund.name} are saved, not sent"
    assert f"/f/{world.fund.slug}/sign-in/" in first.text


def test_a_worker_who_writes_spanish_is_reminded_in_spanish(world: World) -> None:
    walk = Walk(world)
    walk.client.post("/language/", {"language": "es", "next": walk.root})
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove()

    remind(world, later(hours=25))

    assert reminders()[0].subject.startswith("Sus respuestas")


def test_without_a_proved_contact_nobody_is_written_to(world: World) -> None:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)

    assert remind(world, later(hours=25)) == 0


def test_what_was_sent_or_touched_meanwhile_is_not_told_of(world: World, walk: Walk) -> None:
    walk.answer(*AFTER_CODE)
    assert draft_days.remind(fund_id=world.fund.id, now=later(hours=25)) == 1
    walk.send()

    background.deliver(clock=lambda: later(hours=25))

    assert reminders() == []
    assert remind(world, later(days=5, hours=1)) == 0


def test_a_fund_that_is_closed_reminds_nobody(world: World, walk: Walk) -> None:
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())

    assert draft_days.run_hourly(clock=lambda: later(hours=25)) == 0


def test_a_draft_is_erased_after_thirty_days(world: World, walk: Walk, settings) -> None:
    night = later(days=30, hours=1)
    settings.NIGHTLY_REPORT_HOUR_UTC = night.hour

    assert leftovers.remove_nightly(clock=lambda: night)["drafts"] == 1
    assert not Draft.objects.exists()
