"""The shapes of money in: receipts and refunds, as they are sent and shown."""

from enum import StrEnum
from typing import Any

from rest_framework import serializers

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import LetterState, ProposalState, ReceiptState
from fundmgr.queries import receipts as queries
from requests_app.api import fields
from requests_app.api.answers import Body, money_body, stamp, stamp_or_null
from requests_app.api.commitment_shapes import Restriction
from requests_app.api.paging import FundPageQuery

MOST_REASON_LETTERS = 300
MOST_REFERENCE_LETTERS = 80
MOST_PAYER_LETTERS = 160


class Method(StrEnum):
    """How money came."""

    BANK_TRANSFER = "BANK_TRANSFER"
    CHECK = "CHECK"
    CARD = "CARD"
    CASH = "CASH"
    OTHER = "OTHER"


class Outcome(StrEnum):
    """What a second person decides on a refund."""

    MADE = "MADE"
    REFUSED = "REFUSED"


class CommitmentReceiptSent(fields.Sent):
    """Money that came in on a commitment."""

    amount = fields.Money()
    bank_reference = fields.Reference(most=MOST_REFERENCE_LETTERS)
    received_on = fields.Day()
    method = fields.Word(Method, required=False, help_text="BANK_TRANSFER if not said.")
    payer = fields.Line(
        most=MOST_PAYER_LETTERS, required=False, help_text="As the bank names the payer. Kept encrypted."
    )


class ReceiptSent(CommitmentReceiptSent):
    """Money that came in: on a commitment, or as a donor's gift, or with neither if nobody knows yet."""

    commitment_id = fields.Id("com", required=False, allow_null=True)
    donor_id = fields.Id("don", required=False, allow_null=True, help_text="For a gift without a commitment.")
    restriction_id = fields.Id(
        "rst", required=False, allow_null=True, help_text="What a gift is tied to; none if not said."
    )


class MatchSent(fields.Sent):
    """Whose a receipt is: a commitment, or a donor for a gift."""

    commitment_id = fields.Id("com", required=False, allow_null=True)
    donor_id = fields.Id("don", required=False, allow_null=True)
    restriction_id = fields.Id("rst", required=False, allow_null=True)


class ReasonSent(fields.Sent):
    """Why."""

    reason = fields.Line(most=MOST_REASON_LETTERS)


class RefundSent(ReasonSent):
    """Money to give back."""

    amount = fields.Money()


class RefundDecisionSent(fields.Sent):
    """What becomes of a refund."""

    outcome = fields.Word(Outcome)


class ReceiptQuery(FundPageQuery):
    """An address of the fund's receipts."""

    state = fields.Words(ReceiptState, required=False, help_text="One or more, with commas between them.")
    donor_id = fields.Id("don", required=False)
    commitment_id = fields.Id("com", required=False)
    import_id = fields.Id("imp", required=False, help_text="The bank import that brought them.")


class Acknowledgement(fields.Shown):
    """The last letter about a receipt: it stands, or its money went back and it is void."""

    id = fields.Id("let")
    number = serializers.IntegerField()
    state = fields.Word(LetterState)
    void_reason = serializers.CharField()


class Receipt(fields.Shown):
    """Money that came in; it counts once another person reconciled it."""

    id = fields.Id("rct")
    commitment_id = fields.Id("com", allow_null=True)
    donor_id = fields.Id("don", allow_null=True)
    import_id = fields.Id("imp", allow_null=True)
    restriction = Restriction()
    amount = fields.MoneyOut()
    refunded = fields.MoneyOut()
    method = fields.Word(Method)
    bank_reference = serializers.CharField()
    received_on = serializers.DateField()
    state = fields.Word(ReceiptState)
    letter = Acknowledgement(allow_null=True)
    matched_at = fields.MomentOut(allow_null=True)
    reconciled_at = fields.MomentOut(allow_null=True)
    created_at = fields.MomentOut()


