"""Appeals: what a worker may still do about a decision, and what waits for a second reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from fundmgr.domain import appeals as rules
from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.appeals import Standing
from fundmgr.domain.lifecycle import (
    OPEN_APPEAL_STATES,
    AppealState,
    DecisionState,
    RequestState,
)
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import Appeal, AssistanceRequest, Decision
from requests_app.queries import requests
from requests_app.queries.requests import household_ids

_REFUSED = frozenset({RequestState.INELIGIBLE, RequestState.DUPLICATE_MERGED})
_SHORT_OF_MONEY = frozenset({RequestState.WAITLISTED, RequestState.AWARDED})


@dataclass(frozen=True)
class SecondLook:
    """How a request stands to a second look: what may be done, until when, and what was made of it."""

    standing: Standing
    until: datetime | None = None
    decision: Decision | None = None
    appeal: Appeal | None = None


@dataclass(frozen=True)
class Outcomes:
    """How many appeals wait, are past their promised day, were upheld and overturned."""

    waiting: int
    late: int
    upheld: int
    overturned: int


def second_look(request: AssistanceRequest, *, now: datetime) -> SecondLook:
    """This will say what the worker of a request may do about its decision now."""
    appeal = Appeal.objects.filter(request=request).first()
    final = request.decisions.filter(state=DecisionState.FINAL).select_related("policy")
    decision = final.order_by("-decided_at", "-id").first()
    if appeal is not None:
        waits = appeal.state in OPEN_APPEAL_STATES
        return SecondLook(Standing.READING if waits else Standing.ANSWERED, None, decision, appeal)
    if request.state in _SHORT_OF_MONEY:
        return SecondLook(Standing.NO_MONEY, None, decision)
    if request.state not in _REFUSED or decision is None or decision.decided_at is None:
        return SecondLook(Standing.UNDECIDED)
    if not rules.is_appealable(decision.reasons):
        return SecondLook(Standing.NO_MONEY, None, decision)
    zone = request.fund.time_zone
    until = rules.last_moment(decision.decided_at, days=decision.policy.appeal_days, zone=zone)
    return SecondLook(Standing.OPEN if now <= until else Standing.TOO_LATE, until, decision)


def today(request: AssistanceRequest, *, now: datetime) -> date:
    """This will return the day on the calendar of a request's fund."""
    return now.astimezone(ZoneInfo(request.fund.time_zone)).date()


def visible_appeals(actor: Actor, fund_id: UUID, *, states: Sequence[str] = ()) -> QuerySet[Appeal]:
    """This will return the appeals of a fund that the actor may see, never one of the own household.

    Errors: NotFound, Forbidden for a role that reads none.
    """
    access.require(actor, Action.APPEAL_READ, fund_id=fund_id)
    rows = Appeal.objects.filter(fund_id=fund_id)
    own = household_ids(actor, fund_id)
    rows = rows.exclude(request__household_id__in=own) if own else rows
    rows = rows.filter(state__in=states) if states else rows
    return rows.select_related("request__applicant", "request__fund", "decision", "reader")


def visible_appeal(actor: Actor, appeal_id: UUID) -> Appeal:
    """This will return one appeal, for staff or for whom its request is.

    Errors: NotFound for all others.
    """
    row = Appeal.objects.select_related("request__applicant", "request__fund").filter(id=appeal_id).first()
    if row is None:
        raise errors.NotFound
    if requests.is_own(row.request, actor):
        return row
    try:
        found = visible_appeals(actor, row.fund_id).filter(id=appeal_id).first()
    except errors.Forbidden:
        raise errors.NotFound from None
    if found is None:
        raise errors.NotFound
    return found


def earlier_deciders(request_id: UUID) -> set[UUID]:
    """This will return who proposed or decided on a request before, also where it came to nothing."""
    pairs = Decision.objects.filter(request_id=request_id).values_list("proposed_by_id", "decided_by_id")
    return {key for pair in pairs for key in pair if key is not None}


def outcomes(fund_id: UUID, *, on: date) -> Outcomes:
    """This will count a fund's appeals; `on` is the day it is in the fund's zone."""
    waits = Q(state__in=[state.value for state in OPEN_APPEAL_STATES])
    found = Appeal.objects.filter(fund_id=fund_id).aggregate(
        waiting=Count("id", filter=waits),
        late=Count("id", filter=waits & Q(answer_by__lt=on)),
        upheld=Count("id", filter=Q(state=AppealState.UPHELD)),
        overturned=Count("id", filter=Q(state=AppealState.OVERTURNED)),
    )
    return Outcomes(**found)
