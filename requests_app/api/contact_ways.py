"""How a worker is reached: their word on texts, and another contact that a code proves."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.contacts import masked, normalise
from fundmgr.domain.texting import Consent as Word
from requests_app.api import fields
from requests_app.api.answers import Body, stamp
from requests_app.api.doors import Door
from requests_app.api.schema import KEY_OPTIONAL, Operation
from requests_app.queries import details, reach
from requests_app.services import consents, contact_changes, contacts

WRITE, TAG = "requests:write", "requests"
_REQUEST = "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71"


class TextConsentSent(fields.Sent):
    """The worker's word."""

    allows_texts = fields.YesNo(
        help_text="False is a STOP of all messages, texts and mail. True only where they said yes."
    )


class TextConsent(fields.Shown):
    """What the worker said about texts last."""

    request_id = fields.Id("req")
    allows_texts = serializers.BooleanField()
    said_at = fields.MomentOut()


class ContactChangeSent(fields.Sent):
    """The new contact."""

    contact = fields.Line(most=contacts.MOST_LETTERS, help_text="A number or a mail address.")


class ContactCodeSent(ContactChangeSent):
    """The new contact, and the code that the worker got there."""

    code = fields.Line(most=20)


class ContactChangeAsked(fields.Shown):
    """Where the code went, or the worker is reached from now on."""

    request_id = fields.Id("req")
    contact = serializers.CharField(help_text="Masked, like ***0143.")


class RequestTextConsent(Door):
    """Whether news may be texted to the worker of a request."""

    @Operation(
        "set_text_consent",
        "Keep a worker's yes or STOP to messages",
        tag=TAG,
        scope=WRITE,
        description="By the worker or who filed the request. It is about all messages, to a second contact "
        "too. Each word is kept, and the newest holds.",
        sends=TextConsentSent,
        sample_sent={"allows_texts": False},
        gives=TextConsent,
        sample={"request_id": _REQUEST, "allows_texts": False, "said_at": "2023-09-19T16:00:00Z"},
        key=KEY_OPTIONAL,
        refusals=["wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will keep it."""
        allows = self.read(TextConsentSent)["allows_texts"]

        def body(row: Any) -> Body:
            said = row.word != Word.STOPPED
            whose = ids.public("req", request_id)
            return {"request_id": whose, "allows_texts": said, "said_at": stamp(row.created_at)}

        return self.act(
            lambda once: consents.choose_for(
                request_id=request_id, allows=allows, by=self.actor, now=self.now, once=once
            ),
            again=reach.text_consent,
            body_of=body,
        )


class ContactChange(Door):
    """Another contact of the worker of a request: a code goes there."""

    @Operation(
        "ask_contact_change",
        "Send a code to a worker's new contact",
        tag=TAG,
        scope=WRITE,
        description="By the worker or the program that filed the request; staff propose a handover. Nothing "
        "changes before the code comes.",
        sends=ContactChangeSent,
        sample_sent={"contact": "(213) 555-0143"},
        gives=ContactChangeAsked,
        sample={"request_id": _REQUEST, "contact": "***0143"},
        status=202,
        key=KEY_OPTIONAL,
        refusals=["too_many_tries", "wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will send it."""
        contact = self.read(ContactChangeSent)["contact"]
        applicant_id = details.own_applicant_id(self.actor, request_id)
        return self.act(
            lambda once: contact_changes.ask(
                applicant_id=applicant_id, contact=contact, by=self.actor, now=self.now, once=once
            ),
            again=reach.applicant,
            body_of=lambda _row: contact_body(request_id, contact),
            status=202,
        )


class ContactChangeCode(Door):
    """The code that proves a worker's new contact."""

    @Operation(
        "confirm_contact_change",
        "Prove a worker's new contact by its code",
        tag=TAG,
        scope=WRITE,
        description="From now on the worker is reached there and signs in with it. Both contacts are told.",
        sends=ContactCodeSent,
        sample_sent={"contact": "(213) 555-0143", "code": "482913"},
        gives=ContactChangeAsked,
        sample={"request_id": _REQUEST, "contact": "***0143"},
        key=KEY_OPTIONAL,
        refusals=["duplicate", "wrong_state"],
    )
    def post(self, request: Request, request_id: UUID) -> HttpResponse:
        """This will take it."""
        said = self.read(ContactCodeSent)
        applicant_id = details.own_applicant_id(self.actor, request_id)
        return self.act(
            lambda once: contact_changes.enter(
                applicant_id=applicant_id, **said, by=self.actor, now=self.now, once=once
            ),
            again=reach.applicant,
            body_of=lambda _row: contact_body(request_id, said["contact"]),
        )


def contact_body(request_id: UUID, contact: str) -> Body:
    """This will write where a code went, masked."""
    return {"request_id": ids.public("req", request_id), "contact": masked(normalise(contact))}
