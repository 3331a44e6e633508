"""Of those who met the rules, how many of each craft and of each tier have an award; never of few people."""

from dataclasses import dataclass
from functools import reduce
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from fundmgr.domain.lifecycle import FOUND_ELIGIBLE_STATES, AwardState, RequestState
from requests_app.models import AssistanceRequest, Award

# Below this a figure says too much about one person.
LEAST_PEOPLE = 10
LIVE_AWARD_STATES = (AwardState.RESERVED, AwardState.COMMITTED, AwardState.PAID)
WAITING_STATES = FOUND_ELIGIBLE_STATES - {RequestState.AWARDED}
OTHERS = ""
URGENT, NOT_URGENT = "URGENT", "NOT_URGENT"


@dataclass(frozen=True)
class Group:
    """One group: who has an award of all who met the rules. Shapes: an empty name stands for all others."""

    name: str
    awarded_count: int
    waiting_count: int

    @property
    def whole_count(self) -> int:
        """Everyone of the group who met the rules."""
        return self.awarded_count + self.waiting_count

    @property
    def is_many(self) -> bool:
        """Whether neither those with an award nor those without are few."""
        parts = (self.awarded_count, self.waiting_count)
        return self.whole_count > 0 and all(part == 0 or part >= LEAST_PEOPLE for part in parts)


@dataclass(frozen=True)
class Groups:
    """The crafts, the largest first and all others last, and the two tiers, the urgent first."""

    crafts: list[Group]
    tiers: list[Group]


NONE = Groups([], [])


def read(fund_id: UUID) -> Groups:
    """This will return the groups; of a kind that would tell of few people, or has one group, none."""
    waits = _counted(AssistanceRequest.objects.filter(fund_id=fund_id, state__in=WAITING_STATES))
    has = _counted(Award.objects.filter(fund_id=fund_id, state__in=LIVE_AWARD_STATES), "request__")
    none = (0, 0)
    crafts = [
        Group(name, has.get(name, none)[0], waits.get(name, none)[0]) for name in waits.keys() | has.keys()
    ]
    urgent = Group(URGENT, _urgent(has), _urgent(waits))
    return Groups(together(crafts), tiers(urgent, crafts))


def together(found: list[Group]) -> list[Group]:
    """This will put groups of few people together with the smallest others until those are many too.

    So nobody finds a small one by taking the others from the whole; empty where one alone is left.
    """
    ranked = sorted(found, key=lambda one: (-one.whole_count, one.name))
    shown = [one for one in ranked if one.is_many and one.name]
    others = reduce(_and, (one for one in ranked if one not in shown), Group(OTHERS, 0, 0))
    while others.whole_count and not others.is_many and shown:
        others = _and(others, shown.pop())
    if not others.whole_count:
        return shown if len(shown) > 1 else []
    return [*shown, others] if shown and others.is_many else []


def tiers(urgent: Group, everybody: list[Group]) -> list[Group]:
    """This will return those who said that something is about to be lost, and the others.

    The whole is known, so where either is few neither is told.
    """
    whole = reduce(_and, everybody, Group(OTHERS, 0, 0))
    rest = Group(
        NOT_URGENT,
        whole.awarded_count - urgent.awarded_count,
        whole.waiting_count - urgent.waiting_count,
    )
    return [urgent, rest] if urgent.is_many and rest.is_many else []


def _counted(rows: QuerySet[Any], path: str = "") -> dict[str, tuple[int, int]]:
    """How many people each craft has, and how many of them are urgent; several awards are one person."""
    key = "request_id" if path else "id"
    is_urgent = Q(**{f"{path}urgency__len__gt": 0})
    found = rows.order_by().values_list(f"{path}craft")
    counted = found.annotate(
        people=Count(key, distinct=True), urgent=Count(key, distinct=True, filter=is_urgent)
    )
    return {craft: (people, urgent) for craft, people, urgent in counted}


def _urgent(counted: dict[str, tuple[int, int]]) -> int:
    return sum(urgent for _people, urgent in counted.values())


def _and(others: Group, one: Group) -> Group:
    return Group(OTHERS, others.awarded_count + one.awarded_count, others.waiting_count + one.waiting_count)
