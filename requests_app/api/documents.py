"""Workers' documents: sent with a request, read by whose step needs them, asked for, accepted, rejected."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.documents import DocumentKind, Why
from fundmgr.domain.lifecycle import DocumentState
from requests_app.api import auth, fields
from requests_app.api.answers import JSON, Body, json_answer, stamp
from requests_app.api.doors import Door, address
from requests_app.api.evidence import BYTES, MOST_BODY_BYTES, SENT_SAMPLE, EvidenceDoor, FileSent
from requests_app.api.paging import PageQuery
from requests_app.api.request_shapes import RequestBrief
from requests_app.api.requests import MOST_NOTE_LETTERS, PII, RequestDoor
from requests_app.api.samples import REQUEST_BRIEF
from requests_app.api.schema import KEY_OPTIONAL, MULTIPART, Operation, page_sample, page_shape
from requests_app.exports import attachment
from requests_app.queries import documents as found
from requests_app.services import document_reviews, documents

READ, WRITE, JUDGE = "requests:read", "requests:write", "decisions:write"


class Document(fields.Shown):
    """What is known of one file."""

    id = fields.Id("doc")
    request_id = fields.Id("req")
    kind = fields.Word(DocumentKind)
    state = fields.Word(DocumentState)
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    pages = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the clean copy that is handed out.")
    sent_sha256 = serializers.CharField(help_text="Of the bytes as they came.")
    why = serializers.CharField(allow_null=True, help_text="Why it does not serve, as in a rejection.")
    added_at = fields.MomentOut()
    judged_at = fields.MomentOut(allow_null=True)
    gone_at = fields.MomentOut(allow_null=True, help_text="When its bytes were erased; the row stays.")


class DocumentAskSent(fields.Sent):
    """Which document the worker is to show."""

    document = fields.Word(DocumentKind)
    text = fields.Block(most=MOST_NOTE_LETTERS, blank=True, required=False, help_text="For the worker.")


class RejectionSent(fields.Sent):
    """Why a document does not serve."""

    why = fields.Word(Why)
    note = fields.Block(
        most=MOST_NOTE_LETTERS, blank=True, required=False, help_text="For the worker; needed with OTHER."
    )
    ask_again = fields.YesNo(required=False, help_text="Ask for another one at once.")


SAMPLE = {
    "id": "doc_018aa9d5e0007c3a9d0f6b1c2e4a5d91",
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d10",
    "kind": "PAY_STUB",
    "state": "AVAILABLE",
    "media_type": "image/jpeg",
    "size_bytes": 214233,
    "pages": 1,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "sent_sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    "why": None,
    "added_at": "2023-09-18T16:00:00Z",
    "judged_at": None,
    "gone_at": None,
}
_SAID = (
    "A JPEG, PNG, WebP, HEIC or PDF by its bytes, at most 10 MB. What is kept is a clean copy: photos as "
    "JPEG without notes, PDFs without what acts. Where a document was asked for, this is the answer."
)


def document_body(row: Any) -> Body:
    """This will write what is known of a document; its name may name a person, and is never told."""
    return {
        "id": ids.public("doc", row.id),
        "request_id": ids.public("req", row.request_id),
        "kind": row.kind,
        "state": row.state,
        "media_type": row.media_type,
        "size_bytes": row.size_bytes,
        "pages": row.pages,
        "sha256": row.sha256,
        "sent_sha256": row.sent_sha256,
        "why": row.why or None,
        "added_at": stamp(row.created_at),
        "judged_at": stamp(row.judged_at) if row.judged_at else None,
        "gone_at": stamp(row.gone_at) if row.gone_at else None,
    }


class RequestDocuments(EvidenceDoor):
    """The files of one request."""

    @Operation(
        "list_documents",
        "List a request's documents, newest first",
        tag="requests",
        scope=READ,
        query=PageQuery,
        gives=page_shape(Document),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.page(found.visible_documents(self.actor, request_id), ("-id",), document_body)

    @Operation(
        "add_document",
        "Keep a document with a request",
        tag="requests",
        scope=WRITE,
        description=_SAID,
        sends=FileSent,
        sample_sent=SENT_SAMPLE,
        takes=MULTIPART,
        gives=Document,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden"],
        most_bytes=MOST_BODY_BYTES,
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will keep one."""
        found.require_own_request(request_id, by=self.actor)
        return self.added(
            lambda name, content, once: documents.add_to_request(
                request_id=request_id, name=name, content=content, by=self.actor, now=self.now, once=once
            ),
            again=lambda key: found.added_document(self.actor, key),
            body_of=document_body,
            location=lambda row: address("documents", "doc", row.id),
        )


class OneDocument(Door):
    """One file: what is known of it, or its bytes."""

    @Operation(
        "get_document",
        "Read what is known of a document, or the document",
        tag="requests",
        scope=READ,
        description="`Accept: application/octet-stream` gives the clean copy as an attachment; it needs "
        "`pii:read`, and each such reading is in the audit trail.",
        gives=Document,
        sample=SAMPLE,
        formats=(JSON, BYTES),
        refusals=["forbidden", "file_damaged"],
    )
    def get(self, request: Request, document_id: UUID) -> HttpResponse:
        """This will show it."""
        if self.wanted == JSON:
            return json_answer(document_body(found.known_document(self.actor, document_id)))
        auth.require_scope(self.caller, PII)
        opened = documents.read(document_id=document_id, by=self.actor, now=self.now)
        headers = attachment.headers(opened.row.name or "file")
        return HttpResponse(opened.content, content_type=BYTES, headers=headers)


class DocumentRequests(RequestDoor):
    """Documents that the worker is asked for."""

    @Operation(
        "ask_for_document",
        "Ask the worker to be shown one document; the clock stops",
        tag="requests",
        scope=JUDGE,
        sends=DocumentAskSent,
        sample_sent={"document": "PAY_STUB", "text": "One from May is enough."},
        gives=RequestBrief,
        sample={**REQUEST_BRIEF, "state": "NEEDS_INFO"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will ask."""
        said = self.read(DocumentAskSent)

        def ask(once: Any) -> Any:
            row = document_reviews.ask(request_id=request_id, **said, by=self.actor, now=self.now, once=once)
            return row.request

        return self.act(ask, again=lambda _: self.again(request_id), body_of=self.masked)


class DocumentAcceptance(Door):
    """A document that serves."""

    @Operation(
        "accept_document",
        "Say that a document serves; an open proposal is void",
        tag="requests",
        scope=JUDGE,
        gives=Document,
        sample={**SAMPLE, "state": "ACCEPTED", "judged_at": "2023-09-19T16:00:00Z"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """This will accept it."""
        self.read_nothing()
        return self.act(
            lambda once: document_reviews.accept(
                document_id=document_id, by=self.actor, now=self.now, once=once
            ),
            again=lambda key: found.visible_document(self.actor, key)[0],
            body_of=document_body,
        )


class DocumentRejection(Door):
    """A document that does not serve."""

    @Operation(
        "reject_document",
        "Say why a document does not serve; an open proposal is void, an eligible request opened again",
        tag="requests",
        scope=JUDGE,
        sends=RejectionSent,
        sample_sent={"why": "UNREADABLE", "ask_again": True},
        gives=Document,
        sample={
            **SAMPLE,
            "state": "REJECTED",
            "why": "UNREADABLE",
            "judged_at": "2023-09-19T16:00:00Z",
        },
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """This will reject it."""
        said = self.read(RejectionSent)
        return self.act(
            lambda once: document_reviews.reject(
                document_id=document_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=lambda key: found.visible_document(self.actor, key)[0],
            body_of=document_body,
        )
