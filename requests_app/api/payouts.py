"""Payouts: one attempt each to pay an award, and what the bank did with it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import PayoutState
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp, stamp_or_null
from requests_app.api.doors import Door
from requests_app.api.paging import FundPageQuery
from requests_app.api.schema import KEY_NEEDED, Operation, page_sample, page_shape
from requests_app.queries import payouts as queries
from requests_app.services import payouts

MOST_CODE_LETTERS = 8


class ReturnSent(fields.Sent):
    """Why the bank sent it back."""

    code = fields.Line(most=MOST_CODE_LETTERS, help_text="The bank's code, like R03.")


class Payout(fields.Shown):
    """One attempt to pay one award."""

    id = fields.Id("pay")
    award_id = fields.Id("awd")
    batch_id = fields.Id("bat")
    amount = fields.MoneyOut()
    attempt = serializers.IntegerField()
    state = fields.Word(PayoutState)
    method = serializers.CharField()
    last4 = serializers.CharField()
    return_code = serializers.CharField()
    released_at = fields.MomentOut(allow_null=True)
    settled_at = fields.MomentOut(allow_null=True)
    returned_at = fields.MomentOut(allow_null=True)
    created_at = fields.MomentOut()


SAMPLE: Body = {
    "id": "pay_018aa9d5e0007c3a9d0f6b1c2e4a5db1",
    "award_id": "awd_018aa9d5e0007c3a9d0f6b1c2e4a5da1",
    "batch_id": "bat_018aa9d5e0007c3a9d0f6b1c2e4a5dc1",
    "amount": {"amount": "407.21", "currency": "USD"},
    "attempt": 1,
    "state": "RELEASED",
    "method": "BANK",
    "last4": "6789",
    "return_code": "",
    "released_at": "2023-09-23T09:00:00Z",
    "settled_at": None,
    "returned_at": None,
    "created_at": "2023-09-22T19:00:00Z",
}


def payout_body(row: Any, currency: str) -> Body:
    """This will write a payout."""
    return {
        "id": ids.public("pay", row.id),
        "award_id": ids.public("awd", row.award_id),
        "batch_id": ids.public("bat", row.batch_id),
        "amount": money_body(row.amount_cents, currency),
        "attempt": row.attempt,
        "state": row.state,
        "method": row.payee.method,
        "last4": row.payee.last4,
        "return_code": row.return_code,
        "released_at": stamp_or_null(row.released_at),
        "settled_at": stamp_or_null(row.settled_at),
        "returned_at": stamp_or_null(row.returned_at),
        "created_at": stamp(row.created_at),
    }


class PayoutDoor(Door):
    """What the addresses of payouts share."""

    def body(self, row: Any) -> Body:
        """This will write a payout in its fund's currency."""
        return payout_body(row, self.currency_of(row.fund_id))

    def payout(self, payout_id: UUID) -> Any:
        """This will read a payout."""
        return queries.visible_payout(self.actor, payout_id)


class Payouts(PayoutDoor):
    """The fund's payouts."""

    @Operation(
        "list_payouts",
        "List payouts, newest first",
        tag="payouts",
        scope="payouts:read",
        query=FundPageQuery,
        gives=page_shape(Payout),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(queries.visible_payouts(self.actor, fund_id), ("-id",), self.body)


class OnePayout(PayoutDoor):
    """One payout."""

    @Operation(
        "get_payout", "Read a payout", tag="payouts", scope="payouts:read", gives=Payout, sample=SAMPLE
    )
    def get(self, request: Request, payout_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.payout(payout_id)))


class Settlement(PayoutDoor):
    """The bank paid."""

    @Operation(
        "settle_payout",
        "Book that the bank paid",
        tag="payouts",
        scope="payouts:write",
        gives=Payout,
        sample={**SAMPLE, "state": "SETTLED", "settled_at": "2023-09-25T09:00:00Z"},
        key=KEY_NEEDED,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, payout_id: UUID) -> HttpResponse:
        """This will book it."""
        self.read_nothing()

        def settle(once: Any) -> Any:
            payouts.settle(payout_ids=[payout_id], by=self.actor, now=self.now, once=once)
            return self.payout(payout_id)

        return self.act(settle, again=lambda _: self.payout(payout_id), body_of=self.body)


class Return(PayoutDoor):
    """The bank sent it back."""

    @Operation(
        "return_payout",
        "Book that a payment came back",
        tag="payouts",
        scope="payouts:write",
        sends=ReturnSent,
        sample_sent={"code": "R03"},
        gives=Payout,
        sample={
            **SAMPLE,
            "state": "RETURNED",
            "return_code": "R03",
            "returned_at": "2023-09-26T09:00:00Z",
        },
        key=KEY_NEEDED,
        refusals=["forbidden", "wrong_state"],
        description="The award is owed again and can go into another batch.",
    )
    def post(self, request: Request, payout_id: UUID) -> HttpResponse:
        """This will book it."""
        said = self.read(ReturnSent)

        def send_back(once: Any) -> Any:
            payouts.record_return(payout_id=payout_id, **said, by=self.actor, now=self.now, once=once)
            return self.payout(payout_id)

        return self.act(send_back, again=self.payout, body_of=self.body)
