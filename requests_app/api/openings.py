"""Tell me when it opens: a contact that hears once that a fund takes requests, and how many wait for that."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.queries import funds
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer
from requests_app.api.doors import Door
from requests_app.api.schema import KEY_OPTIONAL, Operation
from requests_app.queries import openings as queries
from requests_app.services import contacts, openings

_FUND = "fund_018aa9d5e0007c3a9d0f6b1c2e4a5d61"


class OpeningAskSent(fields.Sent):
    """Whom to tell."""

    contact = fields.Line(most=contacts.MOST_LETTERS, help_text="A number or a mail address, kept encrypted.")
    language = fields.Line(most=8, required=False, help_text="`en` or `es`.")


class OpeningAsks(fields.Shown):
    """How many wait to hear; whose contact they are is not told."""

    fund_id = fields.Id("fund")
    waiting_count = serializers.IntegerField()


class OpeningKept(fields.Shown):
    """Kept, whether we had the contact or not."""

    fund_id = fields.Id("fund")


class FundOpenings(Door):
    """Who wants to hear that a fund opens."""

    @Operation(
        "get_opening_asks",
        "Count who waits to hear that a fund opens",
        tag="funds",
        scope="funds:read",
        gives=OpeningAsks,
        sample={"fund_id": _FUND, "waiting_count": 84},
        refusals=["forbidden"],
    )
    def get(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will count them."""
        count = queries.waiting_count(self.actor, fund_id=fund_id)
        return json_answer({"fund_id": ids.public("fund", fund_id), "waiting_count": count})

    @Operation(
        "ask_for_opening",
        "Leave a contact that is told once when the fund opens",
        tag="funds",
        scope="requests:write",
        description="The contact is removed when it was told. The answer is the same for one that was known.",
        sends=OpeningAskSent,
        sample_sent={"contact": "(213) 555-0142", "language": "es"},
        gives=OpeningKept,
        sample={"fund_id": _FUND},
        status=202,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will keep it."""
        said = {"language": "en", **self.read(OpeningAskSent)}
        return self.act(
            lambda once: openings.ask_for(fund_id=fund_id, **said, by=self.actor, now=self.now, once=once),
            again=lambda key: funds.visible_fund(self.actor, fund_id=key),
            body_of=self.body,
            status=202,
        )

    def body(self, row: Any) -> Body:
        """This will name the fund."""
        return {"fund_id": ids.public("fund", row.id)}
