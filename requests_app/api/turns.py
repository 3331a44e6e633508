"""Turns of late promises: new dates or a default, proposed by one person and signed by another."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import Turn
from fundmgr.queries import funds
from fundmgr.queries import turns as found
from fundmgr.services import turns
from requests_app.api import fields
from requests_app.api import signed_shapes as shapes
from requests_app.api.answers import Body, json_answer, money_body
from requests_app.api.commitment_shapes import (
    SAMPLE as COMMITMENT_SAMPLE,
)
from requests_app.api.commitment_shapes import (
    Instalment,
    PledgeReasonSent,
    ScheduleSent,
    parts_of,
)
from requests_app.api.doors import address
from requests_app.api.paging import FundPageQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.api.signed_doors import SignedDoor
from requests_app.api.signed_shapes import Signed, SignedDecisionSent

READ, WRITE, TAG = "commitments:read", "commitments:write", "commitments"


class CommitmentTurn(Signed):
    """New dates for a promise that is late, or its default."""

    id = fields.Id("trn")
    commitment_id = fields.Id("com")
    turn = fields.Word(Turn)
    instalments = serializers.ListField(child=Instalment(), help_text="The new dates; none of a default.")


_PART = {"due_on": "2023-11-18", "amount": COMMITMENT_SAMPLE["amount"]}
_WHICH = {
    "id": "trn_018aa9d5e0007c3a9d0f6b1c2e4a5da7",
    "commitment_id": COMMITMENT_SAMPLE["id"],
    "turn": "NEW_DATES",
    "instalments": [_PART],
}
SAMPLE: Body = {**_WHICH, **shapes.SAMPLE, "reason": "The donor asked for a month."}
DEFAULT_SAMPLE: Body = {**SAMPLE, "turn": "DEFAULT", "instalments": [], "reason": "The company was wound up."}
MADE_SAMPLE: Body = {**_WHICH, **shapes.MADE_SAMPLE, "reason": "The donor asked for a month."}


class TurnDoor(SignedDoor):
    """What the addresses of turns share."""

    def turn(self, turn_id: UUID) -> Any:
        """This will return a turn that the caller may see."""
        return found.visible_turn(self.actor, turn_id=turn_id)

    def body(self, row: Any) -> Body:
        """This will write a turn in its fund's currency."""
        currency = self.currency_of(row.fund_id)
        return {
            "id": ids.public("trn", row.id),
            "commitment_id": ids.public("com", row.commitment_id),
            "turn": row.turn,
            "instalments": [
                {"due_on": day, "amount": money_body(cents, currency)} for day, cents in row.parts
            ],
            **shapes.signed_body(row),
        }

    def propose(self, call: Any) -> HttpResponse:
        """This will propose a turn and say where it is."""
        return self.act(
            call,
            again=self.turn,
            body_of=self.body,
            status=201,
            location=lambda row: address("turns", "trn", row.id),
        )


class CommitmentSchedule(TurnDoor):
    """New dates of a promise that is late."""

    @Operation(
        "propose_schedule",
        "Propose new dates for a late promise",
        tag=TAG,
        scope=WRITE,
        description="The director proposes, a releasing treasurer signs too; the old dates stand until then.",
        sends=ScheduleSent,
        sample_sent={"instalments": [_PART], "reason": SAMPLE["reason"]},
        gives=CommitmentTurn,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state", "duplicate"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will propose them."""
        fund_id = funds.visible_commitment(self.actor, commitment_id=commitment_id).fund_id
        said = self.read(ScheduleSent, currency=self.currency_of(fund_id))
        return self.propose(
            lambda once: turns.propose_dates(
                commitment_id=commitment_id,
                instalments=parts_of(said["instalments"]),
                reason=said["reason"],
                by=self.actor,
                now=self.now,
                once=once,
            )
        )


class CommitmentDefault(TurnDoor):
    """That a donor will not pay."""

    @Operation(
        "propose_default",
        "Propose that a donor will not pay",
        tag=TAG,
        scope=WRITE,
        description="The director proposes, a releasing treasurer signs too; the money is owed until then.",
        sends=PledgeReasonSent,
        sample_sent={"reason": DEFAULT_SAMPLE["reason"]},
        gives=CommitmentTurn,
        sample=DEFAULT_SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state", "duplicate"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will say so."""
        said = self.read(PledgeReasonSent)
        return self.propose(
            lambda once: turns.propose_default(
                commitment_id=commitment_id, **said, by=self.actor, now=self.now, once=once
            )
        )


class CommitmentTurns(TurnDoor):
    """The turns of one commitment."""

    @Operation(
        "list_commitment_turns",
        "List a commitment's new dates and defaults, newest first",
        tag=TAG,
        scope=READ,
        query=FundPageQuery,
        gives=page_shape(CommitmentTurn),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will list them."""
        rows = found.of_commitment(self.actor, commitment_id=commitment_id)
        return self.page(rows, ("-id",), self.body)


class OneTurn(TurnDoor):
    """One turn."""

    @Operation(
        "get_commitment_turn",
        "Read a turn of a late promise",
        tag=TAG,
        scope=READ,
        gives=CommitmentTurn,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, turn_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.turn(turn_id)))


class TurnDecision(TurnDoor):
    """What becomes of a turn."""

    @Operation(
        "decide_commitment_turn",
        "Sign new dates or a default too, or refuse it",
        tag=TAG,
        scope=WRITE,
        description="Another person than its proposer. Each figure that planned on the money follows.",
        sends=SignedDecisionSent,
        sample_sent={"outcome": "MADE"},
        gives=CommitmentTurn,
        sample=MADE_SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "already_decided", "wrong_state"],
    )
    def post(self, request: Request, turn_id: UUID) -> HttpResponse:
        """This will decide it."""
        return self.decide(
            turns.make,
            turns.refuse,
            turn_id,
            named="turn_id",
            again=self.turn,
            body_of=self.body,
        )
