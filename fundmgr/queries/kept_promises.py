"""Which promises of donors were kept, and when: counts and sums for everybody, and no donor by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Max, OuterRef, Q

from fundmgr.domain import schedules
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.domain.schedules import Part
from fundmgr.models import Commitment, Instalment
from fundmgr.queries import gifts, promises

_GIVEN_UP = (CommitmentState.DEFAULTED, CommitmentState.WRITTEN_OFF)
# What nobody may count on is not told in public.
_NOT_TOLD = (CommitmentState.DRAFT, CommitmentState.CANCELLED)


@dataclass(frozen=True)
class Sum:
    """Some promises. Units: cents; `open_cents` of what was promised has not come."""

    count: int = 0
    cents: int = 0
    open_cents: int = 0

    def and_one(self, cents: int, open_cents: int) -> "Sum":
        """This will return the sum with one promise more."""
        return Sum(self.count + 1, self.cents + cents, self.open_cents + open_cents)


@dataclass(frozen=True)
class Kept:
    """A fund's promises by what came of them; a promise whose day nobody named cannot be late.

    Shapes: `next_on` is the first day on which money is due, None where no day is named.
    """

    on_time: Sum = Sum()
    late: Sum = Sum()
    to_come: Sum = Sum()
    conditional: Sum = Sum()
    overdue: Sum = Sum()
    given_up: Sum = Sum()
    next_on: date | None = None

    @property
    def count(self) -> int:
        """How many promises there are."""
        return sum(one.count for one in vars(self).values() if isinstance(one, Sum))


def read(fund_id: UUID) -> Kept:
    """This will sort a fund's promises by what came of them."""
    rows = Commitment.objects.filter(fund_id=fund_id).exclude(state__in=_NOT_TOLD)
    last = Max("receipts__received_on", filter=Q(receipts__state=ReceiptState.RECONCILED))
    given = gifts.given(commitment_id=OuterRef("id"))
    sums: dict[str, Sum] = {}
    to_come = []
    for row in rows.annotate(last_on=last, counted=promises.counted(), given=given).order_by("id"):
        name = _group(row.state, row.due_on, row.last_on)
        # What is given up counts no more, but that much was promised.
        cents = row.amount_cents if name == "given_up" else row.counted
        sums[name] = sums.get(name, Sum()).and_one(cents, max(0, cents - row.given))
        if name == "to_come":
            to_come.append(row)
    return Kept(**sums, next_on=_next_on(to_come))


def _next_on(rows: Sequence[Commitment]) -> date | None:
    """The first day on which a part is due that has not come in."""
    dated: dict[UUID, list[Part]] = {}
    for part in Instalment.objects.filter(commitment__in=rows, schedule=F("commitment__schedule")):
        dated.setdefault(part.commitment_id, []).append(Part(part.due_on, part.amount_cents))
    days = []
    for row in rows:
        parts = dated.get(row.id, [])
        paid = schedules.paid_on(parts, amount_cents=row.amount_cents, received_cents=row.received_cents)
        days += [part.due_on for part in schedules.open_parts(parts, paid_cents=paid)[:1]]
    return min(days, default=None)


def _group(state: str, due_on: date | None, last_on: date | None) -> str:
    if state in _GIVEN_UP:
        return "given_up"
    if state == CommitmentState.OVERDUE:
        return "overdue"
    if state == CommitmentState.CONDITIONAL:
        return "conditional"
    if state != CommitmentState.FULFILLED:
        return "to_come"
    return "late" if due_on and last_on and last_on > due_on else "on_time"
