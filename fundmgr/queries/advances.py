"""Money that came in before its condition was met: it may have to go back, so it is no gift yet."""

from collections.abc import Iterable
from uuid import UUID

from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.models import Commitment, Receipt


def of_receipts(rows: Iterable[Receipt]) -> dict[UUID, int]:
    """This will return what of each receipt is no gift yet, where that is anything.

    What a donor paid first meets the condition first, so the newest receipts of a commitment are early.
    Units: cents.
    """
    wanted = {row.commitment_id for row in rows if row.commitment_id is not None}
    found: dict[UUID, int] = {}
    for commitment in Commitment.objects.filter(id__in=wanted, is_conditional=True):
        left_cents = commitment.advance_cents
        paid = Receipt.objects.filter(commitment=commitment, state=ReceiptState.RECONCILED)
        for receipt in paid.order_by("-received_on", "-id"):
            early_cents = min(left_cents, receipt.amount_cents - receipt.refunded_cents)
            if early_cents:
                found[receipt.id] = early_cents
            left_cents -= early_cents
    return found
