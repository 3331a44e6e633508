"""Reversals of transfers: those of one transfer, one of them."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import TransferReversal
from fundmgr.queries import access, statements


def of_transfer(actor: Actor, *, transfer_id: UUID) -> QuerySet[TransferReversal]:
    """This will return the reversals of a transfer, also those refused. Errors: NotFound, Forbidden."""
    row = statements.visible_transfer(actor, transfer_id=transfer_id)
    return _rows().filter(transfer_id=row.id)


def visible_reversal(actor: Actor, *, reversal_id: UUID) -> TransferReversal:
    """This will return one reversal. Errors: NotFound, Forbidden."""
    row = _rows().filter(id=reversal_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def _rows() -> QuerySet[TransferReversal]:
    return TransferReversal.objects.select_related("transfer", "proposed_by", "decided_by")
