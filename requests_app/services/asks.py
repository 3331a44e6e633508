"""What a worker asks for, and the one place of the rules that an ask must meet."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fundmgr.domain.eligibility import Engagement, NeedCategory, Urgency
from fundmgr.domain.errors import Problem
from fundmgr.domain.money import MAX_CENTS
from fundmgr.domain.text import NotText, clean_block, clean_line, has_letter, is_seen

EARLIEST_WORK = date(1950, 1, 1)
MOST_PEOPLE = 20
# What one need of thirty days may be: one wild figure would bend what everybody is told that is asked for.
MOST_LINE_CENTS = 10_000_000
MOST_STATEMENT = 500
# A notice may be overdue, and may name a day far ahead; beyond these a year was mistyped.
LOSS_BEHIND, LOSS_AHEAD = timedelta(days=366), timedelta(days=731)
MOST_LETTERS = {
    "full_name": 120,
    "preferred_name": 80,
    "production_name": 120,
    "craft": 60,
    "job_title": 80,
    "union_local": 60,
    "other_aid_note": 120,
    "helper_name": 120,
}
_WAYS_OF_HIRING = frozenset(way.value for way in Engagement)
Found = Iterable[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One household's ask as it was sent. Units: cents; dates without a clock."""

    full_name: str
    production_name: str
    craft: str
    last_worked_on: date
    need_lines: tuple[tuple[NeedCategory, int], ...]
    preferred_name: str = ""
    job_title: str = ""
    union_local: str = ""
    engagement: str = ""
    adults_count: int = 1
    children_count: int = 0
    other_aid_cents: int = 0
    other_aid_note: str = ""
    urgency: tuple[Urgency, ...] = ()
    loss_on: date | None = None
    statement: str = ""
    helper_name: str = ""
    language: str = "en"

    @property
    def asked_cents(self) -> int:
        """The sum of the need lines, in cents."""
        return sum(cents for _category, cents in self.need_lines)


def check(ask: Ask, today: date) -> list[Problem]:
    """This will name everything in an ask that cannot be used; nothing is wrong where the list is empty."""
    return check_values(vars(ask), today)


def check_values(values: Mapping[str, Any], today: date) -> list[Problem]:
    """This will check the fields given, and only those, so that one page of a form can be checked alone.

    Shapes: keys are fields of Ask; a problem in one need line names it, like `need_lines.1.amount`.
    """
    return [
        Problem(field, code, sentence)
        for name, value in values.items()
        for field, code, sentence in _RULES[name](value, today)
    ]


def cleaned(ask: Ask) -> Ask:
    """This will return the ask as it is stored: one form of each letter, single spaces, no repeats.

    Errors: NotText where `check` would have found a problem.
    """
    said = vars(ask)
    # What was left empty is clean as it is.
    lines: dict[str, Any] = {
        name: clean_line(said[name], most=most) for name, most in MOST_LETTERS.items() if said[name]
    }
    return replace(
        ask,
        **lines,
        statement=clean_block(ask.statement, most=MOST_STATEMENT),
        urgency=tuple(sorted(set(ask.urgency))),
    )


def as_answers(ask: Ask) -> dict[str, Any]:
    """This will return the ask as plain words and numbers, for the revision that is kept of it."""
    return {**vars(ask), "need_lines": [[category.value, cents] for category, cents in ask.need_lines]}


def _line(name: str, *, empty: Callable[[], str] | None = None) -> Callable[[Any, date], Found]:
    def rule(value: str, _today: date) -> Found:
        if not value and empty is None:
            return
        try:
            text = clean_line(value, most=MOST_LETTERS[name])
        except NotText:
            yield name, *_unusable(value, most=MOST_LETTERS[name])
            return
        if empty and not is_seen(text):
            yield name, "blank", empty()

    return rule


