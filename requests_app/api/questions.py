"""What the fund asks a worker while the clock stands, and the answer in words."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.documents import DocumentKind
from requests_app.api import fields
from requests_app.api.answers import Body, stamp, stamp_or_null
from requests_app.api.paging import PageQuery
from requests_app.api.request_shapes import RequestBrief
from requests_app.api.requests import MOST_NOTE_LETTERS, PII, RequestDoor
from requests_app.api.samples import REQUEST_BRIEF
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import messages as found
from requests_app.services import reviews


class QuestionSent(fields.Sent):
    """What to ask the worker."""

    text = fields.Block(most=MOST_NOTE_LETTERS)


class InfoAnswerSent(fields.Sent):
    """What the worker answers."""

    text = fields.Block(most=MOST_NOTE_LETTERS, help_text="Kept encrypted.")


class InfoRequest(fields.Shown):
    """One question."""

    id = fields.Id("ask")
    request_id = fields.Id("req")
    document = fields.Word(
        DocumentKind, allow_null=True, help_text="What is to be shown; null for a question of words."
    )
    text = serializers.CharField(
        allow_null=True, help_text="Null without `pii:read` or a role that sees names."
    )
    answer = serializers.CharField(allow_null=True, help_text="Masked like the text; null until it comes.")
    asked_at = fields.MomentOut()
    answered_at = fields.MomentOut(allow_null=True)


SAMPLE: dict[str, Any] = {
    "id": "ask_018aa9d5e0007c3a9d0f6b1c2e4a5e21",
    "request_id": REQUEST_BRIEF["id"],
    "document": "PAY_STUB",
    "text": "One from May is enough.",
    "answer": None,
    "asked_at": "2023-09-19T16:00:00Z",
    "answered_at": None,
}


class InfoRequests(RequestDoor):
    """Questions to the worker."""

    @Operation(
        "list_info_requests",
        "List what the worker was asked, newest first",
        tag="requests",
        scope="requests:read",
        query=PageQuery,
        gives=page_shape(InfoRequest),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
        description="Where `document` is said, the next file of the request is the answer.",
    )
    def get(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.page(found.visible_questions(self.actor, request_id), ("-id",), self.question)

    @Operation(
        "ask_for_info",
        "Ask the worker something; the clock stops",
        tag="requests",
        scope="decisions:write",
        sends=QuestionSent,
        sample_sent={"text": "Please send your last pay stub."},
        gives=RequestBrief,
        sample={**REQUEST_BRIEF, "state": "NEEDS_INFO"},
        key=KEY_OPTIONAL,
        refusals=["forbidden", "wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will ask."""
        said = self.read(QuestionSent)

        def ask(once: Any) -> Any:
            row = reviews.ask_for_info(request_id=request_id, **said, by=self.actor, now=self.now, once=once)
            return row.request

        return self.act(ask, again=lambda _: self.again(request_id), body_of=self.masked)

    def question(self, row: Any) -> Body:
        """This will write a question, its words only for one with the scope and a role that sees them."""
        shows = self.caller.has_scope(PII) and found.shows_words(self.actor, fund_id=row.fund_id)
        return {
            "id": ids.public("ask", row.id),
            "request_id": ids.public("req", row.request_id),
            "document": row.document or None,
            "text": row.text if shows else None,
            "answer": row.answer if shows else None,
            "asked_at": stamp(row.created_at),
            "answered_at": stamp_or_null(row.answered_at),
        }


class InfoAnswer(RequestDoor):
    """The worker's answer in words."""

    @Operation(
        "answer_info",
        "Answer what the worker was asked; the clock runs again",
        tag="requests",
        scope="requests:write",
        sends=InfoAnswerSent,
        sample_sent={"text": "It was the week of May 8."},
        gives=RequestBrief,
        sample={**REQUEST_BRIEF, "state": "IN_REVIEW", "version": 2},
        key=KEY_OPTIONAL,
        refusals=["wrong_state"],
        description="By the worker or who filed the request. A document that was asked for may be answered "
        "in words too.",
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will answer."""
        said = self.read(InfoAnswerSent)
        return self.act(
            lambda once: reviews.answer_info(
                request_id=request_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.again,
            body_of=self.masked,
        )
