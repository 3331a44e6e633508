"""The home page: the work that waits, how far the money reaches, what happened lately."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import DecisionState, PayoutState, ReceiptState, RequestState
from fundmgr.domain.permissions import Action
from fundmgr.models import Receipt
from fundmgr.queries import access, books, funds, pledge_offers, receipts
from fundmgr.queries.receipts import Lacking
from requests_app.models import AssistanceRequest, Decision, Payout
from requests_app.queries import appeals, messages, proofs, requests
from requests_app.queries.console import trail
from requests_app.queries.console.rounds import round_offer
from requests_app.queries.console.trail import Line
from requests_app.queries.free_money import Offer
from requests_app.queries.proofs import Alarm

NEWEST_LINES = 8
# The chart shows a year and a month at most.
MOST_DAYS = 400


@dataclass(frozen=True)
class Work:
    """How much of each kind of work waits."""

    to_read: int
    to_approve: int
    waiting_for_worker: int
    past_promise: int
    returned_payments: int
    eligible: int
    in_round: int
    receipts_waiting: int
    appeals: int
    late_appeals: int
    messages: int
    offers: int


@dataclass(frozen=True)
class DayTotal:
    """What was asked and received up to the end of one day, in cents, and how many asked that day."""

    day: date
    asked_cents: int
    received_cents: int
    requests_count: int


@dataclass(frozen=True)
class HomePage:
    """Everything of the home page. Units: cents."""

    work: Work
    received_cents: int
    asked_cents: int
    requests_count: int
    decision_days: int
    days: list[DayTotal]
    lines: list[Line]
    lacking: list[Lacking]
    alarm: Alarm | None
    offer: Offer | None


def home(actor: Actor, *, fund_id: UUID, now: datetime) -> HomePage:
    """This will return the home page of a fund. Errors: NotFound for one without a role in it."""
    access.require(actor, Action.FUND_READ, fund_id=fund_id)
    rows = AssistanceRequest.objects.filter(fund_id=fund_id)
    asked = rows.aggregate(cents=Sum("asked_cents"), count=Count("id"))
    days = funds.policy_in_force(fund_id).decision_days
    return HomePage(
        work=_work(fund_id, now=now, days=days),
        received_cents=books.position(fund_id).cash_cents,
        asked_cents=int(asked["cents"] or 0),
        requests_count=asked["count"],
        decision_days=days,
        days=_days(fund_id, today=timezone.localdate(now)),
        lines=_lines(actor, fund_id),
        lacking=_lacking(actor, fund_id),
        alarm=_alarm(actor, fund_id),
        offer=round_offer(actor, fund_id=fund_id, now=now),
    )


def _work(fund_id: UUID, *, now: datetime, days: int) -> Work:
    rows = AssistanceRequest.objects.filter(fund_id=fund_id)
    found = rows.aggregate(
        to_read=Count("id", filter=Q(state=RequestState.SUBMITTED)),
        waiting=Count("id", filter=Q(state=RequestState.NEEDS_INFO)),
        eligible=Count("id", filter=Q(state__in=[RequestState.ELIGIBLE, RequestState.WAITLISTED])),
        in_round=Count("id", filter=Q(state=RequestState.IN_ROUND)),
    )
    looks = appeals.outcomes(fund_id, on=timezone.localdate(now))
    proposed = Decision.objects.filter(fund_id=fund_id, state=DecisionState.PROPOSED)
    return Work(
        to_read=found["to_read"],
        to_approve=proposed.count(),
        waiting_for_worker=found["waiting"],
        past_promise=requests.late(rows, now=now, days=days).count(),
        returned_payments=_returned(fund_id),
        eligible=found["eligible"],
        in_round=found["in_round"],
        receipts_waiting=Receipt.objects.filter(fund_id=fund_id, state=ReceiptState.RECEIVED).count(),
        appeals=looks.waiting,
        late_appeals=looks.late,
        messages=messages.waiting_count(fund_id),
        offers=pledge_offers.waiting_count(fund_id=fund_id),
    )


def _days(fund_id: UUID, *, today: date) -> list[DayTotal]:
    """Days are those of the zone that is active, which is the fund's; what came before the first of them
    stands in its totals, so that a receipt of another century draws no line of years.
    """
    rows = AssistanceRequest.objects.filter(fund_id=fund_id).annotate(day=TruncDate("submitted_at"))
    asked = {
        day: (int(cents), count)
        for day, cents, count in rows.order_by().values_list("day").annotate(Sum("asked_cents"), Count("id"))
    }
    confirmed = [ReceiptState.RECONCILED, ReceiptState.UNMATCHED]
    came_in = Receipt.objects.filter(fund_id=fund_id, state__in=confirmed).order_by()
    left = Sum(F("amount_cents") - F("refunded_cents"))
    received = dict(came_in.values_list("received_on").annotate(left=left))
    known = [*asked, *received]
    if not known:
        return []
    last = max(today, *known)
    first = max(min(known), last - timedelta(days=MOST_DAYS - 1))
    totals = []
    asked_cents = sum(cents for day, (cents, _) in asked.items() if day < first)
    received_cents = sum(int(cents) for day, cents in received.items() if day < first)
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        cents, count = asked.get(day, (0, 0))
        asked_cents, received_cents = asked_cents + cents, received_cents + int(received.get(day, 0))
        totals.append(DayTotal(day, asked_cents, received_cents, count))
    return totals


def _returned(fund_id: UUID) -> int:
    """A returned payment stays on the list until its award has a newer payout."""
    newer = Payout.objects.filter(fund_id=fund_id, state=PayoutState.RETURNED)
    live = [PayoutState.BATCHED, PayoutState.RELEASED, PayoutState.SETTLED]
    again = Payout.objects.filter(fund_id=fund_id, state__in=live).values("award_id")
    return newer.exclude(award_id__in=again).values("award_id").distinct().count()


def _alarm(actor: Actor, fund_id: UUID) -> Alarm | None:
    return proofs.alarm(fund_id) if access.may(actor, Action.AUDIT_READ, fund_id=fund_id) else None


def _lacking(actor: Actor, fund_id: UUID) -> list[Lacking]:
    if not access.may(actor, Action.MONEY_READ, fund_id=fund_id):
        return []
    return list(receipts.lacking(fund_id).values())


def _lines(actor: Actor, fund_id: UUID) -> list[Line]:
    if not access.may(actor, Action.AUDIT_READ, fund_id=fund_id):
        return []
    return trail.latest(fund_id, most=NEWEST_LINES)
