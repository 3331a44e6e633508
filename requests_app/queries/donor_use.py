"""How the money of each restriction was used, in sums that show no person.

A count below ten people is not told, nor a purpose that so few share; what is left over is told as one only
where ten people stand behind it, so that nobody can subtract.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection

from fundmgr.domain.lifecycle import AwardState
from fundmgr.queries import books
from requests_app.queries.public import CACHED_SECONDS, LEAST_PEOPLE

# What is paid is split as its household asked: nobody says what a dollar was spent on in the end.
_PURPOSES = """
SELECT s.restriction_id, n.category, ROUND(SUM(s.amount_cents::numeric * n.amount_cents / r.asked_cents)),
    count(DISTINCT r.applicant_id)
FROM requests_app_awardshare s JOIN requests_app_award a ON a.id = s.award_id
JOIN requests_app_assistancerequest r ON r.id = a.request_id
JOIN requests_app_needline n ON n.request_id = r.id
WHERE s.fund_id = %(fund_id)s AND a.state = %(paid)s AND r.asked_cents > 0
GROUP BY s.restriction_id, n.category
"""
_PEOPLE = """
SELECT s.restriction_id, count(DISTINCT r.applicant_id)
FROM requests_app_awardshare s JOIN requests_app_award a ON a.id = s.award_id
JOIN requests_app_assistancerequest r ON r.id = a.request_id
WHERE s.fund_id = %(fund_id)s AND a.state = %(paid)s
GROUP BY s.restriction_id
"""
# In place of a category: all purposes that too few people share.
OTHER = ""


@dataclass(frozen=True)
class Purpose:
    """What was paid for one kind of need, and how many people asked for it. Units: cents."""

    category: str
    cents: int
    people: int


@dataclass(frozen=True)
class Use:
    """Where the money of one restriction stands. Units: cents.

    Shapes: `people` is None where fewer than ten were paid; `purposes` is empty where they would show one.
    """

    received_cents: int
    paid_cents: int
    held_cents: int
    available_cents: int
    reserve_cents: int
    people: int | None
    purposes: tuple[tuple[str, int], ...]

    @property
    def rest_cents(self) -> int:
        """What nobody may be promised: its donor is not known, it may go back, or the bank took it."""
        spoken_for = self.paid_cents + self.held_cents + self.available_cents + self.reserve_cents
        return self.received_cents - spoken_for


def uses(fund_id: UUID) -> dict[UUID, Use]:
    """This will return how each restriction's money was used, at most a minute old."""
    key = f"donor_use:{fund_id}"
    found: dict[UUID, Use] | None = cache.get(key)
    if found is None:
        found = _uses(fund_id)
        cache.set(key, found, CACHED_SECONDS)
    return found


def shown(found: Sequence[Purpose]) -> tuple[tuple[str, int], ...]:
    """This will return the purposes that may be told, most first, the others as one; none where one shows.

    Units: cents.
    """
    rows = sorted(found, key=lambda one: (-one.people, one.category))
    told = [row for row in rows if row.people >= LEAST_PEOPLE]
    folded = rows[len(told) :]
    # One person may stand in several of them: only the largest is sure to be that many.
    while folded and max(row.people for row in folded) < LEAST_PEOPLE:
        if not told:
            return ()
        folded.append(told.pop())
    lines = [(row.category, row.cents) for row in sorted(told, key=lambda one: (-one.cents, one.category))]
    return (*lines, (OTHER, sum(row.cents for row in folded))) if folded else tuple(lines)


def _uses(fund_id: UUID) -> dict[UUID, Use]:
    asked: dict[str, Any] = {"fund_id": fund_id, "paid": AwardState.PAID.value}
    purposes: defaultdict[UUID, list[Purpose]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_PURPOSES, asked)
        for restriction_id, category, cents, people in cursor.fetchall():
            purposes[restriction_id].append(Purpose(category, int(cents), people))
        cursor.execute(_PEOPLE, asked)
        people_of: dict[UUID, int] = dict(cursor.fetchall())
    return {
        key: Use(
            received_cents=money.received_cents,
            paid_cents=money.paid_cents,
            held_cents=money.held_cents,
            available_cents=money.available_cents,
            reserve_cents=money.reserve_cents,
            people=people_of[key] if people_of.get(key, 0) >= LEAST_PEOPLE else None,
            purposes=shown(purposes[key]),
        )
        for key, money in books.by_restriction(fund_id).items()
    }
