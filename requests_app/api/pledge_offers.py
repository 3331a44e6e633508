"""Promises from the public page: read them, take one as a commitment, turn one down."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.languages import Language
from fundmgr.domain.lifecycle import PledgeOfferState
from fundmgr.queries import pledge_offers as queries
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp, stamp_or_null
from requests_app.api.commitment_shapes import MOST_REASON_LETTERS
from requests_app.api.doors import Door
from requests_app.api.paging import FundPageQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.services import pledge_offers
from requests_app.services.pledge_offers import MOST_REPLY

READ, WRITE, TAG = "commitments:read", "commitments:write", "commitments"


class TakingSent(fields.Sent):
    """What the fund adds to a promise that it takes."""

    donor_id = fields.Id("don", required=False, allow_null=True, help_text="A new donor if not said.")
    due_on = fields.Day(
        required=False, allow_null=True, help_text="The day that the giver named, if not said."
    )
    restriction_id = fields.Id(
        "rst", required=False, allow_null=True, help_text="What the money is tied to; none if not said."
    )


class RefusalSent(fields.Sent):
    """Why a promise is turned down, for the fund and for the one who made it."""

    reason = fields.Line(most=MOST_REASON_LETTERS, help_text="The fund's own note; the giver never reads it.")
    reply = fields.Line(
        most=MOST_REPLY,
        blank=True,
        required=False,
        help_text="What the giver's letter says of it, in the offer's language; no reason if not said.",
    )


class PledgeOffer(fields.Shown):
    """A promise that somebody made on the public page and proved by mail."""

    id = fields.Id("ofr")
    name = serializers.CharField()
    amount = fields.MoneyOut()
    meant_on = serializers.DateField(allow_null=True)
    wish = serializers.CharField(help_text="What it should be for, in the giver's words.")
    shows_name = serializers.BooleanField()
    language = fields.Word(Language)
    state = fields.Word(PledgeOfferState)
    created_at = fields.MomentOut()
    proved_at = fields.MomentOut()
    decided_at = fields.MomentOut(allow_null=True)
    reason = serializers.CharField(help_text="Why it was turned down, for the fund.")
    reply = serializers.CharField(help_text="What the giver was told of it.")
    commitment_id = fields.Id("com", allow_null=True, help_text="What it was taken as.")


SAMPLE: Body = {
    "id": "ofr_018aa9d5e0007c3a9d0f6b1c2e4a5dc1",
    "name": "Ana Rivera",
    "amount": {"amount": "50.00", "currency": "USD"},
    "meant_on": "2023-10-18",
    "wish": "Rent for crew",
    "shows_name": False,
    "language": "en",
    "state": "PROVED",
    "created_at": "2023-09-18T16:00:00Z",
    "proved_at": "2023-09-18T16:04:00Z",
    "decided_at": None,
    "reason": "",
    "reply": "",
    "commitment_id": None,
}
_DECIDED = {**SAMPLE, "decided_at": "2023-09-19T16:00:00Z"}


class OfferDoor(Door):
    """What the addresses of offers share."""

    def offer(self, offer_id: UUID) -> Any:
        """This will return an offer that the caller may see."""
        return queries.visible_offer(self.actor, offer_id=offer_id)

    def body(self, row: Any) -> Body:
        """This will write an offer; its mail address stays with the fund."""
        return {
            "id": ids.public("ofr", row.id),
            "name": row.name,
            "amount": money_body(row.amount_cents, self.currency_of(row.fund_id)),
            "meant_on": row.meant_on.isoformat() if row.meant_on else None,
            "wish": row.wish,
            "shows_name": row.shows_name,
            "language": row.language,
            "state": row.state,
            "created_at": stamp(row.created_at),
            "proved_at": stamp(row.proved_at),
            "decided_at": stamp_or_null(row.decided_at),
            "reason": row.reason,
            "reply": row.reply,
            "commitment_id": ids.public("com", row.commitment_id) if row.commitment_id else None,
        }


class PledgeOffers(OfferDoor):
    """The fund's offers."""

    @Operation(
        "list_pledge_offers",
        "List promises from the public page, newest first",
        tag=TAG,
        scope=READ,
        query=FundPageQuery,
        gives=page_shape(PledgeOffer),
        sample=page_sample(SAMPLE),
        description="Those whose givers confirmed them by mail. No figure counts one before it is taken.",
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(queries.visible_offers(self.actor, fund_id=fund_id), ("-id",), self.body)


class OnePledgeOffer(OfferDoor):
    """One offer."""

    @Operation(
        "get_pledge_offer",
        "Read a promise from the public page",
        tag=TAG,
        scope=READ,
        gives=PledgeOffer,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, offer_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.offer(offer_id)))


class PledgeOfferTaking(OfferDoor):
    """An offer that the fund takes."""

    @Operation(
        "take_pledge_offer",
        "Take a promise from the public page as a commitment",
        tag=TAG,
        scope=WRITE,
        sends=TakingSent,
        sample_sent={"due_on": "2023-10-18"},
        gives=PledgeOffer,
        sample={**_DECIDED, "state": "TAKEN", "commitment_id": "com_018aa9d5e0007c3a9d0f6b1c2e4a5d63"},
        key=KEY_OPTIONAL,
        description=(
            "It is recorded as `pledge_commitment` does, of the donor named or of a new one. "
            "The giver is told by mail, in the offer's language."
        ),
        refusals=["forbidden", "already_decided"],
    )
    def post(self, request: Request, offer_id: UUID) -> HttpResponse:
        """This will take it."""
        said = self.read(TakingSent)
        return self.act(
            lambda once: pledge_offers.take(
                offer_id=offer_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.offer,
            body_of=self.body,
        )


class PledgeOfferRefusal(OfferDoor):
    """An offer that the fund turns down."""

    @Operation(
        "turn_down_pledge_offer",
        "Turn a promise from the public page down",
        tag=TAG,
        scope=WRITE,
        sends=RefusalSent,
        sample_sent={"reason": "It was a test.", "reply": "This looked like a test."},
        gives=PledgeOffer,
        sample={
            **_DECIDED,
            "state": "TURNED_DOWN",
            "reason": "It was a test.",
            "reply": "This looked like a test.",
        },
        key=KEY_OPTIONAL,
        description="The giver is told by mail, in the offer's language.",
        refusals=["forbidden", "already_decided"],
    )
    def post(self, request: Request, offer_id: UUID) -> HttpResponse:
        """This will turn it down."""
        said = self.read(RefusalSent)
        return self.act(
            lambda once: pledge_offers.turn_down(
                offer_id=offer_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.offer,
            body_of=self.body,
        )
