"""The queue's text query: `status:to_read asked:>800 age:>6 lang:es reader:me`, and words to look for."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from fundmgr.domain import money
from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.lifecycle import FOUND_ELIGIBLE_STATES, UNDECIDED_REQUEST_STATES, RequestState
from requests_app.pages.staff import words
from requests_app.queries.requests import QueueFilters

MOST = 200
HELP = (
    "Filters are status, asked, age, lang, show, craft, urgent and reader, "
    "like status:to_read asked:>800 age:>6 lang:es reader:me."
)
STATES: dict[str, tuple[RequestState, ...]] = {
    "open": tuple(sorted(UNDECIDED_REQUEST_STATES)),
    "to_read": (RequestState.SUBMITTED,),
    "reading": (RequestState.IN_REVIEW,),
    "waiting": (RequestState.NEEDS_INFO,),
    "ready": (RequestState.ELIGIBLE, RequestState.WAITLISTED),
    "all": tuple(RequestState),
    "found_eligible": tuple(sorted(FOUND_ELIGIBLE_STATES)),
} | {state.value.lower(): (state,) for state in RequestState}
MOST_DAYS = 36_500
# What the fund owes an answer and has not given by the day that it promised.
LATE = "status:to_read,reading,on_hold late:yes"


class NotAQuery(ValueError):
    """A part of the query cannot be read; the message says which."""


@dataclass(frozen=True)
class Part:
    """One filter as it was typed, and as a chip says it."""

    typed: str
    label: str


@dataclass(frozen=True)
class Query:
    """A query that was read."""

    filters: QueueFilters
    parts: tuple[Part, ...] = ()
    text: str = ""

    def without(self, part: Part) -> str:
        """This will return the query's text without one part."""
        return " ".join(other.typed for other in self.parts if other != part)


@dataclass
class _Reading:
    me: UUID | None
    filters: QueueFilters = field(default_factory=QueueFilters)
    parts: list[Part] = field(default_factory=list)
    sought: list[str] = field(default_factory=list)


def read(text: str, *, me: UUID | None) -> Query:
    """This will read a query.

    Errors: NotAQuery for an unknown filter or value.
    """
    if len(text) > MOST or "\x00" in text:
        raise NotAQuery(f"Write at most {MOST} letters.")
    reading = _Reading(me)
    for word in _split(text):
        name, colon, value = word.partition(":")
        if colon and name.lower() in READERS:
            reading.filters, label = READERS[name.lower()](reading, value.strip())
            reading.parts.append(Part(_typed(word), label))
        elif colon and name.isalpha():
            raise NotAQuery(f"“{name}” is not a filter. {HELP}")
        else:
            reading.sought.append(word)
    if reading.sought:
        sought = " ".join(reading.sought)
        reading.filters = replace(reading.filters, q=sought)
        reading.parts.append(Part(" ".join(_typed(word) for word in reading.sought), f"“{sought}”"))
    return Query(reading.filters, tuple(reading.parts), " ".join(part.typed for part in reading.parts))


def _split(text: str) -> list[str]:
    try:
        lexer = shlex.shlex(text, posix=True)
        # An apostrophe belongs to a name, not to a quotation.
        lexer.quotes, lexer.whitespace_split, lexer.commenters, lexer.escape = '"', True, "", ""
        return [word for word in lexer if word.strip()]
    except ValueError as error:
        raise NotAQuery("A quotation mark has no partner.") from error


def _typed(word: str) -> str:
    name, colon, value = word.partition(":")
    return f'{name}:"{value}"' if colon and " " in value else f'"{word}"' if " " in word else word


def _status(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    states: list[RequestState] = []
    for word in value.lower().split(","):
        if word not in STATES:
            raise NotAQuery(f"“{word}” is not a status, like to_read, reading, waiting or ready.")
        states += STATES[word]
    if "all" in value.lower().split(","):
        return replace(reading.filters, states=()), "Every status"
    if value.lower() == "open":
        return replace(reading.filters, states=STATES["open"]), "Open"
    labels = " or ".join(dict.fromkeys(words.REQUESTS[state][1] for state in states))
    return replace(reading.filters, states=tuple(dict.fromkeys(states))), labels


def _asked(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    sign, rest = _comparison(value)
    try:
        cents = money.parse_cents(rest)
    except money.NotMoney as error:
        raise NotAQuery("Write the amount after asked:, like asked:>800.") from error
    column = {">": "asked_min_cents", "<": "asked_max_cents"}[sign]
    step = 1 if sign == ">" else -1
    label = f"Asked {'over' if sign == '>' else 'under'} {money.dollars(cents, whole=True)}"
    return _set(reading, column, cents + step), label


def _age(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    sign, rest = _comparison(value)
    if not rest.isascii() or not rest.isdigit() or int(rest) > MOST_DAYS:
        raise NotAQuery("Write a number of days after age:, like age:>6.")
    days = int(rest)
    column = {">": "age_min_days", "<": "age_max_days"}[sign]
    return _set(reading, column, days), f"{'Older' if sign == '>' else 'Younger'} than {days} days"


def _comparison(value: str) -> tuple[str, str]:
    return (value[0], value[1:]) if value[:1] in {">", "<"} else (">", value)


def _language(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    code = value.lower()
    if code not in words.LANGUAGES:
        raise NotAQuery("Languages are en and es.")
    return replace(reading.filters, language=code), words.LANGUAGES[code]


def _show(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    return replace(reading.filters, production=value[:120]), value[:120]


def _craft(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    return replace(reading.filters, craft=value[:60]), value[:60].capitalize()


def _urgent(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    code = value.upper()
    if code not in set(Urgency):
        raise NotAQuery("Urgent is one of eviction, shut_off, medical and no_health_cover.")
    return replace(reading.filters, urgency=code), words.URGENCIES[code]


def _reader(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    if value.lower() == "none":
        return replace(reading.filters, is_unassigned=True), "Read by no one"
    if value.lower().removeprefix("@") == "me" and reading.me is not None:
        return replace(reading.filters, assignee_id=reading.me), "Read by me"
    raise NotAQuery("Reader is me or none.")


def _set(reading: _Reading, column: str, value: int) -> QueueFilters:
    changed: Mapping[str, Any] = {column: value}
    return replace(reading.filters, **changed)


def _late(reading: _Reading, value: str) -> tuple[QueueFilters, str]:
    if value.lower() != "yes":
        raise NotAQuery("Late is yes, like late:yes.")
    return replace(reading.filters, is_late=True), "Past the promised day"


READERS: dict[str, Callable[[_Reading, str], tuple[QueueFilters, str]]] = {
    "status": _status,
    "asked": _asked,
    "age": _age,
    "late": _late,
    "lang": _language,
    "show": _show,
    "craft": _craft,
    "urgent": _urgent,
    "reader": _reader,
}
