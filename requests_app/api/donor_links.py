"""Links to a donor's own view: send one, see which were sent. The link itself is in its letter alone."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.queries import donor_links as queries
from requests_app.api import fields
from requests_app.api.answers import Body, stamp, stamp_or_null
from requests_app.api.doors import Door
from requests_app.api.paging import FundPageQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.services import donor_links


class DonorLink(fields.Shown):
    """One link to a donor's own view."""

    id = fields.Id("lnk")
    donor_id = fields.Id("don")
    created_at = fields.MomentOut()
    expires_at = fields.MomentOut()
    ended_at = fields.MomentOut(allow_null=True, help_text="When another address of the donor ended it.")
    opens = serializers.IntegerField()
    most_opens = serializers.IntegerField()
    last_opened_at = fields.MomentOut(allow_null=True)


SAMPLE = {
    "id": "lnk_018aa9d5e0007c3a9d0f6b1c2e4a5d81",
    "donor_id": "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62",
    "created_at": "2023-09-18T16:00:00Z",
    "expires_at": "2023-09-21T16:00:00Z",
    "ended_at": None,
    "opens": 0,
    "most_opens": 10,
    "last_opened_at": None,
}


def link_body(row: Any) -> Body:
    """This will write a link without its token."""
    return {
        "id": ids.public("lnk", row.id),
        "donor_id": ids.public("don", row.donor_id),
        "created_at": stamp(row.created_at),
        "expires_at": stamp(row.expires_at),
        "ended_at": stamp_or_null(row.ended_at),
        "opens": row.opens,
        "most_opens": row.most_opens,
        "last_opened_at": stamp_or_null(row.last_used_at),
    }


class DonorLinks(Door):
    """The links of one donor."""

    @Operation(
        "list_donor_links",
        "List the links to a donor's own view, newest first",
        tag="donors",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(DonorLink),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, donor_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.page(queries.visible_links(self.actor, donor_id=donor_id), ("-id",), link_body)

    @Operation(
        "send_donor_link",
        "Send a donor a link to their own view",
        tag="donors",
        scope="commitments:write",
        gives=DonorLink,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        description="It goes out by mail; the answer does not hold it.",
        refusals=["forbidden", "wrong_state", "too_many_tries"],
    )
    def post(self, request: Request, donor_id: UUID) -> HttpResponse:
        """This will send one."""
        self.read_nothing()
        return self.act(
            lambda once: donor_links.send(donor_id=donor_id, by=self.actor, now=self.now, once=once),
            again=lambda key: queries.visible_link(self.actor, link_id=key),
            body_of=link_body,
            status=201,
        )
