"""Rounds: what can be shared among whom, who may see a round, and what stands against approving it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least

from fundmgr.domain import errors, money
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import AwardState, RequestState, RoundState
from fundmgr.domain.permissions import Action
from fundmgr.domain.populations import EVERYBODY, Population
from fundmgr.domain.restrictions import Rule
from fundmgr.models import PolicyVersion
from fundmgr.queries import access, books, funds
from requests_app.models import (
    AllocationRound,
    AssistanceRequest,
    Award,
    RoundApproval,
    RoundPot,
    RoundRequest,
)
from requests_app.queries import populations
from requests_app.queries.allowed import usable_cents
from requests_app.queries.pots import PotMoney, estate

# These wait for money: found eligible and in no round, or left over from an earlier one.
SHAREABLE = (RequestState.ELIGIBLE, RequestState.WAITLISTED)
# Awards that stand.
LIVE_AWARDS = (AwardState.RESERVED, AwardState.COMMITTED, AwardState.PAID)
# A round that is not approved yet gave them nothing: while it is open, rules are compared on them as well.
UNAWARDED = (*SHAREABLE, RequestState.IN_ROUND)
# Of a request that says what is about to be lost (`domain/eligibility.Urgency`), and of any other.
URGENT_TIER, OTHER_TIER = 1, 2
# A fund has one of these at most: nobody decided it yet.
OPEN = (RoundState.DRAFT, RoundState.PROPOSED)
_NAMED = 3


@dataclass(frozen=True)
class Claim:
    """One request as a round counts it. Units: cents; `capped_cents` is what the rule may give at most.

    Shapes: `usable_cents` has what each pot may pay of it; empty where there is one pot. `tier` is 1 for one
    that says what is about to be lost, 2 for any other. `before_cents` is what awards of before gave it, in a
    round that tops them up; the claim is then what is missing.
    """

    request_id: UUID
    version: int
    state: RequestState
    verified_cents: int
    capped_cents: int
    usable_cents: tuple[int, ...] = ()
    tier: int = OTHER_TIER
    before_cents: int = 0


@dataclass(frozen=True)
class Pool:
    """The sharing at a glance: money in, money kept, and who waits for it. Units: cents."""

    received_cents: int
    reserve_cents: int
    held_cents: int
    to_share_cents: int
    restricted_cents: int
    unruled_cents: int
    pots: tuple[PotMoney, ...]
    people_count: int
    verified_cents: int
    capped_cents: int
    ledger_sequence: int


@dataclass(frozen=True)
class Standing:
    """How far a proposed round is, seen by one actor.

    Shapes: `given` are (name, moment) of the approvals so far; `void_reason` is empty while nothing changed.
    """

    needed_count: int
    given: tuple[tuple[str, datetime], ...]
    void_reason: str
    is_maker: bool
    has_approved: bool
    may_approve: bool


def claims(
    fund_id: UUID,
    *,
    policy: PolicyVersion,
    pots: Sequence[PotMoney] = (),
    cap_cents: int | None = None,
    of: Sequence[RequestState] = SHAREABLE,
    among: Population = EVERYBODY,
) -> list[Claim]:
    """This will return everybody who waits for money, in the order in which they asked.

    Shapes: `of` are the states that count; `among` narrows it, for a trial alone.
    Units: cents, capped by the policy or by `cap_cents`.
    Errors: InvalidInput for a population that cannot be.
    """
    rows = AssistanceRequest.objects.filter(populations.condition(among), fund_id=fund_id, state__in=of)
    asked = ("id", "version", "state", "verified_cents", "urgency")
    found = list(rows.order_by("submitted_at", "id").values_list(*asked))
    usable = [usable_cents([row[0] for row in found], pot.rule) for pot in pots[1:]]
    cap_cents = policy.award_cap_cents if cap_cents is None else cap_cents
    made = []
    for request_id, version, state, verified, urgency in found:
        capped = min(verified or 0, cap_cents)
        narrow = [min(capped, may.get(request_id, 0)) for may in usable]
        by_pot = (capped, *narrow) if usable else ()
        tier = URGENT_TIER if urgency else OTHER_TIER
        made.append(Claim(request_id, version, RequestState(state), verified or 0, capped, by_pot, tier))
    return made


def waiting_count(fund_id: UUID) -> int:
    """This will return how many people no round gave anything yet: everybody whom rules are compared on."""
    return AssistanceRequest.objects.filter(fund_id=fund_id, state__in=UNAWARDED).count()


def pool(actor: Actor, *, fund_id: UUID, now: datetime, among: Population = EVERYBODY) -> Pool:
    """This will return the figures above the workbench, in cents; the people are those of a population.

    Errors: NotFound, Forbidden, InvalidInput.
    """
    access.require(actor, Action.ROUND_READ, fund_id=fund_id)
    policy = funds.policy_in_force(fund_id)
    position, found = books.position(fund_id), estate(fund_id, now=now)
    waiting = claims(fund_id, policy=policy, of=UNAWARDED, among=among)
    return Pool(
        received_cents=position.cash_cents,
        reserve_cents=position.reserve_cents,
        held_cents=position.reserved_cents + position.committed_unpaid_cents + position.in_transit_cents,
        to_share_cents=found.to_share_cents,
        restricted_cents=found.restricted_cents,
        unruled_cents=found.unruled_cents,
        pots=found.pots,
        people_count=len(waiting),
        verified_cents=sum(claim.verified_cents for claim in waiting),
        capped_cents=sum(claim.capped_cents for claim in waiting),
        ledger_sequence=books.last_sequence(fund_id),
    )


def visible_rounds(actor: Actor, *, fund_id: UUID) -> QuerySet[AllocationRound]:
    """This will return the fund's rounds, newest first. Errors: NotFound, Forbidden."""
    access.require(actor, Action.ROUND_READ, fund_id=fund_id)
    rows = AllocationRound.objects.filter(fund_id=fund_id).select_related(
        "policy", "created_by", "proposed_by"
    )
    return rows.prefetch_related("pots__restriction").order_by("-number")


