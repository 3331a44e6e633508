"""Demand in figures: who asks for how much, in every layer from the first ask to the capped need.

Every figure is one aggregate in SQL; no request is read into Python but for the list that a sharing needs.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from fundmgr.domain.lifecycle import (
    FOUND_ELIGIBLE_STATES,
    UNDECIDED_REQUEST_STATES,
    AwardState,
    DecisionState,
    RequestState,
)
from fundmgr.domain.shortfall import NOBODY, Demand, DemandLayer

# A paper is missing, or was missing for too long.
_INCOMPLETE = (RequestState.NEEDS_INFO, RequestState.LAPSED)
_UNREAD = tuple(sorted(UNDECIDED_REQUEST_STATES - set(_INCOMPLETE)))
_HELPED = (AwardState.RESERVED, AwardState.COMMITTED, AwardState.PAID)
# What a sharing of the money at hand could still give to.


@dataclass(frozen=True)
class Group:
    """One part of the demand, like a craft or a day. Units: cents."""

    label: str
    people_count: int
    asked_cents: int
    eligible_count: int
    eligible_cents: int
    verified_cents: int
    capped_cents: int


@dataclass(frozen=True)
class CategoryNeed:
    """What is asked for one kind of need; verified need is split as the ask was. Units: cents, exact."""

    category: str
    people_count: int
    asked_cents: int
    eligible_cents: int
    verified_cents: Decimal


# One row a request: its layer, and its need where it was found eligible. A closed request counts as what
# its last final decision said.
_LAYERED = """
WITH layered AS (
    SELECT r.*, CASE
        WHEN r.state = 'WITHDRAWN' THEN 'withdrawn'
        WHEN r.state = 'DUPLICATE_MERGED' THEN 'duplicates'
        WHEN r.state = 'INELIGIBLE' THEN 'ineligible'
        WHEN r.state = ANY(%(incomplete)s) THEN 'incomplete'
        WHEN r.state = ANY(%(unread)s) THEN 'unsorted'
        WHEN r.state = ANY(%(eligible)s) OR EXISTS (
            SELECT 1 FROM requests_app_decision d
            WHERE d.request_id = r.id AND d.state = %(final)s AND d.is_eligible
        ) THEN 'eligible'
        ELSE 'ineligible' END AS layer
    FROM requests_app_assistancerequest r WHERE r.fund_id = %(fund_id)s
), counted AS (
    SELECT l.*, l.layer = 'eligible' AS is_eligible,
        CASE WHEN l.layer = 'eligible' THEN COALESCE(l.verified_cents, 0) ELSE 0 END AS need_cents,
        CASE WHEN l.layer = 'eligible' THEN LEAST(COALESCE(l.verified_cents, 0), %(cap)s) ELSE 0 END
            AS counted_cents
    FROM layered l
)
"""
_BY_LAYER = """
SELECT layer, COUNT(*), SUM(asked_cents), SUM(need_cents), SUM(counted_cents) FROM counted GROUP BY layer
"""
_BY_GROUP = """
SELECT {label}, COUNT(*), SUM(asked_cents), COUNT(*) FILTER (WHERE is_eligible),
    COALESCE(SUM(asked_cents) FILTER (WHERE is_eligible), 0), SUM(need_cents), SUM(counted_cents)
FROM counted GROUP BY 1 ORDER BY 1
"""
_LABELS = {
    "craft": "craft",
    "production": "production_name",
    "day": "to_char(submitted_at AT TIME ZONE %(time_zone)s, 'YYYY-MM-DD')",
}
_BY_CATEGORY = """
SELECT n.category, COUNT(*), SUM(n.amount_cents),
    COALESCE(SUM(n.amount_cents) FILTER (WHERE c.is_eligible), 0),
    SUM(n.amount_cents * c.need_cents::numeric / c.asked_cents)
FROM counted c JOIN requests_app_needline n ON n.request_id = c.id GROUP BY 1 ORDER BY 1
"""
_ASKS = """
SELECT asked_cents, COUNT(*) FROM requests_app_assistancerequest
WHERE fund_id = %(fund_id)s GROUP BY 1 ORDER BY 1
"""
_AGES = """
SELECT state, GREATEST(0, floor(extract(epoch FROM %(as_of)s - state_since) / 86400))::int, COUNT(*)
FROM requests_app_assistancerequest WHERE fund_id = %(fund_id)s AND state = ANY(%(live)s)
GROUP BY 1, 2 ORDER BY 1, 2
"""
_OVERDUE = """
SELECT COUNT(*) FROM requests_app_assistancerequest
WHERE fund_id = %(fund_id)s AND state = ANY(%(undecided)s)
    AND submitted_at < %(before)s
