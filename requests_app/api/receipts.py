"""Receipts: money in, matched, confirmed by the bank, taken back by it, or given back to its donor."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from fundmgr.queries import funds
from fundmgr.queries import receipts as found
from fundmgr.services import receipts, refunds
from requests_app.api import receipt_shapes as shapes
from requests_app.api.answers import Body, json_answer, money_body
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundQuery, PageQuery
from requests_app.api.receipt_shapes import Outcome
from requests_app.api.schema import KEY_NEEDED, KEY_OPTIONAL, Operation, page_sample, page_shape

READ, WRITE, TAG = "commitments:read", "commitments:write", "receipts"


class ReceiptDoor(Door):
    """What the addresses of receipts share."""

    def receipt(self, receipt_id: UUID) -> Any:
        """This will return a receipt that the caller may see."""
        return funds.visible_receipt(self.actor, receipt_id=receipt_id)

    def body(self, row: Any) -> Body:
        """This will write a receipt in its fund's currency."""
        return shapes.receipt_body(row, self.currency_of(row.fund_id))

    def bounced_body(self, row: Any) -> Body:
        """This will write a receipt with what its restriction lacks."""
        currency = self.currency_of(row.fund_id)
        hole = found.lacking(row.fund_id).get(row.restriction_id)
        return {
            **self.body(row),
            "uncovered": money_body(hole.uncovered_cents if hole else 0, currency),
            "deficit": money_body(hole.deficit_cents if hole else 0, currency),
        }

    def refund(self, refund_id: UUID) -> Any:
        """This will return a refund that the caller may see."""
        return found.visible_refund(self.actor, refund_id=refund_id)

    def refund_body(self, row: Any) -> Body:
        """This will write a refund in its fund's currency."""
        return shapes.refund_body(row, self.currency_of(row.fund_id))

    def record(self, said: dict[str, Any], **where: Any) -> HttpResponse:
        """This will record a receipt and answer with it."""
        amount_cents = said.pop("amount")
        return self.act(
            lambda once: receipts.record(
                amount_cents=amount_cents, **said, **where, by=self.actor, now=self.now, once=once
            ),
            again=self.receipt,
            body_of=self.body,
            status=201,
            location=lambda row: address("receipts", "rct", row.id),
        )


