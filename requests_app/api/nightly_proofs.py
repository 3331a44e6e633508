"""Nightly proofs: what each night's check of books, files, trail, reports and rounds found."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, stamp, stamp_or_null
from requests_app.api.doors import Door
from requests_app.api.paging import FundPageQuery
from requests_app.api.schema import Operation, page_sample, page_shape
from requests_app.queries import proofs

SCOPE, TAG = "reports:read", "reports"


class NightlyProof(fields.Shown):
    """One night's proof."""

    id = fields.Id("job")
    is_sound = serializers.BooleanField(help_text="Whether nothing was found, and the proof came to its end.")
    findings = serializers.ListField(
        child=serializers.CharField(), help_text="The first bad row of each check that failed, in a sentence."
    )
    asked_at = fields.MomentOut()
    ended_at = fields.MomentOut(allow_null=True)


SAMPLE: Body = {
    "id": "job_018aa9d5e0007c3a9d0f6b1c2e4a5de2",
    "is_sound": True,
    "findings": [],
    "asked_at": "2023-09-22T10:00:00Z",
    "ended_at": "2023-09-22T10:00:04Z",
}
BAD_SAMPLE: Body = {
    **SAMPLE,
    "is_sound": False,
    "findings": [
        "receipt differs from what its transfers booked, or its transfers are not there, in receipt "
        "018aa9d5-e000-7c3a-9d0f-6b1c2e4a5d64"
    ],
}


def proof_body(row: Any) -> Body:
    """This will write what a night's proof found."""
    found = proofs.findings(row)
    return {
        "id": ids.public("job", row.id),
        "is_sound": not found,
        "findings": found,
        "asked_at": stamp(row.created_at),
        "ended_at": stamp_or_null(row.ended_at),
    }


class NightlyProofs(Door):
    """The proofs of a fund's nights."""

    @Operation(
        "list_nightly_proofs",
        "List what the nightly proofs found, newest first",
        tag=TAG,
        scope=SCOPE,
        description="For directors and auditors.",
        query=FundPageQuery,
        gives=page_shape(NightlyProof),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(proofs.visible_proofs(self.actor, fund_id=fund_id), ("-id",), proof_body)


class OneNightlyProof(Door):
    """One night's proof."""

    @Operation(
        "get_nightly_proof",
        "Read what a nightly proof found",
        tag=TAG,
        scope=SCOPE,
        description="For directors and auditors.",
        gives=NightlyProof,
        sample=BAD_SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, night_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(proof_body(proofs.visible_proof(self.actor, job_id=night_id)))
