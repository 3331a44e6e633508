"""The queue as its page draws it: saved views, chips, rows."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from fundmgr.domain import ids
from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.lifecycle import UNDECIDED_REQUEST_STATES, RequestState
from fundmgr.domain.permissions import Action
from requests_app.pages.staff import lists, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.queue_query import LATE, Query
from requests_app.queries.console import QueuePage

ORDERS = {"oldest": "Oldest first", "newest": "Newest first", "largest": "Largest ask first"}
VIEWS = (
    ("All open", "status:open"),
    ("To read", "status:to_read"),
    ("Being read", "status:reading"),
    ("Answer missing", "status:waiting"),
    ("Ready for a round", "status:ready"),
)
MENUS = (
    ("Urgent because", [(words.URGENCIES[code], f"urgent:{code.value.lower()}") for code in Urgency]),
    ("Language", [(label, f"lang:{code}") for code, label in words.LANGUAGES.items()]),
    (
        "Asked",
        [("Over $1,000", "asked:>1000"), ("Over $5,000", "asked:>5000"), ("Under $1,000", "asked:<1000")],
    ),
    ("Reader", [("Me", "reader:me"), ("No one", "reader:none")]),
)


def context(door: Door, query: Query, found: QueuePage, *, order: str) -> Mapping[str, Any]:
    """This will return what staff/queue.html shows."""
    proposes = door.may(Action.DECISION_PROPOSE)
    return {
        "note": _note(found),
        "next_url": door.url("next") if door.may(Action.REQUEST_REVIEW) else "",
        "views": _views(door, query, found),
        "query": query.text,
        "query_url": door.url("requests"),
        "chips": [
            {"label": part.label, "remove_url": _url(door, query.without(part))} for part in query.parts
        ],
        "menus": [*_menus(door, query), _order_menu(door, order)],
        "clear_url": _url(door, "status:all"),
        "order_label": ORDERS[order],
        "action_url": door.url("propose_many"),
        "actions": PROPOSALS if proposes else [],
        "rows": [_row(door, row, found, place) for place, row in enumerate(found.page.rows)],
        "pager": lists.pager(door, found.page),
        "empty": {
            "title": "No request fits these filters",
            "text": "Take a filter away, or look at all open requests.",
            "url": _url(door, "status:open"),
            "label": "All open requests",
        },
    }


PROPOSALS = [{"label": "Propose as eligible", "name": "then", "value": "propose"}]


def _note(found: QueuePage) -> str:
    promise = f"A decision is promised in {found.decision_days} days, or on the working day after."
    if not found.late_count:
        return f"{promise} None is late."
    return f"{promise} {found.late_count:,} {'is' if found.late_count == 1 else 'are'} late."


def _views(door: Door, query: Query, found: QueuePage) -> list[dict[str, Any]]:
    states = {
        "status:open": sum(found.counts[state] for state in UNDECIDED_REQUEST_STATES),
        "status:to_read": found.counts[RequestState.SUBMITTED],
        "status:reading": found.counts[RequestState.IN_REVIEW],
        "status:waiting": found.counts[RequestState.NEEDS_INFO],
        "status:ready": found.counts[RequestState.ELIGIBLE] + found.counts[RequestState.WAITLISTED],
    }
    rows = [(label, text, states[text]) for label, text in VIEWS]
    rows += [
        ("Late", LATE, found.late_count),
        ("Read by me", "status:open reader:me", found.mine_count),
        ("All", "status:all", sum(found.counts.values())),
    ]
    return [
        {"label": label, "url": _url(door, text), "count": count, "current": query.text == text}
        for label, text, count in rows
    ]


def _menus(door: Door, query: Query) -> list[dict[str, Any]]:
    chosen = {part.typed.partition(":")[0] for part in query.parts}
    return [
        {
            "label": label,
            "options": [
                {"label": name, "url": _url(door, f"{query.text} {text}".strip())} for name, text in rows
            ],
        }
        for label, rows in MENUS
        if rows[0][1].partition(":")[0] not in chosen
    ]


def _order_menu(door: Door, order: str) -> dict[str, Any]:
    rows = [
        {"label": label, "url": lists.with_query(door, order=name)}
        for name, label in ORDERS.items()
        if name != order
    ]
    return {"label": "Order", "options": rows}


def _row(door: Door, row: Any, found: QueuePage, place: int) -> dict[str, Any]:
    proposal = row.open_decisions[0] if row.open_decisions else None
    return {
        "url": door.url("request", request_id=row.id),
        "id": ids.public("req", row.id),
        "reference": row.reference,
        "name": row.applicant.full_name if found.shows_names else "",
        "show": row.production_name,
        "craft": row.craft,
        "asked_cents": row.asked_cents,
        "proposed_cents": proposal.verified_cents if proposal else row.capped_cents,
        "urgent": ", ".join(words.URGENCIES.get(code, code) for code in row.urgency[:1]),
        "days": (timezone.localdate(door.now) - timezone.localdate(row.submitted_at)).days,
        "language": row.language.upper(),
        "reader": _short_name(row.assignee),
        "tag": request_tag(row.state, is_proposed=proposal is not None),
        "waits": row.id in found.waiting_ids,
        "current": place == 0,
    }


def request_tag(state: str, *, is_proposed: bool) -> dict[str, str]:
    """This will return a request's tag; a proposal that waits says more than the state under it."""
    if is_proposed:
        return {"kind": "wait", "text": "Proposed"}
    return words.tag(words.REQUESTS, state)


def _short_name(person: Any) -> str:
    if person is None:
        return ""
    first, _, last = str(person).partition(" ")
    return f"{first} {last[:1]}." if last else first


def _url(door: Door, text: str) -> str:
    return door.url("requests", query={"q": text})
