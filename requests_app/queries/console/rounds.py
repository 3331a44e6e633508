"""Pages of sharing: the rounds, one round with a sample of it, the frozen list."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.domain.populations import EVERYBODY, Population
from fundmgr.models import PolicyVersion
from fundmgr.queries import access, funds
from requests_app.models import AllocationRound, RoundPot, RoundRequest, RulePublication
from requests_app.queries import free_money, populations, round_checks, rounds
from requests_app.queries.free_money import Offer
from requests_app.queries.paging import Page, keyset
from requests_app.queries.populations import Part
from requests_app.queries.published_rules import PublishedRule, published_rule, void_publication
from requests_app.queries.round_checks import RoundChecks
from requests_app.queries.rounds import Pool, Standing

SAMPLE = 5


@dataclass(frozen=True)
class WorkbenchPage:
    """The money and people above the workbench, the policy in force, and the round that is open, if any.

    Shapes: `told` is the rule that everybody reads now, or None; `void_rule` one that was told after it and
    that no need reaches any more. The people of `pool` are those of `population`, out of `everybody_count`;
    `parts` are the words by which it can be narrowed.
    """

    pool: Pool
    policy: PolicyVersion
    open_round: AllocationRound | None
    told: PublishedRule | None
    void_rule: RulePublication | None
    population: Population
    everybody_count: int
    parts: Mapping[str, Sequence[Part]]


@dataclass(frozen=True)
class TierTotal:
    """What one tier of a round asks for and gets. Units: cents; tier 1 is urgent."""

    tier: int
    people_count: int
    paid_count: int
    capped_cents: int
    awarded_cents: int


@dataclass(frozen=True)
class RoundPage:
    """One round: all awards above nothing, in cents, two samples of five members each, and its pots."""

    row: AllocationRound
    standing: Standing
    awards_cents: list[int]
    largest: list[RoundRequest]
    drawn: list[RoundRequest]
    pots: list[RoundPot]
    tiers: list[TierTotal]
    checks: RoundChecks
    opens_requests: bool


@dataclass(frozen=True)
class MembersPage:
    """One page of a round's frozen list, with the names of its pots in their order."""

    row: AllocationRound
    page: Page[Any]
    pots: list[str]
    opens_requests: bool


def round_list(actor: Actor, *, fund_id: UUID, cursor: str | None) -> Page[AllocationRound]:
    """This will return one page of rounds, newest first. Errors: Forbidden, InvalidInput."""
    return keyset(rounds.visible_rounds(actor, fund_id=fund_id), ("-number",), cursor)


def round_offer(actor: Actor, *, fund_id: UUID, now: datetime) -> Offer | None:
    """This will return the next round that free money asks for, for whoever may read rounds, or None."""
    may = access.may(actor, Action.ROUND_READ, fund_id=fund_id)
    return free_money.offer(fund_id, now=now) if may else None


def workbench(
    actor: Actor, *, fund_id: UUID, now: datetime, population: Population = EVERYBODY
) -> WorkbenchPage:
    """This will return what stands above the workbench. Errors: Forbidden, NotFound, InvalidInput."""
    pool = rounds.pool(actor, fund_id=fund_id, now=now, among=population)
    open_round = rounds.visible_rounds(actor, fund_id=fund_id).filter(state__in=["DRAFT", "PROPOSED"]).first()
    told, void = published_rule(fund_id, now=now), void_publication(fund_id)
    return WorkbenchPage(
        pool,
        funds.policy_in_force(fund_id),
        open_round,
        told,
        void,
        population,
        rounds.waiting_count(fund_id),
        populations.parts(actor, fund_id=fund_id, states=rounds.UNAWARDED),
    )


def round_page(actor: Actor, *, fund_id: UUID, round_id: UUID) -> RoundPage:
    """This will return one round with two samples; the drawn five are the same for one person and result.

    Errors: NotFound.
    """
    row = _of_fund(actor, fund_id, round_id)
    frozen: QuerySet[Any, Any] = rounds.members(actor, round_id=round_id)
    members = frozen.filter(award_cents__gt=0)
    positions = list(members.values_list("position", flat=True))
    source = random.Random(f"{row.result_digest}:{actor.key}")  # noqa: S311 - a sample to look at, no secret
    chosen = source.sample(positions, min(SAMPLE, len(positions)))
    return RoundPage(
        row=row,
        standing=rounds.standing(actor, round_id=round_id),
        awards_cents=list(members.order_by("award_cents").values_list("award_cents", flat=True)),
        largest=list(members.order_by("-request__verified_cents", "position")[:SAMPLE]),
        drawn=list(members.filter(position__in=chosen)),
        pots=list(rounds.pots_of(row)),
        tiers=_tiers(row),
        checks=round_checks.of_round(row),
        opens_requests=access.may(actor, Action.REQUEST_READ, fund_id=fund_id),
    )


def _tiers(row: AllocationRound) -> list[TierTotal]:
    """The tiers of a round whose rule goes by them, the most urgent first."""
    if not row.rule.get("tiers"):
        return []
    standing = row.members.filter(is_withdrawn=False).order_by("tier").values("tier")
    found = standing.annotate(
        people_count=Count("id"),
        paid_count=Count("id", filter=Q(award_cents__gt=0)),
        capped_cents=Sum("capped_cents"),
        awarded_cents=Sum("award_cents"),
    )
    return [TierTotal(**one) for one in found]


def round_members(actor: Actor, *, fund_id: UUID, round_id: UUID, cursor: str | None) -> MembersPage:
    """This will return one page of the frozen list as people asked. Errors: NotFound, InvalidInput."""
    row = _of_fund(actor, fund_id, round_id)
    page = keyset(rounds.members(actor, round_id=round_id), ("position",), cursor)
    opens_requests = access.may(actor, Action.REQUEST_READ, fund_id=fund_id)
    return MembersPage(row, page, [str(pot.restriction) for pot in rounds.pots_of(row)], opens_requests)


def _of_fund(actor: Actor, fund_id: UUID, round_id: UUID) -> AllocationRound:
    row = rounds.visible_round(actor, round_id=round_id)
    if row.fund_id != fund_id:
        raise errors.NotFound
    return row
