"""How far the money of a fund reaches, restriction by restriction, beside the need that each may meet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import FOUND_ELIGIBLE_STATES, AwardState
from fundmgr.domain.means import Means, Pot
from fundmgr.domain.permissions import Action
from fundmgr.domain.restrictions import Rule
from fundmgr.domain.shortfall import Position
from fundmgr.models import Restriction
from fundmgr.queries import access, books, funds, promises
from requests_app.queries.allowed import ALLOWED, rule_parameters

_LIVE_AWARDS = (AwardState.RESERVED, AwardState.COMMITTED, AwardState.PAID)

_VERIFIED = """
SELECT COALESCE(SUM(verified_cents), 0) FROM requests_app_assistancerequest
WHERE fund_id = %(fund_id)s AND state = ANY(%(eligible)s)
"""
# One row a request whose need is not met yet, then what the rule allows of it.
_MATCHING = f"""
WITH waiting AS (
    SELECT r.id, r.verified_cents - COALESCE((
        SELECT SUM(a.amount_cents) FROM requests_app_award a
        WHERE a.request_id = r.id AND a.state = ANY(%(live)s)
    ), 0) AS need_cents
    FROM requests_app_assistancerequest r LEFT JOIN requests_app_production p ON p.id = r.production_id
    WHERE r.fund_id = %(fund_id)s AND r.state = ANY(%(eligible)s) AND r.verified_cents > 0
        AND {ALLOWED}
)
SELECT COALESCE(SUM(LEAST(w.need_cents, CASE WHEN %(categories)s::text[] IS NULL THEN w.need_cents ELSE (
    SELECT COALESCE(SUM(n.amount_cents), 0) FROM requests_app_needline n
    WHERE n.request_id = w.id AND n.category = ANY(%(categories)s)
) END)), 0) FROM waiting w WHERE w.need_cents > 0
"""  # noqa: S608  # our own words


@dataclass(frozen=True)
class FundMeans:
    """The means of one moment."""

    fund_id: UUID
    currency: str
    as_of: datetime
    ledger_sequence: int
    position: Position
    means: Means


def means(actor: Actor, *, fund_id: UUID, now: datetime) -> FundMeans:
    """This will return how far the money reaches, for one who may read money.

    Errors: NotFound, Forbidden.
    """
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    return FundMeans(
        fund_id=fund_id,
        currency=funds.currency_of(fund_id),
        as_of=now,
        ledger_sequence=books.last_sequence(fund_id),
        position=books.position(fund_id),
        means=read(fund_id),
    )


def read(fund_id: UUID) -> Means:
    """This will work out the means from the books, the promises and the verified need."""
    position = books.position(fund_id)
    promised = promises.totals(fund_id)
    return Means(
        cash_cents=position.cash_cents,
        receivable_cents=promised.owed_cents,
        conditional_cents=promised.conditional_cents,
        reserve_cents=position.reserve_cents,
        expected_receipts_cents=promised.expected_cents,
        verified_need_cents=_verified_need_cents(fund_id),
        pots=pots(fund_id),
        refundable_advance_cents=position.refundable_advance_cents,
    )


def pots(fund_id: UUID) -> list[Pot]:
    """This will return each restriction with its money and the need it may meet, the general one first."""
    money = books.by_restriction(fund_id)
    rows = Restriction.objects.filter(fund_id=fund_id).order_by("-is_general", "name")
    return [
        Pot(
            restriction_id=row.id,
            name=row.name,
            is_general=row.is_general,
            received_cents=money[row.id].received_cents,
            held_cents=money[row.id].held_cents,
            paid_cents=money[row.id].paid_cents,
            available_cents=money[row.id].available_cents,
            matching_need_cents=_matching_need_cents(row),
        )
        for row in rows
    ]


def _matching_need_cents(row: Restriction) -> int | None:
    rule = Rule.from_json(row.rule)
    if row.is_general or not rule.binds:
        return None
    asked = {
        **_parameters(row.fund_id),
        **rule_parameters(rule),
        "live": [state.value for state in _LIVE_AWARDS],
    }
    with connection.cursor() as cursor:
        cursor.execute(_MATCHING, asked)
        return int(cursor.fetchone()[0])


def _verified_need_cents(fund_id: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_VERIFIED, _parameters(fund_id))
        return int(cursor.fetchone()[0])


def _parameters(fund_id: UUID) -> dict[str, Any]:
    return {"fund_id": fund_id, "eligible": sorted(state.value for state in FOUND_ELIGIBLE_STATES)}
