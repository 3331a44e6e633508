"""Undo for what a worker took back: the state and the place it had, where that is still possible."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest
from requests_app.queries import taken_back
from requests_app.services import cases


@use_case
def undo(*, request_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> AssistanceRequest:
    """This will give a request that was taken back its state and its place again, within the setting's hours.

    Nothing was held meanwhile: a request whose money was given up goes to the waiting list. Proposals that
    were void stay so.
    Errors: NotFound, or Forbidden for staff, where one neither made, filed nor reviews it; WrongState where
    nothing was taken back or the hours are over; LiveRequestExists where the worker asked anew.
    """
    request = _locked(request_id, by=by)
    found = taken_back.undo_of(request)
    if found is None or now > found.until:
        raise errors.WrongState
    try:
        cases.move_requests(
            [request], found.becomes, by=by, now=now, reason="UNDONE", version=request.version + 1
        )
    except IntegrityError as error:
        if "one_live_request" not in str(error):
            raise
        raise errors.LiveRequestExists from error
    happening = Happening("request.restored", "request", request.id, {"to": found.becomes})
    events.record(happening, fund_id=request.fund_id, by=by, now=now)
    return request


def _locked(request_id: UUID, *, by: Actor) -> AssistanceRequest:
    try:
        return cases.lock_own(request_id, by=by)
    except errors.NotFound:
        return cases.locked_one(request_id, by=by, action=Action.REQUEST_REVIEW)
