"""Celery's doors: each makes one call. Losing a message costs nothing, for the sweep finds the work."""

from celery import shared_task
from django.utils import timezone

from fundmgr.services import anchors, background, due_dates
from requests_app.services import (
    award_days,
    draft_days,
    leftovers,
    next_rounds,
    odds,
    openings,
    proofs,
    reports,
)


@shared_task(name="fundmgr.sweep")
def sweep(**_: object) -> None:
    """This will link events, deliver owed effects and run waiting jobs."""
    background.sweep(clock=timezone.now)


@shared_task(name="fundmgr.nightly_reports")
def nightly_reports(**_: object) -> None:
    """This will ask for each open fund's report once a day, in the hour that the settings name."""
    reports.ask_nightly(now=timezone.now())


@shared_task(name="fundmgr.due_dates")
def mind_due_dates(**_: object) -> None:
    """This will mark the promises that are late and remind their donors."""
    due_dates.run_daily(clock=timezone.now)


@shared_task(name="fundmgr.anchor")
def anchor(**_: object) -> None:
    """This will write down, outside the database, where the trail and the books stand."""
    anchors.export(now=timezone.now())


@shared_task(name="fundmgr.nightly_proofs")
def nightly_proofs(**_: object) -> None:
    """This will ask for each fund's proof once a day, in the hour that the settings name."""
    proofs.ask_nightly(now=timezone.now())


@shared_task(name="fundmgr.nightly_leftovers")
def nightly_leftovers(**_: object) -> None:
    """This will remove old drafts, remembered calls and tokens, in the hour that the settings name."""
    leftovers.remove_nightly(clock=timezone.now)


@shared_task(name="fundmgr.award_days")
def mind_award_days(**_: object) -> None:
    """This will remind workers of awards not accepted yet, and let those expire whose day passed."""
    award_days.run_daily(clock=timezone.now)


@shared_task(name="fundmgr.draft_days")
def mind_drafts(**_: object) -> None:
    """This will remind workers of answers that they saved and did not send."""
    draft_days.run_hourly(clock=timezone.now)


@shared_task(name="fundmgr.openings")
def tell_of_openings(**_: object) -> None:
    """This will tell those who wait for a fund to open that it has."""
    openings.run(clock=timezone.now)


@shared_task(name="fundmgr.odds")
def refresh_odds(**_: object) -> None:
    """This will run each live fund's rule over those who wait, for what workers and donors read."""
    odds.refresh_all(clock=timezone.now)


@shared_task(name="fundmgr.next_rounds")
def offer_next_rounds(**_: object) -> None:
    """This will propose the next round where money came free and people wait."""
    next_rounds.run(clock=timezone.now)
