"""A fund's position at a glance: what came in, what is promised on, what is left, and what is asked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import FOUND_ELIGIBLE_STATES
from fundmgr.domain.permissions import Action
from fundmgr.domain.ratios import basis_points
from fundmgr.domain.shortfall import Position
from fundmgr.queries import access, books, funds
from requests_app.models import AssistanceRequest

_WHOLE_BP = 10_000


@dataclass(frozen=True)
class FundPosition:
    """Money and demand of one moment. Units: cents.

    Shapes: demand counts every request that was sent, whatever became of it.
    """

    fund_id: UUID
    currency: str
    as_of: datetime
    ledger_sequence: int
    money: Position
    requested_cents: int
    requested_count: int
    eligible_cents: int
    eligible_count: int

    @property
    def coverage_of_requested(self) -> str | None:
        """Available money for each dollar asked for, with four decimals; None where nothing is asked."""
        return _ratio(self.money.available_cents, self.requested_cents)

    @property
    def coverage_of_eligible(self) -> str | None:
        """Available money for each dollar that eligible people asked for; None where there is none."""
        return _ratio(self.money.available_cents, self.eligible_cents)


def position(actor: Actor, *, fund_id: UUID, now: datetime) -> FundPosition:
    """This will return where a fund stands now. Errors: NotFound, Forbidden."""
    access.require(actor, Action.FUND_READ, fund_id=fund_id)
    eligible = Q(state__in=sorted(state.value for state in FOUND_ELIGIBLE_STATES))
    asked = AssistanceRequest.objects.filter(fund_id=fund_id).aggregate(
        requested_cents=Sum("asked_cents"),
        requested_count=Count("id"),
        eligible_cents=Sum("asked_cents", filter=eligible),
        eligible_count=Count("id", filter=eligible),
    )
    return FundPosition(
        fund_id=fund_id,
        currency=funds.currency_of(fund_id),
        as_of=now,
        ledger_sequence=books.last_sequence(fund_id),
        money=books.position(fund_id),
        **{name: int(value or 0) for name, value in asked.items()},
    )


def _ratio(part_cents: int, whole_cents: int) -> str | None:
    share = basis_points(part_cents, whole_cents)
    return None if share is None else f"{share // _WHOLE_BP}.{share % _WHOLE_BP:04d}"
