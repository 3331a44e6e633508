"""What is typed in the settings: a fund's state, a policy version, people, programs."""

from collections.abc import Iterable
from typing import Any

from django import forms

from fundmgr.services.founding import PolicyTerms
from requests_app.pages.staff import words
from requests_app.pages.staff.fields import CentsField, LineField

WHOLE_PERCENT = "Enter a whole number from 0 to 50."
WHOLE_DAYS = "Enter a number of days from 1 to 90."
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


class PolicyForm(forms.Form):
    """The next policy version."""

    award_cap = CentsField(label="Most that one household can get")
    need_ceiling = CentsField(label="Most need that counts for one household")
    reserve_percent = forms.IntegerField(
        label="Percent of each receipt kept in reserve",
        min_value=0,
        max_value=50,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WHOLE_PERCENT),
    )
    two_approvers_from = CentsField(label="Rounds from this amount need two approvers")
    decision_days = forms.IntegerField(
        label="Days in which a decision is promised",
        min_value=1,
        max_value=90,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WHOLE_DAYS),
    )
    rule = forms.ChoiceField(label="The usual rule for sharing", choices=RULES)
    adopted_by = LineField(label="Who adopted it", missing="Enter who adopted it, like The board.")

    def clean(self) -> dict[str, Any]:
        """This will compare the two amounts that belong together."""
        found = super().clean() or {}
        cap, ceiling = found.get("award_cap"), found.get("need_ceiling")
        if cap and ceiling and cap > ceiling:
            self.add_error(
                "award_cap", "The most one household can get cannot be above the need that counts."
            )
        return found

    def terms(self) -> PolicyTerms:
        """This will return what was typed as terms."""
        found = self.cleaned_data
        return PolicyTerms(
            need_ceiling_cents=found["need_ceiling"],
            award_cap_cents=found["award_cap"],
            reserve_bp=found["reserve_percent"] * 100,
            two_approvers_from_cents=found["two_approvers_from"],
            decision_days=found["decision_days"],
            adopted_by=found["adopted_by"],
            rule={"version": 1, "rule": found["rule"]},
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
