"""Bank fees: what the bank charged."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.queries import receipts as found
from fundmgr.services import bank_fees
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp
from requests_app.api.commitment_shapes import Restriction
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.receipt_shapes import MOST_REFERENCE_LETTERS
from requests_app.api.schema import KEY_NEEDED, Operation, page_sample, page_shape


class BankFeeSent(fields.Sent):
    """A charge of the bank."""

    amount = fields.Money()
    bank_reference = fields.Reference(most=MOST_REFERENCE_LETTERS)
    charged_on = fields.Day()
    restriction_id = fields.Id(
        "rst", required=False, allow_null=True, help_text="The money it came out of; general if not said."
    )


class BankFee(fields.Shown):
    """What the bank charged."""

    id = fields.Id("fee")
    restriction = Restriction()
    amount = fields.MoneyOut()
    bank_reference = serializers.CharField()
    charged_on = serializers.DateField()
    created_at = fields.MomentOut()


SENT_SAMPLE = {
    "amount": {"amount": "25.00", "currency": "USD"},
    "bank_reference": "FEE-2023-09",
    "charged_on": "2023-09-30",
}
SAMPLE = {
    "id": "fee_018aa9d5e0007c3a9d0f6b1c2e4a5d67",
    "restriction": {"id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d64", "name": "General"},
    **SENT_SAMPLE,
    "created_at": "2023-09-30T17:00:00Z",
}


class BankFeeDoor(Door):
    """What the addresses of bank fees share."""

    def fee(self, fee_id: UUID) -> Any:
        """This will return a charge that the caller may see."""
        return found.visible_bank_fee(self.actor, fee_id=fee_id)

    def body(self, row: Any) -> Body:
        """This will write a charge in its fund's currency."""
        return {
            "id": ids.public("fee", row.id),
            "restriction": {"id": ids.public("rst", row.restriction_id), "name": row.restriction.name},
            "amount": money_body(row.amount_cents, self.currency_of(row.fund_id)),
            "bank_reference": row.bank_reference,
            "charged_on": row.charged_on.isoformat(),
            "created_at": stamp(row.created_at),
        }


class BankFees(BankFeeDoor):
    """The fund's bank fees."""

    @Operation(
        "list_bank_fees",
        "List bank fees, newest first",
        tag="receipts",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(BankFee),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(found.bank_fees(self.actor, fund_id=fund_id), ("-id",), self.body)

    @Operation(
        "record_bank_fee",
        "Record what the bank charged",
        tag="receipts",
        scope="commitments:write",
        description="It comes out of what is available; one step by a treasurer who releases payments.",
        query=FundQuery,
        sends=BankFeeSent,
        sample_sent=SENT_SAMPLE,
        gives=BankFee,
        sample=SAMPLE,
        status=201,
        key=KEY_NEEDED,
        refusals=["forbidden", "duplicate", "insufficient_funds"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will record one."""
        fund_id, currency = self.fund()
        said = self.read(BankFeeSent, currency=currency)
        amount_cents = said.pop("amount")
        return self.act(
            lambda once: bank_fees.record(
                fund_id=fund_id, amount_cents=amount_cents, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.fee,
            body_of=self.body,
            status=201,
            location=lambda row: address("bank-fees", "fee", row.id),
        )


class OneBankFee(BankFeeDoor):
    """One charge of the bank."""

    @Operation(
        "get_bank_fee",
        "Read a bank fee",
        tag="receipts",
        scope="commitments:read",
        gives=BankFee,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, fee_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.fee(fee_id)))
