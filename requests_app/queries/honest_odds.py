"""How far the money goes for those who ask now: from the books and the rule's last dry run, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES, RequestState
from fundmgr.domain.ratios import rounded_ratio
from fundmgr.queries import books
from requests_app.models import AssistanceRequest, OddsRun
from requests_app.queries.published_rules import ROUND, PublishedRule

# Below so many people a figure says nothing, or says too much about one of them.
LEAST_REQUESTS = 20
FRESH_FOR = timedelta(hours=24)
# These wait for money; who has an award waits no more.
OPEN_STATES = LIVE_REQUEST_STATES - {RequestState.AWARDED}


@dataclass(frozen=True)
class Gift:
    """What one gift more would do by the rule that is told. Units: cents.

    Shapes: `first_count` of the `gaining_count` people would get nothing without it; `middle_cents` is the
    middle of what they get more.
    """

    cents: int
    gaining_count: int
    first_count: int
    middle_cents: int


@dataclass(frozen=True)
class Gifts:
    """What gifts of several sizes would do, as of the last dry run."""

    as_of: datetime
    each: tuple[Gift, ...]


@dataclass(frozen=True)
class Odds:
    """What the fund can still give, what those who wait asked for, and what the rule would do now.

    Shapes: plain values, so that a request keeps them as they were shown; `rule` is a snapshot of the rule
    that was told; `run` has people, paid, low_cents and high_cents, or nothing. Units: cents.
    """

    received_cents: int
    free_cents: int
    asked_cents: int
    requests_count: int
    as_of: str
    rule: Mapping[str, Any] = field(default_factory=dict)
    run: Mapping[str, Any] = field(default_factory=dict)
    is_stale: bool = False

    @property
    def moment(self) -> datetime:
        """When this was so."""
        return datetime.fromisoformat(self.as_of)

    @property
    def too_early(self) -> bool:
        """Whether too few wait, or the figures are too old, to say how far the money goes."""
        return self.is_stale or self.requests_count < LEAST_REQUESTS

    @property
    def is_full(self) -> bool:
        """Whether money came in and all of it is given out: who asks now waits for new money."""
        return self.received_cents > 0 and self.free_cents <= 0

    @property
    def covers_all(self) -> bool:
        """Whether what is free is enough for everything that those who wait asked for."""
        return self.free_cents >= self.asked_cents

    @property
    def cents_per_dollar(self) -> int:
        """Whole cents for each dollar asked for, half to the even cent; 0 where nobody asked."""
        return rounded_ratio(self.free_cents * 100, self.asked_cents) or 0

    def seen(self, now: datetime) -> "Odds":
        """This will return the odds as they may be told at a moment: too old is marked so."""
        return Odds(**{**vars(self), "is_stale": now - self.moment > FRESH_FOR})

    def snapshot(self) -> dict[str, Any]:
        """This will return what is stored with a request as proof of what the worker was told."""
        return {**vars(self), "cents_per_dollar": None if self.too_early else self.cents_per_dollar}


def from_snapshot(kept: Mapping[str, Any]) -> Odds:
    """This will return odds as they were shown."""
    return Odds(**{name: value for name, value in kept.items() if name != "cents_per_dollar"})


def read(fund_id: UUID, *, received_cents: int, rule: PublishedRule | None, now: datetime) -> Odds:
    """This will read the odds of this moment from the books, the requests and the last dry run.

    Units: `received_cents` is all that came in so far.
    """
    waiting = AssistanceRequest.objects.filter(fund_id=fund_id, state__in=OPEN_STATES)
    asked = waiting.aggregate(count=Count("id"), cents=Sum("asked_cents"))
    free_cents = books.available_cents(fund_id)
    return Odds(
        received_cents=received_cents,
        free_cents=free_cents,
        asked_cents=int(asked["cents"] or 0),
        requests_count=asked["count"],
        as_of=now.isoformat(),
        rule=rule.snapshot() if rule else {},
        # What is not there cannot be paid today.
        run=_run(fund_id, rule, now=now) if free_cents > 0 else {},
    )


def gifts(fund_id: UUID, *, rule: PublishedRule | None, now: datetime) -> Gifts | None:
    """This will return what gifts would do by the rule that is told; None where no dry run of it says so."""
    row = _newest(fund_id, rule, now=now)
    return Gifts(row.created_at, tuple(Gift(*one) for one in row.gifts)) if row and row.gifts else None


def _newest(fund_id: UUID, rule: PublishedRule | None, *, now: datetime) -> OddsRun | None:
    """The last dry run of the rule that is told now; none where it is another's, old, or of few people, and
    none of the time before a round was decided by it, which gave that money out."""
    row = OddsRun.objects.filter(fund_id=fund_id, created_at__gte=now - FRESH_FOR).first()
    if row and rule and rule.source == ROUND and row.created_at < rule.since:
        return None
    if row is None or rule is None or row.rule != dict(rule.rule) or row.people_count < LEAST_REQUESTS:
        return None
    return row


def _run(fund_id: UUID, rule: PublishedRule | None, *, now: datetime) -> dict[str, Any]:
    row = _newest(fund_id, rule, now=now)
    if row is None:
        return {}
    return {
        "people": row.people_count,
        "paid": row.paid_count,
        "low_cents": row.low_cents,
        "high_cents": row.high_cents,
        "groups": row.groups,
        "as_of": row.created_at.isoformat(),
    }
