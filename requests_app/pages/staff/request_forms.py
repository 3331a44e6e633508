"""What is typed at one request: the decision box, a question to the worker, holding it back."""

from typing import Any

from django import forms

from fundmgr.domain.eligibility import Reason
from requests_app.pages.staff import words
from requests_app.pages.staff.fields import BlockField, CentsField, KeyListField
from requests_app.services.reveals import Purpose

PAY, ASK, NOT = "eligible", "ask", "not_eligible"
OUTCOMES = [(PAY, "Eligible"), (ASK, "Ask for something"), (NOT, "Not this time")]
PURPOSES = [
    (Purpose.CALL_WORKER.value, "To call or write to the worker"),
    (Purpose.CHECK_IDENTITY.value, "To check who the worker is"),
    (Purpose.CHECK_DUPLICATE.value, "To check for a duplicate"),
    (Purpose.PAYMENT.value, "To settle a payment"),
]
HOLDS = [
    ("FRAUD_CHECK", "Something must be checked for fraud"),
    ("CONFLICT", "A conflict of interest"),
    ("DEATH", "The worker has died"),
    ("WORKER_ASKED", "The worker asked to wait"),
]


class ProposeForm(forms.Form):
    """The decision box of a reviewer."""

    outcome = forms.ChoiceField(
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you propose."),
    )
    amount = CentsField(required=False)
    reason = forms.ChoiceField(
        required=False,
        choices=[("", "No reason needed"), *words.REASONS.items()],
        error_messages={"invalid_choice": "Choose a reason from the list."},
    )
    note = BlockField(required=False, most=2000)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """This will ask for what the chosen outcome needs."""
        found = super().clean() or {}
        outcome = found.get("outcome")
        if outcome == NOT and not found.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Choose the reason.")
        if outcome == ASK and not found.get("note") and "note" not in self.errors:
            self.add_error("note", "Write to the worker what you need.")
        return found

    def reasons(self) -> list[Reason]:
        """This will return the reason of a refusal; an eligible request has none."""
        if self.cleaned_data["outcome"] != NOT:
            return []
        return [Reason(self.cleaned_data["reason"])]


class NoteForm(forms.Form):
    """Why a proposal goes back."""

    note = BlockField(most=2000, missing="Write what must change.")


class ReplyForm(forms.Form):
    """What the fund writes to the worker."""

    text = BlockField(most=1000, missing="Write your message.")


class EmptyForm(forms.Form):
    """A button alone."""


class PurposeForm(forms.Form):
    """Why somebody looks at what is masked."""

    purpose = forms.ChoiceField(
        label="Why do you need it?",
        choices=PURPOSES,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose why you need it."),
    )


class HoldForm(forms.Form):
    """Why a request is held back."""

    reason = forms.ChoiceField(
        label="Why",
        choices=[("", "Choose"), *HOLDS],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose why."),
    )


class RequestsForm(forms.Form):
    """The ticked rows of the queue."""

    request = KeyListField("req", missing="Tick at least one request.")
