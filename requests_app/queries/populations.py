"""A part of those who wait, to try rules on: by show, craft, local and urgency. A round is for everybody."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import AssistanceRequest

# Whoever may not open requests sees no part so small that a figure tells of somebody known.
LEAST_PEOPLE = 10


class Pressing(StrEnum):
    """Whether a request says what is about to be lost."""

    URGENT = "URGENT"
    OTHER = "OTHER"


@dataclass(frozen=True)
class Population:
    """Whom rules are tried on; what is empty does not narrow it, and upper and lower case are alike.

    Shapes: `urgency` is a word of Pressing or empty.
    """

    show: str = ""
    craft: str = ""
    union_local: str = ""
    urgency: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Population":
        """This will read a population from its words by name, as to_json wrote them; others are ignored."""
        return cls(**{name: str(said.get(name, "")) for name in cls.__dataclass_fields__})

    @property
    def is_everybody(self) -> bool:
        """Whether nothing narrows it."""
        return self == EVERYBODY

    def to_json(self) -> dict[str, str]:
        """This will return the words that narrow it, by name; nothing for everybody."""
        return {name: word for name, word in asdict(self).items() if word}

    def condition(self) -> Q:
        """This will return what a request must meet. Errors: InvalidInput for a word that nothing has."""
        self._check()
        found = Q()
        if self.show:
            listed = Q(production__isnull=False, production__name__iexact=self.show)
            found &= listed | Q(production__isnull=True, production_name__iexact=self.show)
        if self.craft:
            found &= Q(craft__iexact=self.craft)
        if self.union_local:
            found &= Q(union_local__iexact=self.union_local)
        if self.urgency:
            found &= Q(urgency__len=0) if self.urgency == Pressing.OTHER else Q(urgency__len__gt=0)
        return found

    def _check(self) -> None:
        problems = [
            errors.Problem(f"population.{name}", "unusable_text", "This has characters that nobody can type.")
            for name, word in self.to_json().items()
            if "\x00" in word
        ]
        if self.urgency and self.urgency not in set(Pressing):
            sentence = "The urgency is URGENT or OTHER."
            problems.append(errors.Problem("population.urgency", "unknown_word", sentence))
        if problems:
            raise errors.InvalidInput(problems=problems)


EVERYBODY = Population()


@dataclass(frozen=True)
class Part:
    """One word that narrows a population, and how many of everybody it leaves."""

    word: str
    people_count: int


def parts(actor: Actor, *, fund_id: UUID, states: Sequence[str]) -> dict[str, list[Part]]:
    """This will return by what everybody who waits can be narrowed: words by name, the commonest first.

    Shapes: a part too small for the actor is left out.
    """
    waiting = AssistanceRequest.objects.filter(fund_id=fund_id, state__in=states).order_by()
    columns = ("production__name", "production_name", "craft", "union_local", "urgency")
    rows = waiting.values_list(*columns).annotate(people=Count("id"))
    named: dict[str, list[tuple[str, int]]] = {name: [] for name in Population.__dataclass_fields__}
    for listed, typed, craft, local, urgency, people in rows:
        pressing = Pressing.URGENT if urgency else Pressing.OTHER
        for name, word in zip(named, (listed or typed, craft, local, pressing.value), strict=True):
            named[name].append((word, people))
    least = 1 if access.may(actor, Action.REQUEST_READ, fund_id=fund_id) else LEAST_PEOPLE
    return {name: _counted(found, least) for name, found in named.items()}


def _counted(found: Iterable[tuple[str, int]], least: int) -> list[Part]:
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for word, people in found:
        if word:
            counts[spelled.setdefault(word.lower(), word)] += people
    by_size = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [Part(word, people) for word, people in by_size if people >= least]


def require_enough(actor: Actor, population: Population, people_count: int, *, fund_id: UUID) -> None:
    """This will refuse a part so small that its figures tell of a person, but to those who may open requests.

    Errors: InvalidInput.
    """
    if population.is_everybody or not 0 < people_count < LEAST_PEOPLE:
        return
    if access.may(actor, Action.REQUEST_READ, fund_id=fund_id):
        return
    sentence = f"Fewer than {LEAST_PEOPLE} people are in this part, so it is not shown. Choose a larger one."
    raise errors.InvalidInput(sentence, problems=[errors.Problem("population", "too_few_people", sentence)])
