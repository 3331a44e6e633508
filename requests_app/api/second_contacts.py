"""A second way to reach a worker: proved by a code like the first, used when the first is silent."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer
from requests_app.api.contact_ways import (
    ContactChangeAsked,
    ContactChangeSent,
    ContactCodeSent,
    contact_body,
)
from requests_app.api.doors import Door
from requests_app.api.schema import KEY_OPTIONAL, Operation
from requests_app.queries import details, reach
from requests_app.queries.details import Second
from requests_app.services import second_contacts

WRITE, TAG = "requests:write", "requests"
_SENT = {"contact": "ana@example.org"}
SAMPLE: Body = {
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "is_kept": True,
    "contact": "a***@example.org",
}


class SecondContactCodeSent(ContactCodeSent):
    """The second contact, the code that the worker got there, and their word on texts."""

    allows_texts = fields.YesNo(
        required=False, help_text="A number is kept only where the worker said yes to texts there."
    )


class SecondContact(fields.Shown):
    """What is kept beside the first contact."""

    request_id = fields.Id("req")
    is_kept = serializers.BooleanField()
    contact = serializers.CharField(
        allow_null=True, help_text="Masked; null for anyone but the worker and who filed the request."
    )


class SecondContactDoor(Door):
    """What the addresses of second contacts share."""

    def applicant_id(self, request_id: UUID) -> UUID:
        """This will return whose second contact it is. Errors: NotFound."""
        return details.own_applicant_id(self.actor, request_id)


class RequestSecondContact(SecondContactDoor):
    """The second contact of the worker of a request."""

    @Operation(
        "read_second_contact",
        "Read whether a worker has a second contact",
        tag=TAG,
        scope="requests:read",
        gives=SecondContact,
        sample=SAMPLE,
    )
    def get(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(_body(details.second_contact(self.actor, request_id)))

    @Operation(
        "ask_second_contact",
        "Send a code to a second contact of a worker",
        tag=TAG,
        scope=WRITE,
        description="By the worker or the program that filed the request. It is an address beside a number, "
        "or the reverse. Nothing is kept before the code comes.",
        sends=ContactChangeSent,
        sample_sent=_SENT,
        gives=ContactChangeAsked,
        sample={"request_id": SAMPLE["request_id"], "contact": SAMPLE["contact"]},
        status=202,
        key=KEY_OPTIONAL,
        refusals=["too_many_tries", "wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will send it."""
        contact = self.read(ContactChangeSent)["contact"]
        applicant_id = self.applicant_id(request_id)
        return self.act(
            lambda once: second_contacts.ask(
                applicant_id=applicant_id, contact=contact, by=self.actor, now=self.now, once=once
            ),
            again=reach.applicant,
            body_of=lambda _row: contact_body(request_id, contact),
            status=202,
        )


class SecondContactCode(SecondContactDoor):
    """The code that proves a second contact."""

    @Operation(
        "confirm_second_contact",
        "Prove a second contact of a worker by its code",
        tag=TAG,
        scope=WRITE,
        description="One that was there before goes, and the first contact is told.",
        sends=SecondContactCodeSent,
        sample_sent={**_SENT, "code": "482913"},
        gives=ContactChangeAsked,
        sample={"request_id": SAMPLE["request_id"], "contact": SAMPLE["contact"]},
        key=KEY_OPTIONAL,
        refusals=["wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will take it."""
        said = {"allows_texts": False, **self.read(SecondContactCodeSent)}
        applicant_id = self.applicant_id(request_id)
        return self.act(
            lambda once: second_contacts.enter(
                applicant_id=applicant_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=reach.applicant,
            body_of=lambda _row: contact_body(request_id, said["contact"]),
        )


class SecondContactRemoval(SecondContactDoor):
    """That a second contact is forgotten."""

    @Operation(
        "remove_second_contact",
        "Forget a second contact of a worker",
        tag=TAG,
        scope=WRITE,
        description="By the worker or the program that filed the request. Without one nothing happens.",
        gives=SecondContact,
        sample={**SAMPLE, "is_kept": False, "contact": None},
        key=KEY_OPTIONAL,
        refusals=["wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will forget it."""
        self.read_nothing()
        applicant_id = self.applicant_id(request_id)
        return self.act(
            lambda once: second_contacts.remove(
                applicant_id=applicant_id, by=self.actor, now=self.now, once=once
            ),
            again=reach.applicant,
            body_of=lambda _row: _body(details.second_contact(self.actor, request_id)),
        )


def _body(second: Second) -> Any:
    return {
        "request_id": ids.public("req", second.id),
        "is_kept": second.is_kept,
        "contact": second.masked,
    }
