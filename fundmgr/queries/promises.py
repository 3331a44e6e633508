"""What donors promised and have not given yet, counted by what it is worth."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Case, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Least

from fundmgr.domain.lifecycle import ENDED_COMMITMENT_STATES, CommitmentState
from fundmgr.models import Commitment

# Of a promise that was given up, what came in still counts, unless it came before its condition and may have
# to go back. One in default may yet be paid, but nobody should plan on it.
_TOTALS = """
WITH live AS (
    SELECT *, CASE WHEN state = %(cancelled)s AND is_conditional THEN LEAST(received_cents, met_cents)
        WHEN state = %(cancelled)s THEN received_cents WHEN is_conditional THEN met_cents
        ELSE amount_cents END AS due_cents
    FROM fundmgr_commitment WHERE fund_id = %(fund_id)s AND state <> %(draft)s
), owed AS (
    SELECT *, GREATEST(0, due_cents - received_cents - written_off_cents) AS owed_cents,
        CASE WHEN state = ANY(%(ended)s) THEN 0 ELSE amount_cents - due_cents END AS conditional_cents
    FROM live
)
SELECT COALESCE(SUM(due_cents - written_off_cents), 0), COALESCE(SUM(owed_cents), 0),
    COALESCE(SUM(conditional_cents), 0),
    COALESCE(SUM(CASE WHEN state = %(defaulted)s THEN 0 ELSE owed_cents * collection_bp / 10000 END), 0)
FROM owed
"""


@dataclass(frozen=True)
class Promises:
    """Live promises in all. Units: cents.

    `committed_cents` was promised without a condition, or with one that is met; `owed_cents` of it has not
    come in; `conditional_cents` waits for its condition; `expected_cents` is what is owed times the chance
    that it comes in, rounded down promise by promise.
    """

    committed_cents: int
    owed_cents: int
    conditional_cents: int
    expected_cents: int


def totals(fund_id: UUID) -> Promises:
    """This will return what a fund's donors promised, without drafts and what was given up."""
    asked: dict[str, Any] = {
        "fund_id": fund_id,
        "draft": CommitmentState.DRAFT.value,
        "cancelled": CommitmentState.CANCELLED.value,
        "defaulted": CommitmentState.DEFAULTED.value,
        "ended": [state.value for state in ENDED_COMMITMENT_STATES],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, asked)
        return Promises(*(int(cents) for cents in cursor.fetchone()))


def counted() -> Case:
    """This will return the expression of what a promise counts, in cents, for a query of commitments.

    It counts as `totals` does: a fund's sum is its `committed_cents` and `conditional_cents` together.
    """
    kept = When(is_conditional=True, then=Least(F("received_cents"), F("met_cents")))
    due = Case(When(is_conditional=True, then=F("met_cents")), default=F("amount_cents"))
    return Case(
        When(state=CommitmentState.DRAFT, then=Value(0)),
        When(state=CommitmentState.CANCELLED, then=Case(kept, default=F("received_cents"))),
        When(state__in=ENDED_COMMITMENT_STATES, then=due - F("written_off_cents")),
        default=F("amount_cents") - F("written_off_cents"),
        output_field=BigIntegerField(),
    )


def counted_of_donor() -> Coalesce:
    """This will return the expression of what a donor's promises count, in cents, for a query of donors."""
    rows = Commitment.objects.filter(donor_id=OuterRef("id")).order_by().values("donor_id")
    return Coalesce(Subquery(rows.annotate(cents=Sum(counted())).values("cents")), 0)
