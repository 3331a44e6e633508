"""New contacts that staff proposed for workers who lost the old one."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import ContactHandover
from requests_app.queries import requests


def of_request(actor: Actor, request_id: UUID) -> QuerySet[ContactHandover]:
    """This will return the handovers of a request. Errors: NotFound, Forbidden for one who sees no names."""
    row = requests.visible_request(actor, request_id)
    access.require(actor, Action.REQUEST_READ_IDENTITY, fund_id=row.fund_id)
    return _rows().filter(request_id=row.id)


def visible_handover(actor: Actor, *, handover_id: UUID) -> ContactHandover:
    """This will return one handover. Errors: NotFound, Forbidden for one who sees no names."""
    row = _rows().filter(id=handover_id).first()
    if row is None:
        raise errors.NotFound
    return of_request(actor, row.request_id).get(id=row.id)


def _rows() -> QuerySet[ContactHandover]:
    return ContactHandover.objects.select_related("proposed_by", "decided_by")
