"""What the calendar does to awards: workers are reminded, and an award nobody accepted in time expires."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from fundmgr.domain import actors
from fundmgr.domain.lifecycle import AwardState, RequestState
from fundmgr.models import Fund
from fundmgr.ports import events, ledger, moves, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from fundmgr.services.use_case import use_case
from requests_app.models import AllocationRound, AssistanceRequest, Award
from requests_app.queries import part_paid
from requests_app.services import cases

# When a worker who has not said how to be paid is written to: so many days after the award was made, and
# before its last day.
DAYS_AFTER, DAYS_BEFORE = (3, 7), 1
# So many at a time, that no worker waits long for a lock.
MOST = 200


def last_moment(row: AllocationRound, *, now: datetime) -> datetime:
    """This will return until when a round's awards can be accepted.

    Shapes: so many hours from now where the policy counts hours, else the end of a day in the fund's zone.
    """
    if row.policy.accept_hours is not None:
        return now + timedelta(hours=row.policy.accept_hours)
    zone = ZoneInfo(row.fund.time_zone)
    day = now.astimezone(zone).date() + timedelta(days=row.policy.accept_days)
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)


def run_daily(*, clock: Callable[[], datetime]) -> dict[str, int]:
    """This will do a day's work for every fund; run again on the same day, it finds nothing to do."""
    expired = reminded = 0
    for fund_id in Fund.objects.order_by("id").values_list("id", flat=True):
        while count := expire(fund_id=fund_id, now=clock()):
            expired += count
        reminded += remind(fund_id=fund_id, now=clock())
    return {"expired": expired, "reminded": reminded}


@use_case
def expire(*, fund_id: UUID, now: datetime) -> int:
    """This will end awards that were not accepted in time, at most MOST, and return how many.

    Their money is available again and the workers are told; a request without another award is closed.
    """
    awards = _locked_late(fund_id, now=now)
    if not awards:
        return 0
    by = actors.SYSTEM
    standing = part_paid.stands_beside([award.id for award in awards])
    ended = {award.request_id: award.request for award in awards if award.request_id not in standing}
    cases.move_requests(list(ended.values()), RequestState.CLOSED, by=by, now=now, reason="AWARD_EXPIRED")
    moves.move_all(
        Award.objects.filter(id__in=[award.id for award in awards]),
        old_states=[AwardState.RESERVED],
        new_state=AwardState.EXPIRED,
        expected=len(awards),
        version=F("version") + 1,
    )
    for award in awards:
        if award.hold_transfer_id is not None:
            ledger.void_hold(award.hold_transfer_id, fund_id=fund_id, by=by, now=now)
    effects = [_notice("award_expired", award, f"{award.id}") for award in awards]
    outbox.owe_many(effects, fund_id=fund_id, now=now)
    events.record_many([_expired(award) for award in awards], fund_id=fund_id, by=by, now=now)
    return len(awards)


@use_case
def remind(*, fund_id: UUID, now: datetime) -> int:
    """This will owe workers the reminders of the day, each once for ever, and return how many were due.

    A day on which nobody ran this is made up for: of the reminders that passed, the latest is sent.
    """
    rows = Award.objects.filter(
        Q(created_at__lte=now - timedelta(days=min(DAYS_AFTER)))
        | Q(accept_by__lte=now + timedelta(days=DAYS_BEFORE)),
        fund_id=fund_id,
        state=AwardState.RESERVED,
        accept_by__gt=now,
    )
    effects = [effect for row in rows.order_by("id") for effect in _reminders(row, now)]
    outbox.owe_many(effects, fund_id=fund_id, now=now)
    return len(effects)


def _locked_late(fund_id: UUID, *, now: datetime) -> Sequence[Award]:
    """Lock the requests, then their awards, in the order of their ids: as every use case does."""
    late = Award.objects.filter(fund_id=fund_id, state=AwardState.RESERVED, accept_by__lt=now)
    keys = dict(late.order_by("accept_by", "id").values_list("id", "request_id")[:MOST])
    rows = AssistanceRequest.objects.select_for_update(of=("self",), no_key=True)
    requests = {row.id: row for row in rows.filter(id__in=keys.values()).order_by("id")}
    # Looked at again under the lock: some were accepted while we waited for it.
    awards = list(late.filter(id__in=keys).select_for_update(no_key=True).order_by("id"))
    for award in awards:
        award.request = requests[award.request_id]
    return awards


def _reminders(award: Award, now: datetime) -> list[Effect]:
    if award.accept_by is None:
        return []
    moments = {f"after{days}": award.created_at + timedelta(days=days) for days in DAYS_AFTER}
    moments["last"] = award.accept_by - timedelta(days=DAYS_BEFORE)
    # A last day that was near when the award was made needs no reminder of its own.
    passed = {word: at for word, at in moments.items() if award.created_at < at <= now}
    latest = sorted(passed, key=lambda word: passed[word])[-1:]
    return [_notice("award_reminder", award, f"{award.id}:{word}") for word in latest]


def _notice(kind: str, award: Award, key: str) -> Effect:
    payload = {"kind": kind, "request_id": str(award.request_id), "award_id": str(award.id)}
    return Effect("notice", f"{kind}:{key}", payload)


def _expired(award: Award) -> Happening:
    facts = {"request": award.request_id, "amount_cents": award.amount_cents, "accept_by": award.accept_by}
    return Happening("award.expired", "award", award.id, facts)
