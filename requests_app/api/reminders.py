"""Reminders of a promise: the letters that went to its donor, and those to come."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.queries import funds
from requests_app.api import fields
from requests_app.api.answers import json_answer, money_body
from requests_app.api.doors import Door
from requests_app.api.schema import Operation
from requests_app.queries import reminders
from requests_app.queries.reminders import ReminderState

WORDS = ("before", "day", "fortnight", "month")


class ReminderOut(fields.Shown):
    """One reminder of one dated part."""

    due_on = serializers.DateField(help_text="When the part was or is due.")
    on = serializers.DateField(help_text="When it went, or from which day on it may go.")
    which = serializers.ChoiceField(
        choices=WORDS, help_text="A week before; a day, a fortnight or a month after."
    )
    state = fields.Word(
        ReminderState,
        help_text="NOT_NEEDED: the money came in first. NO_ADDRESS: the donor has no mail address.",
    )
    open = fields.MoneyOut(help_text="What of the part has not come in.")


class Reminders(fields.Shown):
    """The reminders of one promise."""

    commitment_id = fields.Id("com")
    reminders = serializers.ListField(child=ReminderOut())


SAMPLE = {
    "commitment_id": "com_018aa9d5e0007c3a9d0f6b1c2e4a5d63",
    "reminders": [
        {
            "due_on": "2023-10-18",
            "on": "2023-10-11",
            "which": "before",
            "state": "SENT",
            "open": {"amount": "500000.00", "currency": "USD"},
        }
    ],
}


class CommitmentReminders(Door):
    """The reminders of a promise."""

    @Operation(
        "list_commitment_reminders",
        "Read the reminders of a promise, sent and to come",
        tag="commitments",
        scope="commitments:read",
        gives=Reminders,
        sample=SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, commitment_id: UUID) -> HttpResponse:
        """This will show them."""
        found = reminders.of_commitment(self.actor, commitment_id=commitment_id, now=self.now)
        row = funds.visible_commitment(self.actor, commitment_id=commitment_id)
        currency = self.currency_of(row.fund_id)
        lines = [
            {
                "due_on": one.due_on.isoformat(),
                "on": one.on.isoformat(),
                "which": one.word,
                "state": one.state.value,
                "open": money_body(one.open_cents, currency),
            }
            for one in found
        ]
        return json_answer({"commitment_id": ids.public("com", commitment_id), "reminders": lines})
