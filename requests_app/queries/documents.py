"""Workers' files, as their workers and those who read requests may see them: one scope for both."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor, ActorKind
from fundmgr.domain.lifecycle import KEPT_DOCUMENT_STATES, RequestState
from fundmgr.domain.permissions import Action
from fundmgr.models import prepared
from fundmgr.queries import access
from requests_app.models import AssistanceRequest, Document, Draft, InfoRequest
from requests_app.queries import requests

_STATES = ", ".join(f"'{state}'" for state in sorted(KEPT_DOCUMENT_STATES))
_OF_DRAFT = f"draft_id = $1 AND request_id IS NULL AND state IN ({_STATES}) ORDER BY id"
_OF_REQUEST = f"request_id = $1 AND state IN ({_STATES}) ORDER BY id"


def of_draft(draft_id: UUID) -> list[Document]:
    """This will return what is kept with a form that the caller may see, oldest first."""
    return prepared.found(Document, _OF_DRAFT, [draft_id])


def of_request(request_id: UUID) -> list[Document]:
    """This will return what is kept with a request that the caller may see, oldest first."""
    return prepared.found(Document, _OF_REQUEST, [request_id])


def require_own_draft(draft_id: UUID, *, by: Actor) -> None:
    """This will refuse anyone but the worker whose unsent form it is. Errors: NotFound."""
    if not _own_drafts(draft_id, by).filter(submitted_request_id__isnull=True).exists():
        raise errors.NotFound


def require_own_request(request_id: UUID, *, by: Actor) -> None:
    """This will refuse anyone but the worker and the one who filed for the worker. Errors: NotFound."""
    row = AssistanceRequest.objects.select_related("applicant").filter(id=request_id).first()
    if row is None or not requests.is_own(row, by):
        raise errors.NotFound


def own_document(document_id: UUID, *, by: Actor) -> Document:
    """This will return a file of the worker who acts. Errors: NotFound."""
    row = _found(document_id)
    if not _is_own(row, by):
        raise errors.NotFound
    return row


def visible_document(actor: Actor, document_id: UUID) -> tuple[Document, bool]:
    """This will return one file, and whether it is the actor's own.

    Errors: NotFound for a form that was not sent, and for a request that the actor may not see; Forbidden
    for a role that reads no documents.
    """
    row = _found(document_id)
    if _is_own(row, actor):
        return row, True
    if row.request_id is None:
        raise errors.NotFound
    requests.visible_request(actor, row.request_id)
    access.require(actor, Action.DOCUMENT_READ, fund_id=row.fund_id)
    return row, False


def known_document(actor: Actor, document_id: UUID) -> Document:
    """This will return one file for whoever may know of it, as the list of its request tells it.

    Errors: NotFound.
    """
    row = _found(document_id)
    if not _is_own(row, actor):
        if row.request_id is None:
            raise errors.NotFound
        requests.visible_request(actor, row.request_id)
    return row


def added_document(actor: Actor, document_id: UUID) -> Document:
    """This will return one file for the one who may add to its request. Errors: NotFound."""
    row = _found(document_id)
    if row.request is None or not requests.is_own(row.request, actor):
        raise errors.NotFound
    return row


def visible_documents(actor: Actor, request_id: UUID) -> QuerySet[Document]:
    """This will return the files of one request, those that are gone too. Errors: NotFound."""
    requests.visible_request(actor, request_id)
    return Document.objects.filter(request_id=request_id).select_related("request", "judged_by", "ask")


def open_ask(request: AssistanceRequest) -> InfoRequest | None:
    """This will return the document that the worker is asked for now, or None."""
    if request.state != RequestState.NEEDS_INFO:
        return None
    newest = request.info_requests.filter(answered_at__isnull=True).order_by("-created_at", "-id").first()
    return newest if newest is not None and newest.document else None


def _found(document_id: UUID) -> Document:
    rows = Document.objects.select_related("request__applicant", "judged_by", "ask")
    row = rows.filter(id=document_id).first()
    if row is None:
        raise errors.NotFound
    return row


def _is_own(row: Document, actor: Actor) -> bool:
    if actor.kind is not ActorKind.PERSON or actor.person_id is None:
        return False
    if row.request is not None:
        return row.request.applicant.user_id == actor.person_id
    return row.draft_id is not None and _own_drafts(row.draft_id, actor).exists()


def _own_drafts(draft_id: UUID, actor: Actor) -> QuerySet[Draft]:
    mine = actor.person_id if actor.kind is ActorKind.PERSON else None
    if mine is None:
        return Draft.objects.none()
    return Draft.objects.filter(id=draft_id, applicant__user_id=mine)
