"""What is typed about donors, their commitments and the money that came in."""

from collections.abc import Iterable
from typing import Any

from django import forms

from fundmgr.domain import ids
from requests_app.pages.staff.fields import (
    BlockField,
    CentsField,
    DayField,
    KeyField,
    LineField,
    ReferenceField,
    ScheduleField,
    WholeField,
)
from requests_app.pages.staff.words import RELATIONS

KINDS = [("person", "A person"), ("organisation", "An organization")]
CONDITIONS = [
    ("no", "No, it is owed from today"),
    ("yes", "Yes, something must happen first"),
]


class DonorForm(forms.Form):
    """A donor."""

    name = LineField(label="Name", missing="Enter the donor's name.")
    kind = forms.ChoiceField(
        label="Who gives",
        choices=KINDS,
        widget=forms.RadioSelect,
        initial="person",
        error_messages={"required": "Choose who gives."},
    )
    contact = LineField(
        label="Mail or phone", most=254, required=False, help_text="Kept encrypted. Shown to nobody here."
    )
    is_anonymous = forms.BooleanField(label="Do not show the name in public", required=False)
    is_substantial_contributor = forms.BooleanField(label="A substantial contributor", required=False)
    relation = forms.ChoiceField(
        label="Relation to the fund or the employer",
        choices=list(RELATIONS.items()),
        initial="NONE",
        required=False,
    )
    relation_note = LineField(label="What the relation is", most=300, required=False)
    language = forms.ChoiceField(
        label="Written to in", choices=[("en", "English"), ("es", "Spanish")], required=False, initial="en"
    )
    address = BlockField(
        label="Postal address", most=500, required=False, help_text="Kept encrypted. Shown to nobody here."
    )


class PledgeForm(forms.Form):
    """A donor's promise."""

    donor = KeyField("don", label="Donor", missing="Choose the donor.", widget=forms.Select)
    amount = CentsField(label="Amount promised")
    pledged_on = DayField(label="Promised on", missing="Choose the day of the promise.")
    due_on = DayField(label="Due on", required=False)
    restriction = forms.ChoiceField(label="What the money is tied to", required=False)
    conditional = forms.ChoiceField(
        label="Is there a condition?",
        choices=CONDITIONS,
        widget=forms.RadioSelect,
        initial="no",
        error_messages={"required": "Choose yes or no."},
    )
    condition = BlockField(label="What must happen first", most=500, required=False)
    match_percent = WholeField(
        label="If it matches gifts: percent of each public gift",
        most=1000,
        help_text="100 for a dollar a dollar. It becomes due by itself as gifts arrive.",
    )
    right_of_return = BlockField(
        label="What happens to early money where the condition is never met", most=500, required=False
    )
    instalments = ScheduleField(
        label="Dates and amounts, one line each",
        required=False,
        help_text="Like 2026-10-01 25,000. Leave it empty where all is due on one day.",
    )
    collection_percent = WholeField(label="Chance that it comes in, percent", most=100, initial=95, empty=95)

    def __init__(
        self, sent: Any, *, donors: Iterable[Any], restrictions: Iterable[Any], **options: Any
    ) -> None:
        super().__init__(sent, **options)
        donor_box: Any = self.fields["donor"].widget
        donor_box.choices = [("", "Choose")] + [(ids.public("don", row.id), row.name) for row in donors]
        tied: Any = self.fields["restriction"]
        tied.choices = [
            (str(row.id), "Nothing: it may be used for any need" if row.is_general else row.name)
            for row in restrictions
        ]

    def clean(self) -> dict[str, Any]:
        """This will ask for the condition where there is one, and only then."""
        found = super().clean() or {}
        if found.get("conditional") == "yes" and not found.get("condition"):
            self.add_error("condition", "Write what must happen before the money is owed.")
        if found.get("conditional") == "no":
            found["condition"] = ""
        return found


class ReceiptForm(forms.Form):
    """Money that came in on a commitment."""

    amount = CentsField(label="Amount received")
    bank_reference = ReferenceField(label="Bank reference", most=80, missing="Enter the bank's reference.")
    received_on = DayField(label="Received on", missing="Choose the day it came in.")


class ReconcileForm(forms.Form):
    """One receipt of the list."""

    receipt = KeyField("rct", missing="Choose a receipt.")


class ReasonForm(forms.Form):
    """Why something is given up."""

    reason = LineField(label="Why", most=200, missing="Write why.")
