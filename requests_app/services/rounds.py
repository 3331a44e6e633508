"""Share the available money: freeze who waits, propose a rule, approve by others, award or do nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import FundState, RequestState, RoundState
from fundmgr.domain.permissions import Action
from fundmgr.models import Fund
from fundmgr.ports import events, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.services.use_case import use_case
from requests_app.models import AllocationRound, RoundApproval
from requests_app.queries import rounds as queries
from requests_app.queries.pots import estate
from requests_app.services import draw_terms, round_awards, round_frozen, round_lists
from requests_app.services.draw_terms import DrawTerms

if TYPE_CHECKING:
    from requests_app.services.round_sharing import PreviewRow, Sharing

_OPEN = (RoundState.DRAFT, RoundState.PROPOSED)
_MOST_REASON = 200


class StaleRound(errors.WrongState):
    """What the round was computed from changed, so it is void."""


@use_case
def draft(
    *,
    fund_id: UUID,
    rule: Mapping[str, Any],
    by: Actor,
    now: datetime,
    terms: DrawTerms | None = None,
    once: Once | None = None,
) -> AllocationRound:
    """This will freeze everybody who waits for money as the members of a new round.

    Shapes: `terms` are for a draw alone.
    Units: cents, each need capped by the policy in force.
    Errors: NotFound, Forbidden, InvalidInput for the rule, WrongState where a round is open already, nobody
    waits, or the fund is closed.
    """
    row, happening = _draft(fund_id, rule, terms, by=by, now=now)
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return row


@use_case
def change_rule(
    *, round_id: UUID, rule: Mapping[str, Any], by: Actor, now: datetime, once: Once | None = None
) -> AllocationRound:
    """This will set another rule on a draft. Only its drafter may: whoever shapes a round never approves it.

    Errors: NotFound, Forbidden, InvalidInput, WrongState.
    """
    row = _locked(round_id, Action.ROUND_PROPOSE, by=by)
    if row.state != RoundState.DRAFT:
        raise errors.WrongState("Only a draft can change its rule.")
    if row.created_by_id != access.person_id(by):
        raise errors.Forbidden("Another person drafted this round. Void it and draft your own.")
    chosen = _read_rule(rule)
    if "draw" in (row.rule["rule"], chosen["rule"]):
        raise errors.WrongState("A draw stays one, and no other rule becomes one. Void this draft.")
    row.rule, row.version = chosen, row.version + 1
    row.save(update_fields=["rule", "version"])
    happening = Happening("round.rule_changed", "round", row.id, {"rule": row.rule})
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


def preview(
    *, fund_id: UUID, rules: Sequence[Mapping[str, Any]], by: Actor, now: datetime
) -> list["PreviewRow"]:
    """This will work out what each rule would do now with those who wait and the money there is.

    Shapes: one row a rule, same order; nothing is stored.
    Errors: NotFound, Forbidden, InvalidInput.
    """
    access.require(by, Action.ROUND_READ, fund_id=fund_id)
    pots = estate(fund_id, now=now).pots
    claims = queries.claims(fund_id, policy=funds.policy_in_force(fund_id), pots=pots)
    columns = [(claim.capped_cents, claim.verified_cents, claim.usable_cents) for claim in claims]
    return [round_frozen.share_columns(columns, [pot.cents for pot in pots], rule).row for rule in rules]


@use_case
def propose(*, round_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> AllocationRound:
    """This will compute a draft's awards, bind them by digests, and put its requests into the round.

    Errors: NotFound, Forbidden, SelfApproval for one whose household is in the round, WrongState where the
    frozen list is out of date or the rule gives nobody anything.
    """
    row = _locked(round_id, Action.ROUND_PROPOSE, by=by)
    happenings = _propose(row, by=by, now=now)
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def propose_rule(
    *, fund_id: UUID, rule: Mapping[str, Any], by: Actor, now: datetime, once: Once | None = None
) -> AllocationRound:
    """This will draft and propose in one step, as the workbench does. Errors: as for draft and propose."""
    row, drafted = _draft(fund_id, rule, None, by=by, now=now)
    happenings = [drafted, *_propose(row, by=by, now=now)]
    events.record_many(happenings, fund_id=fund_id, by=by, now=now)
    return row


def approve(
    *, round_id: UUID, result_digest: str | None, by: Actor, now: datetime, once: Once | None = None
) -> AllocationRound:
    """This will approve a proposed round; the last approval needed makes all its awards, or nothing.

    Shapes: `result_digest` is the result that the approver saw, or None.
    Errors: NotFound, Forbidden, SelfApproval, AlreadyApproved, AlreadyDecided, InsufficientFunds (nothing
    changed), WrongState. Where the policy, a request or the money changed, the round is voided and
    WrongState says why.
    """
    try:
        return _approve(round_id=round_id, result_digest=result_digest, by=by, now=now, once=once)
    except StaleRound:
        # The refused approval is rolled back; that the round is void must stay.
        _void_stale(round_id=round_id, by=by, now=now)
        raise


@use_case
def void(
    *, round_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None
) -> AllocationRound:
    """This will give up a draft or a proposal and let its requests wait as before.

    Errors: NotFound, Forbidden, InvalidInput without a reason, WrongState where it was decided.
    """
    row = _locked(round_id, None, by=by)
    if not reason.strip() or len(reason) > _MOST_REASON:
        sentence = f"Say why in 1 to {_MOST_REASON} letters."
        raise errors.InvalidInput(problems=[Problem("reason", "missing_or_long", sentence)])
    happenings = _void(row, reason.strip(), by=by, now=now)
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def _approve(
    *, round_id: UUID, result_digest: str | None, by: Actor, now: datetime, once: Once | None = None
) -> AllocationRound:
    row = _locked(round_id, Action.ROUND_APPROVE, by=by)
    person_id = _require_other_person(row, by)
    if result_digest is not None and result_digest != row.result_digest:
        raise errors.WrongState("The result is not the one you looked at. Load the round again.")
    round_awards.lock_requests(row)
    reason = queries.void_reason(row)
    if reason:
        raise StaleRound(f"{reason} The round is void; propose a new one.")
    RoundApproval.objects.create(
        id=ids.new_id(now),
        fund_id=row.fund_id,
        created_at=now,
        round=row,
        approver_id=person_id,
        result_digest=row.result_digest,
    )
    happenings = [Happening("round.approved", "round", row.id, {"result": row.result_digest})]
    if queries.approvals_of(row).count() >= queries.approvals_needed(row):
        happenings += round_awards.commit(row, by=by, now=now)
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def _void_stale(*, round_id: UUID, by: Actor, now: datetime) -> None:
    """Look again under the lock: only a round that is still stale is voided."""
    row = _locked(round_id, Action.ROUND_APPROVE, by=by)
    reason = queries.void_reason(row) if row.state == RoundState.PROPOSED else ""
    if reason:
        happenings = _void(row, reason, by=by, now=now)
        events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)


def _draft(
    fund_id: UUID, rule: Mapping[str, Any], terms: DrawTerms | None, *, by: Actor, now: datetime
) -> tuple[AllocationRound, Happening]:
    access.require(by, Action.ROUND_PROPOSE, fund_id=fund_id)
    chosen = _read_rule(rule)
    draw_terms.check_terms(chosen, terms, now=now)
    # One draft at a time takes the next number; the weak lock lets intake go on.
    fund = Fund.objects.select_for_update(no_key=True).get(id=fund_id)
    if fund.state == FundState.CLOSED:
        raise errors.WrongState("This fund is closed.")
    last = AllocationRound.objects.filter(fund=fund).order_by("-number").first()
    if last and last.state in _OPEN:
        raise errors.WrongState(f"Round {last.number} is open. Approve it or void it first.")
    policy = funds.policy_in_force(fund_id)
    pots = estate(fund_id, now=now).pots
    claims = queries.claims(fund_id, policy=policy, pots=pots)
    if not claims:
        raise errors.WrongState("No request waits for money, so there is nothing to share.")
    row = AllocationRound.objects.create(
        id=ids.new_id(now),
        fund=fund,
        created_at=now,
        number=last.number + 1 if last else 1,
        state=RoundState.DRAFT,
        policy=policy,
        rule=chosen,
        estate_cents=sum(pot.cents for pot in pots),
        frozen_count=len(claims),
        frozen_cents=sum(claim.capped_cents for claim in claims),
        created_by_id=access.person_id(by),
    )
    round_awards.freeze(row, claims, pots, now=now)
    root = round_lists.publish(row, terms, now=now)
    facts = {
        "requests": row.frozen_count,
        "capped_cents": row.frozen_cents,
        "policy": policy.id,
        "root": root,
    }
    return row, Happening("round.drafted", "round", row.id, facts)


def _propose(row: AllocationRound, *, by: Actor, now: datetime) -> list[Happening]:
    if row.state != RoundState.DRAFT:
        raise errors.WrongState("This round is not a draft.")
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
    sharing = round_frozen.share(row)
    if not sharing.row.spread.paid_count:
        raise errors.WrongState("The rule gives nobody anything with the money there is.")
    round_awards.store_awards(row, sharing.awards_cents, sharing.shares_cents, sharing.row.pots_used_cents)
    round_awards.move_requests(old_states, RequestState.IN_ROUND, fund_id=row.fund_id, by=by, now=now)
    _move_to_proposed(row, sharing, by=by, now=now)
    joined = [
        Happening("request.in_round", "request", request_id, {"round": row.id}) for request_id in old_states
    ]
    return [*joined, Happening("round.proposed", "round", row.id, _proposal_facts(row))]


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
        proposed_by_id=access.person_id(by),
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


def _void(row: AllocationRound, reason: str, *, by: Actor, now: datetime) -> list[Happening]:
    happenings: list[Happening] = []
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
    moves.move(row, RoundState.VOID, void_reason=reason[:_MOST_REASON], version=row.version + 1)
    return [*happenings, Happening("round.voided", "round", row.id)]


def _locked(round_id: UUID, action: Action | None, *, by: Actor) -> AllocationRound:
    """Lock one round for an actor; no action named means that proposers and approvers both may."""
    rows = AllocationRound.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("policy").filter(id=round_id).first()
    if row is None:
        raise errors.NotFound
    wanted = action or Action.ROUND_PROPOSE
    if action is None and access.may(by, Action.ROUND_APPROVE, fund_id=row.fund_id):
        wanted = Action.ROUND_APPROVE
    access.require(by, wanted, fund_id=row.fund_id)
    return row


def _require_other_person(row: AllocationRound, by: Actor) -> UUID:
    person_id = access.person_id(by)
    if row.state == RoundState.VOID:
        raise errors.WrongState(f"This round was voided: {row.void_reason}")
    if row.state != RoundState.PROPOSED:
        raise errors.AlreadyDecided if row.state == RoundState.COMMITTED else errors.WrongState
    if person_id in {row.created_by_id, row.proposed_by_id}:
        raise errors.SelfApproval
    if RoundApproval.objects.filter(round=row, approver_id=person_id).exists():
        raise errors.AlreadyApproved
    round_lists.require_not_inside(row, by)
    return person_id


def _read_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    from requests_app.services import round_sharing  # noqa: PLC0415  # NumPy: not at the web's start

    return round_sharing.read_rule(rule).to_json()
