"""Aged receivables: what donors owe, by how late it is; and the dates of each promise."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain import schedules
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import ENDED_COMMITMENT_STATES, CommitmentState
from fundmgr.domain.permissions import Action
from fundmgr.domain.ratios import basis_points
from fundmgr.domain.schedules import BUCKET_NAMES, OpenPart, Part
from fundmgr.models import Commitment, Fund, Instalment
from fundmgr.queries import access

_OWED_NOT = (*ENDED_COMMITMENT_STATES, CommitmentState.DRAFT)


@dataclass(frozen=True)
class Receivable:
    """What is owed on one promise. Units: cents; `buckets` by the names of `schedules.BUCKET_NAMES`."""

    commitment: Commitment
    owed_cents: int
    buckets: dict[str, int]
    next_due_on: date | None


@dataclass(frozen=True)
class Aged:
    """What donors owe in all. Units: cents; basis points for the share of the donor who owes most.

    `conditional_cents` waits for its condition and is owed by nobody yet.
    """

    today: date
    rows: Sequence[Receivable]
    owed_cents: int
    conditional_cents: int
    buckets: dict[str, int] = field(default_factory=dict)
    top_donor_bp: int | None = None


def aged(actor: Actor, *, fund_id: UUID, today: date) -> Aged:
    """This will return the aged receivables, for one who may read money. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    found = Commitment.objects.filter(fund_id=fund_id).exclude(state__in=_OWED_NOT)
    live = list(found.select_related("donor", "restriction").order_by("due_on", "id"))
    parts = _parts(live)
    rows = [_receivable(row, parts[row.id], today) for row in live if row.owed_cents]
    owed = sum(row.owed_cents for row in rows)
    return Aged(
        today=today,
        rows=rows,
        owed_cents=owed,
        conditional_cents=sum(row.amount_cents - row.due_cents for row in live),
        buckets={name: sum(row.buckets[name] for row in rows) for name in BUCKET_NAMES},
        top_donor_bp=basis_points(_most(rows), owed),
    )


def aged_now(actor: Actor, *, fund_id: UUID, now: datetime) -> Aged:
    """This will return the aged receivables of the day it is in the fund. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    zone = Fund.objects.values_list("time_zone", flat=True).get(id=fund_id)
    return aged(actor, fund_id=fund_id, today=now.astimezone(ZoneInfo(zone)).date())


def schedule(row: Commitment) -> tuple[list[Part], list[OpenPart]]:
    """This will return the dates of a promise's schedule, and what of them is open."""
    parts = _parts([row])[row.id]
    return parts, _open(row, parts)


def is_late(row: Commitment, today: date) -> bool:
    """This will say whether money is owed on a promise whose day has passed, by the dates in force."""
    _, open_parts = schedule(row)
    return bool(row.owed_cents) and any(part.due_on < today for part in open_parts)


def _parts(rows: Sequence[Commitment]) -> defaultdict[UUID, list[Part]]:
    schedules_of = {row.id: row.schedule for row in rows}
    parts: defaultdict[UUID, list[Part]] = defaultdict(list)
    for one in Instalment.objects.filter(commitment__in=list(schedules_of)).order_by("due_on"):
        if one.schedule == schedules_of[one.commitment_id]:
            parts[one.commitment_id].append(Part(one.due_on, one.amount_cents))
    return parts


def _open(row: Commitment, parts: Sequence[Part]) -> list[OpenPart]:
    paid = schedules.paid_on(parts, amount_cents=row.amount_cents, received_cents=row.received_cents)
    return schedules.open_parts(parts, paid_cents=paid)


def _receivable(row: Commitment, parts: Sequence[Part], today: date) -> Receivable:
    """A promise without a date is not late; of one on a condition, only the part that is met is owed."""
    buckets = dict.fromkeys(BUCKET_NAMES, 0)
    left = row.owed_cents
    open_parts = _open(row, parts)
    for part in open_parts:
        counted = min(left, part.open_cents)
        buckets[part.bucket(today)] += counted
        left -= counted
    buckets[schedules.NOT_DUE] += left
    return Receivable(row, row.owed_cents, buckets, open_parts[0].due_on if open_parts else None)


def _most(rows: Sequence[Receivable]) -> int:
    by_donor: defaultdict[UUID, int] = defaultdict(int)
    for row in rows:
        by_donor[row.commitment.donor_id] += row.owed_cents
    return max(by_donor.values(), default=0)
