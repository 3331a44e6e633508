"""Share the available money: freeze who waits, propose a rule, approve by others, award or do nothing."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import RoundState
from fundmgr.domain.permissions import Action
from fundmgr.ports import events, patience
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.services.use_case import use_case
from requests_app.models import AllocationRound, RoundApproval
from requests_app.queries import rounds as queries
from requests_app.queries.pots import estate
from requests_app.services import (
    round_awards,
    round_frozen,
    round_lists,
    round_steps,
    round_topups,
    smallest_grants,
)
from requests_app.services.draw_terms import DrawTerms
from requests_app.services.round_steps import Origin

if TYPE_CHECKING:
    from requests_app.services.round_sharing import PreviewRow

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
    row, happening = round_steps.draft(fund_id, rule, terms, by=by, now=now)
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
    chosen = round_steps.read_rule(rule)
    if "draw" in (row.rule["rule"], chosen["rule"]):
        raise errors.WrongState("A draw stays one, and no other rule becomes one. Void this draft.")
    smallest_grants.require_reached(chosen, most_cents=queries.largest_need_cents(row))
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
    columns = round_frozen.columns_of(claims)
    return [round_frozen.share_columns(columns, [pot.cents for pot in pots], rule).row for rule in rules]


@use_case
def propose(*, round_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> AllocationRound:
    """This will compute a draft's awards, bind them by digests, and put its requests into the round.

    Errors: NotFound, Forbidden, SelfApproval for one whose household is in the round, WrongState where the
    frozen list is out of date or the rule gives nobody anything.
    """
    row = _locked(round_id, Action.ROUND_PROPOSE, by=by)
    happenings = round_steps.propose(row, by=by, now=now)
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def propose_rule(
    *, fund_id: UUID, rule: Mapping[str, Any], by: Actor, now: datetime, once: Once | None = None
) -> AllocationRound:
    """This will draft and propose in one step, as the workbench does. Errors: as for draft and propose."""
    row, drafted = round_steps.draft(fund_id, rule, None, by=by, now=now)
    happenings = [drafted, *round_steps.propose(row, by=by, now=now)]
    events.record_many(happenings, fund_id=fund_id, by=by, now=now)
    return row


@use_case
def top_up(*, round_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> AllocationRound:
    """This will propose a round that adds to a decided one, as if all money had been there at once.

    Whoever got a part and said yes to it is in it with what is missing, and whoever got nothing with all.
    Errors: NotFound, Forbidden, SelfApproval; WrongState where both would not be one big round, with the
    reason, where nothing is missing to anybody or there is no money.
    """
    decided = _locked(round_id, Action.ROUND_PROPOSE, by=by)
    reason = round_topups.refusal(decided, now=now)
    if reason:
        raise errors.WrongState(reason)
    origin = Origin(tops_up=decided)
    row, drafted = round_steps.draft(decided.fund_id, decided.rule, None, by=by, now=now, origin=origin)
    happenings = [drafted, *round_steps.propose(row, by=by, now=now)]
    row.topup_note = round_topups.note(row)
    row.save(update_fields=["topup_note"])
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
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
    happenings = round_steps.void(row, reason.strip(), by=by, now=now, is_given_up=True)
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
    patience.for_whole_set()
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
    happenings: Iterable[Happening] = [
        Happening("round.approved", "round", row.id, {"result": row.result_digest})
    ]
    if queries.approvals_of(row).count() >= queries.approvals_needed(row):
        happenings = chain(happenings, round_awards.commit(row, by=by, now=now))
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def _void_stale(*, round_id: UUID, by: Actor, now: datetime) -> None:
    """Look again under the lock: only a round that is still stale is voided."""
    row = _locked(round_id, Action.ROUND_APPROVE, by=by)
    reason = queries.void_reason(row) if row.state == RoundState.PROPOSED else ""
    if reason:
        happenings = round_steps.void(row, reason, by=by, now=now)
        events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)


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
