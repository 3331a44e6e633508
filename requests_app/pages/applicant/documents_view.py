"""Files as the worker's pages list them, and the one way that a file leaves: alone, asleep, never kept."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from fundmgr.domain.documents import MOST_AT_FIRST, MOST_IN_ALL, DocumentKind, Why
from fundmgr.domain.lifecycle import TAKES_DOCUMENTS, DocumentState, RequestState
from requests_app.exports import attachment
from requests_app.pages.applicant.door import Door
from requests_app.queries.worker import Case, Desk
from requests_app.services.document_words import ASKS, WHYS
from requests_app.services.documents import Opened


def of_draft(at: Door, desk: Desk) -> dict[str, Any]:
    """This will return what the question about proof shows of the files that are there."""
    return {
        "files": [_row(at, row, "proof", may_remove=True) for row in desk.documents],
        "add_url": at.url("proof-add"),
        "takes_more": len(desk.documents) < MOST_AT_FIRST,
    }


def of_request(at: Door, case: Case) -> dict[str, Any]:
    """This will return what the page for later files shows."""
    is_unread = case.request.state == RequestState.SUBMITTED
    return {
        "files": [_row(at, row, "photo", may_remove=is_unread) for row in case.documents],
        "add_url": at.url("photo-add"),
        "takes_more": takes_more(case),
        "title": title(case),
        "note": case.question.text if case.question and case.question.document else "",
        "is_asked": is_asked(case),
    }


def is_asked(case: Case) -> bool:
    """This will say whether the worker is asked to show something now."""
    return bool(case.request.state == RequestState.NEEDS_INFO and case.question and case.question.document)


def title(case: Case) -> str:
    """This will name what is asked for, or that a file can be sent."""
    if is_asked(case) and case.question is not None:
        return str(ASKS[DocumentKind(case.question.document)])
    return _("Send a photo or a paper")


def with_ask(document: str, text: str) -> str:
    """This will put what is to be shown before the words that came with it."""
    asked = f"{ASKS[DocumentKind(document)]}." if document else ""
    return f"{asked} {text}".strip()


def takes_more(case: Case) -> bool:
    """This will say whether the request still takes files."""
    return case.request.state in TAKES_DOCUMENTS and len(case.documents) < MOST_IN_ALL


def card(at: Door, case: Case) -> Mapping[str, str]:
    """This will return the one yellow card of a request that waits for a document."""
    return {
        "title": title(case),
        "text": case.question.text if case.question else "",
        "url": at.url("photos"),
        "button": _("Add a photo or PDF"),
        "aside": _("Your request waits until you answer."),
    }


def links(at: Door, case: Case) -> list[dict[str, str]]:
    """This will return the way to later files, while the request takes them."""
    if not takes_more(case):
        return []
    label = _("Your photos and papers") if case.documents else _("Send a photo or a paper")
    return [{"label": label, "url": at.url("photos")}]


def receipt_links(at: Door, case: Case) -> list[dict[str, str]]:
    """This will offer to add what is missing, from the receipt."""
    if not takes_more(case):
        return []
    label = _("Send another photo or paper") if case.documents else _("Add missing photo")
    return [{"label": label, "url": at.url("photos")}]


def handed_out(opened: Opened) -> HttpResponse:
    """This will hand a file to the browser, asleep: a photo to look at, a PDF to save."""
    row = opened.row
    is_shown = row.media_type == "image/jpeg"
    headers = attachment.headers(row.name or "file", is_shown=is_shown)
    return HttpResponse(opened.content, content_type=row.media_type, headers=headers)


def _row(at: Door, row: Any, page: str, *, may_remove: bool) -> dict[str, Any]:
    keys = {"document_id": row.id}
    is_open = row.state == DocumentState.AVAILABLE
    return {
        "name": row.name,
        # Figures of the United States in Spanish too, as the money has them.
        "size": filesizeformat(row.size_bytes).replace(",", "."),
        "url": at.url(page, **keys),
        "remove_url": at.url(f"{page}-remove", **keys) if may_remove and is_open else "",
        "good": _("We can use it.") if row.state == DocumentState.ACCEPTED else "",
        "bad": _bad(row) if row.state == DocumentState.REJECTED else "",
    }


def _bad(row: Any) -> str:
    said = [str(WHYS[Why(row.why)])] if row.why and row.why != Why.OTHER else []
    return " ".join([*said, row.note] if row.note else said) or str(WHYS[Why.OTHER])
