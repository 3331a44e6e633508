"""Letters to donors: those of a fund, of a donor, one of them."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import Letter
from fundmgr.queries import access


def visible_letters(actor: Actor, *, fund_id: UUID, donor_id: UUID | None = None) -> QuerySet[Letter]:
    """This will return the letters with donor and receipt, for one who may read money.

    Errors: NotFound, Forbidden.
    """
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    rows = Letter.objects.filter(fund_id=fund_id).select_related("donor", "receipt", "replaces")
    return rows.filter(donor_id=donor_id) if donor_id else rows


def visible_letter(actor: Actor, *, letter_id: UUID) -> Letter:
    """This will return one letter. Errors: NotFound, Forbidden."""
    row = Letter.objects.select_related("donor", "receipt", "replaces").filter(id=letter_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row
