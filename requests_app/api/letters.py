"""Letters that acknowledge gifts, as they were sent."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import LetterState
from fundmgr.queries import letters as queries
from fundmgr.services import letters
from requests_app.api import fields
from requests_app.api.answers import JSON, Body, json_answer, money_body, stamp, stamp_or_null
from requests_app.api.doors import Door, address
from requests_app.api.paging import FundPageQuery
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape

PDF = "application/pdf"
MOST_REASON_LETTERS = 300
LEAST_YEAR, MOST_YEAR = 2000, 2200


class LetterReason(fields.Sent):
    """Why a letter is made void."""

    reason = fields.Line(most=MOST_REASON_LETTERS)


class LetterYear(fields.Sent):
    """Which year to state."""

    year = fields.Whole(least=LEAST_YEAR, most=MOST_YEAR)


class Letter(fields.Shown):
    """One letter."""

    id = fields.Id("let")
    number = serializers.IntegerField(help_text="One series a fund, without a gap.")
    state = fields.Word(LetterState)
    donor_id = fields.Id("don")
    receipt_id = fields.Id("rct", allow_null=True)
    year = serializers.IntegerField(allow_null=True, help_text="Of an annual statement.")
    total = fields.MoneyOut()
    opening = serializers.CharField()
    paragraphs = serializers.ListField(child=serializers.CharField())
    replaces_id = fields.Id("let", allow_null=True)
    void_reason = serializers.CharField()
    issued_at = fields.MomentOut()
    voided_at = fields.MomentOut(allow_null=True)
    sha256 = serializers.CharField(help_text="Of what the letter says, in canonical JSON.")


SAMPLE = {
    "id": "let_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "number": 12,
    "state": "ISSUED",
    "donor_id": "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62",
    "receipt_id": "rct_018aa9d5e0007c3a9d0f6b1c2e4a5d64",
    "year": None,
    "total": {"amount": "250.00", "currency": "USD"},
    "opening": "Thank you. Riverside Charities received your gift of $250.00 for the Lanternlight Crew Fund.",
    "paragraphs": ["No goods or services were given in exchange for this gift."],
    "replaces_id": None,
    "void_reason": "",
    "issued_at": "2023-09-22T16:00:00Z",
    "voided_at": None,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


def letter_body(row: Any) -> Body:
    """This will write a letter."""
    said = row.content
    return {
        "id": ids.public("let", row.id),
        "number": row.number,
        "state": row.state,
        "donor_id": ids.public("don", row.donor_id),
        "receipt_id": ids.public("rct", row.receipt_id) if row.receipt_id else None,
        "year": row.year,
        "total": money_body(said["total_cents"], said["currency"]),
        "opening": said["opening"],
        "paragraphs": said["paragraphs"],
        "replaces_id": ids.public("let", row.replaces_id) if row.replaces_id else None,
        "void_reason": row.void_reason,
        "issued_at": stamp(row.created_at),
        "voided_at": stamp_or_null(row.voided_at),
        "sha256": row.sha256,
    }


class LetterDoor(Door):
    """What the doors below have in common: an act that gives a letter."""

    def give(self, call: Any, *, status: int = 201) -> HttpResponse:
        """This will make the call and answer with its letter."""
        return self.act(
            call,
            again=lambda key: queries.visible_letter(self.actor, letter_id=key),
            body_of=letter_body,
            status=status,
            location=(lambda row: address("letters", "let", row.id)) if status == 201 else None,  # noqa: PLR2004  # Created
        )


class Letters(Door):
    """The fund's letters."""

    @Operation(
        "list_letters",
        "List letters, newest first",
        tag="letters",
        scope="commitments:read",
        query=FundPageQuery,
        gives=page_shape(Letter),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(queries.visible_letters(self.actor, fund_id=fund_id), ("-id",), letter_body)


class OneLetter(Door):
    """One letter, as values or on paper."""

    @Operation(
        "get_letter",
        "Read a letter",
        tag="letters",
        scope="commitments:read",
        gives=Letter,
        sample=SAMPLE,
        formats=(JSON, PDF),
        description="Accept chooses the format.",
        refusals=["forbidden"],
    )
    def get(self, request: Request, letter_id: UUID) -> HttpResponse:
        """This will show it."""
        row = queries.visible_letter(self.actor, letter_id=letter_id)
        if self.wanted == JSON:
            return json_answer(letter_body(row))
        from requests_app.exports import letter_file  # noqa: PLC0415  # loaded when wanted

        paper = letter_file.paper(
            row.content, number=row.number, address=row.donor.address or "", is_void=row.state == "VOID"
        )
        headers = {"Content-Disposition": f'attachment; filename="{letter_file.file_name(row.number)}"'}
        return HttpResponse(paper, content_type=PDF, headers=headers)


class ReceiptLetters(LetterDoor):
    """The letters of one receipt."""

    @Operation(
        "issue_letter",
        "Acknowledge a receipt",
        tag="letters",
        scope="commitments:write",
        gives=Letter,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state", "not_yet_a_gift", "duplicate"],
    )
    def post(self, request: Request, receipt_id: UUID) -> HttpResponse:
        """This will issue one."""
        self.read_nothing()
        return self.give(
            lambda once: letters.issue(receipt_id=receipt_id, by=self.actor, now=self.now, once=once)
        )


class DonorLetters(LetterDoor):
    """The annual statements of one donor."""

    @Operation(
        "issue_annual_letter",
        "State what a donor gave in a year",
        tag="letters",
        scope="commitments:write",
        sends=LetterYear,
        sample_sent={"year": 2023},
        gives=Letter,
        sample={**SAMPLE, "receipt_id": None, "year": 2023},
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "not_yet_a_gift", "duplicate"],
    )
    def post(self, request: Request, donor_id: UUID) -> HttpResponse:
        """This will issue one."""
        year = self.read(LetterYear)["year"]
        return self.give(
            lambda once: letters.issue_annual(
                donor_id=donor_id, year=year, by=self.actor, now=self.now, once=once
            )
        )


class LetterVoid(LetterDoor):
    """Making a letter void."""

    @Operation(
        "void_letter",
        "Make a letter void",
        tag="letters",
        scope="commitments:write",
        sends=LetterReason,
        sample_sent={"reason": "The check bounced."},
        gives=Letter,
        sample={
            **SAMPLE,
            "state": "VOID",
            "void_reason": "The check bounced.",
            "voided_at": "2023-09-23T16:00:00Z",
        },
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, letter_id: UUID) -> HttpResponse:
        """This will make it void."""
        reason = self.read(LetterReason)["reason"]
        return self.give(
            lambda once: letters.void(
                letter_id=letter_id, reason=reason, by=self.actor, now=self.now, once=once
            ),
            status=200,
        )


class LetterReissue(LetterDoor):
    """Replacing a letter."""

    @Operation(
        "reissue_letter",
        "Replace a letter by a new one",
        tag="letters",
        scope="commitments:write",
        sends=LetterReason,
        sample_sent={"reason": "The name was misspelled."},
        gives=Letter,
        sample={**SAMPLE, "number": 13, "replaces_id": SAMPLE["id"]},
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state", "not_yet_a_gift", "duplicate"],
    )
    def post(self, request: Request, letter_id: UUID) -> HttpResponse:
        """This will make the old one void and issue the new one."""
        reason = self.read(LetterReason)["reason"]
        return self.give(
            lambda once: letters.reissue(
                letter_id=letter_id, reason=reason, by=self.actor, now=self.now, once=once
            )
        )
