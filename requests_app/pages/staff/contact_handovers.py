"""A worker lost their number or address: the new one is proposed, and signed by another."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseForm
from django.http import HttpResponse

from fundmgr.domain.contacts import masked, shown
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import doors, grid
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import LineField
from requests_app.queries import contact_handovers as found
from requests_app.services import contact_handovers as services
from requests_app.templatetags.fund_ui import when

HERE = "requests"
STATES = {
    ProposalState.PROPOSED: {"kind": "wait", "text": "Waits for the director"},
    ProposalState.MADE: {"kind": "ok", "text": "Changed"},
    ProposalState.REFUSED: {"kind": "neutral", "text": "Refused"},
}
OWN = "You proposed this. The director must sign it too."


class HandoverForm(forms.Form):
    """Where the worker is reached now, and how we know."""

    contact = LineField(label="New number or mail address", most=254, missing="Write the new contact.")
    reason = LineField(
        label="How do you know that it is the worker?",
        most=300,
        missing="Write how you know that it is them.",
    )


@doors.page
def handovers(door: Door, request_id: UUID) -> HttpResponse:
    """Show what was proposed."""
    return _page(door, request_id)


@doors.act
def propose(door: Door, request_id: UUID) -> HttpResponse:
    """Propose a new contact."""
    door.require(Action.CONTACT_PROPOSE)
    form = HandoverForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.propose(
            request_id=request_id, **form.cleaned_data, by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return _back(door, request_id, "The new contact is proposed. The director must sign it too.")
    return _page(door, request_id, form)


@doors.act
def make(door: Door, request_id: UUID, handover_id: UUID) -> HttpResponse:
    """Sign a new contact too."""
    said = "The worker is reached at the new contact. Both contacts are told."
    return _decide(door, request_id, handover_id, services.make, said)


@doors.act
def refuse(door: Door, request_id: UUID, handover_id: UUID) -> HttpResponse:
    """Refuse a new contact."""
    return _decide(door, request_id, handover_id, services.refuse, "The new contact is refused.")


def _decide(door: Door, request_id: UUID, handover_id: UUID, decide: Any, said: str) -> HttpResponse:
    door.require(Action.CONTACT_DECIDE)
    done = door.attempt(
        None, lambda once: decide(handover_id=handover_id, by=door.actor, now=door.now, once=once)
    )
    return _back(door, request_id, said) if done else _page(door, request_id)


def _back(door: Door, request_id: UUID, said: str) -> HttpResponse:
    return door.to("handovers", request_id=request_id, said=said)


def _page(door: Door, request_id: UUID, form: BaseForm | None = None) -> HttpResponse:
    rows = list(found.of_request(door.actor, request_id).order_by("-id"))
    waiting = next((row for row in rows if row.state == ProposalState.PROPOSED), None)
    own = waiting is not None and waiting.proposed_by_id == door.actor.person_id
    context = {
        "title": "The worker lost their number or address",
        "note": "Who names a contact can sign in as the worker, so two people look. Both contacts are told, "
        "and payment details that are chosen soon after wait.",
        "back_url": door.url("request", request_id=request_id),
        "back_label": "The request",
        "columns": grid.columns("Proposed", "By", "New contact", "How they know", "State"),
        "rows": [_row(row) for row in rows],
        "empty": {"title": "Nothing was proposed", "text": "A new contact appears here."},
        "moves": _moves(door, request_id, waiting, form),
        "moves_title": "The new contact",
        "locked": OWN if own else "",
        "form": form,
    }
    return door.page("staff/detail.html", context, current=HERE)


def _row(row: Any) -> Mapping[str, Any]:
    return grid.row(
        when(row.created_at, "stamp"),
        str(row.proposed_by),
        masked(row.contact) if row.contact else "erased",
        row.reason,
        grid.tagged(STATES[ProposalState(row.state)]),
    )


def _moves(door: Door, request_id: UUID, waiting: Any, form: BaseForm | None) -> list[dict[str, Any]]:
    if waiting is not None:
        return _decisions(door, waiting)
    if not door.may(Action.CONTACT_PROPOSE):
        return []
    move = {
        "url": door.url("handover_propose", request_id=request_id),
        "label": "Propose this contact",
        "form": form or HandoverForm(),
        "note": "The director signs it too. Call the worker back at a number that you find yourself.",
    }
    return [move]


def _decisions(door: Door, waiting: Any) -> list[dict[str, Any]]:
    if not door.may(Action.CONTACT_DECIDE) or waiting.proposed_by_id == door.actor.person_id:
        return []
    keys = {"request_id": waiting.request_id, "handover_id": waiting.id}
    note = f"{waiting.proposed_by} proposed {shown(waiting.contact or '')}: {waiting.reason}"
    return [
        {"url": door.url("handover_make", **keys), "label": "Change the contact", "form": [], "note": note},
        {"url": door.url("handover_refuse", **keys), "label": "Refuse", "form": [], "kind": "line"},
    ]
