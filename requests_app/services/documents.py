"""Documents: a worker shows that they worked on the show, at once or later, and takes a file away again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.documents import MOST_AT_FIRST, MOST_IN_ALL, DocumentKind, Refusal
from fundmgr.domain.lifecycle import TAKES_DOCUMENTS, DocumentState, RequestState
from fundmgr.ports import events, files
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest, Document, InfoRequest
from requests_app.queries import documents as queries
from requests_app.services import cases, document_files, document_words, drafts
from requests_app.services.document_files import Sent

# While these stand, somebody still has to look: a new file is one more thing to look at.
_BEING_READ = {RequestState.IN_REVIEW, RequestState.NEEDS_INFO}


@dataclass(frozen=True)
class Opened:
    """A file that somebody looks at: what is known of it, and its bytes."""

    row: Document
    content: bytes


def add_to_draft(*, draft_id: UUID, name: str, content: bytes, by: Actor, now: datetime) -> Document:
    """This will keep a file with a form that is not sent yet, as a clean copy; sent twice it is one file.

    Errors: NotFound for another's draft and for one that was sent, InvalidInput (field `file`), Busy.
    """
    # Before a stranger's file costs anything.
    queries.require_own_draft(draft_id, by=by)
    document_files.require_room(Document.objects.filter(draft_id=draft_id), most=MOST_AT_FIRST)
    sent = document_files.examined(name, content)
    return _add_to_draft(draft_id=draft_id, sent=sent, by=by, now=now)


def add_to_request(
    *,
    request_id: UUID,
    name: str,
    content: bytes,
    by: Actor,
    now: datetime,
    kind: DocumentKind | None = None,
    once: Once | None = None,
) -> Document:
    """This will keep a file with a request; where a document was asked for, it is the answer.

    An answer takes the request back to its reader. While it is read, an open proposal is void; after a
    decision the file is kept and shown to the team.
    Errors: NotFound for anyone but the worker and the one who filed, InvalidInput (field `file`), Busy.
    """
    queries.require_own_request(request_id, by=by)
    document_files.require_room(Document.objects.filter(request_id=request_id), most=MOST_IN_ALL)
    sent = document_files.examined(name, content)
    return _add_to_request(request_id=request_id, sent=sent, kind=kind, by=by, now=now, once=once)


@use_case
def remove(*, document_id: UUID, by: Actor, now: datetime) -> Document:
    """This will take away a file of one's own, before anybody read the request.

    Errors: NotFound for another's; WrongState once a person reads the request.
    """
    row = queries.own_document(document_id, by=by)
    if row.request_id is None and row.draft_id is not None:
        drafts.lock_own(row.draft_id, by=by)
    elif row.request_id is not None:
        request = cases.lock_own(row.request_id, by=by)
        if request.state != RequestState.SUBMITTED:
            raise errors.WrongState
    document_files.let_go(row, DocumentState.REMOVED, now=now)
    _record("document.removed", row, by=by, now=now)
    return row


@use_case
def read(*, document_id: UUID, by: Actor, now: datetime) -> Opened:
    """This will return a file's bytes; who of the staff or which program looked, and at what, is recorded.

    Errors: NotFound, also for a file that is gone; Forbidden for a role that reads no documents; FileDamaged.
    """
    row, is_own = queries.visible_document(by, document_id)
    if not row.place:
        raise errors.NotFound
    content = files.read(row.place, sha256=row.sha256)
    if not is_own:
        _record("document.viewed", row, by=by, now=now)
    return Opened(row, content)


@use_case
def _add_to_draft(*, draft_id: UUID, sent: Sent, by: Actor, now: datetime) -> Document:
    draft = drafts.lock_own(draft_id, by=by)
    if draft.applicant_id is None or draft.submitted_request_id is not None:
        raise errors.NotFound
    rows = Document.objects.filter(draft_id=draft_id)
    known = document_files.same(rows, sent)
    if known is not None:
        return known
    document_files.require_room(rows, most=MOST_AT_FIRST)
    # A draft with a file lives as long as one that was typed into.
    draft.updated_at = now
    draft.save(update_fields=["applicant", "updated_at"])
    row = document_files.keep(
        sent, fund_id=draft.fund_id, by=by, now=now, draft_id=draft.id, kind=DocumentKind.PROOF_OF_WORK
    )
    _record("document.added", row, by=by, now=now)
    return row


@use_case
def _add_to_request(
    *,
    request_id: UUID,
    sent: Sent,
    kind: DocumentKind | None,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Document:
    request = cases.lock_own(request_id, by=by)
    if request.state not in TAKES_DOCUMENTS:
        raise document_words.refused(Refusal.TAKES_NONE)
    rows = Document.objects.filter(request_id=request_id)
    known = document_files.same(rows, sent)
    if known is not None:
        return known
    document_files.require_room(rows, most=MOST_IN_ALL)
    ask = queries.open_ask(request)
    asked = DocumentKind(ask.document) if ask else kind or DocumentKind.PROOF_OF_WORK
    row = document_files.keep(
        sent, fund_id=request.fund_id, by=by, now=now, request_id=request.id, kind=asked, ask=ask
    )
    voided = _back_to_the_reader(request, ask, by=by, now=now)
    _record("document.added", row, by=by, now=now, voided=voided, ask=ask.id if ask else None)
    return row


def _back_to_the_reader(
    request: AssistanceRequest, ask: InfoRequest | None, *, by: Actor, now: datetime
) -> int:
    """What was proposed without the file is void; what was asked for is answered."""
    if request.state not in _BEING_READ:
        return 0
    voided = cases.void_proposals([request])
    if ask is None:
        AssistanceRequest.objects.filter(id=request.id).update(version=F("version") + 1)
        return voided
    InfoRequest.objects.filter(id=ask.id).update(answered_at=now)
    cases.move_requests([request], RequestState.IN_REVIEW, by=by, now=now, version=request.version + 1)
    return voided


def _record(verb: str, row: Document, *, by: Actor, now: datetime, **facts: object) -> None:
    known = {
        "request": row.request_id,
        "draft": row.draft_id,
        "kind": row.kind,
        "sha256": row.sha256,
        **facts,
    }
    said = {name: value for name, value in known.items() if value is not None}
    # Neither a worker who sends nor a reader who looks waits for the chain: the drain links it.
    events.record_many(
        [Happening(verb, "document", row.id, said)], fund_id=row.fund_id, by=by, now=now, link=False
    )
