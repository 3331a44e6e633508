"""The fields of bodies and addresses: strict about types, so that nothing is guessed and nothing is lost."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from fundmgr.domain import ids, money
from fundmgr.domain.errors import InvalidInput, Problem
from fundmgr.domain.text import NotText, clean_block, clean_line, clean_reference
from requests_app.api.bodies import Inexact

EARLIEST_DAY, LATEST_DAY = date(1900, 1, 1), date(2200, 1, 1)
ID_PATTERN = "_[0-9a-f]{32}$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOMENT = re.compile(r"[0-9-]{10}[Tt ][0-9:]{8}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})\Z")
_WHOLE = re.compile(r"[0-9]{1,9}\Z")
Detail = Any


# The same sentences for whatever a body is made of: the framework has others for its own kinds.
_ABSENT = {"required": "This is needed.", "null": "This cannot be null."}


class Sent(serializers.Serializer[Any]):
    """A body, or the parameters of an address; a name that is not a field is an error."""

    default_error_messages = {**_ABSENT}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError("Send an object here.", code="wrong_type")
        unknown = [name for name in data if name not in self.fields]
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**as_dict(error.detail), **_unknown(unknown)}) from None
        if unknown:
            raise serializers.ValidationError(_unknown(unknown))
        return value


class Shown(serializers.Serializer[Any]):
    """A body that we send: it documents the shape; the resource's own function writes it."""


def read(shape: type[Sent], data: Mapping[str, Any], **context: Any) -> dict[str, Any]:
    """This will check a body and return its values. Errors: InvalidInput with one problem a field."""
    form = shape(data=data, context=context)
    if form.is_valid():
        return dict(form.validated_data)
    raise InvalidInput(problems=list(problems_of(form.errors)))


def problems_of(errors: Any, path: str = "") -> Iterator[Problem]:
    """This will walk a serializer's errors and name each field by its path."""
    if isinstance(errors, Mapping):
        for name, below in errors.items():
            # DRF's name for an error of the object as a whole.
            step = "" if name == "non_field_errors" else str(name)
            yield from problems_of(below, ".".join(part for part in (path, step) if part))
        return
    for number, below in enumerate(errors):
        if isinstance(below, (Mapping, list)):
            yield from problems_of(below, f"{path}.{number}" if path else str(number))
        else:
            yield Problem(path, getattr(below, "code", "") or "invalid", str(below))


def as_dict(detail: Detail) -> dict[str, Any]:
    """This will return an error's detail as fields."""
    return dict(detail) if isinstance(detail, Mapping) else {"non_field_errors": detail}


TOO_LARGE = "This number is larger than any that is taken."


def _unknown(names: list[str]) -> dict[str, list[ErrorDetail]]:
    return {name: [ErrorDetail("This field is not known.", code="unknown_field")] for name in names}


class StrictField(serializers.Field[Any, Any, Any, Any]):
    """The ground of every field below: one sentence for what is missing."""

    default_error_messages = {**_ABSENT, "wrong_type": "This has the wrong type."}

    def to_representation(self, value: Any) -> Any:
        return value

    def refuse(self, code: str, sentence: str) -> serializers.ValidationError:
        """This will make the error of this field."""
        return serializers.ValidationError(sentence, code=code)


class Line(StrictField):
    """One line of text in any language."""

    clean = staticmethod(clean_line)

    def __init__(self, *, most: int, blank: bool = False, **options: Any) -> None:
        self.most, self.blank = most, blank
        super().__init__(**options)
        set_override(self, "field", {"type": "string", "minLength": int(not blank), "maxLength": most})

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str:
            raise self.refuse("wrong_type", "This must be text.")
        try:
            text = self.clean(data, most=self.most)
        except NotText as error:
            raise self.refuse("unusable_text", str(error)) from None
        if not text and not self.blank:
            raise self.refuse("blank", "This cannot be empty.")
        return text


class Reference(Line):
    """A reference that two systems must agree on: one form of it, nothing that cannot be seen."""

    clean = staticmethod(clean_reference)


class Block(Line):
    """Text of several lines."""

    clean = staticmethod(clean_block)


@extend_schema_serializer(component_name="Money")
class MoneyShown(serializers.Serializer[Any]):
    """An amount of money: a string of digits with two decimals, and the fund's currency."""

    amount = serializers.RegexField(r"^-?[0-9]{1,12}\.[0-9]{2}$")
    currency = serializers.RegexField(r"^[A-Z]{3}$")


@extend_schema_field(MoneyShown)
class Money(StrictField):
    """An amount in a body: `{"amount": "420.00", "currency": "USD"}`, read as cents."""

    def __init__(self, *, least_cents: int = 1, **options: Any) -> None:
        self.least_cents = least_cents
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        cents, problems = read_money(data, currency=self.context["currency"], least_cents=self.least_cents)
        if problems:
            raise serializers.ValidationError(
                {field: [ErrorDetail(sentence, code=code)] for field, code, sentence in problems}
            )
        return cents


