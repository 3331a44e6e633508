"""What each row of a bank's file comes to, as CSV that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable

from fundmgr.domain import money
from fundmgr.domain.bank_csv import BankRow
from requests_app.exports.csv_file import guarded

HEAD = ["row", "outcome", "received_on", "amount", "bank_reference", "payer", "text", "problem"]


def table(rows: Iterable[BankRow]) -> bytes:
    """This will write one line a row; what the bank or a payer wrote is guarded, amounts are like 420.00."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEAD)
    for row in rows:
        day = row.received_on.isoformat() if row.received_on else ""
        amount = money.wire(row.amount_cents) if row.amount_cents else ""
        said = [guarded(cell) for cell in (row.reference, row.payer, row.text, row.problem)]
        writer.writerow([row.number, row.outcome.value, day, amount, *said])
    return text.getvalue().encode()
