"""Assistance requests as staff, programs and workers may see them: one scope, queues, one case whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from fundmgr.domain import contacts, errors
from fundmgr.domain.actors import Actor, ActorKind
from fundmgr.domain.ids import REFERENCE_LENGTH, REFERENCE_LETTERS
from fundmgr.domain.lifecycle import DecisionState, RequestState
from fundmgr.domain.permissions import Action, allows
from fundmgr.domain.promised_days import late_before
from fundmgr.models import Event, Fund
from fundmgr.queries import access, funds
from requests_app.models import (
    Applicant,
    AssistanceRequest,
    Award,
    Decision,
    InfoRequest,
    NeedLine,
    RequestRevision,
    RequestTransition,
)
from requests_app.queries import people
from requests_app.queries.paging import LIMIT_DEFAULT, Page, keyset

# Requests that the fund owes an answer.
OWED = frozenset({RequestState.SUBMITTED, RequestState.IN_REVIEW, RequestState.ON_HOLD})
_REFERENCE = re.compile(rf"(R-)?[{REFERENCE_LETTERS}]{{{REFERENCE_LENGTH}}}\Z")


class QueueOrder(StrEnum):
    """The orders that an index serves."""

    OLDEST = "oldest"
    NEWEST = "newest"
    LARGEST = "largest"


_COLUMNS: dict[QueueOrder, tuple[str, ...]] = {
    QueueOrder.OLDEST: ("submitted_at", "id"),
    QueueOrder.NEWEST: ("-submitted_at", "-id"),
    QueueOrder.LARGEST: ("-asked_cents", "id"),
}


@dataclass(frozen=True)
class QueueFilters:
    """What a queue shows; what is left out does not narrow it.

    Units: cents, whole days since the request was sent. `q` is a reference, or an exact contact, or words
    of a name: names and contacts are found by keyed hashes, for the database cannot read them.
    """

    states: Sequence[RequestState] = ()
    craft: str = ""
    production: str = ""
    urgency: str = ""
    language: str = ""
    asked_min_cents: int | None = None
    asked_max_cents: int | None = None
    age_min_days: int | None = None
    age_max_days: int | None = None
    assignee_id: UUID | None = None
    is_unassigned: bool = False
    is_late: bool = False
    sent_after: datetime | None = None
    sent_before: datetime | None = None
    q: str = ""


@dataclass(frozen=True)
class History:
    """All that happened to a request, oldest first."""

    transitions: list[RequestTransition]
    revisions: list[RequestRevision]
    decisions: list[Decision]
    events: list[Event]


@dataclass(frozen=True)
class Case:
    """One request whole, as the page of a reviewer shows it."""

    request: AssistanceRequest
    need_lines: list[NeedLine]
    info_requests: list[InfoRequest]
    awards: list[Award]
    history: History
    open_decision: Decision | None


def visible_requests(actor: Actor, fund_id: UUID) -> QuerySet[AssistanceRequest]:
    """This will return the requests of a fund that the actor may see.

    Staff who read requests see all but those of their own household; intake sees what it filed; a person
    without a role sees the requests made in that person's name.
    Errors: Forbidden for a role that reads no requests, NotFound for a program without a role.
    """
    rows = AssistanceRequest.objects.filter(fund_id=fund_id).select_related("applicant", "production")
    if actor.kind is ActorKind.SYSTEM:
        return rows
    roles = access.roles_of(actor, fund_id=fund_id)
    if allows(roles, Action.REQUEST_READ):
        own = household_ids(actor, fund_id)
        return rows.exclude(household_id__in=own) if own else rows
    if allows(roles, Action.REQUEST_FILE):
        return rows.filter(filed_by=actor.key)
    if roles:
        raise errors.Forbidden
    if actor.kind is not ActorKind.PERSON or actor.person_id is None:
        raise errors.NotFound
    return rows.filter(applicant__user_id=actor.person_id)


def visible_request(actor: Actor, request_id: UUID) -> AssistanceRequest:
    """This will return one request. Errors: NotFound also for one that the actor may not see."""
    fund_id = AssistanceRequest.objects.filter(id=request_id).values_list("fund_id", flat=True).first()
    if fund_id is None:
        raise errors.NotFound
    try:
        row = visible_requests(actor, fund_id).select_related("assignee").filter(id=request_id).first()
    except errors.Forbidden:
        raise errors.NotFound from None
    if row is None:
        raise errors.NotFound
    return row


def is_own(request: AssistanceRequest, actor: Actor) -> bool:
    """This will say whether the actor is the worker, the one who filed for the worker, or the system."""
    if actor.kind is ActorKind.SYSTEM:
        return True
    if actor.kind is ActorKind.PERSON and request.applicant.user_id == actor.person_id:
        return True
    if request.filed_by != actor.key:
        return False
    # One who filed and has left the fund since is a stranger.
    return access.may(actor, Action.REQUEST_FILE, fund_id=request.fund_id)


def household_ids(actor: Actor, fund_id: UUID) -> list[UUID]:
    """This will return the households that the actor's person belongs to, for the cases to keep away."""
    if actor.person_id is None:
        return []
    own = Applicant.objects.filter(fund_id=fund_id, user_id=actor.person_id)
    return list(own.values_list("household_id", flat=True))


