"""Answers that are not sent yet: saved page by page, sent once, and never lost in between."""

import json
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.models import prepared
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import one_statement, use_case
from requests_app.models import Applicant, AssistanceRequest, Document, Draft
from requests_app.queries import people
from requests_app.services import draft_answers, intake_filing
from requests_app.services.asks import Ask
from requests_app.services.intake_rows import Filing


@use_case
def start_draft(
    *,
    fund_id: UUID,
    language: str,
    by: Actor | None,
    now: datetime,
    odds_shown: Mapping[str, Any] | None = None,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
) -> Draft:
    """This will begin a draft, of a worker who signed in or of nobody yet.

    Shapes: `answers` by page, where some were given before there was a draft.
    """
    applicant = people.applicant_of(user_id=by.person_id if by else None, fund_id=fund_id)
    kept = {**(answers or {}), **({"odds_shown": odds_shown} if odds_shown else {})}
    return prepared.added(
        Draft(
            id=ids.new_id(now),
            fund_id=fund_id,
            created_at=now,
            updated_at=now,
            applicant=applicant,
            answers=json.dumps(kept),
            language=language,
        )
    )


@dataclass(frozen=True)
class AsRead:
    """What a page read a moment ago: the draft and its worker, or nobody yet."""

    draft: Draft
    applicant: Applicant | None


def save_draft(
    *,
    draft_id: UUID,
    page: str,
    answers: Mapping[str, Any],
    by: Actor | None,
    now: datetime,
    seen: str | None = None,
    as_read: AsRead | None = None,
) -> Draft:
    """This will keep what was typed on one page, right or not yet right; the first worker to save owns it.

    Shapes: `seen` as in draft_answers.put; where the draft is still `as_read`, one statement keeps it, and
    else it is locked and read anew. Errors: NotFound for another's draft and for one that was sent,
    StaleVersion where the page was changed elsewhere since it was seen.
    """
    if as_read is not None:
        draft = _save_as_read(as_read, page, answers, now=now, seen=seen)
        if draft is not None:
            return draft
    return _save_locked(draft_id=draft_id, page=page, answers=answers, by=by, now=now, seen=seen)


@one_statement
def _save_as_read(
    read: AsRead, page: str, answers: Mapping[str, Any], *, now: datetime, seen: str | None
) -> Draft | None:
    draft = copy(read.draft)
    _require_own(draft, read.applicant)
    draft_answers.put_as_read(draft, page, answers, now=now, seen=seen)
    version, applicant_id = read.draft.version, read.draft.applicant_id
    is_kept = draft_answers.write_as_read(draft, version=version, applicant_id=applicant_id)
    return draft if is_kept else None


@use_case
def _save_locked(
    *,
    draft_id: UUID,
    page: str,
    answers: Mapping[str, Any],
    by: Actor | None,
    now: datetime,
    seen: str | None,
) -> Draft:
    draft = lock_own(draft_id, by=by)
    if draft.submitted_request_id is not None:
        raise errors.NotFound
    draft_answers.put(draft, page, answers, now=now, seen=seen)
    return draft


@use_case
def keep_typed(
    *,
    draft_id: UUID,
    fund_id: UUID,
    page: str,
    answers: Mapping[str, Any],
    now: datetime,
    seen: str | None = None,
) -> bool:
    """This will keep what was typed after the session ran out, for the browser that began the draft.

    Nothing of the draft is shown for it: the worker signs in again to read it. Where the page was changed
    elsewhere since it was seen, the words wait beside the others. Returns whether it was kept.
    """
    rows = Draft.objects.select_for_update(of=("self",))
    draft = rows.filter(id=draft_id, fund_id=fund_id, submitted_request_id__isnull=True).first()
    if draft is None or draft.applicant_id is None:
        return False
    draft_answers.put_beside(draft, page, answers, now=now, seen=seen)
    return True


@use_case
def submit_draft(
    *,
    draft_id: UUID,
    ask: Ask,
    by: Actor,
    now: datetime,
    once: Once | None = None,
    odds_shown: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> AssistanceRequest:
    """This will send a draft; sent again it answers with the request that it made.

    Shapes: `odds_shown` are those of the receipt; the request keeps them beside those of the start; `version`
    is that of the draft whose answers were read before sending.
    Errors: NotFound, InvalidInput, FundClosed, LiveRequestExists, StaleVersion.
    """
    draft = lock_own(draft_id, by=by)
    if draft.applicant_id is None:
        raise errors.NotFound
    if draft.submitted_request_id is not None:
        return AssistanceRequest.objects.get(id=draft.submitted_request_id)
    if version is not None and version != draft.version:
        raise errors.StaleVersion
    told = {
        "start": draft_answers.read(draft).get("odds_shown"),
        "receipt": dict(odds_shown) if odds_shown else None,
    }
    filing = Filing(draft.fund_id, "WEB", by, now, odds_shown=told)
    request = intake_filing.file(ask, None, filing, by_way=lambda sent: intake_filing.write([sent])[0])
    draft.submitted_request_id, draft.updated_at = request.id, now
    draft.save(update_fields=["submitted_request_id", "applicant", "updated_at"])
    Document.objects.filter(draft_id=draft.id, request__isnull=True).update(request_id=request.id)
    return request


def lock_own(draft_id: UUID, *, by: Actor | None) -> Draft:
    """This will lock a draft for its worker; one that nobody owns yet becomes theirs when it is saved.

    Errors: NotFound for another's.
    """
    found = prepared.found(Draft, "id = $1 FOR UPDATE", [draft_id])
    if not found:
        raise errors.NotFound
    draft = found[0]
    _require_own(draft, people.applicant_of(user_id=by.person_id if by else None, fund_id=draft.fund_id))
    return draft


def _require_own(draft: Draft, applicant: Applicant | None) -> None:
    """Take what nobody owns yet for its worker. Errors: NotFound for another's."""
    if draft.applicant_id is None:
        draft.applicant = applicant
    elif applicant is None or applicant.id != draft.applicant_id:
        raise errors.NotFound