class BouncedReceipt(Receipt):
    """A receipt that the bank took back, and what its restriction lacks now."""

    uncovered = fields.MoneyOut(help_text="Promised to workers, but its money is gone.")
    deficit = fields.MoneyOut(help_text="Paid to workers, but its money is gone.")


class Refund(fields.Shown):
    """Money that goes back to a donor."""

    id = fields.Id("rfd")
    receipt_id = fields.Id("rct")
    amount = fields.MoneyOut()
    reason = serializers.CharField()
    state = fields.Word(ProposalState)
    decided_at = fields.MomentOut(allow_null=True)
    created_at = fields.MomentOut()


_AMOUNT, _NOTHING = {"amount": "500000.00", "currency": "USD"}, {"amount": "0.00", "currency": "USD"}
_SENT = {"amount": _AMOUNT, "bank_reference": "FED-20230918-0042", "received_on": "2023-09-18"}
SENT_SAMPLE = {**_SENT, "donor_id": "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62"}
COMMITMENT_SENT_SAMPLE = _SENT
SAMPLE = {
    "id": "rct_018aa9d5e0007c3a9d0f6b1c2e4a5d65",
    "commitment_id": "com_018aa9d5e0007c3a9d0f6b1c2e4a5d63",
    "donor_id": "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62",
    "import_id": None,
    "restriction": {"id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d64", "name": "General"},
    "amount": _AMOUNT,
    "refunded": _NOTHING,
    "method": "BANK_TRANSFER",
    "bank_reference": "FED-20230918-0042",
    "received_on": "2023-09-18",
    "state": "RECEIVED",
    "letter": None,
    "matched_at": None,
    "reconciled_at": None,
    "created_at": "2023-09-18T17:00:00Z",
}
BOUNCED_SAMPLE = {
    **SAMPLE,
    "state": "REVERSED",
    "letter": {
        "id": "let_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
        "number": 12,
        "state": "VOID",
        "void_reason": "The bank took the money back.",
    },
    "uncovered": _NOTHING,
    "deficit": _NOTHING,
}
REFUND_SENT_SAMPLE = {"amount": _AMOUNT, "reason": "The donor asked for it back."}
REFUND_SAMPLE = {
    "id": "rfd_018aa9d5e0007c3a9d0f6b1c2e4a5d66",
    "receipt_id": SAMPLE["id"],
    **REFUND_SENT_SAMPLE,
    "state": "PROPOSED",
    "decided_at": None,
    "created_at": "2023-09-20T17:00:00Z",
}


def receipt_body(row: Any, currency: str) -> Body:
    """This will write a receipt."""
    return {
        "id": ids.public("rct", row.id),
        "commitment_id": ids.public("com", row.commitment_id) if row.commitment_id else None,
        "donor_id": ids.public("don", row.donor_id) if row.donor_id else None,
        "import_id": ids.public("imp", row.bank_import_id) if row.bank_import_id else None,
        "restriction": {"id": ids.public("rst", row.restriction_id), "name": row.restriction.name},
        "amount": money_body(row.amount_cents, currency),
        "refunded": money_body(row.refunded_cents, currency),
        "method": row.method,
        "bank_reference": row.bank_reference,
        "received_on": row.received_on.isoformat(),
        "state": row.state,
        "letter": _letter(row),
        "matched_at": stamp_or_null(row.matched_at),
        "reconciled_at": stamp_or_null(row.reconciled_at),
        "created_at": stamp(row.created_at),
    }


def _letter(row: Any) -> Body | None:
    letter = queries.newest_letter(row)
    if letter is None:
        return None
    return {
        "id": ids.public("let", letter.id),
        "number": letter.number,
        "state": letter.state,
        "void_reason": letter.void_reason,
    }


def refund_body(row: Any, currency: str) -> Body:
    """This will write a refund."""
    return {
        "id": ids.public("rfd", row.id),
        "receipt_id": ids.public("rct", row.receipt_id),
        "amount": money_body(row.amount_cents, currency),
        "reason": row.reason,
        "state": row.state,
        "decided_at": stamp_or_null(row.decided_at),
        "created_at": stamp(row.created_at),
    }