def visible_round(actor: Actor, *, round_id: UUID) -> AllocationRound:
    """This will return one round. Errors: NotFound also where the actor may not see it."""
    rows = AllocationRound.objects.select_related("policy", "fund", "created_by", "proposed_by", "published")
    row = rows.filter(id=round_id).first()
    if row is None or not access.may(actor, Action.ROUND_READ, fund_id=row.fund_id):
        raise errors.NotFound
    return row


def members(actor: Actor, *, round_id: UUID) -> QuerySet[RoundRequest]:
    """This will return the frozen requests of a round in their order, with what the rule gives each.

    Errors: NotFound.
    """
    row = visible_round(actor, round_id=round_id)
    return RoundRequest.objects.filter(round=row).select_related("request").order_by("position")


def pots_of(row: AllocationRound) -> QuerySet[RoundPot]:
    """This will return the pots that a round shares, the general one first."""
    return row.pots.select_related("restriction").order_by("position")


def frozen_claims(row: AllocationRound) -> list[Claim]:
    """This will return a round's people as they were frozen, in their order; who withdrew counts for nothing.

    Units: cents.
    """
    asked = ("request_id", "request_version", "request__state", "verified_cents", "is_withdrawn",
             "capped_cents", "usable_cents", "tier", "before_cents")  # fmt: skip
    return [
        Claim(
            request_id,
            version,
            RequestState(state),
            verified,
            0 if is_withdrawn else capped,
            () if not usable else tuple(0 if is_withdrawn else cents for cents in usable),
            tier,
            before,
        )
        for request_id, version, state, verified, is_withdrawn, capped, usable, tier, before in (
            row.members.order_by("position").values_list(*asked)
        )
    ]


def frozen_pots(row: AllocationRound) -> tuple[PotMoney, ...]:
    """This will return the money that was frozen with a round, the general pot first. Units: cents."""
    return tuple(
        PotMoney(
            pot.restriction_id,
            pot.restriction.name,
            pot.available_cents,
            Rule.from_json(pot.rule),
            not pot.position,
        )
        for pot in pots_of(row)
    )


