"""What the use cases that two people sign have in common: the first signature, and the second."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Action
from fundmgr.models.base import Signed
from fundmgr.ports import moves
from fundmgr.queries import access
from fundmgr.services import entered

Row = TypeVar("Row", bound=Signed)


def require_person(by: Actor) -> None:
    """This will refuse a signature of nobody. Errors: PersonRequired."""
    if by.person_id is None:
        raise errors.PersonRequired


def require_first(reason: str, *, by: Actor) -> None:
    """This will refuse a first signature of nobody, or without a reason.

    Errors: PersonRequired, InvalidInput.
    """
    require_person(by)
    if not reason.strip():
        entered.refuse([Problem("reason", "missing", "Write why.")])


def locked(model: type[Row], row_id: UUID, action: Action, *, by: Actor) -> Row:
    """This will lock a proposal for its second signature.

    Errors: NotFound, Forbidden, AlreadyDecided, SelfApproval for who signed first, PersonRequired.
    """
    row = model._default_manager.select_for_update(of=("self",)).filter(id=row_id).first()
    if row is None:
        raise errors.NotFound
    access.require(by, action, fund_id=row.fund_id)
    if row.state != ProposalState.PROPOSED:
        raise errors.AlreadyDecided
    if row.proposed_by_id == by.person_id:
        raise errors.SelfApproval
    require_person(by)
    return row


def decide(row: Signed, state: ProposalState, *, by: Actor, now: datetime) -> None:
    """This will sign a locked proposal for the second time, or refuse it."""
    moves.move(row, state, decided_by_id=by.person_id, decided_at=now)
