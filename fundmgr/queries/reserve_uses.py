"""Uses of the reserve: those of a restriction, and one of them."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import ReserveUse
from fundmgr.queries import access, funds


def of_restriction(actor: Actor, *, restriction_id: UUID) -> QuerySet[ReserveUse]:
    """This will return the uses of a restriction's reserve. Errors: NotFound, Forbidden."""
    row = funds.visible_restriction(actor, restriction_id=restriction_id)
    return _rows().filter(restriction=row)


def visible_use(actor: Actor, *, use_id: UUID) -> ReserveUse:
    """This will return one use. Errors: NotFound, Forbidden."""
    row = _rows().filter(id=use_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def _rows() -> QuerySet[ReserveUse]:
    return ReserveUse.objects.select_related("restriction", "proposed_by", "decided_by")
