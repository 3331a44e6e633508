"""Form fields that read what people type the way the whole fund does: money, lines, dates, keys."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from fundmgr.domain import ids, money, text
from fundmgr.domain.schedules import Part

EARLIEST = date(1990, 1, 1)
LATEST = date(2099, 12, 31)
LINE_MOST, BLOCK_MOST = 160, 2000


class LineField(forms.CharField):
    """One line in any language, without characters that cannot be stored."""

    clean_text = staticmethod(text.clean_line)

    def __init__(self, *, most: int = LINE_MOST, missing: str = "Fill this in.", **options: Any) -> None:
        super().__init__(error_messages={"required": missing}, **options)
        self.most = most

    def to_python(self, value: Any) -> str:
        """This will clean the line before anything else looks at it."""
        try:
            return self.clean_text(str(value or ""), most=self.most)
        except text.NotText as error:
            raise ValidationError(str(error)) from error


class ReferenceField(LineField):
    """The bank's reference, in one form only, without anything that cannot be seen."""

    clean_text = staticmethod(text.clean_reference)


class BlockField(LineField):
    """Text of several lines."""

    widget = forms.Textarea(attrs={"rows": 3})
    clean_text = staticmethod(text.clean_block)

    def __init__(self, *, most: int = BLOCK_MOST, **options: Any) -> None:
        super().__init__(most=most, **options)


class CentsField(forms.CharField):
    """An amount as a person types it; the clean value is in cents."""

    # The templates put a dollar sign before such a box.
    is_money = True

    def __init__(self, *, least_cents: int = 1, missing: str = "Enter an amount, like 1200.", **options: Any):
        super().__init__(error_messages={"required": missing}, **options)
        self.least_cents = least_cents

    def to_python(self, value: Any) -> Any:
        """This will read the amount, or None where nothing was typed."""
        typed = str(value or "").strip()
        if not typed:
            return None
        try:
            cents = money.parse_cents(typed)
        except money.NotMoney as error:
            raise ValidationError(str(error)) from error
        if cents < self.least_cents:
            raise ValidationError("Enter an amount above 0.")
        return cents

    def validate(self, value: Any) -> None:
        """This will refuse an empty box where an amount is needed; 0 is an amount."""
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """This will do nothing more: the validators of text do not fit cents."""

    def prepare_value(self, value: Any) -> Any:
        """This will show cents as dollars, and what was typed as it was typed."""
        return money.dollars(value).removeprefix("$") if isinstance(value, int) else value


class DayField(forms.DateField):
    """A day of our time; year 0001 is a slip of the finger."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, *, missing: str = "Choose a day.", latest: date = LATEST, **options: Any) -> None:
        unread = "Write the day as year, month, day, like 2026-03-14."
        super().__init__(
            error_messages={"required": missing, "invalid": unread}, input_formats=["%Y-%m-%d"], **options
        )
        self.latest = latest

    def validate(self, value: Any) -> None:
        """This will refuse days that no fund has seen."""
        super().validate(value)
        if value is not None and not EARLIEST <= value <= self.latest:
            raise ValidationError(f"Choose a day from {EARLIEST.year} to {self.latest.year}.")


class KeyField(forms.CharField):
    """A public id, like com_018f…; the clean value is the key."""

    def __init__(self, prefix: str, *, missing: str = "Choose one.", **options: Any) -> None:
        super().__init__(error_messages={"required": missing}, **options)
        self.prefix = prefix

    def to_python(self, value: Any) -> Any:
        """This will read the key, or None where nothing was chosen."""
        if not value:
            return None
        key = ids.parse_public(self.prefix, str(value))
        if key is None:
            raise ValidationError("Choose one from the list.")
        return key

    def validate(self, value: Any) -> None:
        """This will refuse an empty choice where one is needed."""
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """This will do nothing more: the validators of text do not fit a key."""

    def prepare_value(self, value: Any) -> Any:
        """This will show a key as the outside sees it."""
        return ids.public(self.prefix, value) if isinstance(value, UUID) else value


class KeyListField(forms.MultipleChoiceField):
    """Ticked rows of a table; the clean value is their keys, each once, in the order of the page."""

    def __init__(
        self, prefix: str, *, most: int = 500, missing: str = "Choose at least one.", **options: Any
    ):
        super().__init__(error_messages={"required": missing}, **options)
        self.prefix, self.most = prefix, most

    def clean(self, value: Any) -> Any:
        """This will read the keys and refuse anything that is none."""
        words = list(dict.fromkeys(str(word) for word in value or []))
        if not words and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(words) > self.most:
            raise ValidationError(f"Choose at most {self.most} at a time.")
        keys = [ids.parse_public(self.prefix, word) for word in words]
        if None in keys:
            raise ValidationError("Choose from the rows of this page.")
        return keys


class ScheduleField(BlockField):
    """Dates and amounts, one line each, like 2026-10-01 25,000."""

    def clean(self, value: Any) -> Any:
        """This will read the parts, or say which line cannot be read."""
        typed = super().clean(value)
        return [self._part(number, line) for number, line in enumerate(typed.splitlines(), start=1) if line]

    def _part(self, number: int, line: str) -> Part:
        day, _, amount = line.strip().partition(" ")
        try:
            return Part(DayField().clean(day), money.parse_cents(amount))
        except (ValidationError, money.NotMoney) as error:
            sentence = f"Line {number} cannot be read. Write it like 2026-10-01 25,000."
            raise ValidationError(sentence) from error


class WholeField(forms.IntegerField):
    """A whole number that may be left out; `empty` is what that means."""

    def __init__(self, *, most: int, least: int = 0, empty: int | None = None, **options: Any) -> None:
        sentence = f"Enter a whole number from {least} to {most}."
        super().__init__(
            min_value=least,
            max_value=most,
            required=False,
            error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
            **options,
        )
        self.empty = empty

    def clean(self, value: Any) -> Any:
        """This will read the number."""
        found = super().clean(value)
        return self.empty if found is None else found
