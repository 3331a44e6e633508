"""A worker's files at the desk: look at one, say whether it serves, ask for another by its name."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat

from fundmgr.domain.documents import DocumentKind, Why
from fundmgr.domain.lifecycle import DocumentState, RequestState
from fundmgr.domain.permissions import Action
from requests_app.exports import attachment
from requests_app.pages.staff import doors, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import BlockField
from requests_app.pages.staff.request_forms import EmptyForm
from requests_app.queries import console
from requests_app.queries.console import CasePage, DocumentPage
from requests_app.services import document_reviews, documents
from requests_app.templatetags.fund_ui import when

HERE = "requests"
TURNS, ZOOMS = ("0", "90", "180", "270"), ("1", "2", "3")
JUDGED_IN = {
    RequestState.SUBMITTED,
    RequestState.IN_REVIEW,
    RequestState.NEEDS_INFO,
    RequestState.ON_HOLD,
    RequestState.ELIGIBLE,
}


class AskForm(forms.Form):
    """Which document the worker is asked for."""

    document = forms.ChoiceField(
        label="What do you need to see?",
        choices=list(words.DOCUMENTS.items()),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you need to see."),
    )
    text = BlockField(
        label="A sentence for the worker",
        required=False,
        most=1000,
        help_text="The page says “Show us a pay stub”, or what you chose. Add what it must show.",
    )


class RejectForm(forms.Form):
    """Why a file does not serve; the worker reads it."""

    why = forms.ChoiceField(
        label="Why can it not be used?",
        choices=list(words.WHYS.items()),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose why."),
    )
    note = BlockField(label="A sentence for the worker", required=False, most=1000)
    ask_again = forms.BooleanField(label="Ask for another one now", required=False, initial=True)


@doors.page
def document(door: Door, request_id: UUID, document_id: UUID) -> HttpResponse:
    """Show one file."""
    return _show(door, request_id, document_id)


@doors.page
def file(door: Door, request_id: UUID, document_id: UUID) -> HttpResponse:
    """Hand the bytes out, asleep; the trail says who looked."""
    door.require(Action.DOCUMENT_READ)
    console.document_page(door.actor, fund_id=door.fund_id, request_id=request_id, document_id=document_id)
    opened = documents.read(document_id=document_id, by=door.actor, now=door.now)
    is_shown = opened.row.media_type == "image/jpeg" and "save" not in door.asked
    headers = attachment.headers(opened.row.name or "file", is_shown=is_shown)
    return HttpResponse(opened.content, content_type=opened.row.media_type, headers=headers)


@doors.act
def accept(door: Door, request_id: UUID, document_id: UUID) -> HttpResponse:
    """Say that a file serves."""
    door.require(Action.DOCUMENT_REVIEW)
    done = door.attempt(
        EmptyForm(door.posted),
        lambda once: document_reviews.accept(document_id=document_id, by=door.actor, now=door.now, once=once),
    )
    if done:
        return door.to("request", request_id=request_id, said="The file is accepted.")
    return _show(door, request_id, document_id)


@doors.form
def reject(door: Door, request_id: UUID, document_id: UUID) -> HttpResponse:
    """Say why a file does not serve."""
    door.require(Action.DOCUMENT_REVIEW)
    form = RejectForm(door.posted)
    done = door.attempt(
        form,
        lambda once: document_reviews.reject(
            document_id=document_id,
            why=Why(form.cleaned_data["why"]),
            note=form.cleaned_data["note"],
            ask_again=form.cleaned_data["ask_again"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("request", request_id=request_id, said="The worker sees why it cannot be used.")
    return _show(door, request_id, document_id, form=form)


@doors.form
def ask(door: Door, request_id: UUID) -> HttpResponse:
    """Ask the worker to be shown one thing."""
    door.require(Action.DOCUMENT_REVIEW)
    form = AskForm(door.posted)
    done = door.attempt(
        form,
        lambda once: document_reviews.ask(
            request_id=request_id,
            document=DocumentKind(form.cleaned_data["document"]),
            text=form.cleaned_data["text"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("request", request_id=request_id, said="The worker is asked to show it.")
    shown = {
        "form": form,
        "title": "Ask for a document",
        "intro": "The request waits until the worker sends it or writes why not. An open proposal is void.",
        "send": "Ask the worker",
        "back_url": door.url("request", request_id=request_id),
    }
    return door.page("staff/form.html", shown, current=HERE)


def papers(door: Door, found: CasePage) -> dict[str, Any]:
    """This will return the files as the page of a request lists them."""
    request = found.case.request
    may_ask = door.may(Action.DOCUMENT_REVIEW) and request.state in {
        RequestState.SUBMITTED,
        RequestState.IN_REVIEW,
    }
    return {
        "rows": [_row(door, row, shows_names=found.shows_names) for row in found.documents],
        "ask_url": door.url("document_ask", request_id=request.id) if may_ask else "",
    }


def with_ask(document: str, text: str) -> str:
    """This will say which document a message asks for, before its words."""
    asked = f"Asked for: {words.DOCUMENTS[document].lower()}." if document else ""
    return f"{asked} {text}".strip()


def _row(door: Door, row: Any, *, shows_names: bool) -> dict[str, Any]:
    keys = {"request_id": row.request_id, "document_id": row.id}
    kind, text = words.DOCUMENT_STATES[row.state]
    is_there = bool(row.place)
    return {
        "label": words.DOCUMENTS[row.kind],
        "note": f"{row.name}, {filesizeformat(row.size_bytes)}, {when(row.created_at, 'stamp')}"
        if is_there and shows_names
        else when(row.created_at, "stamp"),
        "url": door.url("document", **keys) if is_there and door.may(Action.DOCUMENT_READ) else "",
        "tag": {"kind": kind, "text": text},
    }


def _show(door: Door, request_id: UUID, document_id: UUID, *, form: RejectForm | None = None) -> HttpResponse:
    found = console.document_page(
        door.actor, fund_id=door.fund_id, request_id=request_id, document_id=document_id
    )
    row, keys = found.row, {"request_id": request_id, "document_id": document_id}
    is_judge = door.may(Action.DOCUMENT_REVIEW) and found.request.state in JUDGED_IN
    file_url = door.url("document_file", **keys)
    kind, text = words.DOCUMENT_STATES[row.state]
    shown = {
        "back_url": door.url("request", request_id=request_id),
        "reference": found.request.reference,
        "title": words.DOCUMENTS[row.kind],
        "tag": {"kind": kind, "text": text},
        "facts": _facts(found),
        "file_url": file_url if row.place else "",
        "save_url": door.url("document_file", **keys, query={"save": "1"}),
        "is_image": row.media_type == "image/jpeg",
        "view": _view(door, keys),
        "same": [
            {"label": other.reference, "url": door.url("request", request_id=other.id)}
            for other in found.same
        ],
        "beside": [_beside(door, other, document_id) for other in found.beside],
        "accept_url": door.url("document_accept", **keys)
        if is_judge and row.state in {DocumentState.AVAILABLE, DocumentState.REJECTED}
        else "",
        "reject_url": door.url("document_reject", **keys)
        if is_judge and row.state in {DocumentState.AVAILABLE, DocumentState.ACCEPTED}
        else "",
        "form": form or RejectForm(),
    }
    return door.page("staff/document.html", shown, current=HERE)


def _facts(found: DocumentPage) -> list[dict[str, str]]:
    row = found.row
    rows = [
        ("Sent", when(row.created_at, "stamp")),
        ("Name", row.name or "erased"),
        ("Size", _size(row)),
    ]
    if row.ask is not None:
        rows.append(("Answers", f"the question of {when(row.ask.created_at, 'stamp')}"))
    if row.judged_by is not None:
        rows.append(("Looked at by", f"{row.judged_by}, {when(row.judged_at, 'stamp')}"))
    if row.why:
        rows.append(("Why not", f"{words.WHYS[row.why]} {row.note or ''}".strip()))
    return [{"label": label, "value": value} for label, value in rows]


def _size(row: Any) -> str:
    bytes_ = filesizeformat(row.size_bytes)
    if row.media_type == "image/jpeg":
        return f"{row.width} × {row.height} pixels, {bytes_}"
    return f"{row.pages} page{'' if row.pages == 1 else 's'}, {bytes_}"


def _view(door: Door, keys: dict[str, UUID]) -> dict[str, str]:
    """How a photo is turned and enlarged, by links alone."""
    turn, zoom = door.asked.get("turn", "0"), door.asked.get("zoom", "1")
    turn, zoom = turn if turn in TURNS else "0", zoom if zoom in ZOOMS else "1"
    turned = TURNS[(TURNS.index(turn) + 1) % len(TURNS)]
    larger = ZOOMS[(ZOOMS.index(zoom) + 1) % len(ZOOMS)]
    return {
        "turn": turn,
        "zoom": zoom,
        "turn_url": door.url("document", **keys, query={"turn": turned, "zoom": zoom}),
        "zoom_url": door.url("document", **keys, query={"turn": turn, "zoom": larger}),
        "zoom_label": "Whole page" if larger == "1" else f"Enlarge {larger} times",
    }


def _beside(door: Door, row: Any, here: UUID) -> dict[str, Any]:
    keys = {"request_id": row.request_id, "document_id": row.id}
    return {
        "label": f"{words.DOCUMENTS[row.kind]}, {when(row.created_at, 'stamp')}",
        "url": "" if row.id == here else door.url("document", **keys),
    }