def queue(
    actor: Actor,
    fund_id: UUID,
    *,
    now: datetime,
    filters: QueueFilters = QueueFilters(),
    cursor: str | None = None,
    limit: int = LIMIT_DEFAULT,
    order: QueueOrder | str = QueueOrder.OLDEST,
) -> Page[AssistanceRequest]:
    """This will return one page of the queue; each row carries `open_decisions`, a list of at most one.

    Errors: as for visible_requests and keyset; InvalidInput (field `order`) for an order without an index.
    """
    open_decision = Prefetch(
        "decisions", Decision.objects.filter(state=DecisionState.PROPOSED), to_attr="open_decisions"
    )
    rows = visible_requests(actor, fund_id).filter(_narrowed(filters, now=now))
    rows = late(rows, fund_id, now=now) if filters.is_late else rows
    rows = rows.select_related("assignee").prefetch_related(open_decision)
    return keyset(rows, _columns(order), cursor, limit)


def queue_counts(actor: Actor, fund_id: UUID) -> dict[RequestState, int]:
    """This will return how many requests stand in each state, zeros included. Errors: as visible_requests."""
    rows = visible_requests(actor, fund_id).order_by().values_list("state")
    found = dict(rows.annotate(count=Count("id")))
    return {state: found.get(state.value, 0) for state in RequestState}


def late(rows: QuerySet[AssistanceRequest], fund_id: UUID, *, now: datetime) -> QuerySet[AssistanceRequest]:
    """This will narrow a fund's requests to those that wait for it after the day it promised.

    While a worker is asked for something the clock stands.
    """
    return rows.filter(state__in=OWED, submitted_at__lt=_late_before(fund_id, now=now))


def _late_before(fund_id: UUID, *, now: datetime) -> datetime:
    days = funds.policy_in_force(fund_id).decision_days
    return late_before(now, days=days, zone=Fund.objects.get(id=fund_id).time_zone)


def looks_like_reference(words: str) -> bool:
    """This will say whether the words can be a request's number, with or without its `R-`."""
    return _REFERENCE.match(words.strip().upper()) is not None


def open_decisions(actor: Actor, fund_id: UUID) -> QuerySet[Decision]:
    """This will return the proposals that wait for a second person. Errors: Forbidden, NotFound."""
    access.require(actor, Action.REQUEST_READ, fund_id=fund_id)
    rows = Decision.objects.filter(
        fund_id=fund_id, state=DecisionState.PROPOSED, request__state=RequestState.IN_REVIEW
    )
    own = household_ids(actor, fund_id)
    rows = rows.exclude(request__household_id__in=own) if own else rows
    return rows.select_related("request__applicant", "request__production", "policy", "proposed_by")


def decision_inbox(
    actor: Actor, fund_id: UUID, *, cursor: str | None = None, limit: int = LIMIT_DEFAULT
) -> Page[Decision]:
    """This will return one page of the proposals that wait, oldest first. Errors: as open_decisions."""
    return keyset(open_decisions(actor, fund_id), ("id",), cursor, limit)


def visible_decisions(actor: Actor, request_id: UUID) -> QuerySet[Decision]:
    """This will return the decisions on one request: for its worker and for who filed it, the final ones.

    Errors: NotFound.
    """
    request = visible_request(actor, request_id)
    rows = Decision.objects.filter(request_id=request_id)
    rows = rows.select_related("request", "policy", "proposed_by", "decided_by")
    if access.may(actor, Action.REQUEST_READ, fund_id=request.fund_id):
        return rows
    return rows.filter(state=DecisionState.FINAL)


