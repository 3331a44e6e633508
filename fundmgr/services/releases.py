"""Restricted money set free for general use: proposed over a letter or an order, decided by another."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids, money, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Action
from fundmgr.domain.restrictions import ReleaseGround
from fundmgr.models import Restriction, RestrictionRelease
from fundmgr.ports import events, ledger
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, books, funds, releases
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered, signed
from fundmgr.services.use_case import use_case


@use_case
def propose(
    *,
    restriction_id: UUID,
    amount_cents: int,
    ground: ReleaseGround,
    document_id: UUID,
    reason: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> RestrictionRelease:
    """This will propose that restricted money may be used for anything; another person decides.

    Shapes: the document is a file of the restriction, or of a commitment under it.
    Errors: InvalidInput for more than is available, or another file; WrongState for money tied to nothing.
    """
    restriction = entered.locked(Restriction, restriction_id)
    access.require(by, Action.RELEASE_PROPOSE, fund_id=restriction.fund_id)
    signed.require_person(by)
    _check(restriction, amount_cents, document_id, reason)
    row = RestrictionRelease(
        id=ids.new_id(now),
        fund_id=restriction.fund_id,
        created_at=now,
        restriction=restriction,
        amount_cents=amount_cents,
        ground=ground,
        document_id=document_id,
        reason=reason,
        state=ProposalState.PROPOSED,
        proposed_by_id=by.person_id,
    )
    row.save(force_insert=True)
    facts = {"ground": ground.value, "document": document_id}
    _record(row, "release.proposed", facts, by=by, now=now)
    return row


@use_case
def make(*, release_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> RestrictionRelease:
    """This will set the money free: it leaves its restriction and may be awarded to anyone.

    What general money lacks since a gift bounced is filled first.
    Errors: SelfApproval for the proposer, AlreadyDecided, InsufficientFunds where it is promised by now.
    """
    row = signed.locked(RestrictionRelease, release_id, Action.RELEASE_DECIDE, by=by)
    signed.decide(row, ProposalState.MADE, by=by, now=now)
    _post(row, by=by, now=now)
    _record(row, "release.made", {"document": row.document_id}, by=by, now=now)
    return row


@use_case
def refuse(*, release_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> RestrictionRelease:
    """This will refuse a release; the money stays tied. Errors: SelfApproval, AlreadyDecided."""
    row = signed.locked(RestrictionRelease, release_id, Action.RELEASE_DECIDE, by=by)
    signed.decide(row, ProposalState.REFUSED, by=by, now=now)
    _record(row, "release.refused", {}, by=by, now=now)
    return row


def _check(restriction: Restriction, amount_cents: int, document_id: UUID, reason: str) -> None:
    if restriction.is_general:
        raise errors.WrongState("This money is tied to nothing: there is nothing to release.")
    problems = []
    there = books.available_by_restriction(restriction.fund_id)[restriction.id]
    if amount_cents <= 0:
        problems.append(Problem("amount", "not_positive", "Write an amount of at least one cent."))
    if amount_cents > there:
        problems.append(Problem("amount", "more_than_available", _only(there)))
    if not releases.documents(restriction).filter(id=document_id).exists():
        sentence = "Choose a letter or an order that is kept with this restriction."
        problems.append(Problem("document_id", "not_its_document", sentence))
    if not reason.strip():
        problems.append(Problem("reason", "missing", "Write why the money is set free."))
    entered.refuse(problems)


def _post(row: RestrictionRelease, *, by: Actor, now: datetime) -> None:
    general_id = funds.general_restriction(row.fund_id).id
    # Both restrictions' balances are locked together, in the one order.
    standings = ledger.standings([row.restriction_id, general_id], fund_id=row.fund_id)
    posting = postings.restriction_release(
        release_id=row.id,
        restriction_id=row.restriction_id,
        general_id=general_id,
        amount_cents=row.amount_cents,
        standing=standings[general_id],
    )
    try:
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    except errors.InsufficientFunds:
        raise errors.InsufficientFunds(_only(standings[row.restriction_id].available_cents)) from None


def _only(there_cents: int) -> str:
    return f"Only {money.dollars(there_cents)} of this money is available; the rest is promised or paid."


def _record(
    row: RestrictionRelease, verb: str, facts: Mapping[str, object], *, by: Actor, now: datetime
) -> None:
    said = {"amount_cents": row.amount_cents, "restriction": row.restriction_id, **facts}
    said |= row_facts.said(row)
    events.record(Happening(verb, "release", row.id, said), fund_id=row.fund_id, by=by, now=now)
