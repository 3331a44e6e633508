"""Releases of restricted money: proposed over a letter or an order, decided by another person."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.restrictions import ReleaseGround
from fundmgr.queries import funds
from fundmgr.queries import releases as found
from fundmgr.services import releases
from requests_app.api import fields
from requests_app.api import signed_shapes as shapes
from requests_app.api.answers import Body, json_answer, money_body
from requests_app.api.doors import address
from requests_app.api.paging import PageQuery
from requests_app.api.schema import KEY_NEEDED, KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.api.signed_doors import SignedDoor
from requests_app.api.signed_shapes import MOST_REASON_LETTERS, Signed, SignedDecisionSent

READ, WRITE, TAG = "commitments:read", "commitments:write", "restrictions"


class ReleaseSent(fields.Sent):
    """Money to set free."""

    amount = fields.Money()
    ground = fields.Word(ReleaseGround, help_text="The donor's letter, or an order.")
    document_id = fields.Id(
        "fil", help_text="The letter or order: evidence of the restriction or a commitment."
    )
    reason = fields.Line(most=MOST_REASON_LETTERS)


class Release(Signed):
    """Restricted money set free for general use."""

    id = fields.Id("rls")
    restriction_id = fields.Id("rst")
    amount = fields.MoneyOut()
    ground = fields.Word(ReleaseGround)
    document_id = fields.Id("fil")


SENT_SAMPLE = {
    "amount": {"amount": "11600.00", "currency": "USD"},
    "ground": "CONSENT_LETTER",
    "document_id": "fil_018aa9d5e0007c3a9d0f6b1c2e4a5d90",
    "reason": "No verified need for health premiums is left.",
}
SAMPLE = {
    "id": "rls_018aa9d5e0007c3a9d0f6b1c2e4a5d91",
    "restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d65",
    **shapes.SAMPLE,
    **SENT_SAMPLE,
}


class ReleaseDoor(SignedDoor):
    """What the addresses of releases share."""

    def release(self, release_id: UUID) -> Any:
        """This will return a release that the caller may see."""
        return found.visible_release(self.actor, release_id=release_id)

    def body(self, row: Any) -> Body:
        """This will write a release in its fund's currency."""
        return {
            "id": ids.public("rls", row.id),
            "restriction_id": ids.public("rst", row.restriction_id),
            "amount": money_body(row.amount_cents, self.currency_of(row.fund_id)),
            "ground": row.ground,
            "document_id": ids.public("fil", row.document_id),
            **shapes.signed_body(row),
        }


class Releases(ReleaseDoor):
    """The releases of one restriction."""

    @Operation(
        "list_releases",
        "List a restriction's releases, newest first",
        tag=TAG,
        scope=READ,
        query=PageQuery,
        gives=page_shape(Release),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, restriction_id: UUID) -> HttpResponse:
        """This will list them."""
        rows = found.of_restriction(self.actor, restriction_id=restriction_id)
        return self.page(rows, ("-id",), self.body)

    @Operation(
        "propose_release",
        "Propose that restricted money may be used for anything",
        tag=TAG,
        scope=WRITE,
        description="Only over the donor's consent letter or an order, kept as evidence; another person "
        "decides. Nothing moves before.",
        sends=ReleaseSent,
        sample_sent=SENT_SAMPLE,
        gives=Release,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, restriction_id: UUID) -> HttpResponse:
        """This will propose one."""
        row = funds.visible_restriction(self.actor, restriction_id=restriction_id)
        said = self.read(ReleaseSent, currency=self.currency_of(row.fund_id))
        amount_cents = said.pop("amount")
        return self.act(
            lambda once: releases.propose(
                restriction_id=restriction_id,
                amount_cents=amount_cents,
                **said,
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=self.release,
            body_of=self.body,
            status=201,
            location=lambda made: address("releases", "rls", made.id),
        )


class OneRelease(ReleaseDoor):
    """One release."""

    @Operation(
        "get_release",
        "Read a release of restricted money",
        tag=TAG,
        scope=READ,
        gives=Release,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, release_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.release(release_id)))


class ReleaseDecision(ReleaseDoor):
    """What becomes of a release."""

    @Operation(
        "decide_release",
        "Set restricted money free, or refuse it",
        tag=TAG,
        scope=WRITE,
        description="Another person than its proposer. The money leaves its restriction and may be awarded "
        "to anyone; never what is promised already.",
        sends=SignedDecisionSent,
        sample_sent={"outcome": "MADE"},
        gives=Release,
        sample={**SAMPLE, **shapes.MADE_SAMPLE, **SENT_SAMPLE},
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "already_decided", "wrong_state", "insufficient_funds"],
    )
    def post(self, request: Request, release_id: UUID) -> HttpResponse:
        """This will decide it."""
        return self.decide(
            releases.make,
            releases.refuse,
            release_id,
            named="release_id",
            again=self.release,
            body_of=self.body,
        )
