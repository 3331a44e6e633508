"""The steps of a round, each inside the caller's transaction: freeze it, compute it, give it up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import FundState, RequestState, RoundCause, RoundState
from fundmgr.domain.permissions import Action
from fundmgr.models import Fund, PolicyVersion
from fundmgr.ports import moves, patience
from fundmgr.ports.events import Happening
from fundmgr.queries import access, books, funds
from requests_app.models import AllocationRound
from requests_app.queries import part_paid
from requests_app.queries import rounds as queries
from requests_app.queries.pots import PotMoney, estate
from requests_app.services import draw_terms, round_awards, round_frozen, round_lists, smallest_grants
from requests_app.services.draw_terms import DrawTerms

if TYPE_CHECKING:
    from requests_app.services.round_sharing import Sharing

_MOST_REASON = 200


@dataclass(frozen=True)
class Origin:
    """Why there is a round: a person wants one, or money came free. Units: cents by cause.

    Shapes: `tops_up` is the round whose people it gives what is missing to them; None for a round of its own.
    """

    cause: RoundCause = RoundCause.PERSON
    freed_cents: Mapping[RoundCause, int] = field(default_factory=dict)
    tops_up: AllocationRound | None = None


def draft(
    fund_id: UUID,
    rule: Mapping[str, Any],
    terms: DrawTerms | None,
    *,
    by: Actor,
    now: datetime,
    origin: Origin = Origin(),
) -> tuple[AllocationRound, Happening]:
    """This will freeze everybody who waits as the members of a new round, under a lock of the fund.

    Errors: NotFound, Forbidden, InvalidInput, WrongState, PersonRequired.
    """
    access.require(by, Action.ROUND_PROPOSE, fund_id=fund_id)
    chosen = read_rule(rule)
    draw_terms.check_terms(chosen, terms, now=now)
    fund, number = _next_number(fund_id)
    policy, pots = funds.policy_in_force(fund_id), estate(fund_id, now=now).pots
    claims = _claims(fund_id, policy, pots, origin.tops_up)
    _require_reached(claims, chosen)
    row = AllocationRound.objects.create(
        id=ids.new_id(now),
        fund=fund,
        created_at=now,
        number=number,
        state=RoundState.DRAFT,
        policy=policy,
        rule=chosen,
        estate_cents=sum(pot.cents for pot in pots),
        frozen_count=len(claims),
        frozen_cents=sum(claim.capped_cents for claim in claims),
        cause=origin.cause,
        freed_cents=dict(origin.freed_cents),
        created_by_id=_maker_id(by, origin.cause),
        tops_up=origin.tops_up,
    )
    round_awards.freeze(row, claims, pots, now=now)
    facts = {"requests": row.frozen_count, "capped_cents": row.frozen_cents, "policy": policy.id}
    facts["root"] = round_lists.publish(row, terms, now=now)
    return row, Happening("round.drafted", "round", row.id, facts)


def _claims(
    fund_id: UUID, policy: PolicyVersion, pots: Sequence[PotMoney], tops_up: AllocationRound | None
) -> list[queries.Claim]:
    patience.for_whole_set()
    if tops_up is not None:
        return part_paid.topped_claims(tops_up, policy=policy)
    return queries.claims(fund_id, policy=policy, pots=pots)


def _require_reached(claims: Sequence[queries.Claim], rule: Mapping[str, Any]) -> None:
    if not claims:
        raise errors.WrongState("No request waits for money, so there is nothing to share.")
    smallest_grants.require_reached(rule, most_cents=max(claim.capped_cents for claim in claims))


def _next_number(fund_id: UUID) -> tuple[Fund, int]:
    # One draft at a time takes the next number; the weak lock lets intake go on.
    fund = Fund.objects.select_for_update(no_key=True).get(id=fund_id)
    if fund.state == FundState.CLOSED:
        raise errors.WrongState("This fund is closed.")
    last = AllocationRound.objects.filter(fund=fund).order_by("-number").first()
    if last and last.state in queries.OPEN:
        raise errors.WrongState(f"Round {last.number} is open. Approve it or void it first.")
    return fund, last.number + 1 if last else 1


def propose(row: AllocationRound, *, by: Actor, now: datetime) -> list[Happening]:
    """This will compute a locked draft's awards, bind them by digests and put its requests into the round.

    Errors: SelfApproval, WrongState.
    """
    if row.state != RoundState.DRAFT:
        raise errors.WrongState("This round is not a draft.")
    patience.for_whole_set()
    round_lists.require_not_inside(row, by)
    old_states = round_lists.still_standing(row, round_awards.lock_requests(row))
    if row.policy_id != funds.policy_in_force(row.fund_id).id:
        raise errors.WrongState("A new policy was adopted since the list was frozen. Void this draft.")
    changed = queries.changed_members(row, expected=list(queries.SHAREABLE))
    if changed:
        raise errors.WrongState(
            f"{len(changed)} requests changed since the list was frozen. Void this draft."
        )
    reason = queries.pots_reason(row)
    if reason:
        raise errors.WrongState(f"{reason} Void this draft.")
    sharing = compute(row, now=now)
    # Who has an award already keeps it, and with it the state.
    joining = {key: old for key, old in old_states.items() if old != RequestState.AWARDED}
    round_awards.move_requests(joining, RequestState.IN_ROUND, fund_id=row.fund_id, by=by, now=now)
    _move_to_proposed(row, sharing, by=by, now=now)
    joined = [
        Happening("request.in_round", "request", request_id, {"round": row.id}) for request_id in joining
    ]
    return [*joined, Happening("round.proposed", "round", row.id, _proposal_facts(row))]


def compute(row: AllocationRound, *, now: datetime) -> "Sharing":
    """This will share a frozen round's money and write down what each request gets of which pot.

    Errors: WrongState where the rule gives nobody anything.
    """
    sharing = round_frozen.share(row)
    if not sharing.row.spread.paid_count:
        raise errors.WrongState("The rule gives nobody anything with the money there is.")
    round_awards.store_awards(
        row, sharing.awards_cents, sharing.shares_cents, sharing.row.pots_used_cents, now=now
    )
    return sharing


def _move_to_proposed(row: AllocationRound, sharing: "Sharing", *, by: Actor, now: datetime) -> None:
    moves.move(
        row,
        RoundState.PROPOSED,
        estate_cents=sharing.row.estate_cents,
        awarded_count=sharing.row.spread.paid_count,
        awarded_cents=sharing.row.spread.paid_cents,
        leftover_cents=sharing.row.leftover_cents,
        problem_digest=sharing.problem_digest,
        result_digest=sharing.result_digest,
        preview=sharing.row.as_json(),
        proposed_by_id=_maker_id(by, RoundCause(row.cause)),
        proposed_at=now,
        version=row.version + 1,
    )


def _proposal_facts(row: AllocationRound) -> dict[str, Any]:
    return {
        "estate_cents": row.estate_cents,
        "awarded_cents": row.awarded_cents,
        "awards": row.awarded_count,
        "rule": row.rule,
        "problem": row.problem_digest,
        "result": row.result_digest,
    }


def void(
    row: AllocationRound, reason: str, *, by: Actor, now: datetime, is_given_up: bool = False
) -> list[Happening]:
    """This will make a locked draft or proposal void; its requests wait as before. Errors: WrongState.

    Shapes: `is_given_up` where a person wants it so: the money there is now then offers no next round.
    """
    happenings: list[Happening] = []
    patience.for_whole_set()
    if row.state == RoundState.PROPOSED:
        now_in = round_awards.lock_requests(row)
        before = round_awards.states_before(row)
        for state in queries.SHAREABLE:
            back = {
                request_id: old
                for request_id, old in now_in.items()
                if old == RequestState.IN_ROUND and before.get(request_id) == state
            }
            round_awards.move_requests(back, state, fund_id=row.fund_id, by=by, now=now, reason="ROUND_VOID")
            happenings += [
                Happening("request.left_round", "request", request_id, {"round": row.id})
                for request_id in back
            ]
    moves.move(
        row,
        RoundState.VOID,
        void_reason=reason[:_MOST_REASON],
        given_up_sequence=books.last_sequence(row.fund_id) if is_given_up else None,
        version=row.version + 1,
    )
    return [*happenings, Happening("round.voided", "round", row.id)]


def read_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """This will return a rule's whole document. Errors: InvalidInput."""
    from requests_app.services import round_sharing  # noqa: PLC0415  # NumPy: not at the web's start

    return round_sharing.read_rule(rule).to_json()


def _maker_id(by: Actor, cause: RoundCause) -> UUID | None:
    """A round that money brought has no maker, so that everybody may check it."""
    return access.person_id(by) if cause is RoundCause.PERSON else None