def read_money(data: Any, *, currency: str, least_cents: int) -> tuple[int, list[tuple[str, str, str]]]:
    """This will read money from a body and return cents with what is wrong: (field, code, sentence)."""
    if not isinstance(data, dict):
        return 0, [
            ("non_field_errors", "wrong_type", 'Write money as {"amount": "420.00", "currency": "USD"}.')
        ]
    wrong = [(str(name), "unknown_field", "This field is not known.") for name in data if name not in _MONEY]
    cents, amount = 0, data.get("amount")
    if type(amount) is not str:
        wrong.append(("amount", "wrong_type", "Write the amount as a string, like 420.00."))
    else:
        try:
            cents = money.parse_wire_cents(amount)
        except money.NotMoney as error:
            wrong.append(("amount", "not_money", str(error)))
        else:
            if cents < least_cents:
                wrong.append(("amount", "not_positive", "The amount must be above zero."))
    if data.get("currency") != currency:
        wrong.append(("currency", "wrong_currency", f"This fund's currency is {currency}."))
    return cents, wrong


_MONEY = frozenset({"amount", "currency"})


@extend_schema_field({"type": "string", "format": "date"})
class Day(StrictField):
    """A plain date of the calendar."""

    def to_internal_value(self, data: Any) -> date:
        day = read_day(data)
        if day is None:
            raise self.refuse("not_a_date", "Write the date as year-month-day, like 2026-03-31.")
        if not EARLIEST_DAY <= day <= LATEST_DAY:
            raise self.refuse("out_of_range", "Check the year of this date.")
        return day


def read_day(data: Any) -> date | None:
    """This will read a date like 2026-03-31, or return None."""
    if type(data) is not str or not _DAY.match(data):
        return None
    try:
        return date.fromisoformat(data)
    except ValueError:
        return None


@extend_schema_field({"type": "string", "format": "date-time"})
class Moment(StrictField):
    """A moment by RFC 3339, with its zone."""

    def to_internal_value(self, data: Any) -> datetime:
        if type(data) is str and _MOMENT.match(data):
            try:
                moment = datetime.fromisoformat(data.upper()).astimezone(UTC)
            except (ValueError, OverflowError):
                pass
            else:
                if EARLIEST_DAY <= moment.date() <= LATEST_DAY:
                    return moment
        raise self.refuse("not_a_moment", "Write the moment like 2026-03-31T17:00:00Z.")


@extend_schema_field({"type": "boolean"})
class YesNo(StrictField):
    """True or false, never a word that sounds like it."""

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            raise self.refuse("wrong_type", "This must be true or false.")
        return data


class Whole(StrictField):
    """A whole number in a range; in an address it arrives as digits."""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)
        set_override(self, "field", {"type": "integer", "minimum": least, "maximum": most})

    def to_internal_value(self, data: Any) -> int:
        number = data
        if self.context.get("in_address") and type(data) is str and _WHOLE.match(data):
            number = int(data)
        if isinstance(number, Inexact) and number.is_too_large:
            raise self.refuse("too_large", TOO_LARGE)
        if type(number) is not int:
            raise self.refuse("wrong_type", "This must be a whole number.")
        if not self.least <= number <= self.most:
            raise self.refuse("out_of_range", f"This must be a number from {self.least} to {self.most}.")
        return number


class FilePart(StrictField):
    """A file in a multipart body; `bodies.read_file` reads it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        set_override(self, "field", {"type": "string", "format": "binary"})


class Word(StrictField):
    """One word of a list."""

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        self.enum = enum
        super().__init__(**options)
        taken = [word.value for word in enum]
        # A schema that lists its words refuses null, whatever its type says, unless null is one of them.
        words = [*taken, None] if options.get("allow_null") else taken
        set_override(self, "field", {"type": "string", "enum": words})

    def to_internal_value(self, data: Any) -> StrEnum:
        if type(data) is str and data in self.enum._value2member_map_:
            return self.enum(data)
        words = ", ".join(word.value for word in self.enum)
        raise self.refuse("unknown_word", f"This must be one of {words}.")


class Words(Word):
    """Several words of a list with commas between them, in an address."""

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        super().__init__(enum, **options)
        set_override(self, "field", {"type": "string"})

    def to_internal_value(self, data: Any) -> Any:
        return [super(Words, self).to_internal_value(word) for word in str(data).split(",")]


class Several(serializers.ListField):
    """A list, each item by itself."""

    default_error_messages = {
        **_ABSENT,
        "not_a_list": "Send a list here.",
        "min_length": "Send at least {min_length} here.",
        "max_length": "Send at most {max_length} here.",
    }


class Id(StrictField):
    """A public id of one prefix, read as the key."""

    def __init__(self, prefix: str, **options: Any) -> None:
        self.prefix = prefix
        super().__init__(**options)
        set_override(self, "field", {"type": "string", "pattern": f"^{prefix}{ID_PATTERN}"})

    def to_internal_value(self, data: Any) -> UUID:
        key = ids.parse_public(self.prefix, data) if type(data) is str else None
        if key is None:
            raise self.refuse("not_an_id", f"This must be an id that begins with {self.prefix}_.")
        return key


@extend_schema_field(MoneyShown)
class MoneyOut(StrictField):
    """Money in an answer."""


@extend_schema_field({"type": "string", "format": "date-time"})
class MomentOut(StrictField):
    """A moment in an answer, in UTC with a Z."""