def visible_decision(actor: Actor, decision_id: UUID) -> Decision:
    """This will return one decision with its request. Errors: NotFound."""
    request_id = Decision.objects.filter(id=decision_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise errors.NotFound
    row = visible_decisions(actor, request_id).filter(id=decision_id).first()
    if row is None:
        raise errors.NotFound
    return row


def request_history(request: AssistanceRequest) -> History:
    """This will return all that happened to a request which the caller was allowed to see."""
    decisions = list(
        request.decisions.select_related("proposed_by", "decided_by", "policy").order_by("created_at", "id")
    )
    touched = [
        request.id,
        *(row.id for row in decisions),
        *request.awards.values_list("id", flat=True),
        *request.documents.values_list("id", flat=True),
    ]
    return History(
        transitions=list(request.transitions.order_by("created_at", "id")),
        revisions=list(request.revisions.order_by("number")),
        decisions=decisions,
        events=list(
            Event.objects.filter(object_id__in=touched).select_related("link").order_by("created_at", "id")
        ),
    )


def case(actor: Actor, request_id: UUID) -> Case:
    """This will return one request whole. Errors: NotFound."""
    request = visible_request(actor, request_id)
    history = request_history(request)
    return Case(
        request=request,
        need_lines=list(request.need_lines.order_by("-amount_cents", "category")),
        info_requests=list(request.info_requests.select_related("asked_by").order_by("created_at", "id")),
        awards=list(request.awards.select_related("round").order_by("created_at", "id")),
        history=history,
        open_decision=next((row for row in history.decisions if row.state == DecisionState.PROPOSED), None),
    )


def _columns(order: QueueOrder | str) -> tuple[str, ...]:
    try:
        return _COLUMNS[QueueOrder(order)]
    except ValueError:
        problem = errors.Problem("order", "unknown_order", "The order is oldest, newest or largest.")
        raise errors.InvalidInput(problems=[problem]) from None


def _narrowed(filters: QueueFilters, *, now: datetime) -> Q:
    _refuse_nul(filters)
    wanted: dict[str, object] = {
        "state__in": [state.value for state in filters.states] or None,
        "craft": filters.craft or None,
        "production_name": filters.production or None,
        "urgency__contains": [filters.urgency] if filters.urgency else None,
        "language": filters.language or None,
        "asked_cents__gte": filters.asked_min_cents,
        "asked_cents__lte": filters.asked_max_cents,
        "submitted_at__lte": _days_before(now, filters.age_min_days),
        "submitted_at__gt": _days_before(now, filters.age_max_days),
        "assignee_id": filters.assignee_id,
        "assignee__isnull": filters.is_unassigned or None,
        "submitted_at__gte": filters.sent_after,
        "submitted_at__lt": filters.sent_before,
    }
    return Q(**{name: value for name, value in wanted.items() if value is not None}) & _sought(filters.q)


def _refuse_nul(filters: QueueFilters) -> None:
    # PostgreSQL holds no text with a NUL and would answer with an error of its own.
    problems = [
        errors.Problem(field, "invalid_text", "This has characters that cannot be searched for.")
        for field in ("craft", "production", "urgency", "language")
        if "\x00" in getattr(filters, field)
    ]
    if problems:
        raise errors.InvalidInput(problems=problems)


def _days_before(now: datetime, days: int | None) -> datetime | None:
    # No fund is older than a century; a larger number would leave the calendar.
    return None if days is None else now - timedelta(days=max(0, min(days, 36_500)))


def _sought(words: str) -> Q:
    words = words.strip()
    if not words:
        return Q()
    if "@" in words:
        return Q(applicant__contact_hash=people.contact_hash(words.casefold()))
    number = contacts.normalise(words)
    if contacts.is_phone(number):
        return Q(applicant__contact_hash=people.contact_hash(number))
    named = Q(applicant__name_hashes__contains=people.name_hashes(words))
    if _REFERENCE.match(words.upper()):
        # Six letters without a vowel may be a reference or a name.
        return named | Q(reference=f"R-{words.upper().removeprefix('R-')}")
    return named
