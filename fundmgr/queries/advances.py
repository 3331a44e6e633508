"""Money that came in before its condition was met: it may have to go back, so it is no gift yet."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Max, OuterRef, Subquery

from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.domain.move import Move
from fundmgr.models import Commitment, Receipt
from fundmgr.models.ledger import Transfer

# What books a receipt on its promise.
_BOOKING = (Move.RECEIPT, Move.SUSPENSE_MATCHED)


def of_receipts(rows: Iterable[Receipt]) -> dict[UUID, int]:
    """This will return what of each receipt is no gift yet, where that is anything.

    What was booked first meets the condition first, so the newest bookings of a commitment are early. The
    day on which money came does not count: a receipt that is booked late would change what older letters say.
    Units: cents.
    """
    wanted = {row.commitment_id for row in rows if row.commitment_id is not None}
    found: dict[UUID, int] = {}
    for commitment in Commitment.objects.filter(id__in=wanted, is_conditional=True):
        left_cents = commitment.advance_cents
        paid = Receipt.objects.filter(commitment=commitment, state=ReceiptState.RECONCILED)
        for receipt in paid.annotate(place=_place()).order_by(F("place").desc(nulls_last=True), "-id"):
            early_cents = min(left_cents, receipt.amount_cents - receipt.refunded_cents)
            if early_cents:
                found[receipt.id] = early_cents
            left_cents -= early_cents
    return found


def _place() -> Subquery:
    """Where in the ledger a receipt was booked."""
    moves = [move.value for move in _BOOKING]
    booked = Transfer.objects.filter(cause_id=OuterRef("id"), move__in=moves).order_by().values("cause_id")
    return Subquery(booked.annotate(place=Max("sequence")).values("place"))
