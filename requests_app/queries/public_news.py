"""What happened to a fund that everybody may know: opened, paused, closed, a rule told, rounds decided."""

from dataclasses import dataclass
from datetime import datetime

from fundmgr.domain.lifecycle import FundState, ProposalState
from fundmgr.models import Event, Fund, FundClosing
from fundmgr.queries import funds
from requests_app.models import AllocationRound
from requests_app.queries import public, public_rounds
from requests_app.queries.public import FundNumbers
from requests_app.queries.published_rules import PUBLICATION

# A reader keeps what it saw; only the newest are told again.
MOST = 20
# The end of a fund is a row of its own, which two people signed.
STATES = {
    f"fund.{state.value.lower()}": state
    for state in (FundState.OPEN, FundState.PAUSED, FundState.INTAKE_CLOSED, FundState.WINDING_DOWN)
}


@dataclass(frozen=True)
class StateNews:
    """The fund came into a state."""

    at: datetime
    state: FundState


@dataclass(frozen=True)
class RoundNews:
    """A round was decided. Units: cents; people and money are None where they would tell of too few."""

    at: datetime
    number: int
    people_count: int | None
    awarded_cents: int | None


@dataclass(frozen=True)
class RuleNews:
    """The fund told everybody by which rule it shares its next money."""

    at: datetime


News = StateNews | RoundNews | RuleNews


def news(slug: str, *, now: datetime) -> tuple[Fund, FundNumbers, list[News]]:
    """This will return a fund, its figures and what happened to it, newest first. Errors: NotFound."""
    fund = funds.fund_by_slug(slug)
    numbers = public.fund_numbers(fund.id, now=now)
    told: list[News] = [
        StateNews(row.created_at, STATES[row.verb])
        for row in Event.objects.filter(object_id=fund.id, verb__in=STATES).order_by("-id")[:MOST]
    ]
    closings = FundClosing.objects.filter(fund=fund, state=ProposalState.MADE)
    told += [StateNews(row.decided_at, FundState.CLOSED) for row in closings if row.decided_at]
    told += [_round(row) for row in public_rounds.decided(fund)[:MOST]]
    if numbers.rule is not None and numbers.rule.source == PUBLICATION:
        told.append(RuleNews(numbers.rule.since))
    return fund, numbers, sorted(told, key=lambda one: one.at, reverse=True)[:MOST]


def _round(row: AllocationRound) -> RoundNews:
    at = row.committed_at or row.created_at
    if not public_rounds.is_public(row):
        return RoundNews(at, row.number, None, None)
    return RoundNews(at, row.number, row.awarded_count, row.awarded_cents)
