"""Match pledges: a donor gives so much for each dollar of public gifts, so each gift makes a part of it due.

Called inside the use cases of money in, after a gift was booked or went back: the part that is due is counted
anew from all gifts, and the difference is posted.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from fundmgr.domain import pledges, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.domain.postings import Posting
from fundmgr.models import Commitment, Receipt
from fundmgr.ports import ledger, locks, moves
from fundmgr.ports.events import Happening
from fundmgr.services import letter_rows, receiving

# On these, gifts change what is due.
LIVE = (
    CommitmentState.CONDITIONAL,
    CommitmentState.PLEDGED,
    CommitmentState.PARTIALLY_RECEIVED,
    CommitmentState.FULFILLED,
    CommitmentState.OVERDUE,
    CommitmentState.RENEGOTIATED,
)


def recount(
    fund_id: UUID, *, occasion_id: UUID, by: Actor, now: datetime, before: Sequence[Posting] = ()
) -> tuple[list[Posting], list[Happening]]:
    """This will count the match pledges of a fund anew and return what is to be posted and recorded.

    Shapes: `before` are postings that the caller enters first, in the same call of the ledger; `occasion_id`
    is the receipt, refund or import that changed the gifts. Where a gift went back, letters that named a
    payment which waits for its condition again are corrected.
    """
    locks.assert_transaction()
    made: list[Posting] = []
    happenings = []
    rows = Commitment.objects.filter(fund_id=fund_id, match_percent__isnull=False, state__in=LIVE)
    for row in rows.select_for_update(of=("self",)).order_by("id"):
        change_cents = _target_cents(row) - row.met_cents
        if not change_cents:
            continue
        made.append(meet(row, change_cents, occasion_id=occasion_id, before=[*before, *made]))
        facts = {"change_cents": change_cents, "met_cents": row.met_cents, "occasion": occasion_id}
        happenings.append(Happening("commitment.condition_counted", "commitment", row.id, facts))
        if row.advance_cents and change_cents < 0:
            happenings += letter_rows.correct_early(row, by=by, now=now)
    return made, happenings


def meet(row: Commitment, change_cents: int, *, occasion_id: UUID, before: Sequence[Posting] = ()) -> Posting:
    """This will change how much of a locked promise is due, move its state, and return the posting.

    Units: cents; below zero, a part is no longer due.
    """
    locks.assert_transaction()
    advance, owed = row.advance_cents, row.owed_cents
    met_cents = row.met_cents + change_cents
    state = pledges.state_of(
        amount_cents=row.amount_cents, due_cents=met_cents, received_cents=row.received_cents
    )
    moves.move(row, state, met_cents=met_cents)
    standing = ledger.standing(row.restriction_id, fund_id=row.fund_id)
    for posting in before:
        standing = standing.after(posting.lines, row.restriction_id)
    posting_of = postings.condition_met if change_cents > 0 else postings.condition_unmet
    advance_change = abs(advance - row.advance_cents)
    return posting_of(
        commitment_id=row.id,
        occasion_id=occasion_id,
        restriction_id=row.restriction_id,
        advance_cents=advance_change,
        receivable_cents=abs(row.owed_cents - owed),
        reserve_cents=advance_change * receiving.reserve_bp(row) // 10_000,
        standing=standing,
    )


def _target_cents(row: Commitment) -> int:
    gifts = Receipt.objects.filter(
        fund_id=row.fund_id,
        state=ReceiptState.RECONCILED,
        commitment__isnull=True,
        received_on__gte=row.pledged_on,
    ).exclude(donor_id=row.donor_id)
    given = gifts.aggregate(cents=Sum(F("amount_cents") - F("refunded_cents")))["cents"] or 0
    return min(row.amount_cents, int(given) * (row.match_percent or 0) // 100)
