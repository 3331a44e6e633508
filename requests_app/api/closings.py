"""The end of a fund: winding down, then closed by its director and its board."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.queries import funds
from requests_app.api import fields
from requests_app.api import signed_shapes as shapes
from requests_app.api.answers import Body, json_answer
from requests_app.api.doors import Door, address
from requests_app.api.funds import FUND_SAMPLE, Fund, fund_body
from requests_app.api.paging import PageQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.api.signed_doors import SignedDoor
from requests_app.api.signed_shapes import Signed, SignedDecisionSent, SignedSent
from requests_app.queries import closing as found
from requests_app.services import closing

READ, WRITE, TAG = "commitments:read", "commitments:write", "funds"


class Closing(Signed):
    """A fund closed for good, or proposed to be."""

    id = fields.Id("cls")
    fund_id = fields.Id("fund")
    obstacles = serializers.ListField(
        child=serializers.CharField(), help_text="What must be settled before it can be closed, as of now."
    )


_WHICH = {
    "id": "cls_018aa9d5e0007c3a9d0f6b1c2e4a5da2",
    "fund_id": "fund_018aa9d5e0007c3a9d0f6b1c2e4a5d61",
    "obstacles": [],
}
_WHY = {"reason": "All is paid, and the rest went back to its donors."}
SAMPLE: Body = {**_WHICH, **shapes.SAMPLE, **_WHY}
MADE_SAMPLE: Body = {**_WHICH, **shapes.MADE_SAMPLE, **_WHY}


class ClosingDoor(SignedDoor):
    """What the addresses of closings share."""

    def closing(self, closing_id: UUID) -> Any:
        """This will return a closing that the caller may see."""
        return found.visible_closing(self.actor, closing_id=closing_id)

    def body(self, row: Any) -> Body:
        """This will write a closing."""
        return {
            "id": ids.public("cls", row.id),
            "fund_id": ids.public("fund", row.fund_id),
            "obstacles": found.obstacles(row.fund_id) if row.state == "PROPOSED" else [],
            **shapes.signed_body(row),
        }


class WindingDown(Door):
    """The beginning of a fund's end."""

    @Operation(
        "wind_down_fund",
        "Begin the end of a fund",
        tag=TAG,
        scope=WRITE,
        description="It takes no more requests already, and every request is decided.",
        gives=Fund,
        sample={**FUND_SAMPLE, "state": "WINDING_DOWN"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will begin it."""
        self.read_nothing()
        return self.act(
            lambda once: closing.wind_down(fund_id=fund_id, by=self.actor, now=self.now, once=once),
            again=lambda key: funds.visible_fund(self.actor, fund_id=key),
            body_of=fund_body,
        )


class Closings(ClosingDoor):
    """The closings of one fund."""

    @Operation(
        "list_closings",
        "List a fund's closings, newest first",
        tag=TAG,
        scope=READ,
        query=PageQuery,
        gives=page_shape(Closing),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.page(found.closings(self.actor, fund_id=fund_id), ("-id",), self.body)

    @Operation(
        "propose_closing",
        "Propose to close a fund for good",
        tag=TAG,
        scope=WRITE,
        description="The director proposes it once nothing is owed and no money is left. The board signs "
        "too.",
        sends=SignedSent,
        sample_sent=_WHY,
        gives=Closing,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state", "duplicate"],
    )
    def post(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will propose it."""
        reason = self.read(SignedSent)["reason"]
        return self.act(
            lambda once: closing.propose(
                fund_id=fund_id, reason=reason, by=self.actor, now=self.now, once=once
            ),
            again=self.closing,
            body_of=self.body,
            status=201,
            location=lambda row: address("closings", "cls", row.id),
        )


class OneClosing(ClosingDoor):
    """One closing."""

    @Operation(
        "get_closing",
        "Read a closing, and what stands in its way",
        tag=TAG,
        scope=READ,
        gives=Closing,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, closing_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.closing(closing_id)))


class ClosingDecision(ClosingDoor):
    """What becomes of a closing."""

    @Operation(
        "decide_closing",
        "Sign a closing too, or refuse it",
        tag=TAG,
        scope=WRITE,
        description="Another person than its proposer. A closed fund stays closed; its books take "
        "recoveries, unclaimed money and corrections that two people sign.",
        sends=SignedDecisionSent,
        sample_sent={"outcome": "MADE"},
        gives=Closing,
        sample=MADE_SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "already_decided", "wrong_state"],
    )
    def post(self, request: Request, closing_id: UUID) -> HttpResponse:
        """This will decide it."""
        return self.decide(
            closing.close,
            closing.refuse,
            closing_id,
            named="closing_id",
            again=self.closing,
            body_of=self.body,
        )
