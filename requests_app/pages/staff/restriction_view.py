"""One restriction as its page shows it: its money, what it may pay, and what was set free by which right."""

from collections.abc import Sequence
from typing import Any

from fundmgr.domain import money
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Action
from fundmgr.domain.restrictions import Rule
from requests_app.pages.staff import grid, reserve_view, words
from requests_app.pages.staff.doors import Door
from requests_app.queries.console import RestrictionPage
from requests_app.templatetags.fund_ui import when

Shown = dict[str, Any]
OWN = "You proposed to set money free. Another person must decide it."
_RULE = {
    "crafts": "Only for these crafts",
    "union_locals": "Only for these locals",
    "productions": "Only for these productions",
    "places": "Only in these places",
}


def shown(door: Door, found: RestrictionPage) -> Shown:
    """This will return the page's context."""
    row = found.restriction
    return {
        "title": row.name,
        "note": "Tied to nothing: it may be awarded to anyone."
        if row.is_general
        else "Money that a donor tied to something is awarded only inside it.",
        "back_url": door.url("means"),
        "back_label": "Money",
        "actions": _actions(door, found),
        "figures": _figures(found),
        "facts": [] if row.is_general else _facts(found),
        "facts_title": "What it may pay",
        **(reserve_view.listed(found) if row.is_general else _listed(door, found)),
        "moves": [*_moves(door, found), *reserve_view.moves(door, found)],
        "locked": _locked(door, found) or reserve_view.locked(door, found),
        "is_general": row.is_general,
        "files": found.files,
        "may_open": door.may(Action.EVIDENCE_READ),
        "evidence_url": door.url("restriction_evidence", restriction_id=row.id)
        if door.may(Action.COMMITMENT_WRITE)
        else "",
        "none": "No letter or order is kept here. Money can be set free once one is.",
    }


def _listed(door: Door, found: RestrictionPage) -> Shown:
    return {
        "list_title": "Set free for general use",
        "columns": grid.columns("Proposed", "Amount, $#", "By what right", "Why", "By", "State"),
        "rows": [_release(door, one) for one in found.releases],
        "empty": {
            "title": "Nothing was set free",
            "text": "It takes the donor's letter of consent or an order, and two people.",
        },
    }


def _actions(door: Door, found: RestrictionPage) -> list[Shown]:
    if found.restriction.is_general:
        return reserve_view.actions(door, found)
    if not (door.may(Action.RELEASE_PROPOSE) and found.documents and found.pot.available_cents > 0):
        return []
    return [{"label": "Set money free", "url": door.url("release_new", restriction_id=found.restriction.id)}]


def _figures(found: RestrictionPage) -> list[Shown]:
    pot = found.pot
    rows = [
        ("Received", pot.received_cents),
        ("Held", pot.held_cents),
        ("Paid", pot.paid_cents),
        ("Available", pot.available_cents),
    ]
    rows.append(("Reserve", found.reserve_cents) if pot.is_general else ("Stranded", pot.stranded_cents))
    return [{"label": label, "value": money.dollars(cents, whole=True)} for label, cents in rows]


def _facts(found: RestrictionPage) -> list[Shown]:
    row = found.restriction
    rule = Rule.from_json(row.rule)
    facts = [
        ("In the donor’s words", row.wording or "–"),
        ("Only for these needs", ", ".join(words.CATEGORIES[word] for word in rule.categories)),
        *((label, ", ".join(getattr(rule, name))) for name, label in _RULE.items()),
        ("Last worked on or after", when(rule.worked_from, "full") if rule.worked_from else ""),
        ("Last worked on or before", when(rule.worked_to, "full") if rule.worked_to else ""),
        ("To be used until", when(row.expires_on, "full") if row.expires_on else ""),
        ("Promised by", ", ".join(dict.fromkeys(one.donor.name for one in found.commitments))),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def _release(door: Door, row: Any) -> Any:
    ground = words.GROUNDS[row.ground]
    url = door.url("evidence", file_id=row.document_id) if door.may(Action.EVIDENCE_READ) else ""
    who = str(row.proposed_by or "–")
    return grid.row(
        when(row.created_at, "full"),
        money.dollars(row.amount_cents).removeprefix("$"),
        grid.link(ground, url) if url else ground,
        row.reason,
        f"{who}, then {row.decided_by}" if row.decided_by else who,
        grid.tagged(words.tag(words.RELEASES, row.state)),
    )


def _open(found: RestrictionPage) -> list[Any]:
    return [row for row in found.releases if row.state == ProposalState.PROPOSED]


def _moves(door: Door, found: RestrictionPage) -> Sequence[Shown]:
    if not door.may(Action.RELEASE_DECIDE):
        return []
    others = [row for row in _open(found) if row.proposed_by_id != door.actor.person_id]
    return [move for row in others for move in _decisions(door, row)]


def _decisions(door: Door, row: Any) -> list[Shown]:
    keys = {"restriction_id": row.restriction_id, "release_id": row.id}
    amount = money.dollars(row.amount_cents)
    return [
        {
            "url": door.url("release_make", **keys),
            "label": f"Set {amount} free",
            "form": [],
            "note": f"{row.proposed_by} proposed it by {words.GROUNDS[row.ground].lower()}: {row.reason}",
        },
        {
            "url": door.url("release_refuse", **keys),
            "label": f"Refuse to free {amount}",
            "form": [],
            "kind": "line",
        },
    ]


def _locked(door: Door, found: RestrictionPage) -> str:
    mine = [row for row in _open(found) if row.proposed_by_id == door.actor.person_id]
    return OWN if mine else ""
