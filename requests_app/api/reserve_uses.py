"""Uses of the reserve: proposed for what it is kept for, decided by another person."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.reserve import ReserveGround
from fundmgr.queries import funds
from fundmgr.queries import reserve_uses as found
from fundmgr.services import reserve_uses
from requests_app.api import fields
from requests_app.api import signed_shapes as shapes
from requests_app.api.answers import Body, json_answer, money_body
from requests_app.api.doors import address
from requests_app.api.paging import PageQuery
from requests_app.api.releases import READ, WRITE
from requests_app.api.schema import KEY_NEEDED, KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.api.signed_doors import SignedDoor
from requests_app.api.signed_shapes import MOST_REASON_LETTERS, Signed, SignedDecisionSent

TAG = "restrictions"


class ReserveUseSent(fields.Sent):
    """Money of the reserve to use."""

    amount = fields.Money()
    ground = fields.Word(ReserveGround, help_text="What the money is kept for.")
    reason = fields.Line(most=MOST_REASON_LETTERS)


class ReserveUse(Signed):
    """Money of the reserve that may be awarded."""

    id = fields.Id("rsu")
    restriction_id = fields.Id("rst")
    amount = fields.MoneyOut()
    ground = fields.Word(ReserveGround)


SENT_SAMPLE = {
    "amount": {"amount": "1500.00", "currency": "USD"},
    "ground": "SECOND_LOOK",
    "reason": "The second look at R-7K3Q9 was decided for the worker.",
}
SAMPLE = {
    "id": "rsu_018aa9d5e0007c3a9d0f6b1c2e4a5da7",
    "restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d65",
    **shapes.SAMPLE,
    **SENT_SAMPLE,
}


class ReserveUseDoor(SignedDoor):
    """What the addresses of uses of the reserve share."""

    def use(self, use_id: UUID) -> Any:
        """This will return a use that the caller may see."""
        return found.visible_use(self.actor, use_id=use_id)

    def body(self, row: Any) -> Body:
        """This will write a use in its fund's currency."""
        return {
            "id": ids.public("rsu", row.id),
            "restriction_id": ids.public("rst", row.restriction_id),
            "amount": money_body(row.amount_cents, self.currency_of(row.fund_id)),
            "ground": row.ground,
            **shapes.signed_body(row),
        }


class ReserveUses(ReserveUseDoor):
    """The uses of one restriction's reserve."""

    @Operation(
        "list_reserve_uses",
        "List the uses of a restriction's reserve, newest first",
        tag=TAG,
        scope=READ,
        query=PageQuery,
        gives=page_shape(ReserveUse),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, restriction_id: UUID) -> HttpResponse:
        """This will list them."""
        rows = found.of_restriction(self.actor, restriction_id=restriction_id)
        return self.page(rows, ("-id",), self.body)

    @Operation(
        "propose_reserve_use",
        "Propose that money of the reserve may be awarded",
        tag=TAG,
        scope=WRITE,
        description="For what the reserve is kept for: a second look that was decided for a worker, a "
        "payment or gift that came back, a hardship, the end of the fund. Another person decides; nothing "
        "moves before.",
        sends=ReserveUseSent,
        sample_sent=SENT_SAMPLE,
        gives=ReserveUse,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden"],
    )
    def post(self, request: Request, restriction_id: UUID) -> HttpResponse:
        """This will propose one."""
        row = funds.visible_restriction(self.actor, restriction_id=restriction_id)
        said = self.read(ReserveUseSent, currency=self.currency_of(row.fund_id))
        amount_cents = said.pop("amount")
        return self.act(
            lambda once: reserve_uses.propose(
                restriction_id=restriction_id,
                amount_cents=amount_cents,
                **said,
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=self.use,
            body_of=self.body,
            status=201,
            location=lambda made: address("reserve-uses", "rsu", made.id),
        )


class OneReserveUse(ReserveUseDoor):
    """One use of the reserve."""

    @Operation(
        "get_reserve_use",
        "Read a use of the reserve",
        tag=TAG,
        scope=READ,
        gives=ReserveUse,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, use_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.use(use_id)))


class ReserveUseDecision(ReserveUseDoor):
    """What becomes of a use of the reserve."""

    @Operation(
        "decide_reserve_use",
        "Put money of the reserve to use, or refuse it",
        tag=TAG,
        scope=WRITE,
        description="Another person than its proposer. The money is available to award; what its restriction "
        "lacks since a gift bounced is filled first.",
        sends=SignedDecisionSent,
        sample_sent={"outcome": "MADE"},
        gives=ReserveUse,
        sample={**SAMPLE, **shapes.MADE_SAMPLE, **SENT_SAMPLE},
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "already_decided", "insufficient_funds"],
    )
    def post(self, request: Request, use_id: UUID) -> HttpResponse:
        """This will decide it."""
        return self.decide(
            reserve_uses.make,
            reserve_uses.refuse,
            use_id,
            named="use_id",
            again=self.use,
            body_of=self.body,
        )
