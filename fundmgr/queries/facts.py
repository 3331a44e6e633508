"""What rows say, in short: a digest of each one's facts, which the trail keeps with the events that set them.

Whoever changes such a row behind the use cases leaves it without its event. The digests cover what the ledger
does not know: whose money it was, under which reference, on which day, by whom, and why.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from fundmgr.domain.canonical import canonical_bytes, digest
from fundmgr.domain.schedules import Part
from fundmgr.models import (
    BankFee,
    Commitment,
    Donor,
    Receipt,
    Refund,
    ReserveUse,
    Restriction,
    RestrictionRelease,
    TransferReversal,
)
from fundmgr.models.base import FundRow

_SIGNED = ("reason", "proposed_by_id", "decided_by_id")
FACTS: dict[type[FundRow], tuple[str, ...]] = {
    Receipt: (
        "donor_id",
        "commitment_id",
        "restriction_id",
        "amount_cents",
        "receivable_cents",
        "advance_cents",
        "method",
        "bank_reference",
        "received_on",
        "bank_import_id",
        "recorded_by_id",
        "matched_by_id",
        "reconciled_by_id",
    ),
    Commitment: (
        "donor_id",
        "restriction_id",
        "amount_cents",
        "is_conditional",
        "condition",
        "right_of_return",
        "match_percent",
        "collection_bp",
        "pledged_on",
        "due_on",
        "schedule",
        "recorded_by_id",
        "countersigned_by_id",
        "defaulted_by_id",
    ),
    Donor: (
        "name",
        "is_organisation",
        "is_anonymous",
        "is_substantial_contributor",
        "relation",
        "relation_note",
        "contact_hash",
        "language",
    ),
    Refund: ("receipt_id", "amount_cents", *_SIGNED),
    Restriction: ("name", "wording", "rule", "expires_on", "is_general"),
    RestrictionRelease: ("restriction_id", "amount_cents", "ground", "document_id", *_SIGNED),
    ReserveUse: ("restriction_id", "amount_cents", "ground", *_SIGNED),
    TransferReversal: ("transfer_id", *_SIGNED),
    BankFee: ("restriction_id", "amount_cents", "bank_reference", "charged_on", "recorded_by_id"),
}


def said(row: FundRow) -> dict[str, object]:
    """This will return the entries of an event's facts that keep what a row says now.

    What a receipt keeps back changes with refunds, whose events tell of it as a number of its own.
    """
    kept = {"reserve_cents": row.reserve_cents} if isinstance(row, Receipt) else {}
    return {"said": said_by(row), **kept}


def said_by(row: FundRow) -> str:
    """This will return the digest of what a row says now."""
    return digest({name: getattr(row, name) for name in ("id", "fund_id", *FACTS[type(row)])})


def schedule(number: int, parts: Sequence[Part]) -> dict[str, object]:
    """This will return the entries of an event's facts that keep the dates of a promise."""
    rows = [[part.due_on, part.amount_cents] for part in parts]
    return {"schedule": number, "parts": digest({"parts": rows})}


def imported(rows: Iterable[tuple[Any, ...]]) -> str:
    """This will return the digest of a bank file's receipts as they came in.

    Shapes: (id, amount in cents, bank reference, day, commitment that the file named).
    """
    whole = hashlib.sha256()
    for row in sorted(rows, key=lambda one: one[0]):
        whole.update(canonical_bytes({"row": row}) + b"\n")
    return whole.hexdigest()
