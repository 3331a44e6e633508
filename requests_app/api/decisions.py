"""Decisions on eligibility: proposed by one person, made final or sent back by another."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.lifecycle import DecisionState
from requests_app.api import fields
from requests_app.api.answers import Body, money_body, stamp, stamp_or_null
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery, PageQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import requests
from requests_app.services import reviews

MOST_NOTE_LETTERS = 4000


class DecisionSent(fields.Sent):
    """What to decide."""

    is_eligible = fields.YesNo()
    verified = fields.Money(
        required=False,
        allow_null=True,
        help_text="If not said: asked less other aid, at most the policy's ceiling.",
    )
    reasons = fields.Several(child=fields.Word(Reason), required=False, max_length=len(Reason))
    note = fields.Block(most=MOST_NOTE_LETTERS, blank=True, required=False, help_text="Kept encrypted.")


class NoteSent(fields.Sent):
    """A word to the other person."""

    note = fields.Block(most=MOST_NOTE_LETTERS, blank=True, required=False, help_text="Kept encrypted.")


class Decision(fields.Shown):
    """A proposal, or what became of it."""

    id = fields.Id("dec")
    request_id = fields.Id("req")
    state = fields.Word(DecisionState)
    is_eligible = serializers.BooleanField()
    verified = fields.MoneyOut()
    reasons = serializers.ListField(child=serializers.CharField())
    request_version = serializers.IntegerField()
    proposed_at = fields.MomentOut()
    decided_at = fields.MomentOut(allow_null=True)


SAMPLE: dict[str, Any] = {
    "id": "dec_018aa9d5e0007c3a9d0f6b1c2e4a5d81",
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "state": "PROPOSED",
    "is_eligible": True,
    "verified": {"amount": "2500.00", "currency": "USD"},
    "reasons": [],
    "request_version": 1,
    "proposed_at": "2023-09-19T10:00:00Z",
    "decided_at": None,
}
FINAL_SAMPLE = {**SAMPLE, "state": "FINAL", "decided_at": "2023-09-19T12:00:00Z"}


def decision_body(row: Any, currency: str) -> Body:
    """This will write a decision."""
    return {
        "id": ids.public("dec", row.id),
        "request_id": ids.public("req", row.request_id),
        "state": row.state,
        "is_eligible": row.is_eligible,
        "verified": money_body(row.verified_cents, currency),
        "reasons": list(row.reasons),
        "request_version": row.request_version,
        "proposed_at": stamp(row.created_at),
        "decided_at": stamp_or_null(row.decided_at),
    }


class DecisionDoor(Door):
    """What the addresses of decisions share."""

    def body(self, row: Any) -> Body:
        """This will write a decision in its fund's currency."""
        return decision_body(row, self.currency_of(row.fund_id))

    def again(self, decision_id: UUID) -> Any:
        """This will read a decision for a repeated call."""
        return requests.visible_decision(self.actor, decision_id)

    def decide(self, decision_id: UUID, *, approve: bool) -> HttpResponse:
        """This will make a proposal final, or send it back."""
        note = self.read(NoteSent).get("note", "")
        return self.act(
            lambda once: reviews.decide(
                decision_id=decision_id, approve=approve, note=note, by=self.actor, now=self.now, once=once
            ),
            again=self.again,
            body_of=self.body,
        )


class DecisionInbox(DecisionDoor):
    """The proposals that wait for a second person."""

    @Operation(
        "list_open_decisions",
        "List proposals that wait for a second person, oldest first",
        tag="decisions",
        scope="requests:read",
        query=FundPageQuery,
        gives=page_shape(Decision),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(requests.open_decisions(self.actor, fund_id), ("id",), self.body)


class Decisions(DecisionDoor):
    """The decisions on one request."""

    @Operation(
        "list_decisions",
        "List the decisions on a request, newest first",
        tag="decisions",
        scope="requests:read",
        query=PageQuery,
        gives=page_shape(Decision),
        sample=page_sample(FINAL_SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.page(requests.visible_decisions(self.actor, request_id), ("-id",), self.body)

    @Operation(
        "propose_decision",
        "Propose whether a request is eligible",
        tag="decisions",
        scope="decisions:write",
        sends=DecisionSent,
        sample_sent={"is_eligible": True, "verified": SAMPLE["verified"]},
        gives=Decision,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will propose."""
        fund_id = requests.visible_request(self.actor, request_id).fund_id
        said = self.read(DecisionSent, currency=self.currency_of(fund_id))
        verified_cents = said.pop("verified", None)
        return self.act(
            lambda once: reviews.propose(
                request_id=request_id,
                verified_cents=verified_cents,
                **said,
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=self.again,
            body_of=self.body,
            status=201,
            location=lambda row: f"{address('requests', 'req', row.request_id)}/decisions",
        )


class DecisionApproval(DecisionDoor):
    """A proposal made final."""

    @Operation(
        "approve_decision",
        "Make a proposal final",
        tag="decisions",
        scope="decisions:write",
        description="Another person than the one who proposed it.",
        sends=NoteSent,
        sample_sent={"note": "Agreed."},
        gives=Decision,
        sample=FINAL_SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "already_decided"],
    )
    def post(self, request: Request, decision_id: UUID) -> HttpResponse:
        """This will make it final."""
        return self.decide(decision_id, approve=True)


class DecisionReturn(DecisionDoor):
    """A proposal sent back."""

    @Operation(
        "return_decision",
        "Send a proposal back to the reviewer",
        tag="decisions",
        scope="decisions:write",
        sends=NoteSent,
        sample_sent={"note": "Which pay stub shows the last day?"},
        gives=Decision,
        sample={**SAMPLE, "state": "SENT_BACK", "decided_at": "2023-09-19T12:00:00Z"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "already_decided"],
    )
    def post(self, request: Request, decision_id: UUID) -> HttpResponse:
        """This will send it back."""
        return self.decide(decision_id, approve=False)
