"""Donors: who gives."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import errors, ids
from fundmgr.domain.errors import Problem
from fundmgr.domain.insiders import InsiderRelation
from fundmgr.domain.languages import Language
from fundmgr.queries import funds
from fundmgr.services import donors
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, stamp
from requests_app.api.doors import Door, address, etag
from requests_app.api.errors import PreconditionFailed
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.schema import IF_MATCH, KEY_OPTIONAL, Operation, page_sample, page_shape

MOST_NAME_LETTERS = 160
MOST_CONTACT_LETTERS = 254
MOST_NOTE_LETTERS = 300
MOST_ADDRESS_LETTERS = 500


class DonorSent(fields.Sent):
    """A donor to record."""

    name = fields.Line(most=MOST_NAME_LETTERS)
    is_organisation = fields.YesNo(required=False, default=False)
    is_anonymous = fields.YesNo(required=False, default=False, help_text="Keep the name off public pages.")
    contact = fields.Line(
        most=MOST_CONTACT_LETTERS, required=False, allow_null=True, help_text="Kept encrypted, never shown."
    )
    is_substantial_contributor = fields.YesNo(required=False, default=False)
    relation = fields.Word(InsiderRelation, required=False, default=InsiderRelation.NONE)
    relation_note = fields.Line(
        most=MOST_NOTE_LETTERS, blank=True, required=False, default="", help_text="Needed if OTHER."
    )
    address = fields.Block(
        most=MOST_ADDRESS_LETTERS, required=False, allow_null=True, help_text="Kept encrypted, never shown."
    )
    language = fields.Word(Language, required=False, default=Language.ENGLISH)


class DonorChange(fields.Sent):
    """What of a donor to change."""

    name = fields.Line(most=MOST_NAME_LETTERS, required=False)
    is_organisation = fields.YesNo(required=False)
    is_anonymous = fields.YesNo(required=False)
    is_substantial_contributor = fields.YesNo(required=False)
    relation = fields.Word(InsiderRelation, required=False)
    relation_note = fields.Line(most=MOST_NOTE_LETTERS, blank=True, required=False)
    contact = fields.Line(
        most=MOST_CONTACT_LETTERS, required=False, allow_null=True, help_text="Null forgets it."
    )
    address = fields.Block(
        most=MOST_ADDRESS_LETTERS, required=False, allow_null=True, help_text="Null forgets it."
    )
    language = fields.Word(Language, required=False)


class Donor(fields.Shown):
    """One who gives."""

    id = fields.Id("don")
    name = serializers.CharField()
    is_organisation = serializers.BooleanField()
    is_anonymous = serializers.BooleanField()
    is_substantial_contributor = serializers.BooleanField()
    relation = fields.Word(InsiderRelation)
    relation_note = serializers.CharField()
    has_contact = serializers.BooleanField()
    has_address = serializers.BooleanField()
    language = fields.Word(Language, help_text="In which the donor is written to.")
    created_at = fields.MomentOut()
    version = serializers.IntegerField(help_text="Sent back as If-Match to change the donor.")


SENT_SAMPLE = {"name": "Ardsley Foundation", "is_organisation": True}
SAMPLE = {
    "id": "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62",
    "name": "Ardsley Foundation",
    "is_organisation": True,
    "is_anonymous": False,
    "is_substantial_contributor": False,
    "relation": "NONE",
    "relation_note": "",
    "has_contact": False,
    "has_address": False,
    "language": "en",
    "created_at": "2023-09-18T16:00:00Z",
    "version": 1,
}


def donor_body(row: Any) -> Body:
    """This will write a donor."""
    return {
        "id": ids.public("don", row.id),
        "name": row.name,
        "is_organisation": row.is_organisation,
        "is_anonymous": row.is_anonymous,
        "is_substantial_contributor": row.is_substantial_contributor,
        "relation": row.relation,
        "relation_note": row.relation_note,
        "has_contact": row.contact is not None,
        "has_address": row.address is not None,
        "language": row.language,
        "created_at": stamp(row.created_at),
        "version": row.version,
    }


class Donors(Door):
    """The fund's donors."""

    @Operation(
        "list_donors",
        "List donors, newest first",
        tag="donors",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(Donor),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(funds.visible_donors(self.actor, fund_id=fund_id), ("-id",), donor_body)

    @Operation(
        "add_donor",
        "Record a donor",
        tag="donors",
        scope="commitments:write",
        query=FundQuery,
        sends=DonorSent,
        sample_sent=SENT_SAMPLE,
        gives=Donor,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden"],
    )
    def post(self, request: Request) -> HttpResponse:
        """This will record one."""
        fund_id, _ = self.fund()
        said = {"contact": None, **self.read(DonorSent)}
        return self.act(
            lambda once: donors.add(fund_id=fund_id, **said, by=self.actor, now=self.now, once=once),
            again=lambda donor_id: funds.visible_donor(self.actor, donor_id=donor_id),
            body_of=donor_body,
            status=201,
            location=lambda row: address("donors", "don", row.id),
        )


class OneDonor(Door):
    """One donor."""

    @Operation(
        "get_donor",
        "Read a donor",
        tag="donors",
        scope="commitments:read",
        gives=Donor,
        sample=SAMPLE,
        description="The answer's ETag names the version for If-Match.",
        refusals=["forbidden"],
    )
    def get(self, request: Request, donor_id: UUID) -> HttpResponse:
        """This will show it."""
        return self._shown(funds.visible_donor(self.actor, donor_id=donor_id))

    @Operation(
        "change_donor",
        "Change what is known of a donor",
        tag="donors",
        scope="commitments:write",
        headers=[IF_MATCH],
        sends=DonorChange,
        sample_sent={"is_anonymous": True},
        gives=Donor,
        sample={**SAMPLE, "is_anonymous": True, "version": 2},
        refusals=["forbidden", "precondition_failed", "if_match_missing"],
    )
    def patch(self, request: Request, donor_id: UUID) -> HttpResponse:
        """This will change it."""
        version = self.version_meant()
        said = self.read(DonorChange)
        if not said:
            raise errors.InvalidInput(problems=[Problem("", "empty", "Send at least one field to change.")])
        try:
            row = donors.change(donor_id=donor_id, version=version, **said, by=self.actor, now=self.now)
        except errors.StaleVersion as error:
            raise PreconditionFailed from error
        return self._shown(row)

    def _shown(self, row: Any) -> HttpResponse:
        answer = json_answer(donor_body(row))
        answer["ETag"] = etag(row.version)
        return answer
