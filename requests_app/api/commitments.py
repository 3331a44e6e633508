"""Commitments of donors, and the receipts that the bank confirms."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.queries import funds
from fundmgr.services import commitments, receipts
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp, stamp_or_null
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery, FundQuery, PageQuery
from requests_app.api.schema import KEY_NEEDED, KEY_OPTIONAL, Operation, page_sample, page_shape

MOST_CONDITION_LETTERS = 2000
MOST_REASON_LETTERS = 300
MOST_REFERENCE_LETTERS = 80


class CommitmentSent(fields.Sent):
    """A promise to record."""

    donor_id = fields.Id("don")
    amount = fields.Money()
    pledged_on = fields.Day()
    due_on = fields.Day(required=False, allow_null=True)
    is_conditional = fields.YesNo(required=False, default=False)
    condition = fields.Block(
        most=MOST_CONDITION_LETTERS,
        blank=True,
        required=False,
        default="",
        help_text="Needed if conditional.",
    )
    restriction_id = fields.Id(
        "rst", required=False, allow_null=True, help_text="What the money is tied to; none if not said."
    )


class Restriction(fields.Shown):
    """What money is tied to."""

    id = fields.Id("rst")
    name = serializers.CharField()


class Commitment(fields.Shown):
    """A donor's promise."""

    id = fields.Id("com")
    donor_id = fields.Id("don")
    restriction = Restriction()
    amount = fields.MoneyOut()
    received = fields.MoneyOut()
    is_conditional = serializers.BooleanField()
    condition = serializers.CharField()
    pledged_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    state = fields.Word(CommitmentState)
    created_at = fields.MomentOut()
    version = serializers.IntegerField()


class CancellationSent(fields.Sent):
    """Why something is given up."""

    reason = fields.Line(most=MOST_REASON_LETTERS)


class ReceiptSent(fields.Sent):
    """Money that came in."""

    amount = fields.Money()
    bank_reference = fields.Line(most=MOST_REFERENCE_LETTERS)
    received_on = fields.Day()


class Receipt(fields.Shown):
    """Money that came in; it counts once another person reconciled it."""

    id = fields.Id("rct")
    commitment_id = fields.Id("com")
    amount = fields.MoneyOut()
    bank_reference = serializers.CharField()
    received_on = serializers.DateField()
    state = fields.Word(ReceiptState)
    reconciled_at = fields.MomentOut(allow_null=True)
    created_at = fields.MomentOut()


_DONOR, _COMMITMENT = "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62", "com_018aa9d5e0007c3a9d0f6b1c2e4a5d63"
_AMOUNT = {"amount": "500000.00", "currency": "USD"}
SENT_SAMPLE = {"donor_id": _DONOR, "amount": _AMOUNT, "pledged_on": "2023-09-18"}
SAMPLE = {
    "id": _COMMITMENT,
    "donor_id": _DONOR,
    "restriction": {"id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d64", "name": "General"},
    "amount": _AMOUNT,
    "received": {"amount": "0.00", "currency": "USD"},
    "is_conditional": False,
    "condition": "",
    "pledged_on": "2023-09-18",
    "due_on": None,
    "state": "PLEDGED",
    "created_at": "2023-09-18T16:00:00Z",
    "version": 1,
}
RECEIPT_SENT_SAMPLE = {"amount": _AMOUNT, "bank_reference": "FED-20230918-0042", "received_on": "2023-09-18"}
RECEIPT_SAMPLE = {
    "id": "rct_018aa9d5e0007c3a9d0f6b1c2e4a5d65",
    "commitment_id": _COMMITMENT,
    "amount": _AMOUNT,
    "bank_reference": "FED-20230918-0042",
    "received_on": "2023-09-18",
    "state": "RECEIVED",
    "reconciled_at": None,
    "created_at": "2023-09-18T17:00:00Z",
}


def commitment_body(row: Any, currency: str) -> Body:
    """This will write a commitment."""
    return {
        "id": ids.public("com", row.id),
        "donor_id": ids.public("don", row.donor_id),
        "restriction": {"id": ids.public("rst", row.restriction_id), "name": row.restriction.name},
        "amount": money_body(row.amount_cents, currency),
        "received": money_body(row.received_cents, currency),
        "is_conditional": row.is_conditional,
        "condition": row.condition,
        "pledged_on": row.pledged_on.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "state": row.state,
        "created_at": stamp(row.created_at),
        "version": row.version,
    }


def receipt_body(row: Any, currency: str) -> Body:
    """This will write a receipt."""
    return {
        "id": ids.public("rct", row.id),
        "commitment_id": ids.public("com", row.commitment_id),
        "amount": money_body(row.amount_cents, currency),
        "bank_reference": row.bank_reference,
        "received_on": row.received_on.isoformat(),
        "state": row.state,
        "reconciled_at": stamp_or_null(row.reconciled_at),
        "created_at": stamp(row.created_at),
    }


