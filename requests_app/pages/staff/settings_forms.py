"""What is typed in the settings: a fund's state, a policy version, people, programs."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms

from fundmgr.services.founding import PolicyTerms
from requests_app.pages.staff import words
from requests_app.pages.staff.fields import BlockField, CentsField, LineField
from requests_app.pages.staff.rules_form import RulesForm

WHOLE_DAYS = "Enter a number of days from 1 to 90."
WHOLE_HOURS = "Enter a number of hours from 24 to 720, or nothing."
NEXT_ROUND = "When this much came free and people wait. Others approve it. Empty: people begin each round."
ROLE_CHOICES = [(role.value, label) for role, label in words.ROLES.items()]
RULES = [
    ("equal_awards", "Equal awards: the same for everyone, up to their need"),
    ("proportional", "Proportional: the same share of everyone's need"),
    ("queue", "First come, first served"),
]


class StateForm(forms.Form):
    """Whether the fund takes requests."""

    state = forms.ChoiceField(
        choices=[("open", "Open"), ("pause", "Pause"), ("close", "Close")],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose open, pause or close."),
    )


class PolicyForm(RulesForm):
    """The next policy version."""

    decision_days = forms.IntegerField(
        label="Days in which a decision is promised",
        min_value=1,
        max_value=90,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WHOLE_DAYS),
    )
    accept_days = forms.IntegerField(
        label="Days in which a worker must say how to be paid",
        min_value=1,
        max_value=90,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WHOLE_DAYS),
    )
    accept_hours = forms.IntegerField(
        label="Or hours, where the money cannot wait so long",
        required=False,
        min_value=24,
        max_value=720,
        help_text="Counted from the award. Empty: whole days, to the end of the last one.",
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), WHOLE_HOURS),
    )
    appeal_days = forms.IntegerField(
        label="Days in which a worker may ask you to look again",
        min_value=1,
        max_value=90,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WHOLE_DAYS),
    )
    document_days = forms.IntegerField(
        label="Days for which workers' photos and papers are kept after that",
        min_value=1,
        max_value=3650,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Enter whole days, from 1 to 3650."
        ),
    )
    next_round_from = CentsField(
        label="Propose the next round from this much free money", required=False, help_text=NEXT_ROUND
    )
    flat_grant = CentsField(
        label="The same amount for everybody, so that the form asks for none",
        required=False,
        help_text="Leave it empty where people write what they need. It cannot be more than the cap.",
    )
    rule = forms.ChoiceField(label="The usual rule for sharing", choices=RULES)
    field_order = (
        "award_cap",
        "need_ceiling",
        "reserve_percent",
        "two_approvers_from",
        "decision_days",
        "accept_days",
        "accept_hours",
        "appeal_days",
        "document_days",
        "next_round_from",
        "flat_grant",
        "rule",
        "adopted_by",
    )

    def clean_flat_grant(self) -> int | None:
        """This will refuse an amount that nobody could be given."""
        cents: int | None = self.cleaned_data["flat_grant"]
        cap_cents = self.cleaned_data.get("award_cap")
        if cents is not None and (cents <= 0 or (cap_cents and cents > cap_cents)):
            raise forms.ValidationError("Enter an amount above zero and at most the cap.")
        return cents

    def terms(self) -> PolicyTerms:
        """This will return what was typed as terms."""
        return replace(
            super().terms(),
            decision_days=self.cleaned_data["decision_days"],
            accept_days=self.cleaned_data["accept_days"],
            accept_hours=self.cleaned_data["accept_hours"],
            appeal_days=self.cleaned_data["appeal_days"],
            document_days=self.cleaned_data["document_days"],
            next_round_from_cents=self.cleaned_data["next_round_from"],
            flat_grant_cents=self.cleaned_data["flat_grant"],
            rule={"version": 1, "rule": self.cleaned_data["rule"]},
        )


class DescriptionForm(forms.Form):
    """What everybody reads of the fund on its page."""

    purpose = LineField(label="What it is for, in one sentence", most=300, required=False)
    help_phone = LineField(
        label="Phone number for help",
        most=40,
        required=False,
        help_text="The page says that you call from no other number.",
    )
    help_hours = LineField(label="When someone answers", most=120, required=False)
    help_mail = LineField(label="Email address for questions", most=254, required=False)
    board = BlockField(
        label="Who sits on the board",
        required=False,
        help_text="One person a line, like: Ana Rivera, chair. Only names of people who agreed to it.",
    )


class InviteForm(forms.Form):
    """A person and a role."""

    name = LineField(label="Name", most=120, missing="Enter the person's name.")
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        error_messages=dict.fromkeys(("required", "invalid"), "Enter an address like name@example.com."),
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[("", "Choose"), *ROLE_CHOICES],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose a role."),
    )


class EndForm(forms.Form):
    """One role of one person."""

    membership = forms.UUIDField(
        error_messages=dict.fromkeys(("required", "invalid"), "Choose a role from the list.")
    )


class ClientForm(forms.Form):
    """A program: who answers for it, what it is, what it may ask for."""

    name = LineField(label="Name of the program", most=120, missing="Enter a name for the program.")
    owner = forms.ChoiceField(
        label="Who answers for it",
        help_text="Another person than you. What it does counts as done by this person.",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose who answers for it."),
    )
    role = forms.ChoiceField(
        label="Role",
        choices=[("", "Choose"), *ROLE_CHOICES],
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose a role."),
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        widget=forms.CheckboxSelectMultiple,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose at least one."),
    )

    def __init__(
        self,
        sent: Any,
        *,
        owners: Iterable[tuple[str, str]],
        scopes: Iterable[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(sent, **options)
        owner_field: Any = self.fields["owner"]
        scopes_field: Any = self.fields["scopes"]
        owner_field.choices = [("", "Choose"), *owners]
        scopes_field.choices = list(scopes)
