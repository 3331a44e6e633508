"""Restrictions: what donors tied money to, as words and as a rule."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.restrictions import MOST_LETTERS, MOST_WORDS
from fundmgr.queries import funds
from fundmgr.services import funds as fund_services
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, stamp
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape

MOST_NAME_LETTERS, MOST_WORDING_LETTERS = 120, 4000


def names(**options: Any) -> fields.Several:
    """This will make the field of a list of names."""
    child = fields.Line(most=MOST_LETTERS)
    return fields.Several(child=child, required=False, max_length=MOST_WORDS, **options)


class RestrictionRuleSent(fields.Sent):
    """What the money may be used for; what is left out stays open."""

    categories = fields.Several(child=fields.Word(NeedCategory), required=False, max_length=len(NeedCategory))
    crafts = names()
    union_locals = names()
    productions = names(help_text="By name.")
    places = names(help_text="Where the production works.")
    worked_from = fields.Day(required=False, allow_null=True, help_text="The earliest last day of work.")
    worked_to = fields.Day(required=False, allow_null=True, help_text="The latest last day of work.")


class RestrictionRule(fields.Shown):
    """What the money may be used for; an empty list and null leave it open."""

    categories = serializers.ListField(child=fields.Word(NeedCategory))
    crafts = serializers.ListField(child=serializers.CharField())
    union_locals = serializers.ListField(child=serializers.CharField())
    productions = serializers.ListField(child=serializers.CharField())
    places = serializers.ListField(child=serializers.CharField())
    worked_from = fields.Day(allow_null=True)
    worked_to = fields.Day(allow_null=True)


class RestrictionSent(fields.Sent):
    """A restriction to open."""

    name = fields.Line(most=MOST_NAME_LETTERS)
    wording = fields.Block(most=MOST_WORDING_LETTERS, help_text="In the donor's own words.")
    rule = RestrictionRuleSent(required=False)
    expires_on = fields.Day(required=False, allow_null=True)


class FullRestriction(fields.Shown):
    """What money is tied to."""

    id = fields.Id("rst")
    name = serializers.CharField()
    wording = serializers.CharField()
    rule = RestrictionRule()
    expires_on = fields.Day(allow_null=True)
    is_general = serializers.BooleanField(help_text="True for the one that means no restriction.")
    created_at = fields.MomentOut()


SENT_SAMPLE = {
    "name": "Health premiums",
    "wording": "For the health premiums of crew members only.",
    "rule": {"categories": ["HEALTH"]},
}
SAMPLE = {
    "id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d65",
    **SENT_SAMPLE,
    "rule": {
        "categories": ["HEALTH"],
        "crafts": [],
        "union_locals": [],
        "productions": [],
        "places": [],
        "worked_from": None,
        "worked_to": None,
    },
    "expires_on": None,
    "is_general": False,
    "created_at": "2023-09-18T16:00:00Z",
}


_OPEN: dict[str, Any] = {
    **{name: [] for name in ("categories", "crafts", "union_locals", "productions", "places")},
    **dict.fromkeys(("worked_from", "worked_to")),
}


def restriction_body(row: Any) -> Body:
    """This will write a restriction."""
    return {
        "id": ids.public("rst", row.id),
        "name": row.name,
        "wording": row.wording,
        "rule": {name: row.rule.get(name, open_) for name, open_ in _OPEN.items()},
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "is_general": row.is_general,
        "created_at": stamp(row.created_at),
    }


class Restrictions(Door):
    """The fund's restrictions."""

    @Operation(
        "list_restrictions",
        "List restrictions, newest first",
        tag="restrictions",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(FullRestriction),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        rows = funds.visible_restrictions(self.actor, fund_id=fund_id)
        return self.page(rows, ("-id",), restriction_body)

    @Operation(
        "open_restriction",
        "Open a restriction with accounts of its own",
        tag="restrictions",
        scope="commitments:write",
        query=FundQuery,
        sends=RestrictionSent,
        sample_sent=SENT_SAMPLE,
        gives=FullRestriction,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "duplicate"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will open one."""
        fund_id, _ = self.fund()
        said = self.read(RestrictionSent)
        return self.act(
            lambda once: fund_services.add_restriction(
                fund_id=fund_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=lambda key: funds.visible_restriction(self.actor, restriction_id=key),
            body_of=restriction_body,
            status=201,
            location=lambda row: address("restrictions", "rst", row.id),
        )


class OneRestriction(Door):
    """One restriction."""

    @Operation(
        "get_restriction",
        "Read a restriction",
        tag="restrictions",
        scope="commitments:read",
        gives=FullRestriction,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, restriction_id: UUID) -> HttpResponse:
        """This will show it."""
        row = funds.visible_restriction(self.actor, restriction_id=restriction_id)
        return json_answer(restriction_body(row))
