"""Messages about a request, both ways."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.texting import Side
from requests_app.api import fields
from requests_app.api.answers import Body, stamp
from requests_app.api.doors import Door, address
from requests_app.api.paging import PageQuery
from requests_app.api.requests import PII
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.queries import messages as found
from requests_app.services import messages

TAG = "requests"


class MessageSent(fields.Sent):
    """What is written."""

    text = fields.Block(most=messages.MOST_LETTERS, help_text="Kept encrypted.")


class Message(fields.Shown):
    """One message."""

    id = fields.Id("msg")
    request_id = fields.Id("req")
    side = fields.Word(Side)
    text = serializers.CharField(
        allow_null=True, help_text="Null without `pii:read` or a role that sees names."
    )
    came_by = serializers.ChoiceField(choices=["PAGE", "TEXT", "API"])
    needs_answer = serializers.BooleanField()
    sent_at = fields.MomentOut()


SAMPLE: dict[str, Any] = {
    "id": "msg_018aa9d5e0007c3a9d0f6b1c2e4a5e11",
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "side": "FUND",
    "text": "We have your pay stub. You need do nothing more.",
    "came_by": "API",
    "needs_answer": False,
    "sent_at": "2023-09-19T16:00:00Z",
}


class Messages(Door):
    """The thread of one request."""

    @Operation(
        "list_messages",
        "List the messages about a request, oldest first",
        tag=TAG,
        scope="requests:read",
        query=PageQuery,
        gives=page_shape(Message),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.page(found.visible_messages(self.actor, request_id), ("id",), self.body)

    @Operation(
        "send_message",
        "Write a message about a request",
        tag=TAG,
        scope="messages:write",
        description="A program whose role reviews requests writes for the fund, and the worker is told that "
        "there is a message; one that filed the request writes for its worker, and the fund owes an answer.",
        sends=MessageSent,
        sample_sent={"text": SAMPLE["text"]},
        gives=Message,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "too_many_tries"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will send one."""
        said = self.read(MessageSent)
        return self.act(
            lambda once: messages.send(request_id=request_id, **said, by=self.actor, now=self.now, once=once),
            again=lambda key: found.visible_messages(self.actor, request_id).get(id=key),
            body_of=self.body,
            status=201,
            location=lambda row: f"{address('requests', 'req', row.request_id)}/messages",
        )

    def body(self, row: Any) -> Body:
        """This will write a message, its words only for a caller with the scope and a role that sees them."""
        shows = self.caller.has_scope(PII) and found.shows_words(self.actor, fund_id=row.fund_id)
        return {
            "id": ids.public("msg", row.id),
            "request_id": ids.public("req", row.request_id),
            "side": row.side,
            "text": row.text if shows else None,
            "came_by": row.came_by,
            "needs_answer": row.needs_answer,
            "sent_at": stamp(row.created_at),
        }
