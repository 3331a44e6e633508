"""Erasures of people, for who answers for the fund's data."""

from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from requests_app.api import fields
from requests_app.api.answers import Body, stamp, stamp_or_null
from requests_app.api.doors import Door
from requests_app.api.paging import FundPageQuery
from requests_app.api.schema import Operation, page_sample, page_shape
from requests_app.queries import my_data


class Erasure(fields.Shown):
    """One person erased: what went, what stays, until when. It names nobody."""

    id = fields.Id("ers")
    asked_at = fields.MomentOut()
    done_at = fields.MomentOut(allow_null=True)
    kept = serializers.ListField(child=serializers.CharField(), help_text="BOOKS, STOP, and NAME where paid.")
    kept_until = serializers.DateField(allow_null=True, help_text="Until when the name stays.")
    counts = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many of what were emptied."
    )


SAMPLE: dict[str, Any] = {
    "id": "ers_018aa9d5e0007c3a9d0f6b1c2e4a5dc1",
    "asked_at": "2023-09-19T16:00:00Z",
    "done_at": "2023-09-19T16:00:20Z",
    "kept": ["BOOKS", "STOP"],
    "kept_until": None,
    "counts": {"files": 1, "messages": 3},
}


def erasure_body(row: Any) -> Body:
    """This will write an erasure."""
    return {
        "id": ids.public("ers", row.id),
        "asked_at": stamp(row.created_at),
        "done_at": stamp_or_null(row.done_at),
        "kept": list(row.kept),
        "kept_until": row.kept_until.isoformat() if row.kept_until else None,
        "counts": row.counts,
    }


class Erasures(Door):
    """The erasures of a fund."""

    @Operation(
        "list_erasures",
        "List erasures of people, newest first",
        tag="requests",
        scope="requests:read",
        query=FundPageQuery,
        gives=page_shape(Erasure),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(my_data.erasures(self.actor, fund_id=fund_id), ("-id",), erasure_body)
