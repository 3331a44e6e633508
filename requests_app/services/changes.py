"""What a worker changes in a request that was sent: until its reading starts, and never without a trace."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.canonical import canonical_bytes
from fundmgr.domain.eligibility import NeedCategory, Urgency
from fundmgr.domain.lifecycle import RequestState
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services import entered
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest, NeedLine, Production, RequestRevision
from requests_app.services import asks, cases
from requests_app.services.asks import Ask

# The parts of an ask that may change. Names and contacts are the person's, not the request's.
PARTS = (
    "production_name",
    "craft",
    "job_title",
    "union_local",
    "engagement",
    "last_worked_on",
    "adults_count",
    "children_count",
    "need_lines",
    "other_aid_cents",
    "other_aid_note",
    "urgency",
    "loss_on",
    "statement",
)
_KEPT_AS_NULL = frozenset({"other_aid_note", "statement"})


@use_case
def change(
    *,
    request_id: UUID,
    version: int,
    parts: Mapping[str, Any],
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> AssistanceRequest:
    """This will put new answers in the place of old ones; what was sent before stays as a revision.

    Its place in line, what the person was told of the odds, and its policy stay as they are.
    Shapes: `parts` are fields of Ask, named in PARTS. Errors: NotFound for others than the worker and who
    filed it, WrongState once the reading has started, StaleVersion, InvalidInput.
    """
    request = cases.lock_own(request_id, by=by)
    if request.state != RequestState.SUBMITTED:
        raise errors.WrongState("A person reads this request already. Write a message instead.")
    if request.version != version:
        raise errors.StaleVersion
    entered.refuse(asks.check_values(parts, entered.today(request.fund_id, now)))
    before = ask_of(request)
    after = asks.cleaned(replace(before, **parts))
    changed = sorted(name for name in PARTS if getattr(before, name) != getattr(after, name))
    if changed:
        _write(request, after)
        number = _keep_revision(request, after, by=by, now=now)
        facts = {"fields": changed, "asked_cents": after.asked_cents, "revision": number}
        happening = Happening("request.changed", "request", request.id, facts)
        events.record(happening, fund_id=request.fund_id, by=by, now=now)
    return request


def ask_of(request: AssistanceRequest) -> Ask:
    """This will return what a request asks for now, as it would be sent."""
    lines = dict(NeedLine.objects.filter(request=request).values_list("category", "amount_cents"))
    own: dict[str, Any] = {name: getattr(request, name) for name in PARTS if name != "need_lines"}
    own |= {name: own[name] or "" for name in _KEPT_AS_NULL}
    own["urgency"] = tuple(sorted(Urgency(word) for word in request.urgency))
    own["need_lines"] = tuple((need, lines[need]) for need in NeedCategory if need in lines)
    return Ask(
        full_name=request.applicant.full_name,
        preferred_name=request.applicant.preferred_name or "",
        helper_name=request.helper_name or "",
        language=request.language,
        **own,
    )


def _write(request: AssistanceRequest, ask: Ask) -> None:
    for name in PARTS:
        if name not in {"need_lines", "urgency"}:
            value = getattr(ask, name)
            setattr(request, name, None if name in _KEPT_AS_NULL and not value else value)
    shows = Production.objects.filter(fund_id=request.fund_id, name__iexact=ask.production_name)
    request.production = shows.order_by("name").first()
    request.urgency, request.asked_cents = list(ask.urgency), ask.asked_cents
    request.version += 1
    request.save(
        update_fields=[
            *(name for name in PARTS if name != "need_lines"),
            "production",
            "asked_cents",
            "version",
        ]
    )
    _write_needs(request, dict(ask.need_lines))


def _write_needs(request: AssistanceRequest, wanted: Mapping[NeedCategory, int]) -> None:
    rows = {row.category: row for row in NeedLine.objects.filter(request=request)}
    for row in rows.values():
        if row.category not in wanted:
            row.delete()
    for category, cents in wanted.items():
        if category not in rows:
            NeedLine.objects.create(
                id=ids.new_id(request.created_at),
                fund_id=request.fund_id,
                created_at=request.created_at,
                request=request,
                category=category,
                amount_cents=cents,
            )
        elif rows[category].amount_cents != cents:
            rows[category].amount_cents = cents
            rows[category].save(update_fields=["amount_cents"])


def _keep_revision(request: AssistanceRequest, ask: Ask, *, by: Actor, now: datetime) -> int:
    number = RequestRevision.objects.filter(request=request).count() + 1
    RequestRevision.objects.create(
        id=ids.new_id(now),
        fund_id=request.fund_id,
        created_at=now,
        request=request,
        number=number,
        actor=by.key,
        answers=canonical_bytes(asks.as_answers(ask)).decode(),
    )
    return number
