"""The audit pages: the newest events in plain words' parts, and the state of the chain."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import ApiClient, Event, EventLink, Job, WaitingEvent
from fundmgr.queries import access, trail
from fundmgr.queries.trail import ChainState
from requests_app.models import AssistanceRequest
from requests_app.queries import proofs
from requests_app.queries.paging import Page, keyset

LARGE_THINGS = (
    "fund",
    "user",
    "client",
    "donor",
    "commitment",
    "receipt",
    "refund",
    "bank_fee",
    "bank_import",
    "restriction",
    "release",
    "reserve_use",
    "reversal",
    "closing",
    "file",
    "round",
    "scenario",
    "batch",
    "report",
)


@dataclass(frozen=True)
class Line:
    """One event for a reader: when, who, what, on which thing, at which place of the chain."""

    at: datetime
    who: str
    verb: str
    object_type: str
    object_id: UUID
    reference: str
    facts: Mapping[str, Any]
    sequence: int | None


@dataclass(frozen=True)
class AuditPage:
    """One page of events in the order of the chain, newest first; `waiting` ones have no place in it yet."""

    lines: list[Line]
    page: Page[EventLink]
    waiting: int
    head_sequence: int


def audit(actor: Actor, *, fund_id: UUID, cursor: str | None, verb: str = "") -> AuditPage:
    """This will return one page of the trail. Errors: Forbidden, InvalidInput for a wrong cursor."""
    access.require(actor, Action.AUDIT_READ, fund_id=fund_id)
    rows = EventLink.objects.filter(event__fund_id=fund_id).select_related("event__link")
    if verb:
        rows = rows.filter(event__verb__startswith=verb)
    page = keyset(rows, ("-sequence",), cursor)
    waiting = WaitingEvent.objects.filter(event__fund_id=fund_id).count()
    return AuditPage(lines([row.event for row in page.rows]), page, waiting, trail.head_sequence())


def nightly_proofs(actor: Actor, *, fund_id: UUID, cursor: str | None) -> Page[Job]:
    """This will return one page of the nightly proofs. Errors: Forbidden, InvalidInput for a wrong cursor."""
    return keyset(proofs.visible_proofs(actor, fund_id=fund_id), ("-id",), cursor)


def verify(actor: Actor, *, fund_id: UUID) -> ChainState:
    """This will walk the whole chain. Errors: Forbidden."""
    access.require(actor, Action.AUDIT_READ, fund_id=fund_id)
    return trail.verify_chain()


def latest(fund_id: UUID, *, most: int) -> list[Line]:
    """This will return the newest events on a fund, its money and its people, as lines.

    Events on single requests and awards come in thousands at once, and would leave no room for these.
    """
    rows = EventLink.objects.filter(event__fund_id=fund_id, event__object_type__in=LARGE_THINGS)
    found = rows.select_related("event__link").order_by("-sequence")[:most]
    return lines([row.event for row in found])


def lines(events: list[Event] | QuerySet[Event]) -> list[Line]:
    """This will put names to the ids that events hold, in two look-ups for all of them."""
    rows = list(events)
    names = _names({row.actor for row in rows})
    references = _references({row.object_id for row in rows if row.object_type == "request"})
    return [
        Line(
            at=row.created_at,
            who=names.get(row.actor, "The system" if row.actor == "system" else "A worker"),
            verb=row.verb,
            object_type=row.object_type,
            object_id=row.object_id,
            reference=references.get(row.object_id, ""),
            facts=json.loads(bytes(row.body)).get("facts", {}),
            sequence=row.link.sequence if hasattr(row, "link") else None,
        )
        for row in rows
    ]


def _names(keys: set[str]) -> dict[str, str]:
    people = {UUID(key.removeprefix("user:")) for key in keys if key.startswith("user:")}
    programs = {UUID(key.removeprefix("client:")) for key in keys if key.startswith("client:")}
    found = {f"user:{key}": name for key, name in access.staff_names(people).items() if name}
    clients = ApiClient.objects.filter(id__in=programs).values_list("id", "name") if programs else []
    return found | {f"client:{key}": f"{name} (program)" for key, name in clients}


def _references(ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    return dict(AssistanceRequest.objects.filter(id__in=ids).values_list("id", "reference"))
