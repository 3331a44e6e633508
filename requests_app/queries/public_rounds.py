"""What everybody may read of decided rounds: figures and lists of enough people, never of few."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import RoundState
from fundmgr.models import Fund
from fundmgr.queries import funds
from requests_app.models import AllocationRound
from requests_app.queries import publications, published_rules
from requests_app.queries.public import LEAST_PEOPLE


@dataclass(frozen=True)
class PublicRound:
    """One decided round, and what its rule promised.

    Shapes: `shows_figures` is false where they would tell of too few people; `promises` say also that the
    round is over, and its common amount where there is one.
    """

    row: AllocationRound
    list_root: str
    shows_figures: bool
    promises: dict[str, Any]


def public_rounds(slug: str) -> tuple[Fund, list[PublicRound]]:
    """This will return a fund and its decided rounds, newest first. Errors: NotFound."""
    fund = funds.fund_by_slug(slug)
    rows = decided(fund)
    return fund, [
        PublicRound(row, _root(row), shows, published_rules.of_round(row) | _outcome(row, shows=shows))
        for row, shows in ((row, is_public(row)) for row in rows)
    ]


def public_document(slug: str, *, number: int) -> dict[str, Any]:
    """This will return a decided round's document, its pots without the names that donors gave them.

    Errors: NotFound, also where the list would tell of too few people.
    """
    row = next((row for row in decided(funds.fund_by_slug(slug)) if row.number == number), None)
    if row is None or not is_public(row):
        raise errors.NotFound
    found = publications.document(row)
    pots = [{**pot, "name": f"pot {place}"} for place, pot in enumerate(found["pots"], start=1)]
    return {**found, "pots": pots}


@dataclass(frozen=True)
class Reached:
    """How far a round's money went in one group: of how many people it reached how many; tier 0 is all."""

    tier: int
    paid: int
    whole: int


def reached(row: AllocationRound) -> list[Reached]:
    """This will return how many people a decided round reached, by group where its rule has groups.

    Shapes: all in one where groups would show few people; empty where that would too.
    """
    members = row.members.order_by().values("tier" if row.rule.get("tiers") else "round_id")
    found = members.annotate(whole=Count("id"), paid=Count("id", filter=Q(award_cents__gt=0)))
    groups = [Reached(one.get("tier", 0), one["paid"], one["whole"]) for one in found.order_by()]
    if len(groups) > 1 and all(map(_is_many, groups)):
        return sorted(groups, key=lambda group: group.tier)
    whole = Reached(0, row.awarded_count, row.frozen_count)
    return [whole] if _is_many(whole) else []


def _is_many(group: Reached) -> bool:
    """Few who got something show a person, and so do few who got nothing; none of them shows nobody."""
    parts = (group.paid, group.whole - group.paid)
    return group.whole >= LEAST_PEOPLE and all(part == 0 or part >= LEAST_PEOPLE for part in parts)


def _outcome(row: AllocationRound, *, shows: bool) -> dict[str, Any]:
    """What the words of a finished round add: its common amount, where it is one and shows nobody. Cents."""
    terms = ("floor_cents", "tiers", "tier_shares_bp")
    is_plain = row.rule["rule"] == "equal_awards" and not any(row.rule.get(name) for name in terms)
    is_short = row.awarded_cents < row.frozen_cents
    if not (shows and is_plain and is_short and row.pots.count() <= 1):
        return {"is_over": True, "common_cents": None}
    return {"is_over": True, "common_cents": row.members.aggregate(most=Max("award_cents"))["most"]}


def decided(fund: Fund) -> list[AllocationRound]:
    """This will return a fund's decided rounds, newest first."""
    rows = AllocationRound.objects.filter(fund=fund, state__in=[RoundState.COMMITTED, RoundState.CLOSED])
    return list(rows.select_related("policy", "fund", "published").order_by("-number"))


def is_public(row: AllocationRound) -> bool:
    """This will say whether figures may be told: few who got something, or nothing, show a person."""
    left = row.frozen_count - row.awarded_count
    are_enough = row.awarded_count >= LEAST_PEOPLE and (left == 0 or left >= LEAST_PEOPLE)
    return bool(_root(row)) and are_enough and not _has_small_tier(row)


def _has_small_tier(row: AllocationRound) -> bool:
    """A tier of few people would tell who is in distress."""
    if not row.rule.get("tiers"):
        return False
    sizes = row.members.order_by().values("tier").annotate(count=Count("id"))
    return any(size["count"] < LEAST_PEOPLE for size in sizes)


def _root(row: AllocationRound) -> str:
    return row.published.list_root if hasattr(row, "published") else ""
