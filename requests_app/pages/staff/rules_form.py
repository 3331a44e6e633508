"""The rules that a board adopts, as boxes: the first visit and each later policy version ask for them."""

from typing import Any

from django import forms

from fundmgr.services.founding import PolicyTerms
from requests_app.pages.staff.fields import CentsField, LineField

WHOLE_PERCENT = "Enter a whole number from 0 to 50."


class RulesForm(forms.Form):
    """The rules that every policy version holds."""

    award_cap = CentsField(label="Most that one household can get")
    need_ceiling = CentsField(label="Most need that counts for one household")
    reserve_percent = forms.IntegerField(
        label="Percent of each receipt kept in reserve",
        min_value=0,
        max_value=50,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WHOLE_PERCENT),
    )
    two_approvers_from = CentsField(label="Rounds from this amount need two approvers")
    adopted_by = LineField(
        label="Who adopted these rules", missing="Enter who adopted the rules, like The board."
    )

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
            adopted_by=found["adopted_by"],
        )
