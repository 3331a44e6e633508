"""New dates and defaults of late promises: those of one commitment, one of them."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import CommitmentTurn
from fundmgr.queries import access, funds


def of_commitment(actor: Actor, *, commitment_id: UUID) -> QuerySet[CommitmentTurn]:
    """This will return the turns of a commitment, also those refused. Errors: NotFound, Forbidden."""
    row = funds.visible_commitment(actor, commitment_id=commitment_id)
    return _rows().filter(commitment_id=row.id)


def visible_turn(actor: Actor, *, turn_id: UUID) -> CommitmentTurn:
    """This will return one turn. Errors: NotFound, Forbidden."""
    row = _rows().filter(id=turn_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def _rows() -> QuerySet[CommitmentTurn]:
    return CommitmentTurn.objects.select_related("commitment", "proposed_by", "decided_by")
