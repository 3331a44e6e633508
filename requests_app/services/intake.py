"""Requests come in: one by one from workers and programs, or many at once from an import."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Action
from fundmgr.models import Event
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import (
    Applicant,
    AssistanceRequest,
    Household,
    NeedLine,
    Production,
    RequestRevision,
    RequestTransition,
)
from requests_app.queries import people
from requests_app.services import asks as ask_rules
from requests_app.services import cases, contacts, intake_rows, intake_sql
from requests_app.services.asks import Ask
from requests_app.services.intake_rows import Filing
from requests_app.services.intake_sql import Bundle, Ground

ROWS_A_STATEMENT = 2000


@use_case
def submit(
    *,
    fund_id: UUID,
    ask: Ask,
    contact: str | None,
    channel: str,
    by: Actor,
    now: datetime,
    odds_shown: Mapping[str, Any] | None = None,
    once: Once | None = None,
) -> AssistanceRequest:
    """This will file one request: for the worker who acts, or for the contact that a program names.

    Errors: InvalidInput, FundClosed, LiveRequestExists; NotFound for a worker who is no applicant;
    Forbidden for one who may not file for others.
    """
    if contact is not None:
        access.require(by, Action.REQUEST_FILE, fund_id=fund_id)
    filing = Filing(channel, by, now, odds_shown)
    return intake_rows.file(fund_id=fund_id, ask=ask, contact=contact, filing=filing)


@use_case
def submit_many(
    *,
    fund_id: UUID,
    asks: Sequence[tuple[Ask, str, datetime]],
    channel: str,
    by: Actor,
    now: datetime,
) -> list[AssistanceRequest]:
    """This will file many requests in a few statements, each with its own moment; no notice is sent.

    Shapes: one (ask, contact, submitted_at) each; returns the requests in the same order.
    Errors: InvalidInput naming the row, like `asks.3.full_name`; FundClosed; LiveRequestExists.
    """
    access.require(by, Action.REQUEST_FILE, fund_id=fund_id)
    ground = intake_sql.ground(fund_id=fund_id, production="", reference="", user_id=None, contact_hash="")
    if ground is None:
        raise errors.NotFound
    intake_rows.refuse_closed(ground)
    rows = [(ask, contacts.normalise(contact), at) for ask, contact, at in asks]
    intake_rows.refuse(list(_problems(rows, ground)))
    bundles = _bundles(fund_id, rows, ground, Filing(channel, by, now))
    with intake_rows.one_live_request():
        _write_many(bundles)
    return [bundle.request for bundle in bundles]


@use_case
def withdraw(*, request_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> AssistanceRequest:
    """This will take a request back, before an award.

    Errors: NotFound, or Forbidden for staff, where one neither made, filed nor reviews it; WrongState
    after an award or the end.
    """
    request = _lock_for_withdrawal(request_id, by=by)
    old_state = request.state
    voided = cases.void_proposals([request])
    cases.move_requests([request], RequestState.WITHDRAWN, by=by, now=now, version=request.version + 1)
    happening = Happening("request.withdrawn", "request", request.id, {"from": old_state, "voided": voided})
    events.record_many([happening], fund_id=request.fund_id, by=by, now=now, link=False)
    return request


def _lock_for_withdrawal(request_id: UUID, *, by: Actor) -> AssistanceRequest:
    """Lock a request for its worker, the one who filed it, or a reviewer whom the worker called."""
    try:
        return cases.lock_own(request_id, by=by)
    except errors.NotFound:
        return cases.locked_one(request_id, by=by, action=Action.REQUEST_REVIEW)


def _problems(rows: Sequence[tuple[Ask, str, datetime]], ground: Ground) -> "chain[Problem]":
    return chain.from_iterable(
        [
            replace(problem, field=f"asks.{number}.{problem.field}")
            for problem in (
                *contacts.problems(address),
                *ask_rules.check(ask, intake_rows.today_of(ground, at)),
            )
        ]
        for number, (ask, address, at) in enumerate(rows)
    )


def _bundles(
    fund_id: UUID, rows: Sequence[tuple[Ask, str, datetime]], ground: Ground, filing: Filing
) -> list[Bundle]:
    hashes = [people.contact_hash(address) for _ask, address, _at in rows]
    known = Applicant.objects.filter(fund_id=fund_id, contact_hash__in=hashes)
    applicants = {row.contact_hash: row for row in known}
    names = Production.objects.filter(fund_id=fund_id).values_list("name", "id")
    productions = {name.lower(): production_id for name, production_id in names}
    bundles = []
    for (ask, address, at), contact_hash in zip(rows, hashes, strict=True):
        found = applicants.get(contact_hash)
        clean = ask_rules.cleaned(ask)
        own = replace(
            ground,
            production_id=productions.get(clean.production_name.lower()),
            applicant_id=found.id if found else None,
            household_id=found.household_id if found else None,
        )
        bundle = intake_rows.make(
            fund_id,
            clean,
            own,
            address=address,
            reference=ids.new_reference(),
            filing=replace(filing, now=at),
        )
        applicants.setdefault(contact_hash, bundle.applicant)
        bundles.append(bundle)
    return bundles


def _write_many(bundles: Sequence[Bundle]) -> None:
    """Write the rows table by table; an applicant who is known already is not written again."""
    fresh = [bundle.applicant for bundle in bundles if bundle.request.applicant_id == bundle.applicant.id]
    homes = [Household(id=row.household_id, fund_id=row.fund_id, created_at=row.created_at) for row in fresh]
    Household.objects.bulk_create(homes, batch_size=ROWS_A_STATEMENT)
    Applicant.objects.bulk_create(fresh, batch_size=ROWS_A_STATEMENT)
    requests = [bundle.request for bundle in bundles]
    AssistanceRequest.objects.bulk_create(requests, batch_size=ROWS_A_STATEMENT)
    lines = [line for bundle in bundles for line in bundle.need_lines]
    NeedLine.objects.bulk_create(lines, batch_size=ROWS_A_STATEMENT)
    RequestRevision.objects.bulk_create([row.revision for row in bundles], batch_size=ROWS_A_STATEMENT)
    RequestTransition.objects.bulk_create([row.transition for row in bundles], batch_size=ROWS_A_STATEMENT)
    Event.objects.bulk_create([bundle.event for bundle in bundles], batch_size=ROWS_A_STATEMENT)
