"""Of those who met the rules, how many of each craft have an award; small crafts are told together."""

from dataclasses import dataclass
from functools import reduce
from uuid import UUID

from django.db.models import Count

from fundmgr.domain.lifecycle import FOUND_ELIGIBLE_STATES, AwardState, RequestState
from requests_app.models import AssistanceRequest, Award

# Below this a figure says too much about one person.
LEAST_PEOPLE = 10
LIVE_AWARD_STATES = (AwardState.RESERVED, AwardState.COMMITTED, AwardState.PAID)
WAITING_STATES = FOUND_ELIGIBLE_STATES - {RequestState.AWARDED}
OTHERS = ""


@dataclass(frozen=True)
class Craft:
    """One craft: who has an award of all who met the rules. Shapes: an empty name stands for all others."""

    name: str
    awarded_count: int
    waiting_count: int

    @property
    def whole_count(self) -> int:
        """Everyone of the craft who met the rules."""
        return self.awarded_count + self.waiting_count

    @property
    def is_many(self) -> bool:
        """Whether neither those with an award nor those without are few."""
        parts = (self.awarded_count, self.waiting_count)
        return self.whole_count > 0 and all(part == 0 or part >= LEAST_PEOPLE for part in parts)


def read(fund_id: UUID) -> list[Craft]:
    """This will return the crafts, the largest first and all others last; empty where one alone is left.

    Small ones go together, so that nobody finds one by taking the others from the whole.
    """
    waiting = AssistanceRequest.objects.filter(fund_id=fund_id, state__in=WAITING_STATES)
    awarded = Award.objects.filter(fund_id=fund_id, state__in=LIVE_AWARD_STATES)
    waits = dict(waiting.values_list("craft").order_by().annotate(people=Count("id")))
    has = dict(
        awarded.values_list("request__craft").order_by().annotate(people=Count("request_id", distinct=True))
    )
    found = [Craft(name, has.get(name, 0), waits.get(name, 0)) for name in waits.keys() | has.keys()]
    return together(found)


def together(found: list[Craft]) -> list[Craft]:
    """This will put crafts of few people together with the smallest others until those are many too."""
    ranked = sorted(found, key=lambda one: (-one.whole_count, one.name))
    shown = [one for one in ranked if one.is_many and one.name]
    others = reduce(_and, (one for one in ranked if one not in shown), Craft(OTHERS, 0, 0))
    while others.whole_count and not others.is_many and shown:
        others = _and(others, shown.pop())
    if not others.whole_count:
        return shown if len(shown) > 1 else []
    return [*shown, others] if shown and others.is_many else []


def _and(others: Craft, one: Craft) -> Craft:
    return Craft(OTHERS, others.awarded_count + one.awarded_count, others.waiting_count + one.waiting_count)