class Receipts(ReceiptDoor):
    """The fund's receipts."""

    @Operation(
        "list_receipts",
        "List receipts, newest first",
        tag=TAG,
        scope=READ,
        query=shapes.ReceiptQuery,
        gives=page_shape(shapes.Receipt),
        sample=page_sample(shapes.SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        rows = found.chosen(
            self.actor,
            fund_id=fund_id,
            states=self.query.get("state"),
            donor_id=self.query.get("donor_id"),
            commitment_id=self.query.get("commitment_id"),
            import_id=self.query.get("import_id"),
        )
        return self.page(found.with_letters(rows), ("-id",), self.body)

    @Operation(
        "record_receipt",
        "Record money that came in",
        tag=TAG,
        scope=WRITE,
        description="It counts only once another person has reconciled it with the bank.",
        query=FundQuery,
        sends=shapes.ReceiptSent,
        sample_sent=shapes.SENT_SAMPLE,
        gives=shapes.Receipt,
        sample={**shapes.SAMPLE, "commitment_id": None},
        status=201,
        key=KEY_NEEDED,
        refusals=["forbidden", "duplicate", "wrong_state"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will record one."""
        fund_id, currency = self.fund()
        return self.record(self.read(shapes.ReceiptSent, currency=currency), fund_id=fund_id)


class CommitmentReceipts(ReceiptDoor):
    """The receipts of one commitment."""

    @Operation(
        "list_commitment_receipts",
        "List a commitment's receipts, newest first",
        tag=TAG,
        scope=READ,
        query=PageQuery,
        gives=page_shape(shapes.Receipt),
        sample=page_sample(shapes.SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will list them."""
        rows = funds.receipts_of(self.actor, commitment_id=commitment_id)
        return self.page(found.with_letters(rows), ("-id",), self.body)

    @Operation(
        "record_commitment_receipt",
        "Record money that came in on a commitment",
        tag=TAG,
        scope=WRITE,
        description="It counts only once another person has reconciled it with the bank.",
        sends=shapes.CommitmentReceiptSent,
        sample_sent=shapes.COMMITMENT_SENT_SAMPLE,
        gives=shapes.Receipt,
        sample=shapes.SAMPLE,
        status=201,
        key=KEY_NEEDED,
        refusals=["forbidden", "duplicate", "wrong_state"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will record one."""
        row = funds.visible_commitment(self.actor, commitment_id=commitment_id)
        currency = self.currency_of(row.fund_id)
        said = self.read(shapes.CommitmentReceiptSent, currency=currency)
        return self.record(said, commitment_id=commitment_id)


class OneReceipt(ReceiptDoor):
    """One receipt."""

    @Operation(
        "get_receipt",
        "Read a receipt",
        tag=TAG,
        scope=READ,
        gives=shapes.Receipt,
        sample=shapes.SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.receipt(receipt_id)))


class Reconciliation(ReceiptDoor):
    """A receipt confirmed against the bank."""

    @Operation(
        "reconcile_receipt",
        "Confirm a receipt against the bank",
        tag=TAG,
        scope=WRITE,
        description="From now on its money may be awarded, or lies in suspense while nobody knows whose it "
        "is. Another person than the one who recorded it.",
        gives=shapes.Receipt,
        sample={**shapes.SAMPLE, "state": "RECONCILED", "reconciled_at": "2023-09-18T18:00:00Z"},
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "wrong_state"],
    )
    def post(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will confirm it."""
        self.read_nothing()
        return self.act(
            lambda once: receipts.reconcile(receipt_id=receipt_id, by=self.actor, now=self.now, once=once),
            again=self.receipt,
            body_of=self.body,
        )


class Match(ReceiptDoor):
    """Whose a receipt is."""

    @Operation(
        "match_receipt",
        "Say whose an unmatched receipt is",
        tag=TAG,
        scope=WRITE,
        description="It pays a commitment, or is the gift of a donor. Another person than the one who "
        "recorded it.",
        sends=shapes.MatchSent,
        sample_sent={"commitment_id": shapes.SAMPLE["commitment_id"]},
        gives=shapes.Receipt,
        sample={**shapes.SAMPLE, "state": "RECONCILED", "matched_at": "2023-09-18T18:00:00Z"},
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "wrong_state", "insufficient_funds"],
    )
    def post(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will match it."""
        said = self.read(shapes.MatchSent)
        return self.act(
            lambda once: receipts.match(
                receipt_id=receipt_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.receipt,
            body_of=self.body,
        )


class Bounce(ReceiptDoor):
    """A receipt that the bank took back."""

    @Operation(
        "bounce_receipt",
        "Record that the bank took a receipt back",
        tag=TAG,
        scope=WRITE,
        description="Where its money was promised or paid to workers already, the answer says how much is "
        "missing; the next money that comes in fills that first. The letters that name it are void.",
        sends=shapes.ReasonSent,
        sample_sent={"reason": "The check was returned unpaid."},
        gives=shapes.BouncedReceipt,
        sample=shapes.BOUNCED_SAMPLE,
        key=KEY_NEEDED,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will record it."""
        said = self.read(shapes.ReasonSent)
        return self.act(
            lambda once: receipts.bounce(
                receipt_id=receipt_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.receipt,
            body_of=self.bounced_body,
        )


class Refunds(ReceiptDoor):
    """The refunds of one receipt."""

    @Operation(
        "list_refunds",
        "List a receipt's refunds, newest first",
        tag=TAG,
        scope=READ,
        query=PageQuery,
        gives=page_shape(shapes.Refund),
        sample=page_sample(shapes.REFUND_SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will list them."""
        rows = found.refunds_of(self.actor, receipt_id=receipt_id)
        return self.page(rows, ("-id",), self.refund_body)

    @Operation(
        "propose_refund",
        "Propose that money goes back to its donor",
        tag=TAG,
        scope=WRITE,
        description="All of the receipt or a part of it; another person decides.",
        sends=shapes.RefundSent,
        sample_sent=shapes.REFUND_SENT_SAMPLE,
        gives=shapes.Refund,
        sample=shapes.REFUND_SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state", "duplicate"],
    )
    def post(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will propose one."""
        currency = self.currency_of(self.receipt(receipt_id).fund_id)
        said = self.read(shapes.RefundSent, currency=currency)
        amount_cents = said.pop("amount")
        return self.act(
            lambda once: refunds.propose(
                receipt_id=receipt_id,
                amount_cents=amount_cents,
                **said,
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=self.refund,
            body_of=self.refund_body,
            status=201,
            location=lambda row: address("refunds", "rfd", row.id),
        )


class OneRefund(ReceiptDoor):
    """One refund."""

    @Operation(
        "get_refund",
        "Read a refund",
        tag=TAG,
        scope=READ,
        gives=shapes.Refund,
        sample=shapes.REFUND_SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, refund_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.refund_body(self.refund(refund_id)))


class RefundDecision(ReceiptDoor):
    """What becomes of a refund."""

    @Operation(
        "decide_refund",
        "Make or refuse a refund",
        tag=TAG,
        scope=WRITE,
        description="Another person than its proposer. It is never made out of money that is promised.",
        sends=shapes.RefundDecisionSent,
        sample_sent={"outcome": "MADE"},
        gives=shapes.Refund,
        sample={**shapes.REFUND_SAMPLE, "state": "MADE", "decided_at": "2023-09-21T17:00:00Z"},
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "already_decided", "wrong_state", "insufficient_funds"],
    )
    def post(self, request: Request, refund_id: UUID) -> HttpResponse:
        """This will decide it."""
        outcome = self.read(shapes.RefundDecisionSent)["outcome"]
        decide = refunds.make if outcome is Outcome.MADE else refunds.refuse
        return self.act(
            lambda once: decide(refund_id=refund_id, by=self.actor, now=self.now, once=once),
            again=self.refund,
            body_of=self.refund_body,
        )
