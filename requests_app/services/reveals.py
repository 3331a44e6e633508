"""Show what is masked, to one who may, and only with a record of who looked and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action, allows
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest
from requests_app.queries import requests as queries


class Purpose(StrEnum):
    """Why somebody looks; a code, for the trail holds no story about a person."""

    CALL_WORKER = "CALL_WORKER"
    CHECK_IDENTITY = "CHECK_IDENTITY"
    CHECK_DUPLICATE = "CHECK_DUPLICATE"
    PAYMENT = "PAYMENT"


@dataclass(frozen=True)
class Revealed:
    """What was shown, once."""

    id: UUID
    reference: str
    name: str
    contact: str


@use_case
def contact(*, request_id: UUID, purpose: Purpose, by: Actor, now: datetime) -> Revealed:
    """This will return the worker's contact and record who looked and why.

    Errors: NotFound, Forbidden for a role that does not see identities.
    """
    request = queries.visible_request(by, request_id)
    access.require(by, Action.REQUEST_READ, fund_id=request.fund_id)
    if not access.may(by, Action.REQUEST_READ_IDENTITY, fund_id=request.fund_id):
        raise errors.Forbidden
    happening = Happening("contact.revealed", "request", request.id, {"purpose": purpose.value})
    events.record(happening, fund_id=request.fund_id, by=by, now=now)
    applicant = request.applicant
    return Revealed(request.id, request.reference, applicant.full_name, applicant.contact)


@dataclass(frozen=True)
class Identity:
    """Who asks, in words: what is masked for everybody else."""

    full_name: str
    preferred_name: str
    contact: str
    statement: str
    other_aid_note: str
    helper_name: str


@use_case
def identities(
    *, fund_id: UUID, request_ids: Sequence[UUID], by: Actor, now: datetime
) -> dict[UUID, Identity]:
    """This will return who stands behind requests that the caller may see, and record who read it.

    Shapes: empty for a role that does not see identities; one event a call, however many are read, and none
    where workers read what they wrote of themselves.
    """
    if not request_ids:
        return {}
    roles = access.roles_of(by, fund_id=fund_id)
    # Without a role a person sees own requests alone, and a program none.
    if roles and not allows(roles, Action.REQUEST_READ_IDENTITY):
        return {}
    rows = list(queries.visible_requests(by, fund_id).filter(id__in=request_ids))
    if roles:
        _record_look(fund_id, [row.id for row in rows], by=by, now=now)
    return {row.id: _identity(row) for row in rows}


@use_case
def looked(*, fund_id: UUID, request_ids: Sequence[UUID], by: Actor, now: datetime) -> None:
    """This will record that a page showed who stands behind requests; nothing where it showed none.

    The page has found by itself what its reader may see. One event a page, however many names are on it.
    """
    if request_ids:
        _record_look(fund_id, request_ids, by=by, now=now)


def _record_look(fund_id: UUID, request_ids: Sequence[UUID], *, by: Actor, now: datetime) -> None:
    happening = Happening("identities.read", "fund", fund_id, {"requests": sorted(request_ids)})
    # Reading must not wait for the chain: the drain links it, as it does for intake.
    events.record_many([happening], fund_id=fund_id, by=by, now=now, link=False)


def _identity(row: AssistanceRequest) -> Identity:
    who = row.applicant
    told = row.statement or "", row.other_aid_note or "", row.helper_name or ""
    return Identity(who.full_name, who.preferred_name or "", who.contact, *told)
