"""What donors gave and the fund still has or used: receipts that are confirmed, less what went back."""

from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.models import Receipt


def given(**whose: OuterRef) -> Coalesce:
    """This will return the expression of what came in and stayed, in cents, of the receipts that fit.

    Shapes: `whose` leads from a column of the receipt to one of the query that it stands in, such as
    `donor_id=OuterRef("id")`. What waits for the bank, bounced or went back is not in it.
    """
    rows = Receipt.objects.filter(state=ReceiptState.RECONCILED, **whose).order_by().values(*whose)
    left = rows.annotate(cents=Sum(F("amount_cents") - F("refunded_cents")))
    return Coalesce(Subquery(left.values("cents")), 0)
