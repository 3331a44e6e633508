"""Awards: what a round gave, where the worker wants it, and declining it."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import AwardState
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp, stamp_or_null
from requests_app.api.doors import Door
from requests_app.api.paging import FundPageQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import details, payouts
from requests_app.services import awards

MOST_NAME_LETTERS, MOST_ADDRESS_LETTERS, MOST_NUMBER_LETTERS = 120, 400, 34


class PayWay(StrEnum):
    """How a worker can be paid."""

    BANK = "BANK"
    CARD = "CARD"
    CHECK = "CHECK"
    PICK_UP = "PICK_UP"


class PayeeSent(fields.Sent):
    """Where the worker wants the money."""

    method = fields.Word(PayWay, help_text="One of those that the operator offers.")
    name_on_account = fields.Line(most=MOST_NAME_LETTERS, blank=True, required=False)
    routing_number = fields.Line(most=MOST_NUMBER_LETTERS, blank=True, required=False)
    account_number = fields.Line(
        most=MOST_NUMBER_LETTERS,
        blank=True,
        required=False,
        help_text="Four digits are shown.",
    )
    address = fields.Block(most=MOST_ADDRESS_LETTERS, blank=True, required=False)


class Award(fields.Shown):
    """What one request got from one round."""

    id = fields.Id("awd")
    request_id = fields.Id("req")
    round_id = fields.Id("rnd")
    amount = fields.MoneyOut()
    state = fields.Word(AwardState)
    accept_by = fields.MomentOut(allow_null=True)
    created_at = fields.MomentOut()
    version = serializers.IntegerField()


class Payee(fields.Shown):
    """Where the money of an award goes."""

    award_id = fields.Id("awd")
    award_state = fields.Word(AwardState)
    method = serializers.CharField()
    last4 = serializers.CharField()
    usable_at = fields.MomentOut(help_text="Changed details wait until then.")


SAMPLE: Body = {
    "id": "awd_018aa9d5e0007c3a9d0f6b1c2e4a5da1",
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "round_id": "rnd_018aa9d5e0007c3a9d0f6b1c2e4a5d91",
    "amount": {"amount": "407.21", "currency": "USD"},
    "state": "RESERVED",
    "accept_by": "2023-10-23T06:59:59Z",
    "created_at": "2023-09-22T17:00:00Z",
    "version": 1,
}
PAYEE_SENT = {
    "method": "BANK",
    "name_on_account": "Ana Rivera",
    "routing_number": "021000021",
    "account_number": "000123456789",
}
PAYEE_SAMPLE: Body = {
    "award_id": SAMPLE["id"],
    "award_state": "COMMITTED",
    "method": "BANK",
    "last4": "6789",
    "usable_at": "2023-09-22T18:00:00Z",
}


def award_body(row: Any, currency: str) -> Body:
    """This will write an award."""
    return {
        "id": ids.public("awd", row.id),
        "request_id": ids.public("req", row.request_id),
        "round_id": ids.public("rnd", row.round_id),
        "amount": money_body(row.amount_cents, currency),
        "state": row.state,
        "accept_by": stamp_or_null(row.accept_by),
        "created_at": stamp(row.created_at),
        "version": row.version,
    }


def payee_body(award: Any, payee: Any) -> Body:
    """This will write where the money goes, without what would let somebody else take it."""
    return {
        "award_id": ids.public("awd", award.id),
        "award_state": award.state,
        "method": payee.method,
        "last4": payee.last4,
        "usable_at": stamp(payee.usable_at),
    }


class AwardDoor(Door):
    """What the addresses of awards share."""

    def body(self, row: Any) -> Body:
        """This will write an award in its fund's currency."""
        return award_body(row, self.currency_of(row.fund_id))

    def award(self, award_id: UUID) -> Any:
        """This will read an award."""
        return payouts.visible_award(self.actor, award_id)


class Awards(AwardDoor):
    """The fund's awards."""

    @Operation(
        "list_awards",
        "List awards, newest first",
        tag="payouts",
        scope="payouts:read",
        query=FundPageQuery,
        gives=page_shape(Award),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(payouts.visible_awards(self.actor, fund_id), ("-id",), self.body)


class OneAward(AwardDoor):
    """One award."""

    @Operation("get_award", "Read an award", tag="payouts", scope="requests:read", gives=Award, sample=SAMPLE)
    def get(self, request: Request, award_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.award(award_id)))


class AwardPayee(AwardDoor):
    """Where the money of an award goes."""

    @Operation(
        "choose_payee",
        "Say where the worker wants the money",
        tag="payouts",
        scope="requests:write",
        sends=PayeeSent,
        sample_sent=PAYEE_SENT,
        gives=Payee,
        sample=PAYEE_SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["wrong_state"],
        description=(
            "For the worker, or the program that filed the request. The first choice accepts the award; "
            "changed details wait, and the old contact is told."
        ),
    )
    def post(self, request: Request, award_id: UUID) -> HttpResponse:
        """This will keep it."""
        said = self.read(PayeeSent)

        def choose(once: Any) -> Any:
            payee = awards.choose_payee(award_id=award_id, **said, by=self.actor, now=self.now, once=once)
            return self.award(award_id), payee

        return self.act(
            choose,
            again=lambda _: details.chosen_payee(self.actor, award_id=award_id),
            body_of=lambda found: payee_body(*found),
        )


class AwardDecline(AwardDoor):
    """An award given up."""

    @Operation(
        "decline_award",
        "Give an award up; its money is available again",
        tag="payouts",
        scope="requests:write",
        gives=Award,
        sample={**SAMPLE, "state": "DECLINED", "version": 2},
        key=KEY_OPTIONAL,
        refusals=["wrong_state"],
        description="For the worker, or the program that filed the request.",
    )
    def post(self, request: Request, award_id: UUID) -> HttpResponse:
        """This will give it up."""
        self.read_nothing()
        return self.act(
            lambda once: awards.decline(award_id=award_id, by=self.actor, now=self.now, once=once),
            again=self.award,
            body_of=self.body,
        )
