"""What came free since the last round, why, and whether it is enough for the next one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Sum

from fundmgr.domain.lifecycle import AwardState, FundState, PayoutState, RoundCause, RoundState
from fundmgr.domain.move import Move
from fundmgr.models import Fund, PolicyVersion
from fundmgr.queries import books, funds
from requests_app.models import AllocationRound, AssistanceRequest, Award, Payout, RoundRequest
from requests_app.queries import part_paid
from requests_app.queries.pots import estate
from requests_app.queries.rounds import OPEN, SHAREABLE

# Of an award that was given up: its money is free again.
_GIVEN_UP = (Move.HOLD_VOID, Move.AWARD_RESCINDED)
_STATES = (FundState.OPEN, FundState.PAUSED, FundState.INTAKE_CLOSED, FundState.WINDING_DOWN)


def is_draw(rule: Mapping[str, Any]) -> bool:
    """This will say whether a rule is the draw."""
    return bool(rule.get("rule") == "draw")


@dataclass(frozen=True)
class Due:
    """A next round that is due: what came free, by cause, the rule it follows. Units: cents.

    Shapes: `since_sequence` is where the ledger stood when the round before was decided or given up. `last`
    is the last decided round, None where there is none under this policy; `is_anybody_waiting` where somebody
    got nothing yet, `is_anybody_new` where one of them was not in it; `part_paid` are the decided rounds that
    left somebody with a part, the oldest first.
    """

    freed_cents: Mapping[RoundCause, int]
    rule: Mapping[str, Any]
    since_sequence: int
    last: AllocationRound | None
    is_anybody_waiting: bool
    is_anybody_new: bool
    part_paid: Sequence[AllocationRound]

    @property
    def total_cents(self) -> int:
        """All that came free."""
        return sum(self.freed_cents.values())

    @property
    def cause(self) -> RoundCause:
        """What brought most of it; among equals the first in the order of the causes."""
        return max(RoundCause, key=lambda cause: self.freed_cents.get(cause, 0))

    @property
    def is_draw(self) -> bool:
        """A draw begins with two people, so nobody can propose it for them."""
        return is_draw(self.rule)


@dataclass(frozen=True)
class Offer:
    """Money that came free while people wait: the round that is open for it, or None where people must
    begin it. Units: cents by cause."""

    row: AllocationRound | None
    freed_cents: Mapping[RoundCause, int]


def due(fund_id: UUID, *, now: datetime) -> Due | None:
    """This will return the next round that is due, or None where nothing asks for one.

    It is due where the policy names an amount, no round is open, people wait or got a part in a round before,
    and as much as that came free since it was decided or given up and is there to share. A fund's first round
    is for people.
    """
    policy = PolicyVersion.objects.filter(fund_id=fund_id).order_by("-number").first()
    if policy is None or policy.next_round_from_cents is None or not _is_quiet(fund_id):
        return None
    since = since_sequence(fund_id)
    if since is None:
        return None
    pots = estate(fund_id, now=now).pots
    freed = freed_cents(fund_id, since=since, restrictions=[pot.restriction_id for pot in pots])
    enough_cents = max(1, policy.next_round_from_cents)
    if min(sum(freed.values()), sum(pot.cents for pot in pots)) < enough_cents:
        return None
    last = _last_decided(policy)
    waiting = AssistanceRequest.objects.filter(fund_id=fund_id, state__in=SHAREABLE)
    inside = RoundRequest.objects.filter(round=last).values("request_id")
    rule = last.rule if last else policy.rule
    is_anybody_new = waiting.exclude(id__in=inside).exists()
    found = Due(freed, rule, since, last, waiting.exists(), is_anybody_new, part_paid.rounds_with_any(policy))
    may_be_more = bool(found.part_paid) and not found.is_draw
    return found if found.is_anybody_waiting or may_be_more else None


def since_sequence(fund_id: UUID) -> int | None:
    """This will return where the ledger stood when the last round was decided or given up.

    Shapes: None before a fund's first decided round.
    """
    held = books.last_held_sequence(fund_id)
    if held is None:
        return None
    given_up = AllocationRound.objects.filter(fund_id=fund_id).aggregate(last=Max("given_up_sequence"))
    return max(held, int(given_up["last"] or 0))


def freed_cents(fund_id: UUID, *, since: int, restrictions: Iterable[UUID]) -> dict[RoundCause, int]:
    """This will return what became available to award after a transfer, by cause; what went away is less.

    Units: cents, each above zero.
    """
    found = books.became_available(fund_id, after=since, restrictions=restrictions, by_cause=_GIVEN_UP)
    causes = _causes([award_id for _, award_id in found if award_id is not None])
    sums: defaultdict[RoundCause, int] = defaultdict(int)
    for (move, award_id), cents in found.items():
        is_released = move in {Move.RESTRICTION_RELEASE, Move.RESERVE_USE}
        usual = RoundCause.RELEASED if is_released else RoundCause.NEW_MONEY
        sums[causes.get(award_id, usual) if award_id else usual] += cents
    return {cause: sums[cause] for cause in RoundCause if sums[cause] > 0}


def _causes(award_ids: list[UUID]) -> dict[UUID, RoundCause]:
    """Why each award was given up: nobody answered, its payment had come back, or the worker declined."""
    rows = Award.objects.filter(id__in=award_ids)
    returned = set(
        Payout.objects.filter(award_id__in=award_ids, state=PayoutState.RETURNED).values_list(
            "award_id", flat=True
        )
    )
    return {
        key: RoundCause.UNANSWERED
        if state == AwardState.EXPIRED
        else RoundCause.RETURNED
        if key in returned
        else RoundCause.DECLINED
        for key, state in rows.values_list("id", "state")
    }


def _is_quiet(fund_id: UUID) -> bool:
    """The fund takes part, and nobody has a round open."""
    is_open = Fund.objects.filter(id=fund_id, state__in=_STATES).exists()
    return is_open and not AllocationRound.objects.filter(fund_id=fund_id, state__in=OPEN).exists()


def _last_decided(policy: PolicyVersion) -> AllocationRound | None:
    """The last round that was decided under this policy: its rule is followed, else the usual one."""
    decided = AllocationRound.objects.filter(
        policy=policy, state__in=[RoundState.COMMITTED, RoundState.CLOSED]
    )
    return decided.order_by("-number").first()


def offered(fund_id: UUID) -> AllocationRound | None:
    """This will return the open round that money brought, or None."""
    rows = AllocationRound.objects.filter(fund_id=fund_id, state__in=OPEN)
    return rows.exclude(cause=RoundCause.PERSON).first()


def offer(fund_id: UUID, *, now: datetime) -> Offer | None:
    """This will return what staff must know of free money; None where no round is offered or to be begun."""
    row = offered(fund_id)
    if row is not None:
        return Offer(row, {RoundCause(cause): cents for cause, cents in row.freed_cents.items()})
    policy = PolicyVersion.objects.filter(fund_id=fund_id).order_by("-number").first()
    # Any other rule is offered within a minute, so that no page need count what came free.
    last = _last_decided(policy) if policy else None
    rule = last.rule if last else policy.rule if policy else {}
    found = due(fund_id, now=now) if is_draw(rule) else None
    return Offer(None, found.freed_cents) if found else None


def renewal_reason(row: AllocationRound, *, now: datetime, void_reason: str) -> str:
    """This will say why an offered round is given up and offered anew; empty where it stands.

    Shapes: `void_reason` is what stands against approving it. More money is a reason only where it would be
    enough for a round of its own, and nobody approved yet: an approver must not lose what was looked at.
    """
    if void_reason or row.approvals.exists():
        return void_reason
    frozen = row.pots.aggregate(cents=Sum("available_cents"))["cents"] or 0
    more = sum(pot.cents for pot in estate(row.fund_id, now=now).pots) - int(frozen)
    least = funds.policy_in_force(row.fund_id).next_round_from_cents
    is_enough = least is not None and more >= max(1, least)
    return "More money came free before anybody approved." if is_enough else ""
