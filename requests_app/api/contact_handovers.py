"""A new contact for a worker who lost the old one: proposed by one person, signed by another."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from requests_app.api import fields
from requests_app.api import signed_shapes as shapes
from requests_app.api.answers import Body
from requests_app.api.paging import PageQuery
from requests_app.api.requests import PII
from requests_app.api.schema import KEY_OPTIONAL, Operation, page_sample, page_shape
from requests_app.api.signed_doors import SignedDoor
from requests_app.api.signed_shapes import MOST_REASON_LETTERS, Signed, SignedDecisionSent
from requests_app.queries import contact_handovers as found
from requests_app.services import contact_handovers, contacts

WRITE, TAG = "requests:write", "requests"


class ContactHandoverSent(fields.Sent):
    """The new contact, and how it is known that it is the worker's."""

    contact = fields.Line(most=contacts.MOST_LETTERS, help_text="A number or a mail address, kept encrypted.")
    reason = fields.Line(most=MOST_REASON_LETTERS)


class ContactHandover(Signed):
    """A worker's contact changed by two people, or proposed to be."""

    id = fields.Id("hov")
    request_id = fields.Id("req")
    contact = serializers.CharField(allow_null=True, help_text="Null without `pii:read`.")


_WHICH = {
    "id": "hov_018aa9d5e0007c3a9d0f6b1c2e4a5dd1",
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "contact": "+12135550143",
}
_WHY = {"reason": "Called back at the union's number of record."}
SAMPLE: Body = {**_WHICH, **shapes.SAMPLE, **_WHY}
MADE_SAMPLE: Body = {**_WHICH, **shapes.MADE_SAMPLE, **_WHY}


class HandoverDoor(SignedDoor):
    """What the addresses of handovers share."""

    def handover(self, handover_id: UUID) -> Any:
        """This will return a handover that the caller may see."""
        return found.visible_handover(self.actor, handover_id=handover_id)

    def body(self, row: Any) -> Body:
        """This will write a handover, its contact only for a caller with the scope."""
        return {
            "id": ids.public("hov", row.id),
            "request_id": ids.public("req", row.request_id),
            "contact": row.contact if self.caller.has_scope(PII) else None,
            **shapes.signed_body(row),
        }


class ContactHandovers(HandoverDoor):
    """The handovers of one request."""

    @Operation(
        "list_contact_handovers",
        "List the new contacts that were proposed for a worker, newest first",
        tag=TAG,
        scope="requests:read",
        query=PageQuery,
        gives=page_shape(ContactHandover),
        sample=page_sample(SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will list them."""
        return self.page(found.of_request(self.actor, request_id), ("-id",), self.body)

    @Operation(
        "propose_contact_handover",
        "Propose a new contact for a worker who lost the old one",
        tag=TAG,
        scope=WRITE,
        description="The director signs it too, and nothing changes before. Then both contacts are told.",
        sends=ContactHandoverSent,
        sample_sent={"contact": _WHICH["contact"], **_WHY},
        gives=ContactHandover,
        sample=SAMPLE,
        status=201,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "duplicate", "wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will propose one."""
        said = self.read(ContactHandoverSent)
        return self.act(
            lambda once: contact_handovers.propose(
                request_id=request_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=self.handover,
            body_of=self.body,
            status=201,
        )


class ContactHandoverDecision(HandoverDoor):
    """What becomes of a handover."""

    @Operation(
        "decide_contact_handover",
        "Sign a worker's new contact too, or refuse it",
        tag=TAG,
        scope=WRITE,
        description="The director, who is another person than its proposer.",
        sends=SignedDecisionSent,
        sample_sent={"outcome": "MADE"},
        gives=ContactHandover,
        sample=MADE_SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "self_approval", "already_decided", "duplicate", "wrong_state"],
    )
    def post(self, request: Request, handover_id: UUID) -> HttpResponse:
        """This will decide it."""
        return self.decide(
            contact_handovers.make,
            contact_handovers.refuse,
            handover_id,
            named="handover_id",
            again=self.handover,
            body_of=self.body,
        )