"""
_HOUSEHOLDS = """
SELECT COUNT(DISTINCT household_id) FILTER (WHERE is_eligible), COUNT(DISTINCT household_id) FILTER (
    WHERE EXISTS (
        SELECT 1 FROM requests_app_award a WHERE a.request_id = counted.id AND a.state = ANY(%(helped)s)
    )
) FROM counted
"""


def layers(fund_id: UUID, *, award_cap_cents: int) -> Demand:
    """This will return the demand in every layer.

    Units: cents; capped need counts each verified need up to the cap.
    """
    found = {row[0]: row[1:] for row in _rows(_LAYERED + _BY_LAYER, fund_id, cap=award_cap_cents)}
    asked = {name: DemandLayer(int(row[0]), int(row[1])) for name, row in found.items()}
    people, _, need_cents, counted_cents = (int(value) for value in found.get("eligible", (0, 0, 0, 0)))
    return Demand(
        requested=DemandLayer(
            sum(layer.people for layer in asked.values()), sum(layer.amount_cents for layer in asked.values())
        ),
        withdrawn=asked.get("withdrawn", NOBODY),
        duplicates=asked.get("duplicates", NOBODY),
        ineligible=asked.get("ineligible", NOBODY),
        incomplete=asked.get("incomplete", NOBODY),
        eligible=asked.get("eligible", NOBODY),
        verified=DemandLayer(people, need_cents),
        capped=DemandLayer(people, counted_cents),
    )


def groups(fund_id: UUID, *, by: str, award_cap_cents: int, time_zone: str) -> list[Group]:
    """This will return the demand by `craft`, `production` or `day`, in the order of the labels.

    Shapes: a day is written like 2023-09-08, as the fund's zone counts days.
    """
    sql = _LAYERED + _BY_GROUP.format(label=_LABELS[by])
    return [
        Group(str(label), *(int(value) for value in values))
        for label, *values in _rows(sql, fund_id, cap=award_cap_cents, time_zone=time_zone)
    ]


def categories(fund_id: UUID, *, award_cap_cents: int) -> list[CategoryNeed]:
    """This will return the demand by what the money is for; a request counts in each of its lines."""
    return [
        CategoryNeed(str(category), int(people), int(asked), int(eligible), Decimal(verified))
        for category, people, asked, eligible, verified in _rows(
            _LAYERED + _BY_CATEGORY, fund_id, cap=award_cap_cents
        )
    ]


def asks(fund_id: UUID) -> list[int]:
    """This will return every amount asked, in cents, smallest first; equal amounts cross the wire once."""
    return [int(cents) for cents, people in _rows(_ASKS, fund_id) for _ in range(people)]


def ages(fund_id: UUID, *, as_of: datetime) -> dict[str, list[int]]:
    """This will return for each live state the whole days that its requests have stood there."""
    live = sorted({*UNDECIDED_REQUEST_STATES, *FOUND_ELIGIBLE_STATES})
    found: dict[str, list[int]] = {}
    for state, days, people in _rows(_AGES, fund_id, as_of=as_of, live=live):
        found.setdefault(str(state), []).extend([int(days)] * int(people))
    return found


def overdue_count(fund_id: UUID, *, before: datetime) -> int:
    """This will return how many undecided requests came before the moment that makes them late."""
    undecided = sorted(UNDECIDED_REQUEST_STATES)
    rows = _rows(_OVERDUE, fund_id, undecided=undecided, before=before)
    return int(rows[0][0])


def households(fund_id: UUID, *, award_cap_cents: int) -> tuple[int, int]:
    """This will return (eligible households, households with an award)."""
    ((eligible, helped),) = _rows(
        _LAYERED + _HOUSEHOLDS, fund_id, cap=award_cap_cents, helped=[state.value for state in _HELPED]
    )
    return int(eligible), int(helped)


def _rows(sql: str, fund_id: UUID, **values: Any) -> list[tuple[Any, ...]]:
    known: dict[str, Any] = {
        "fund_id": fund_id,
        "incomplete": [state.value for state in _INCOMPLETE],
        "unread": [state.value for state in _UNREAD],
        "eligible": sorted(state.value for state in FOUND_ELIGIBLE_STATES),
        "final": DecisionState.FINAL.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, known | values)
        return list(cursor.fetchall())
