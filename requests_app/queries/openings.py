"""How many wait to hear that a fund opens."""

from uuid import UUID

from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import OpeningAsk


def waiting_count(actor: Actor, *, fund_id: UUID) -> int:
    """This will count the contacts that are told when a fund opens. Errors: NotFound, Forbidden."""
    access.require(actor, Action.FUND_READ, fund_id=fund_id)
    return OpeningAsk.objects.filter(fund_id=fund_id).count()