class MoneyDoor(Door):
    """What the addresses of this module share."""

    def commitment(self, commitment_id: UUID) -> Any:
        """This will return a commitment that the caller may see."""
        return funds.visible_commitment(self.actor, commitment_id=commitment_id)

    def commitment_body(self, row: Any) -> Body:
        """This will write a commitment in its fund's currency."""
        return commitment_body(row, self.currency_of(row.fund_id))

    def receipt(self, receipt_id: UUID) -> Any:
        """This will return a receipt that the caller may see."""
        return funds.visible_receipt(self.actor, receipt_id=receipt_id)

    def receipt_body(self, row: Any) -> Body:
        """This will write a receipt in its fund's currency."""
        return receipt_body(row, self.currency_of(row.fund_id))


class Commitments(MoneyDoor):
    """The fund's commitments."""

    @Operation(
        "list_commitments",
        "List commitments, newest first",
        tag="commitments",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(Commitment),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        rows = funds.visible_commitments(self.actor, fund_id=fund_id)
        return self.page(rows, ("-id",), self.commitment_body)

    @Operation(
        "pledge_commitment",
        "Record a donor's promise",
        tag="commitments",
        scope="commitments:write",
        query=FundQuery,
        sends=CommitmentSent,
        sample_sent=SENT_SAMPLE,
        gives=Commitment,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will record one."""
        fund_id, currency = self.fund()
        said = self.read(CommitmentSent, currency=currency)
        amount_cents = said.pop("amount")
        return self.act(
            lambda once: commitments.pledge(
                fund_id=fund_id, amount_cents=amount_cents, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.commitment,
            body_of=self.commitment_body,
            status=201,
            location=lambda row: address("commitments", "com", row.id),
        )


class OneCommitment(MoneyDoor):
    """One commitment."""

    @Operation(
        "get_commitment",
        "Read a commitment",
        tag="commitments",
        scope="commitments:read",
        gives=Commitment,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.commitment_body(self.commitment(commitment_id)))


class CommitmentCancellation(MoneyDoor):
    """The end of a promise."""

    @Operation(
        "cancel_commitment",
        "Give up what a donor still owes",
        tag="commitments",
        scope="commitments:write",
        sends=CancellationSent,
        sample_sent={"reason": "The donor withdrew the pledge."},
        gives=Commitment,
        sample={**SAMPLE, "state": "CANCELLED"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will cancel it."""
        said = self.read(CancellationSent)
        return self.act(
            lambda once: commitments.cancel(
                commitment_id=commitment_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.commitment,
            body_of=self.commitment_body,
        )


class Receipts(MoneyDoor):
    """The receipts of one commitment."""

    @Operation(
        "list_receipts",
        "List a commitment's receipts, newest first",
        tag="commitments",
        scope="commitments:read",
        query=PageQuery,
        gives=page_shape(Receipt),
        sample=page_sample(RECEIPT_SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will list them."""
        rows = funds.receipts_of(self.actor, commitment_id=commitment_id)
        return self.page(rows, ("-id",), self.receipt_body)

    @Operation(
        "record_receipt",
        "Record money that came in",
        tag="commitments",
        scope="commitments:write",
        description="It counts only once another person has reconciled it with the bank.",
        sends=ReceiptSent,
        sample_sent=RECEIPT_SENT_SAMPLE,
        gives=Receipt,
        sample=RECEIPT_SAMPLE,
        status=201,
        key=KEY_NEEDED,
        refusals=["forbidden", "duplicate", "wrong_state"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will record one."""
        currency = self.currency_of(self.commitment(commitment_id).fund_id)
        said = self.read(ReceiptSent, currency=currency)
        amount_cents = said.pop("amount")
        return self.act(
            lambda once: receipts.record(
                commitment_id=commitment_id,
                amount_cents=amount_cents,
                **said,
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=self.receipt,
            body_of=self.receipt_body,
            status=201,
            location=lambda row: address("receipts", "rct", row.id),
        )


class OneReceipt(MoneyDoor):
    """One receipt."""

    @Operation(
        "get_receipt",
        "Read a receipt",
        tag="commitments",
        scope="commitments:read",
        gives=Receipt,
        sample=RECEIPT_SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.receipt_body(self.receipt(receipt_id)))


class Reconciliation(MoneyDoor):
    """A receipt confirmed against the bank."""

    @Operation(
        "reconcile_receipt",
        "Confirm a receipt against the bank",
        tag="commitments",
        scope="commitments:write",
        description="From now on its money may be awarded. Another person than the one who recorded it.",
        gives=Receipt,
        sample={**RECEIPT_SAMPLE, "state": "RECONCILED", "reconciled_at": "2023-09-18T18:00:00Z"},
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "wrong_state"],
    )
    def post(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will confirm it."""
        self.read_nothing()
        return self.act(
            lambda once: receipts.reconcile(receipt_id=receipt_id, by=self.actor, now=self.now, once=once),
            again=self.receipt,
            body_of=self.receipt_body,
        )
