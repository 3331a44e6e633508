"""Reversals: a transfer undone by its mirror image, proposed by one person and signed by another."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.queries import reversals as found
from fundmgr.services import reversals
from requests_app.api import fields
from requests_app.api import signed_shapes as shapes
from requests_app.api.answers import Body, json_answer
from requests_app.api.doors import address
from requests_app.api.paging import PageQuery
from requests_app.api.schema import KEY_NEEDED, KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.api.signed_doors import SignedDoor
from requests_app.api.signed_shapes import Signed, SignedDecisionSent, SignedSent

READ, WRITE, TAG = "commitments:read", "commitments:write", "ledger"


class Reversal(Signed):
    """A transfer undone by its mirror image, or proposed to be."""

    id = fields.Id("rev")
    transfer_id = fields.Id("trf")


_WHICH = {
    "id": "rev_018aa9d5e0007c3a9d0f6b1c2e4a5da1",
    "transfer_id": "trf_018aa9d5e0007c3a9d0f6b1c2e4a5d82",
}
SAMPLE: Body = {**_WHICH, **shapes.SAMPLE}
MADE_SAMPLE: Body = {**_WHICH, **shapes.MADE_SAMPLE}


class ReversalDoor(SignedDoor):
    """What the addresses of reversals share."""

    def reversal(self, reversal_id: UUID) -> Any:
        """This will return a reversal that the caller may see."""
        return found.visible_reversal(self.actor, reversal_id=reversal_id)

    def body(self, row: Any) -> Body:
        """This will write a reversal."""
        return {
            "id": ids.public("rev", row.id),
            "transfer_id": ids.public("trf", row.transfer_id),
            **shapes.signed_body(row),
        }


class Reversals(ReversalDoor):
    """The reversals of one transfer."""

    @Operation(
        "list_reversals",
        "List a transfer's reversals, newest first",
        tag=TAG,
        scope=READ,
        query=PageQuery,
        gives=page_shape(Reversal),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, transfer_id: UUID) -> HttpResponse:
        """This will list them."""
        rows = found.of_transfer(self.actor, transfer_id=transfer_id)
        return self.page(rows, ("-id",), self.body)

    @Operation(
        "propose_reversal",
        "Propose to undo a transfer",
        tag=TAG,
        scope=WRITE,
        description="Bank fees, uncashed checks, unclaimed money and clawbacks; other moves are undone where "
        "they were made. Another person signs too, and nothing moves before.",
        sends=SignedSent,
        sample_sent={"reason": shapes.SAMPLE["reason"]},
        gives=Reversal,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state", "duplicate"],
    )
    def post(self, request: Request, transfer_id: UUID) -> HttpResponse:
        """This will propose one."""
        reason = self.read(SignedSent)["reason"]
        return self.act(
            lambda once: reversals.propose(
                transfer_id=transfer_id, reason=reason, by=self.actor, now=self.now, once=once
            ),
            again=self.reversal,
            body_of=self.body,
            status=201,
            location=lambda row: address("reversals", "rev", row.id),
        )


class OneReversal(ReversalDoor):
    """One reversal."""

    @Operation(
        "get_reversal",
        "Read a reversal",
        tag=TAG,
        scope=READ,
        gives=Reversal,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, reversal_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.reversal(reversal_id)))


class ReversalDecision(ReversalDoor):
    """What becomes of a reversal."""

    @Operation(
        "decide_reversal",
        "Sign a reversal too, or refuse it",
        tag=TAG,
        scope=WRITE,
        description="Another person than its proposer. The mirror image is posted; the first transfer stays.",
        sends=SignedDecisionSent,
        sample_sent={"outcome": "MADE"},
        gives=Reversal,
        sample=MADE_SAMPLE,
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "already_decided", "already_posted", "insufficient_funds"],
    )
    def post(self, request: Request, reversal_id: UUID) -> HttpResponse:
        """This will decide it."""
        return self.decide(
            reversals.make,
            reversals.refuse,
            reversal_id,
            named="reversal_id",
            again=self.reversal,
            body_of=self.body,
        )
