"""An ask read from a body by hand: in a rush, a form library would cost more than the row that is written.

Here only the types are checked. What an ask must meet stands in one place, `services.asks`, and the use case
applies it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from rest_framework import serializers

from fundmgr.domain.eligibility import Engagement, NeedCategory, Urgency
from fundmgr.domain.errors import InvalidInput, Problem
from requests_app.api import fields
from requests_app.api.bodies import Inexact
from requests_app.services import asks
from requests_app.services.asks import Ask

MOST_LINES = 20
MOST_EMAIL_LETTERS, MOST_PHONE_LETTERS = 254, 40
_NEEDED = ("full_name", "production_name", "craft", "last_worked_on", "need_lines")


class NeedLine(fields.Sent):
    """One thing the money is for."""

    category = fields.Word(NeedCategory)
    amount = fields.Money()


class ContactSent(fields.Sent):
    """How the worker is reached: by `email`, or by `phone` for texts. One of them."""

    email = serializers.EmailField(max_length=MOST_EMAIL_LETTERS, required=False)
    phone = fields.Line(
        most=MOST_PHONE_LETTERS,
        required=False,
        help_text="Written any way; without a country it is a US number.",
    )
    allows_texts = serializers.BooleanField(
        required=False,
        help_text="The worker said yes to news by text and was told of message rates and STOP. Without it "
        "only codes that they ask for are texted.",
    )


class Reached(NamedTuple):
    """A contact as it was sent."""

    address: str
    allows_texts: bool


class RequestSent(fields.Sent):
    """What one household asks for."""

    contact = ContactSent(
        required=False, help_text="Needed from programs and staff; a signed-in worker leaves it out."
    )
    full_name = fields.Line(most=asks.MOST_LETTERS["full_name"])
    preferred_name = fields.Line(most=asks.MOST_LETTERS["preferred_name"], blank=True, required=False)
    production_name = fields.Line(most=asks.MOST_LETTERS["production_name"])
    craft = fields.Line(most=asks.MOST_LETTERS["craft"])
    job_title = fields.Line(most=asks.MOST_LETTERS["job_title"], blank=True, required=False)
    union_local = fields.Line(most=asks.MOST_LETTERS["union_local"], blank=True, required=False)
    engagement = fields.Word(Engagement, required=False)
    last_worked_on = fields.Day()
    adults_count = fields.Whole(least=1, most=asks.MOST_PEOPLE, required=False)
    children_count = fields.Whole(least=0, most=asks.MOST_PEOPLE, required=False)
    need_lines = serializers.ListField(child=NeedLine(), min_length=1, max_length=len(NeedCategory))
    other_aid = fields.Money(least_cents=0, required=False)
    other_aid_note = fields.Line(most=asks.MOST_LETTERS["other_aid_note"], blank=True, required=False)
    urgency = serializers.ListField(child=fields.Word(Urgency), required=False, max_length=len(Urgency))
    loss_on = fields.Day(required=False, allow_null=True)
    statement = fields.Block(most=asks.MOST_STATEMENT, blank=True, required=False)
    helper_name = fields.Line(
        most=asks.MOST_LETTERS["helper_name"],
        blank=True,
        required=False,
        help_text="Who filled it in with the worker.",
    )
    language = fields.Line(most=8, required=False)


class RequestChange(fields.Sent):
    """What changes of an ask; what is left out stays."""

    production_name = fields.Line(most=asks.MOST_LETTERS["production_name"], required=False)
    craft = fields.Line(most=asks.MOST_LETTERS["craft"], required=False)
    job_title = fields.Line(most=asks.MOST_LETTERS["job_title"], blank=True, required=False)
    union_local = fields.Line(most=asks.MOST_LETTERS["union_local"], blank=True, required=False)
    engagement = fields.Word(Engagement, required=False)
    last_worked_on = fields.Day(required=False)
    adults_count = fields.Whole(least=1, most=asks.MOST_PEOPLE, required=False)
    children_count = fields.Whole(least=0, most=asks.MOST_PEOPLE, required=False)
    need_lines = serializers.ListField(
        child=NeedLine(), min_length=1, max_length=len(NeedCategory), required=False
    )
    other_aid = fields.Money(least_cents=0, required=False)
    other_aid_note = fields.Line(most=asks.MOST_LETTERS["other_aid_note"], blank=True, required=False)
    urgency = serializers.ListField(child=fields.Word(Urgency), required=False, max_length=len(Urgency))
    loss_on = fields.Day(required=False, allow_null=True)
    statement = fields.Block(most=asks.MOST_STATEMENT, blank=True, required=False)


class Reading:
    """One body being read: values that are usable, and problems of those that are not."""

    def __init__(self, body: Mapping[str, Any], currency: str) -> None:
        self.body, self.currency = body, currency
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def wrong(self, field: str, code: str, sentence: str) -> None:
        """This will note a problem."""
        self.problems.append(Problem(field, code, sentence))

    def money(self, field: str, data: Any, *, least_cents: int) -> int:
        """This will read an amount, or note what is wrong with it."""
        cents, wrong = fields.read_money(data, currency=self.currency, least_cents=least_cents)
        for part, code, sentence in wrong:
            self.wrong(field if part == "non_field_errors" else f"{field}.{part}", code, sentence)
        return cents


def read_ask(
    body: Mapping[str, Any], *, currency: str, needs_contact: bool, today: date
) -> tuple[Ask, Reached | None]:
    """This will read an ask and the contact it is for.

    Errors: InvalidInput with a problem for each field; where a type is wrong, `today` serves to name what
    else is wrong in the same answer.
    """
    reading = Reading(body, currency)
    contact = _contact(reading, is_needed=needs_contact)
    for name in _NEEDED:
        if name not in body:
            reading.wrong(name, "required", "This is needed.")
    for name, value in body.items():
        reader = _READERS.get(name)
        if reader is not None:
            reader(reading, name, value)
        elif name != "contact":
            reading.wrong(name, "unknown_field", "This field is not known.")
    if reading.problems:
        raise InvalidInput(problems=[*reading.problems, *asks.check_values(reading.values, today)])
    return Ask(**reading.values), contact


def read_change(body: Mapping[str, Any], *, currency: str) -> dict[str, Any]:
    """This will read the parts of an ask that change.

    Errors: InvalidInput with a problem for each field, and for a body without one.
    """
    reading = Reading(body, currency)
    for name, value in body.items():
        if name in _CHANGEABLE:
            _READERS[name](reading, name, value)
        else:
            reading.wrong(name, "unknown_field", "This field is not known, or it is not changed here.")
    if not body:
        reading.wrong("", "empty", "Send at least one field to change.")
    if reading.problems:
        raise InvalidInput(problems=reading.problems)
    if "loss_on" in body:
        reading.values.setdefault("loss_on", None)
    return reading.values


def _contact(reading: Reading, *, is_needed: bool) -> Reached | None:
    data = reading.body.get("contact")
    if data is None and not is_needed:
        return None
    if data is None:
        reading.wrong("contact", "required", "Say how the worker is reached.")
        return None
    if not isinstance(data, dict):
        reading.wrong("contact", "wrong_type", 'Write the contact as {"email": "name@example.com"}.')
        return None
    before = len(reading.problems)
    for name in sorted(set(data) - {"email", "phone", "allows_texts"}):
        reading.wrong(f"contact.{name}", "unknown_field", "This field is not known.")
    allows = data.get("allows_texts", False)
    if type(allows) is not bool:
        reading.wrong("contact.allows_texts", "wrong_type", "This must be true or false.")
    named = [name for name in ("email", "phone") if name in data]
    for name in named or ["email"]:
        if type(data.get(name)) is not str:
            reading.wrong(f"contact.{name}", "wrong_type", "This must be text.")
    if len(named) > 1:
        reading.wrong("contact", "not_one", "Send an email address or a phone number, one of them.")
    if len(reading.problems) > before:
        return None
    return Reached(str(data[named[0]]), bool(allows))


def _text(reading: Reading, name: str, value: Any) -> None:
    if type(value) is str:
        reading.values[name] = value
    else:
        reading.wrong(name, "wrong_type", "This must be text.")


def _day(reading: Reading, name: str, value: Any) -> None:
    day = fields.read_day(value)
    if day is None:
        reading.wrong(name, "not_a_date", "Write the date as year-month-day, like 2026-03-31.")
    else:
        reading.values[name] = day


def _day_or_null(reading: Reading, name: str, value: Any) -> None:
    if value is not None:
        _day(reading, name, value)


def _whole(reading: Reading, name: str, value: Any) -> None:
    if type(value) is int:
        reading.values[name] = value
    elif isinstance(value, Inexact) and value.is_too_large:
        reading.wrong(name, "too_large", fields.TOO_LARGE)
    else:
        reading.wrong(name, "wrong_type", "This must be a whole number.")


def _need_lines(reading: Reading, name: str, value: Any) -> None:
    if type(value) is not list or len(value) > MOST_LINES:
        reading.wrong(name, "wrong_type", "This must be a list with one line for each kind of need.")
        return
    before = len(reading.problems)
    lines = tuple(_need_line(reading, f"{name}.{number}", line) for number, line in enumerate(value))
    if len(reading.problems) == before:
        reading.values[name] = lines


def _need_line(reading: Reading, path: str, line: Any) -> tuple[NeedCategory | None, int]:
    if type(line) is not dict:
        reading.wrong(path, "wrong_type", "This must be an object with category and amount.")
        return None, 0
    for name in line:
        if name not in ("category", "amount"):
            reading.wrong(f"{path}.{name}", "unknown_field", "This field is not known.")
    cents = reading.money(f"{path}.amount", line.get("amount"), least_cents=1)
    return _word(reading, f"{path}.category", line.get("category"), NeedCategory), cents


def _urgency(reading: Reading, name: str, value: Any) -> None:
    if type(value) is not list or len(value) > MOST_LINES:
        reading.wrong(name, "wrong_type", "This must be a list of words.")
        return
    words = [_word(reading, f"{name}.{number}", word, Urgency) for number, word in enumerate(value)]
    reading.values[name] = tuple(word for word in words if word is not None)


def _word(reading: Reading, path: str, value: Any, enum: Any) -> Any:
    if type(value) is str and value in enum._value2member_map_:
        return enum(value)
    reading.wrong(path, "unknown_word", f"This must be one of {', '.join(word.value for word in enum)}.")
    return None


def _engagement(reading: Reading, name: str, value: Any) -> None:
    word = _word(reading, name, value, Engagement)
    if word is not None:
        reading.values[name] = word.value


def _other_aid(reading: Reading, name: str, value: Any) -> None:
    reading.values["other_aid_cents"] = reading.money(name, value, least_cents=0)


_READERS: dict[str, Callable[[Reading, str, Any], None]] = {
    **dict.fromkeys(asks.MOST_LETTERS, _text),
    "engagement": _engagement,
    "statement": _text,
    "language": _text,
    "last_worked_on": _day,
    "loss_on": _day_or_null,
    "adults_count": _whole,
    "children_count": _whole,
    "need_lines": _need_lines,
    "urgency": _urgency,
    "other_aid": _other_aid,
}
_CHANGEABLE = RequestChange._declared_fields.keys()
