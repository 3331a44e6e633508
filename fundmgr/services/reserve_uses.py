"""Money of the reserve put to use: proposed for a reason that it is kept for, decided by another person."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids, money, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Action
from fundmgr.domain.reserve import ReserveGround
from fundmgr.models import ReserveUse, Restriction
from fundmgr.ports import events, ledger
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered, signed
from fundmgr.services.use_case import use_case


@use_case
def propose(
    *,
    restriction_id: UUID,
    amount_cents: int,
    ground: ReserveGround,
    reason: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> ReserveUse:
    """This will propose that money of a restriction's reserve may be awarded; another person decides.

    Errors: InvalidInput for more than the reserve holds, or without a reason; PersonRequired, Forbidden.
    """
    restriction = entered.locked(Restriction, restriction_id)
    access.require(by, Action.RELEASE_PROPOSE, fund_id=restriction.fund_id)
    signed.require_person(by)
    there = ledger.standing(restriction.id, fund_id=restriction.fund_id).reserve_cents
    _check(amount_cents, reason, there_cents=there)
    row = ReserveUse(
        id=ids.new_id(now),
        fund_id=restriction.fund_id,
        created_at=now,
        restriction=restriction,
        amount_cents=amount_cents,
        ground=ground,
        reason=reason,
        state=ProposalState.PROPOSED,
        proposed_by_id=by.person_id,
    )
    row.save(force_insert=True)
    _record(row, "reserve_use.proposed", {"ground": ground.value}, by=by, now=now)
    return row


@use_case
def make(*, use_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> ReserveUse:
    """This will make the money available to award; what the restriction lacks is filled first.

    Errors: SelfApproval for the proposer, AlreadyDecided, InsufficientFunds where the reserve holds less by
    now.
    """
    row = signed.locked(ReserveUse, use_id, Action.RELEASE_DECIDE, by=by)
    signed.decide(row, ProposalState.MADE, by=by, now=now)
    standing = ledger.standing(row.restriction_id, fund_id=row.fund_id)
    posting = postings.reserve_use(
        use_id=row.id,
        restriction_id=row.restriction_id,
        amount_cents=row.amount_cents,
        uncovered_cents={row.restriction_id: standing.uncovered_cents},
    )
    try:
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    except errors.InsufficientFunds:
        raise errors.InsufficientFunds(_only(standing.reserve_cents)) from None
    _record(row, "reserve_use.made", {}, by=by, now=now)
    return row


@use_case
def refuse(*, use_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> ReserveUse:
    """This will refuse it; the money stays in the reserve. Errors: SelfApproval, AlreadyDecided."""
    row = signed.locked(ReserveUse, use_id, Action.RELEASE_DECIDE, by=by)
    signed.decide(row, ProposalState.REFUSED, by=by, now=now)
    _record(row, "reserve_use.refused", {}, by=by, now=now)
    return row


def _check(amount_cents: int, reason: str, *, there_cents: int) -> None:
    problems = []
    if amount_cents <= 0:
        problems.append(Problem("amount", "not_positive", "Write an amount of at least one cent."))
    if amount_cents > there_cents:
        problems.append(Problem("amount", "more_than_reserve", _only(there_cents)))
    if not reason.strip():
        problems.append(Problem("reason", "missing", "Write what the money is used for."))
    entered.refuse(problems)


def _only(there_cents: int) -> str:
    return f"The reserve holds {money.dollars(there_cents)}."


def _record(row: ReserveUse, verb: str, facts: Mapping[str, object], *, by: Actor, now: datetime) -> None:
    said = {"amount_cents": row.amount_cents, "restriction": row.restriction_id, **facts}
    said |= row_facts.said(row)
    events.record(Happening(verb, "reserve_use", row.id, said), fund_id=row.fund_id, by=by, now=now)
