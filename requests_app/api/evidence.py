"""Evidence: signed letters, mails and orders, kept as they were sent and handed out as attachments."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.evidence import MOST_BYTES, MediaType
from fundmgr.ports.idempotency import Once
from fundmgr.queries import evidence as found
from fundmgr.services import evidence
from requests_app.api import bodies, fields, idempotency
from requests_app.api.answers import JSON, Body, json_answer, stamp
from requests_app.api.doors import Door, address
from requests_app.api.paging import PageQuery
from requests_app.api.schema import KEY_OPTIONAL, MULTIPART, Operation, page_sample, page_shape
from requests_app.exports import attachment

READ, WRITE = "commitments:read", "commitments:write"
BYTES = "application/octet-stream"
# The parts' headers and the boundary are small.
MOST_BODY_BYTES = MOST_BYTES + 20_000


class FileSent(fields.Sent):
    """One file as multipart/form-data."""

    file = fields.FilePart(help_text="A PDF, JPEG or PNG by its bytes, at most 10 MB.")


class File(fields.Shown):
    """One kept file."""

    id = fields.Id("fil")
    name = serializers.CharField()
    media_type = fields.Word(MediaType)
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the bytes that are handed out.")
    added_at = fields.MomentOut()


SENT_SAMPLE = {"file": "%PDF-1.7 …"}
SAMPLE = {
    "id": "fil_018aa9d5e0007c3a9d0f6b1c2e4a5d90",
    "name": "signed pledge.pdf",
    "media_type": "application/pdf",
    "size_bytes": 48213,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "added_at": "2023-09-18T16:00:00Z",
}
_REFUSALS = ["forbidden", "duplicate"]
_SAID = "Its type is read from its bytes; a damaged file, or one that hides something, is refused."


def file_body(row: Any) -> Body:
    """This will write what is known of a file."""
    return {
        "id": ids.public("fil", row.id),
        "name": row.name,
        "media_type": row.media_type,
        "size_bytes": row.size_bytes,
        "sha256": row.sha256,
        "added_at": stamp(row.created_at),
    }


class EvidenceDoor(Door):
    """What the addresses that take files share."""

    sent: tuple[str, bytes]

    def once(self) -> Once | None:
        """This will tell a repeated call by the file: the boundary between its parts is new each time."""
        name, content = self.sent
        return idempotency.once_of(
            self.web_request,
            actor=self.actor,
            is_needed=self.rules.needs_key,
            said=name.encode() + b"\n" + content,
        )

    def listed(self, rows: QuerySet[Any]) -> HttpResponse:
        """This will answer with one page of files."""
        return self.page(rows, ("-id",), file_body)

    def add(self, call: Callable[[str, bytes, Once | None], Any]) -> HttpResponse:
        """This will keep the file of the body and answer with it."""
        return self.added(
            call,
            again=lambda key: found.visible_file(self.actor, file_id=key),
            body_of=file_body,
            location=lambda row: address("evidence", "fil", row.id),
        )

    def added(
        self,
        call: Callable[[str, bytes, Once | None], Any],
        *,
        again: Callable[[UUID], Any],
        body_of: Callable[[Any], Body],
        location: Callable[[Any], str],
    ) -> HttpResponse:
        """This will keep the file of the body as any kind of row and answer with that."""
        self.sent = name, content = bodies.read_file(self.web_request)
        return self.act(
            lambda once: call(name, content, once),
            again=again,
            body_of=body_of,
            status=201,
            location=location,
        )


class CommitmentEvidence(EvidenceDoor):
    """The files of one commitment."""

    @Operation(
        "list_commitment_evidence",
        "List a commitment's files, newest first",
        tag="commitments",
        scope=READ,
        query=PageQuery,
        gives=page_shape(File),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.listed(found.of_commitment(self.actor, commitment_id=commitment_id))

    @Operation(
        "add_commitment_evidence",
        "Keep a file that proves a promise",
        tag="commitments",
        scope=WRITE,
        description=_SAID,
        sends=FileSent,
        sample_sent=SENT_SAMPLE,
        takes=MULTIPART,
        gives=File,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=_REFUSALS,
        most_bytes=MOST_BODY_BYTES,
    )
    def post(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will keep one."""
        found.of_commitment(self.actor, commitment_id=commitment_id)
        return self.add(
            lambda name, content, once: evidence.add_to_commitment(
                commitment_id=commitment_id,
                name=name,
                content=content,
                by=self.actor,
                now=self.now,
                once=once,
            )
        )


class RestrictionEvidence(EvidenceDoor):
    """The letters and orders of one restriction."""

    @Operation(
        "list_restriction_evidence",
        "List a restriction's letters and orders, newest first",
        tag="restrictions",
        scope=READ,
        query=PageQuery,
        gives=page_shape(File),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, restriction_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.listed(found.of_restriction(self.actor, restriction_id=restriction_id))

    @Operation(
        "add_restriction_evidence",
        "Keep a donor's letter or a court's order",
        tag="restrictions",
        scope=WRITE,
        description=_SAID,
        sends=FileSent,
        sample_sent=SENT_SAMPLE,
        takes=MULTIPART,
        gives=File,
        sample={**SAMPLE, "name": "consent of the donor.pdf"},
        status=201,
        key=KEY_OPTIONAL,
        refusals=_REFUSALS,
        most_bytes=MOST_BODY_BYTES,
    )
    def post(self, request: Request, restriction_id: UUID) -> HttpResponse:
        """This will keep one."""
        found.of_restriction(self.actor, restriction_id=restriction_id)
        return self.add(
            lambda name, content, once: evidence.add_to_restriction(
                restriction_id=restriction_id,
                name=name,
                content=content,
                by=self.actor,
                now=self.now,
                once=once,
            )
        )


class OneFile(Door):
    """One file: what is known of it, or its bytes."""

    @Operation(
        "get_evidence",
        "Read what is known of a file, or the file",
        tag="commitments",
        scope=READ,
        description="`Accept: application/octet-stream` gives the bytes as an attachment; each such reading "
        "is in the audit trail.",
        gives=File,
        sample=SAMPLE,
        formats=(JSON, BYTES),
        refusals=["forbidden", "file_damaged"],
    )
    def get(self, request: Request, file_id: UUID) -> HttpResponse:
        """This will show it."""
        if self.wanted == JSON:
            return json_answer(file_body(found.visible_file(self.actor, file_id=file_id)))
        opened = evidence.read(file_id=file_id, by=self.actor, now=self.now)
        headers = attachment.headers(opened.row.name)
        return HttpResponse(opened.content, content_type=BYTES, headers=headers)
