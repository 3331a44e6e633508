"""Commitments of donors."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import CommitmentState
from fundmgr.queries import funds
from fundmgr.services import commitments
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape

MOST_CONDITION_LETTERS = 2000
MOST_REASON_LETTERS = 300


class CommitmentSent(fields.Sent):
    """A promise to record."""

    donor_id = fields.Id("don")
    amount = fields.Money()
    pledged_on = fields.Day()
    due_on = fields.Day(required=False, allow_null=True)
    is_conditional = fields.YesNo(required=False, default=False)
    condition = fields.Block(
        most=MOST_CONDITION_LETTERS,
        blank=True,
        required=False,
        default="",
        help_text="Needed if conditional.",
    )
    restriction_id = fields.Id(
        "rst", required=False, allow_null=True, help_text="What the money is tied to; none if not said."
    )


class Restriction(fields.Shown):
    """What money is tied to."""

    id = fields.Id("rst")
    name = serializers.CharField()


class Commitment(fields.Shown):
    """A donor's promise."""

    id = fields.Id("com")
    donor_id = fields.Id("don")
    restriction = Restriction()
    amount = fields.MoneyOut()
    received = fields.MoneyOut()
    is_conditional = serializers.BooleanField()
    condition = serializers.CharField()
    pledged_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    state = fields.Word(CommitmentState)
    created_at = fields.MomentOut()
    version = serializers.IntegerField()


class CancellationSent(fields.Sent):
    """Why something is given up."""

    reason = fields.Line(most=MOST_REASON_LETTERS)


_DONOR, _COMMITMENT = "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62", "com_018aa9d5e0007c3a9d0f6b1c2e4a5d63"
_AMOUNT = {"amount": "500000.00", "currency": "USD"}
SENT_SAMPLE = {"donor_id": _DONOR, "amount": _AMOUNT, "pledged_on": "2023-09-18"}
SAMPLE = {
    "id": _COMMITMENT,
    "donor_id": _DONOR,
    "restriction": {"id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d64", "name": "General"},
    "amount": _AMOUNT,
    "received": {"amount": "0.00", "currency": "USD"},
    "is_conditional": False,
    "condition": "",
    "pledged_on": "2023-09-18",
    "due_on": None,
    "state": "PLEDGED",
    "created_at": "2023-09-18T16:00:00Z",
    "version": 1,
}


def commitment_body(row: Any, currency: str) -> Body:
    """This will write a commitment."""
    return {
        "id": ids.public("com", row.id),
        "donor_id": ids.public("don", row.donor_id),
        "restriction": {"id": ids.public("rst", row.restriction_id), "name": row.restriction.name},
        "amount": money_body(row.amount_cents, currency),
        "received": money_body(row.received_cents, currency),
        "is_conditional": row.is_conditional,
        "condition": row.condition,
        "pledged_on": row.pledged_on.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "state": row.state,
        "created_at": stamp(row.created_at),
        "version": row.version,
    }


class CommitmentDoor(Door):
    """What the addresses of this module share."""

    def commitment(self, commitment_id: UUID) -> Any:
        """This will return a commitment that the caller may see."""
        return funds.visible_commitment(self.actor, commitment_id=commitment_id)

    def commitment_body(self, row: Any) -> Body:
        """This will write a commitment in its fund's currency."""
        return commitment_body(row, self.currency_of(row.fund_id))


class Commitments(CommitmentDoor):
    """The fund's commitments."""

    @Operation(
        "list_commitments",
        "List commitments, newest first",
        tag="commitments",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(Commitment),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        rows = funds.visible_commitments(self.actor, fund_id=fund_id)
        return self.page(rows, ("-id",), self.commitment_body)

    @Operation(
        "pledge_commitment",
        "Record a donor's promise",
        tag="commitments",
        scope="commitments:write",
        query=FundQuery,
        sends=CommitmentSent,
        sample_sent=SENT_SAMPLE,
        gives=Commitment,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will record one."""
        fund_id, currency = self.fund()
        said = self.read(CommitmentSent, currency=currency)
        amount_cents = said.pop("amount")
        return self.act(
            lambda once: commitments.pledge(
                fund_id=fund_id, amount_cents=amount_cents, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.commitment,
            body_of=self.commitment_body,
            status=201,
            location=lambda row: address("commitments", "com", row.id),
        )


class OneCommitment(CommitmentDoor):
    """One commitment."""

    @Operation(
        "get_commitment",
        "Read a commitment",
        tag="commitments",
        scope="commitments:read",
        gives=Commitment,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.commitment_body(self.commitment(commitment_id)))


class CommitmentCancellation(CommitmentDoor):
    """The end of a promise."""

    @Operation(
        "cancel_commitment",
        "Give up what a donor still owes",
        tag="commitments",
        scope="commitments:write",
        sends=CancellationSent,
        sample_sent={"reason": "The donor withdrew the pledge."},
        gives=Commitment,
        sample={**SAMPLE, "state": "CANCELLED"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will cancel it."""
        said = self.read(CancellationSent)
        return self.act(
            lambda once: commitments.cancel(
                commitment_id=commitment_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.commitment,
            body_of=self.commitment_body,
        )