def _person(name: str, *, is_needed: bool) -> Callable[[Any, date], Found]:
    """A person's name: in any script, with one letter at least; pictures and digits name nobody."""
    line = _line(name)

    def rule(value: str, today: date) -> Found:
        found = list(line(value, today))
        yield from found
        if found or has_letter(value):
            return
        if is_seen(value):
            yield name, "no_letters", _("Enter your full name")
        elif is_needed or value.strip():
            yield name, "blank", _("Enter your full name")

    return rule


def _unusable(value: str, *, most: int) -> tuple[str, str]:
    length = len(value.replace("\r\n", "\n").strip())
    if length > most:
        sentence = _("What you wrote must be %(most)s letters or less (it has %(length)s)")
        return "too_long", sentence % {"most": most, "length": length}
    return "unusable_letters", _("Remove the hidden characters, or type this again by hand")


def _statement(value: str, _today: date) -> Found:
    try:
        clean_block(value, most=MOST_STATEMENT)
    except NotText:
        yield "statement", *_unusable(value, most=MOST_STATEMENT)


def _last_worked_on(value: date, today: date) -> Found:
    if value > today:
        yield "last_worked_on", "in_the_future", _("The last day you worked must be in the past")
    elif value < EARLIEST_WORK:
        yield "last_worked_on", "too_early", _("Enter a year from 1950 on, like 2023")


def _loss_on(value: date | None, today: date) -> Found:
    if value is not None and not today - LOSS_BEHIND <= value <= today + LOSS_AHEAD:
        yield "loss_on", "out_of_range", _("Check the year of that date")


def _people(name: str, *, least: int) -> Callable[[Any, date], Found]:
    def rule(value: int, _today: date) -> Found:
        if not least <= value <= MOST_PEOPLE:
            sentence = _("Enter a number from %(least)s to %(most)s")
            yield name, "out_of_range", sentence % {"least": least, "most": MOST_PEOPLE}

    return rule


def _need_lines(lines: tuple[tuple[NeedCategory, int], ...], _today: date) -> Found:
    if not lines:
        yield "need_lines", "blank", _("Choose at least one thing you need help with")
    counts = Counter(category for category, _cents in lines)
    for number, (category, cents) in enumerate(lines):
        if cents <= 0:
            yield f"need_lines.{number}.amount", "not_positive", _("Enter an amount above zero, like 1200")
        elif cents > MOST_LINE_CENTS:
            yield f"need_lines.{number}.amount", "too_large", _("That amount is too large")
        if counts[category] > 1:
            yield f"need_lines.{number}.category", "repeated", _("Name each kind of need once")


def _other_aid(cents: int, _today: date) -> Found:
    if not 0 <= cents <= MAX_CENTS:
        yield "other_aid_cents", "out_of_range", _("Enter an amount of zero or more, like 500")


def _engagement(value: str, _today: date) -> Found:
    if value and value not in _WAYS_OF_HIRING:
        yield "engagement", "unknown_word", _("Choose how you were hired, or leave it empty")


def _language(value: str, _today: date) -> Found:
    if value not in dict(settings.LANGUAGES):
        yield "language", "unknown", _("Choose one of the languages of this fund")


def _nothing(_value: Any, _today: date) -> Found:
    return ()


_RULES: dict[str, Callable[[Any, date], Found]] = {
    "full_name": _person("full_name", is_needed=True),
    "preferred_name": _line("preferred_name"),
    "production_name": _line("production_name", empty=lambda: _("Enter the show you worked on")),
    "craft": _line("craft", empty=lambda: _("Choose the kind of work you did")),
    "job_title": _line("job_title"),
    "union_local": _line("union_local"),
    "engagement": _engagement,
    "last_worked_on": _last_worked_on,
    "adults_count": _people("adults_count", least=1),
    "children_count": _people("children_count", least=0),
    "need_lines": _need_lines,
    "other_aid_cents": _other_aid,
    "other_aid_note": _line("other_aid_note"),
    "urgency": _nothing,
    "loss_on": _loss_on,
    "statement": _statement,
    "helper_name": _person("helper_name", is_needed=False),
    "language": _language,
}
