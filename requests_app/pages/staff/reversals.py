"""Undoing a transfer on its page: proposed by one person, signed by another."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse

from fundmgr.domain.permissions import Action
from fundmgr.services import reversals
from requests_app.pages.staff import doors, ledger_view
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.signed_forms import WhyForm
from requests_app.queries import console

HERE = "means"


@doors.act
def propose(door: Door, transfer_id: UUID) -> HttpResponse:
    """Propose to undo a transfer."""
    door.require(Action.REVERSAL_PROPOSE)
    form = WhyForm(door.posted)
    done = door.attempt(
        form,
        lambda once: reversals.propose(
            transfer_id=transfer_id,
            reason=form.cleaned_data["reason"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return _back(door, transfer_id, "The reversal is proposed. The director must sign it too.")
    return _again(door, transfer_id, form)


@doors.act
def make(door: Door, transfer_id: UUID, reversal_id: UUID) -> HttpResponse:
    """Sign a reversal too."""
    return _decide(door, transfer_id, reversal_id, reversals.make, "The transfer is reversed.")


@doors.act
def refuse(door: Door, transfer_id: UUID, reversal_id: UUID) -> HttpResponse:
    """Refuse a reversal."""
    return _decide(door, transfer_id, reversal_id, reversals.refuse, "The reversal is refused.")


def _decide(door: Door, transfer_id: UUID, reversal_id: UUID, decide: Any, said: str) -> HttpResponse:
    door.require(Action.REVERSAL_DECIDE)
    done = door.attempt(
        None, lambda once: decide(reversal_id=reversal_id, by=door.actor, now=door.now, once=once)
    )
    return _back(door, transfer_id, said) if done else _again(door, transfer_id, None)


def _back(door: Door, transfer_id: UUID, said: str) -> HttpResponse:
    return door.to("transfer", transfer_id=transfer_id, said=said)


def _again(door: Door, transfer_id: UUID, form: BaseForm | None) -> HttpResponse:
    found = console.transfer(door.actor, fund_id=door.fund_id, transfer_id=transfer_id)
    return door.page("staff/transfer.html", ledger_view.transfer(door, found, form), current=HERE)
