"""What a transfer's page says of its reversals: who proposed one and why, and what to do about it."""

from typing import Any

from django.forms import BaseForm

from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.move import Move
from fundmgr.domain.permissions import Action
from fundmgr.services.reversals import REVERSIBLE
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.signed_forms import WhyForm

Shown = dict[str, Any]
OWN = "You proposed to reverse this transfer. Another person must sign it too."


def shown(door: Door, found: Any, form: BaseForm | None) -> Shown:
    """This will return what the page may do about reversing its transfer; `form` was sent and refused."""
    waiting = next((row for row in found.reversals if row.state == ProposalState.PROPOSED), None)
    own = waiting is not None and waiting.proposed_by_id == door.actor.person_id
    moves = _decisions(door, waiting) if waiting and not own else []
    may_begin = Move(found.transfer.move) in REVERSIBLE and not waiting and not found.undone_by
    if may_begin and door.may(Action.REVERSAL_PROPOSE):
        moves = [_proposal(door, found.transfer, form)]
    return {"moves": moves, "moves_title": "Reverse it", "locked": OWN if own else "", "form": form}


def _proposal(door: Door, row: Any, form: BaseForm | None) -> Shown:
    return {
        "url": door.url("reverse", transfer_id=row.id),
        "label": "Propose to reverse it",
        "form": form or WhyForm(),
        "kind": "line",
        "note": "The director signs it too. This transfer stays; its mirror image is booked beside it.",
    }


def _decisions(door: Door, waiting: Any) -> list[Shown]:
    if not door.may(Action.REVERSAL_DECIDE):
        return []
    keys = {"transfer_id": waiting.transfer_id, "reversal_id": waiting.id}
    note = f"{waiting.proposed_by} proposed it: {waiting.reason}"
    return [
        {"url": door.url("reversal_make", **keys), "label": "Reverse it", "form": [], "note": note},
        {"url": door.url("reversal_refuse", **keys), "label": "Refuse", "form": [], "kind": "line"},
    ]
