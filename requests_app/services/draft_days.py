"""Drafts that lie: after a day and after five their worker is reminded, by the contact that a code proved."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from fundmgr.domain import actors
from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES, FundState
from fundmgr.models import Fund, OutboxMessage
from fundmgr.ports import events, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest, Draft
from requests_app.services import notices
from requests_app.services.notices import Letter

KIND = "draft_reminder"
# Days without a touch after which the worker is written to, once each.
REMINDERS = (1, 5)
# A reminder that comes much later than its day would not be one.
LATEST = timedelta(days=1)
MOST = 2000


def run_hourly(*, clock: Callable[[], datetime]) -> int:
    """This will remind workers of every open fund and return how many reminders are owed."""
    found = Fund.objects.filter(state=FundState.OPEN).order_by("created_at", "id")
    return sum(remind(fund_id=fund_id, now=clock()) for fund_id in found.values_list("id", flat=True))


@use_case
def remind(*, fund_id: UUID, now: datetime) -> int:
    """This will owe a reminder for each draft that nobody touched for a day, or for five.

    Shapes: only drafts of a proved contact, of workers without a live request; a draft gets each reminder
    once, whatever becomes of it meanwhile. Returns how many are new.
    """
    before = OutboxMessage.objects.filter(fund_id=fund_id, kind=KIND).count()
    effects = [
        Effect(KIND, f"{KIND}:{draft_id}:{days}", {"draft_id": str(draft_id), "days": days})
        for days in REMINDERS
        for draft_id in _lying(fund_id, days=days, now=now)
    ]
    outbox.owe_many(effects, fund_id=fund_id, now=now)
    owed = OutboxMessage.objects.filter(fund_id=fund_id, kind=KIND).count() - before
    if owed:
        happening = Happening("drafts.reminded", "fund", fund_id, {"count": owed})
        events.record(happening, fund_id=fund_id, by=actors.SYSTEM, now=now)
    return owed


def send(*, message: OutboxMessage, now: datetime) -> None:
    """This will remind one worker, unless the draft was sent, touched or erased meanwhile."""
    days = int(message.payload["days"])
    rows = _unsent(message.fund_id).filter(updated_at__lte=now - timedelta(days=days))
    draft = rows.filter(id=message.payload["draft_id"]).select_related("fund", "applicant").first()
    if draft is None or draft.applicant is None:
        return
    kept_until = draft.updated_at + timedelta(days=settings.LEFTOVERS_KEPT_DAYS)
    who = draft.applicant
    letter = Letter(draft.fund, who, who.contact, draft.language, KIND, {"kept_until": kept_until})
    notices.send(letter, key=message.effect_key, now=now)


def _lying(fund_id: UUID, *, days: int, now: datetime) -> list[UUID]:
    since = now - timedelta(days=days)
    rows = _unsent(fund_id).filter(updated_at__lte=since, updated_at__gt=since - LATEST)
    return list(rows.order_by("updated_at").values_list("id", flat=True)[:MOST])


def _unsent(fund_id: UUID) -> QuerySet[Draft]:
    live = AssistanceRequest.objects.filter(applicant=OuterRef("applicant"), state__in=LIVE_REQUEST_STATES)
    rows = Draft.objects.filter(fund_id=fund_id, submitted_request_id__isnull=True, applicant__isnull=False)
    return rows.exclude(Exists(live))
