"""A transfer that was a mistake, undone by its mirror image: one person proposes it, another signs too.

Most moves are undone where they were made, so that their rows follow: a receipt bounces, an award is
rescinded, a payment returns. What is left are moves whose entries are all there is to correct. A fund's books
take such a correction also after the fund was closed, and the database then asks for both signatures itself.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.move import Move
from fundmgr.domain.permissions import Action
from fundmgr.models import TransferReversal
from fundmgr.ports import events, ledger
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, statements
from fundmgr.queries import facts as row_facts
from fundmgr.services import signed
from fundmgr.services.use_case import use_case

REVERSIBLE = frozenset({Move.BANK_FEE, Move.CLAWBACK, Move.CLAWBACK_RECEIVED, Move.UNCASHED, Move.ESCHEAT})
ELSEWHERE = "This transfer is undone where it was made: there its receipt, award or payment follows."


@use_case
def propose(
    *, transfer_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None
) -> TransferReversal:
    """This will propose to undo a transfer; another person signs too, and nothing moves before.

    Errors: WrongState for a move that is undone elsewhere, or was undone; Duplicate while one waits.
    """
    transfer = statements.visible_transfer(by, transfer_id=transfer_id)
    access.require(by, Action.REVERSAL_PROPOSE, fund_id=transfer.fund_id)
    signed.require_first(reason, by=by)
    if Move(transfer.move) not in REVERSIBLE:
        raise errors.WrongState(ELSEWHERE)
    if statements.undone_by(transfer):
        raise errors.WrongState("This transfer was reversed before.")
    if TransferReversal.objects.filter(transfer=transfer, state=ProposalState.PROPOSED).exists():
        raise errors.Duplicate("A reversal of this transfer waits for its second signature already.")
    row = TransferReversal.objects.create(
        id=ids.new_id(now),
        fund_id=transfer.fund_id,
        created_at=now,
        transfer=transfer,
        reason=reason,
        state=ProposalState.PROPOSED,
        proposed_by_id=by.person_id,
    )
    _record(row, "reversal.proposed", {"reason": reason}, by=by, now=now)
    return row


@use_case
def make(*, reversal_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> TransferReversal:
    """This will sign a reversal too and post the mirror image; the first transfer stays in the books.

    Errors: SelfApproval for who proposed it, AlreadyDecided, InsufficientFunds where its money was used.
    """
    row = signed.locked(TransferReversal, reversal_id, Action.REVERSAL_DECIDE, by=by)
    signed.decide(row, ProposalState.MADE, by=by, now=now)
    made_id = ledger.reverse(row.transfer_id, fund_id=row.fund_id, by=by, now=now)
    _record(row, "reversal.made", {"made": made_id}, by=by, now=now)
    return row


@use_case
def refuse(*, reversal_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> TransferReversal:
    """This will refuse a reversal; the transfer stands. Errors: SelfApproval, AlreadyDecided."""
    row = signed.locked(TransferReversal, reversal_id, Action.REVERSAL_DECIDE, by=by)
    signed.decide(row, ProposalState.REFUSED, by=by, now=now)
    _record(row, "reversal.refused", {}, by=by, now=now)
    return row


def _record(
    row: TransferReversal, verb: str, facts: Mapping[str, object], *, by: Actor, now: datetime
) -> None:
    said = {"transfer": row.transfer_id, **facts, **row_facts.said(row)}
    events.record(Happening(verb, "reversal", row.id, said), fund_id=row.fund_id, by=by, now=now)
