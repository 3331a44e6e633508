"""The page of one file of a worker."""

from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import AssistanceRequest, Document
from requests_app.queries import documents, requests


@dataclass(frozen=True)
class DocumentPage:
    """One file, those beside it, and where the very same bytes were sent too.

    Shapes: `same` are requests that the reader may see; one paper of two people is worth a question.
    """

    row: Document
    request: AssistanceRequest
    beside: list[Document]
    same: list[AssistanceRequest]


def document_page(actor: Actor, *, fund_id: UUID, request_id: UUID, document_id: UUID) -> DocumentPage:
    """This will return one file's page. Errors: NotFound also for one of another request, Forbidden."""
    access.require(actor, Action.DOCUMENT_READ, fund_id=fund_id)
    row, is_own = documents.visible_document(actor, document_id)
    if is_own or row.request_id != request_id or row.fund_id != fund_id:
        raise errors.NotFound
    return DocumentPage(
        row=row,
        request=requests.visible_request(actor, request_id),
        beside=documents.of_request(request_id),
        same=_same(actor, row),
    )


def _same(actor: Actor, row: Document) -> list[AssistanceRequest]:
    twins = Document.objects.filter(fund_id=row.fund_id, sent_sha256=row.sent_sha256).exclude(
        request_id=row.request_id
    )
    visible = requests.visible_requests(actor, row.fund_id)
    return list(visible.filter(id__in=twins.values("request_id")).order_by("-submitted_at", "-id")[:10])
