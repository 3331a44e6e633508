"""Batches: payouts that leave together, prepared by one treasurer and released by another, signed in."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import BatchState
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp, stamp_or_null
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.schema import KEY_NEEDED, KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import payouts as queries
from requests_app.services import payouts

MOST_AWARDS = 5000


class BatchSent(fields.Sent):
    """What to pay."""

    award_ids = fields.Several(
        child=fields.Id("awd"),
        required=False,
        min_length=1,
        max_length=MOST_AWARDS,
        help_text="Every award that can be paid now, if not said.",
    )


class Batch(fields.Shown):
    """Payouts that leave together."""

    id = fields.Id("bat")
    number = serializers.IntegerField()
    state = fields.Word(BatchState)
    payouts_count = serializers.IntegerField()
    total = fields.MoneyOut()
    released_at = fields.MomentOut(allow_null=True)
    payment_list_sha256 = serializers.CharField(help_text="Empty until the list is written.")
    created_at = fields.MomentOut()
    version = serializers.IntegerField()


SAMPLE: Body = {
    "id": "bat_018aa9d5e0007c3a9d0f6b1c2e4a5dc1",
    "number": 1,
    "state": "BUILT",
    "payouts_count": 12,
    "total": {"amount": "4886.52", "currency": "USD"},
    "released_at": None,
    "payment_list_sha256": "",
    "created_at": "2023-09-22T19:00:00Z",
    "version": 1,
}


def batch_body(row: Any, currency: str) -> Body:
    """This will write a batch."""
    return {
        "id": ids.public("bat", row.id),
        "number": row.number,
        "state": row.state,
        "payouts_count": row.payouts_count,
        "total": money_body(row.total_cents, currency),
        "released_at": stamp_or_null(row.released_at),
        "payment_list_sha256": row.payment_list_sha256,
        "created_at": stamp(row.created_at),
        "version": row.version,
    }


class BatchDoor(Door):
    """What the addresses of batches share."""

    def body(self, row: Any) -> Body:
        """This will write a batch in its fund's currency."""
        return batch_body(row, self.currency_of(row.fund_id))

    def batch(self, batch_id: UUID) -> Any:
        """This will read a batch."""
        return queries.visible_batch(self.actor, batch_id)


class Batches(BatchDoor):
    """The fund's batches."""

    @Operation(
        "list_batches",
        "List batches, newest first",
        tag="payouts",
        scope="payouts:read",
        query=FundPageQuery,
        gives=page_shape(Batch),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(queries.visible_batches(self.actor, fund_id), ("-id",), self.body)

    @Operation(
        "build_batch",
        "Put awards that can be paid in a batch",
        tag="payouts",
        scope="payouts:write",
        query=FundQuery,
        sends=BatchSent,
        sample_sent={"award_ids": ["awd_018aa9d5e0007c3a9d0f6b1c2e4a5da1"]},
        gives=Batch,
        sample=SAMPLE,
        status=201,
        key=KEY_NEEDED,
        refusals=["forbidden", "payee_change_held", "wrong_state"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will build one."""
        fund_id, _ = self.fund()
        said = self.read(BatchSent)
        return self.act(
            lambda once: payouts.build_batch(fund_id=fund_id, **said, by=self.actor, now=self.now, once=once),
            again=self.batch,
            body_of=self.body,
            status=201,
            location=lambda row: address("batches", "bat", row.id),
        )


class OneBatch(BatchDoor):
    """One batch."""

    @Operation("get_batch", "Read a batch", tag="payouts", scope="payouts:read", gives=Batch, sample=SAMPLE)
    def get(self, request: Request, batch_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.batch(batch_id)))


class BatchRelease(BatchDoor):
    """A batch sent on its way."""

    @Operation(
        "release_batch",
        "Send a batch's payments on their way",
        tag="payouts",
        scope="payouts:write",
        gives=Batch,
        sample={
            **SAMPLE,
            "state": "RELEASED",
            "released_at": "2023-09-23T09:00:00Z",
            "payment_list_sha256": "c0de" * 16,
        },
        key=KEY_NEEDED,
        refusals=["person_required", "self_approval", "forbidden", "payee_change_held", "wrong_state"],
        description="Needs a signed-in treasurer, another one than the preparer; a program gets a 403.",
    )
    def post(self, request: Request, batch_id: UUID) -> HttpResponse:
        """This will release it."""
        self.read_nothing()
        return self.act(
            lambda once: payouts.release(batch_id=batch_id, by=self.actor, now=self.now, once=once),
            again=self.batch,
            body_of=self.body,
        )


class BatchCancellation(BatchDoor):
    """A batch given up."""

    @Operation(
        "cancel_batch",
        "Give up a batch before its release",
        tag="payouts",
        scope="payouts:write",
        gives=Batch,
        sample={**SAMPLE, "state": "CANCELLED", "version": 2},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, batch_id: UUID) -> HttpResponse:
        """This will give it up."""
        self.read_nothing()
        return self.act(
            lambda once: payouts.cancel_batch(batch_id=batch_id, by=self.actor, now=self.now, once=once),
            again=self.batch,
            body_of=self.body,
        )
