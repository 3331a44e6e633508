"""What restricted money may be used for, as a rule that a program can check beside the donor's own words.

A rule names what it allows; what it does not name it leaves open. A rule that names nothing binds the money
to nothing that a program can check, so nothing is stranded by it and a person has to judge each award.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from fundmgr.domain import errors
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.errors import Problem

MOST_WORDS = 50
MOST_LETTERS = 120
_LISTS = ("categories", "crafts", "union_locals", "productions", "places")
_DAYS = ("worked_from", "worked_to")


class ReleaseGround(StrEnum):
    """What allows restricted money to be used for anything; an award inside the restriction needs none."""

    CONSENT_LETTER = "CONSENT_LETTER"
    COURT_ORDER = "COURT_ORDER"


@dataclass(frozen=True)
class Facts:
    """What a rule looks at in one request. Units: cents; `lines_cents` is what was asked by category."""

    verified_cents: int
    lines_cents: Mapping[str, int]
    craft: str
    union_local: str
    production: str
    place: str
    worked_on: date


@dataclass(frozen=True)
class Rule:
    """What the money may be used for.

    Shapes: purpose (`categories` of need), class of worker (`crafts`, `union_locals`), `productions` by
    name, time (`worked_from` to `worked_to`, the last day worked) and `places`; empty leaves it open.
    """

    categories: tuple[str, ...] = ()
    crafts: tuple[str, ...] = ()
    union_locals: tuple[str, ...] = ()
    productions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    worked_from: date | None = None
    worked_to: date | None = None

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Rule":
        """This will read a rule. Errors: InvalidInput naming each field, like `rule.categories`."""
        reading = _Reading()
        unknown = sorted(set(said) - {*_LISTS, *_DAYS})
        for name in unknown:
            reading.refuse(name, "unknown_field", "A rule has no such part.")
        lists = {name: reading.words(name, said.get(name)) for name in _LISTS}
        days = {name: reading.day(name, said.get(name)) for name in _DAYS}
        for word in lists["categories"]:
            if word not in set(NeedCategory):
                reading.refuse("categories", "unknown_category", f"There is no kind of need called {word}.")
        first, last = days["worked_from"], days["worked_to"]
        if first and last and last < first:
            reading.refuse("worked_to", "before_start", "The last day is before the first.")
        if reading.problems:
            raise errors.InvalidInput(problems=reading.problems)
        return cls(**lists, worked_from=first, worked_to=last)

    def to_json(self) -> dict[str, Any]:
        """This will write the rule; what is open is left out."""
        lists = {name: list(getattr(self, name)) for name in _LISTS if getattr(self, name)}
        days = {name: getattr(self, name).isoformat() for name in _DAYS if getattr(self, name)}
        return lists | days

    @property
    def binds(self) -> bool:
        """This will say whether the rule names anything."""
        return bool(self.to_json())

    def usable_cents(self, facts: Facts) -> int:
        """This will return how much of a request's verified need the money may pay, in cents."""
        if not self._allows_person(facts):
            return 0
        if not self.categories:
            return facts.verified_cents
        inside = sum(cents for word, cents in facts.lines_cents.items() if word in self.categories)
        return min(facts.verified_cents, inside)

    def _allows_person(self, facts: Facts) -> bool:
        return (
            _named(self.crafts, facts.craft)
            and _named(self.union_locals, facts.union_local)
            and _named(self.productions, facts.production)
            and _named(self.places, facts.place)
            and (self.worked_from is None or facts.worked_on >= self.worked_from)
            and (self.worked_to is None or facts.worked_on <= self.worked_to)
        )


OPEN_RULE = Rule()


def _named(names: Collection[str], name: str) -> bool:
    return not names or name.casefold() in {one.casefold() for one in names}


@dataclass
class _Reading:
    """Reads the parts of a rule, and keeps what is wrong with them."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, name: str, code: str, sentence: str) -> None:
        self.problems.append(Problem(f"rule.{name}", code, sentence))

    def words(self, name: str, said: object) -> tuple[str, ...]:
        if said is None:
            return ()
        if not isinstance(said, list | tuple) or not all(isinstance(word, str) for word in said):
            self.refuse(name, "not_a_list", "Give a list of words.")
            return ()
        cleaned = tuple(dict.fromkeys(word.strip() for word in said if word.strip()))
        if len(cleaned) > MOST_WORDS or any(len(word) > MOST_LETTERS for word in cleaned):
            self.refuse(name, "too_long", f"Give at most {MOST_WORDS} names of {MOST_LETTERS} letters each.")
        return cleaned

    def day(self, name: str, said: object) -> date | None:
        if said is None or said == "":
            return None
        try:
            return date.fromisoformat(str(said))
        except ValueError:
            self.refuse(name, "not_a_day", "Write the day like 2023-09-18.")
            return None
