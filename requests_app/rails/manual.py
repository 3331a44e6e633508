"""The rail that needs no bank's format: a list that a treasurer works through by hand."""

import csv
import io
from collections.abc import Sequence

from fundmgr.domain import ids, money
from requests_app.rails.base import Payment

COLUMNS = (
    "payout",
    "reference",
    "method",
    "name",
    "routing_number",
    "account_number",
    "address",
    "amount",
    "currency",
)
# A spreadsheet would run a cell that starts with one of these as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


class ManualRail:
    """A CSV of payments: UTF-8, CRLF, columns in fixed order, rows in the order of the payouts' ids."""

    name = "manual"

    def payment_list(self, payments: Sequence[Payment]) -> bytes:
        """This will write the payments as CSV; equal payments give equal bytes in whatever order."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for payment in sorted(payments, key=lambda payment: payment.payout_id):
            writer.writerow(_cells(payment))
        return out.getvalue().encode()


def guarded(cell: str) -> str:
    """This will put an apostrophe before text that a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _cells(payment: Payment) -> list[str]:
    words = (
        payment.reference,
        payment.method,
        payment.name,
        payment.routing_number,
        payment.account_number,
        # An address of several lines stays one line of the list.
        ", ".join(line.strip() for line in payment.address.splitlines() if line.strip()),
    )
    return [
        ids.public("pay", payment.payout_id),
        *(guarded(word) for word in words),
        money.wire(payment.amount_cents),
        payment.currency,
    ]
