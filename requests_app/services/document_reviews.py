"""What a reviewer does with documents: ask for one by name, accept it, or say why it does not serve."""

from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.documents import DocumentKind, Why
from fundmgr.domain.lifecycle import DocumentState, RequestState
from fundmgr.domain.permissions import Action
from fundmgr.ports import events, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest, Document, InfoRequest
from requests_app.queries import documents as queries
from requests_app.services import cases, questions

# What was found so far rests on the documents, so judging one anew opens it again.
_OPENED_AGAIN = {RequestState.ELIGIBLE}
_JUDGED_IN = {
    RequestState.SUBMITTED,
    RequestState.IN_REVIEW,
    RequestState.NEEDS_INFO,
    RequestState.ON_HOLD,
    *_OPENED_AGAIN,
}
REASON = "DOCUMENT_JUDGED"


@use_case
def ask(
    *,
    request_id: UUID,
    document: DocumentKind,
    by: Actor,
    now: datetime,
    text: str = "",
    once: Once | None = None,
) -> InfoRequest:
    """This will ask the worker to be shown one named document and stop the clock.

    Errors: NotFound, Forbidden, WrongState, InvalidInput (field `text`).
    """
    note = cases.plain_note(text, field="text")
    request = cases.locked_one(request_id, by=by, action=Action.DOCUMENT_REVIEW)
    row, voided = questions.put(request, text=note, document=document, by=by, now=now)
    facts = {"document": document, "question": row.id, "voided": voided}
    _record("request.document_asked", request, facts, by=by, now=now)
    return row


@use_case
def accept(*, document_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Document:
    """This will say that a document serves. Errors: as for reject."""
    row, request = _locked(document_id, by=by)
    voided = _open_again(request, by=by, now=now)
    _judge(row, DocumentState.ACCEPTED, why=None, note="", by=by, now=now)
    _record("document.accepted", request, {"document": row.id, "voided": voided}, by=by, now=now)
    return row


@use_case
def reject(
    *,
    document_id: UUID,
    why: Why,
    by: Actor,
    now: datetime,
    note: str = "",
    ask_again: bool = False,
    once: Once | None = None,
) -> Document:
    """This will say why a document does not serve, in words for the worker, and ask for another where told.

    An open proposal is void; an eligible request is opened again.
    Errors: NotFound, Forbidden, WrongState once a round has it, or where it stands so already; InvalidInput
    (field `note`).
    """
    said = cases.plain_note(note, required=why is Why.OTHER)
    row, request = _locked(document_id, by=by)
    voided = _open_again(request, by=by, now=now)
    _judge(row, DocumentState.REJECTED, why=why, note=said, by=by, now=now)
    facts = {"document": row.id, "why": why, "voided": voided}
    if ask_again:
        question, _voided = questions.put(request, text="", document=DocumentKind(row.kind), by=by, now=now)
        facts["question"] = question.id
    _record("document.rejected", request, facts, by=by, now=now)
    return row


def _locked(document_id: UUID, *, by: Actor) -> tuple[Document, AssistanceRequest]:
    row, _is_own = queries.visible_document(by, document_id)
    if row.request_id is None:
        raise errors.NotFound
    request = cases.locked_one(row.request_id, by=by, action=Action.DOCUMENT_REVIEW)
    if request.state not in _JUDGED_IN:
        raise errors.WrongState
    return row, request


def _open_again(request: AssistanceRequest, *, by: Actor, now: datetime) -> int:
    """No proposal and no finding outlives a change of what it rests on."""
    voided = cases.void_proposals([request])
    version = request.version + 1
    if request.state in _OPENED_AGAIN:
        found = {"verified_cents": None, "capped_cents": None}
        cases.move_requests(
            [request], RequestState.IN_REVIEW, by=by, now=now, reason=REASON, version=version, **found
        )
    elif request.state == RequestState.SUBMITTED:
        cases.move_requests(
            [request], RequestState.IN_REVIEW, by=by, now=now, assignee_id=by.person_id, version=version
        )
    else:
        AssistanceRequest.objects.filter(id=request.id).update(version=version)
        request.version = version
    return voided


def _judge(
    row: Document, new_state: DocumentState, *, why: Why | None, note: str, by: Actor, now: datetime
) -> None:
    moves.move(
        row,
        new_state,
        why=why.value if why else "",
        note=note or None,
        judged_by_id=access.person_id(by),
        judged_at=now,
    )


def _record(
    verb: str, request: AssistanceRequest, facts: dict[str, object], *, by: Actor, now: datetime
) -> None:
    events.record(Happening(verb, "request", request.id, facts), fund_id=request.fund_id, by=by, now=now)
