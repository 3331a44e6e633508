"""A part of those who wait, to try rules on: by show, craft, local and urgency. A round is for everybody."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.domain.populations import Population, Pressing
from fundmgr.queries import access
from requests_app.models import AssistanceRequest

# Whoever may not open requests sees no part so small that a figure tells of somebody known.
LEAST_PEOPLE = 10


def condition(population: Population) -> Q:
    """This will return what a request must meet to be of a population. Errors: InvalidInput."""
    _check(population)
    found = Q()
    if population.show:
        listed = Q(production__isnull=False, production__name__iexact=population.show)
        found &= listed | Q(production__isnull=True, production_name__iexact=population.show)
    if population.craft:
        found &= Q(craft__iexact=population.craft)
    if population.union_local:
        found &= Q(union_local__iexact=population.union_local)
    if population.urgency:
        found &= Q(urgency__len=0) if population.urgency == Pressing.OTHER else Q(urgency__len__gt=0)
    return found


def _check(population: Population) -> None:
    problems = [
        errors.Problem(f"population.{name}", "unusable_text", "This has characters that nobody can type.")
        for name, word in population.to_json().items()
        if "\x00" in word
    ]
    if population.urgency and population.urgency not in set(Pressing):
        sentence = "The urgency is URGENT or OTHER."
        problems.append(errors.Problem("population.urgency", "unknown_word", sentence))
    if problems:
        raise errors.InvalidInput(problems=problems)


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
