"""What is typed about money in: gifts, matches, what the bank took back or charged, bank files."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from fundmgr.domain import ids, money
from fundmgr.domain.bank_csv import ColumnMapping, Style
from fundmgr.domain.bank_dates import DateFormat
from fundmgr.domain.bank_text import MOST_BYTES
from requests_app.pages.staff.fields import (
    CentsField,
    DayField,
    KeyField,
    KeyListField,
    LineField,
    ReferenceField,
)

METHODS = [
    ("BANK_TRANSFER", "Bank transfer"),
    ("CHECK", "Check"),
    ("CARD", "Card"),
    ("CASH", "Cash"),
    ("OTHER", "Another way"),
]
NOT_KNOWN = "Nobody knows yet: leave it unmatched"


class Payer(NamedTuple):
    """Whose a receipt is: a commitment, or a donor."""

    commitment_id: UUID | None
    donor_id: UUID | None


class PayerField(forms.ChoiceField):
    """A commitment or a donor, each by its public id; the clean value is a Payer."""

    def clean(self, value: Any) -> Any:
        """This will read the id; any other shape is refused."""
        text = str(value or "")
        found = Payer(ids.parse_public("com", text), ids.parse_public("don", text))
        if found == (None, None):
            raise ValidationError("Choose the commitment or the donor.", code="required")
        return found


class GiftForm(forms.Form):
    """Money that came in without a commitment."""

    amount = CentsField(label="Amount received")
    bank_reference = ReferenceField(label="Bank reference", most=80, missing="Enter the bank's reference.")
    received_on = DayField(label="Received on", missing="Choose the day it came in.")
    method = forms.ChoiceField(label="How it came", choices=METHODS)
    payer = LineField(label="Payer, as the bank says", most=160, required=False, help_text="Kept encrypted.")
    donor = KeyField("don", label="Whose gift it is", required=False, widget=forms.Select)
    restriction = forms.ChoiceField(label="What the gift is tied to", required=False)

    def __init__(
        self, sent: Any, *, donors: Iterable[Any], restrictions: Iterable[Any], **options: Any
    ) -> None:
        super().__init__(sent, **options)
        box: Any = self.fields["donor"].widget
        box.choices = [("", NOT_KNOWN)] + [(ids.public("don", row.id), row.name) for row in donors]
        tied: Any = self.fields["restriction"]
        tied.choices = _restrictions(restrictions)


class MatchForm(forms.Form):
    """Whose an unmatched receipt is."""

    to = PayerField(label="Whose it is", required=False)
    restriction = forms.ChoiceField(label="What a gift is tied to", required=False)

    def __init__(self, sent: Any, *, choices: Any, **options: Any) -> None:
        super().__init__(sent, **options)
        payer: Any = self.fields["to"]
        promised = [
            (ids.public("com", row.id), f"{row.donor.name}, promised {money.dollars(row.amount_cents)}")
            for row in choices.commitments
        ]
        gifts = [(ids.public("don", row.id), row.name) for row in choices.donors]
        payer.choices = [("", "Choose"), ("Pays a commitment of", promised), ("Is a gift of", gifts)]
        tied: Any = self.fields["restriction"]
        tied.choices = _restrictions(choices.restrictions)


class SuggestedForm(forms.Form):
    """A suggestion that one click takes."""

    to = PayerField(widget=forms.HiddenInput)


class BounceForm(forms.Form):
    """Why the bank took a receipt back."""

    reason = LineField(label="What the bank said", most=200, missing="Write what the bank said.")


class RefundForm(forms.Form):
    """Money to give back."""

    amount = CentsField(label="Amount to give back")
    reason = LineField(label="Why", most=200, missing="Write why.")


class ReceiptsForm(forms.Form):
    """Ticked receipts."""

    receipt = KeyListField("rct", missing="Choose at least one receipt.")


class BankFeeForm(forms.Form):
    """What the bank charged."""

    amount = CentsField(label="Amount charged")
    bank_reference = ReferenceField(label="Bank reference", most=80, missing="Enter the bank's reference.")
    charged_on = DayField(label="Charged on", missing="Choose the day.")


class FileForm(forms.Form):
    """A bank's file."""

    file = forms.FileField(
        label="The bank's file (CSV)",
        allow_empty_file=True,
        max_length=160,
        error_messages={"required": "Choose a file.", "max_length": "The file's name is too long."},
    )

    def clean_file(self) -> Any:
        """This will refuse a file that is larger than any import may be, before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(f"This file is larger than {MOST_BYTES // 1_000_000} megabytes. Split it.")
        return file


COLUMNS = {
    "date": "Day the money came in",
    "reference": "Bank's reference",
    "amount": "Amount (one column)",
    "credit": "Money in (of two columns)",
    "debit": "Money out (of two columns)",
    "payer": "Payer",
    "text": "What the payer wrote",
    "currency": "Currency",
}


class MappingForm(forms.Form):
    """Which column means what."""

    date_format = forms.ChoiceField(label="How the days are written", required=False)
    amount_format = forms.ChoiceField(label="How the amounts are written", required=False)

    def __init__(self, sent: Any, *, columns: Sequence[str], **options: Any) -> None:
        super().__init__(sent, **options)
        names = [("", "–"), *((name, name) for name in columns)]
        for field, label in COLUMNS.items():
            self.fields[field] = forms.ChoiceField(label=label, choices=names, required=False)
        self.order_fields([*COLUMNS, "date_format", "amount_format"])
        days: Any = self.fields["date_format"]
        days.choices = [("", "Find out"), *((kind.value, kind.value) for kind in DateFormat)]
        amounts: Any = self.fields["amount_format"]
        amounts.choices = [(style.value, style.value) for style in Style]

    def mapping(self) -> ColumnMapping | None:
        """This will return what was chosen, or None where a choice is none of the file."""
        return ColumnMapping.from_json(self.cleaned_data) if self.is_valid() else None


def _restrictions(rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [
        ("" if row.is_general else str(row.id), "Nothing: any need" if row.is_general else row.name)
        for row in rows
    ]