def standing(actor: Actor, *, round_id: UUID) -> Standing:
    """This will return how far a round is and whether the actor may approve it. Errors: NotFound."""
    row = visible_round(actor, round_id=round_id)
    approvals = list(approvals_of(row))
    is_maker = actor.person_id in {row.created_by_id, row.proposed_by_id}
    has_approved = any(approval.approver_id == actor.person_id for approval in approvals)
    reason = stale_reason(row)
    has_role = access.may(actor, Action.ROUND_APPROVE, fund_id=row.fund_id)
    is_open = row.state == RoundState.PROPOSED and not reason
    return Standing(
        needed_count=approvals_needed(row),
        given=tuple((str(approval.approver), approval.created_at) for approval in approvals),
        void_reason=reason,
        is_maker=is_maker,
        has_approved=has_approved,
        may_approve=has_role and is_open and not is_maker and not has_approved,
    )


def approvals_of(row: AllocationRound) -> QuerySet[RoundApproval]:
    """This will return the approvals of the round's result, oldest first."""
    rows = RoundApproval.objects.filter(round=row, result_digest=row.result_digest)
    return rows.select_related("approver").order_by("created_at", "id")


def approvals_needed(row: AllocationRound) -> int:
    """This will return how many people must approve: two from the policy's threshold on, else one."""
    return 2 if row.awarded_cents >= row.policy.two_approvers_from_cents else 1


def largest_need_cents(row: AllocationRound) -> int:
    """This will return the most that one frozen request of a round counts."""
    return row.members.aggregate(most=Max("capped_cents"))["most"] or 0


def void_reason(row: AllocationRound) -> str:
    """This will say what changed since the round was proposed; empty where nothing did.

    More money than before is no reason: it stays available for the next round.
    """
    policy = funds.policy_in_force(row.fund_id)
    if policy.id != row.policy_id:
        return f"Policy version {policy.number} was adopted after this round was proposed."
    changed = changed_members(row, expected=[RequestState.IN_ROUND])
    if changed:
        return f"{_named(changed)} changed after this round was proposed."
    return pots_reason(row)


def stale_reason(row: AllocationRound) -> str:
    """This will say why a proposal can no longer be approved; empty for any other round and where it can."""
    return void_reason(row) if row.state == RoundState.PROPOSED else ""


def pots_reason(row: AllocationRound) -> str:
    """This will say what stands against the frozen pots; empty where they still hold what they must.

    A proposal needs what its rule takes, a draft all that was frozen.
    """
    is_draft = row.state == RoundState.DRAFT
    available = books.available_by_restriction(row.fund_id)
    for pot in pots_of(row):
        if pot.rule != pot.restriction.rule:
            return f"What {pot.restriction} may be used for changed after this list was frozen."
        there = available.get(pot.restriction_id, 0)
        needed_cents = pot.available_cents if is_draft else pot.used_cents
        if there < needed_cents:
            whose = "to share" if pot.restriction.is_general else f"of {pot.restriction}"
            return (
                f"The fund has {money.dollars(there)} {whose} now, "
                f"less than the {money.dollars(needed_cents)} of this round."
            )
    return ""


def changed_members(row: AllocationRound, *, expected: list[RequestState]) -> list[str]:
    """This will return the references of frozen requests that are no longer as they were frozen."""
    counted = Least("request__verified_cents", row.policy.award_cap_cents)
    fits_state = Q(request__state__in=expected, before_cents=0)
    rows = RoundRequest.objects.filter(round=row, is_withdrawn=False).annotate(
        counted_now=Coalesce(counted, 0)
    )
    is_due = Q(counted_now=F("capped_cents") + F("before_cents"))
    if row.tops_up_id:
        fits_state |= Q(request__state=RequestState.AWARDED, before_cents__gt=0)
        rows = rows.annotate(given_now=Coalesce(given_now(OuterRef("request_id")), 0))
        is_due &= Q(given_now=F("before_cents"))
    same = fits_state & Q(request__version=F("request_version")) & is_due
    return list(rows.exclude(same).order_by("position").values_list("request__reference", flat=True))


def _named(references: list[str]) -> str:
    if len(references) <= _NAMED:
        return ", ".join(references)
    return f"{', '.join(references[:_NAMED])} and {len(references) - _NAMED} more"


def given_now(request: OuterRef) -> Subquery:
    """This will return what the standing awards of an outer query's request are together. Units: cents."""
    rows = Award.objects.filter(request_id=request, state__in=LIVE_AWARDS).order_by()
    return Subquery(rows.values("request_id").annotate(cents=Sum("amount_cents")).values("cents"))
