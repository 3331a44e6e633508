"""Second looks: what workers asked for, and the answer of somebody who had no part in the decision."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain.appeals import AppealGround
from fundmgr.domain.lifecycle import OPEN_APPEAL_STATES, AppealState
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from requests_app.pages.staff import doors, grid, lists, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import BlockField
from requests_app.queries import console
from requests_app.queries.console import AppealPage
from requests_app.services import appeals as services
from requests_app.templatetags.fund_ui import when

HERE, LIST = "requests", "appeals"
UPHOLD, OVERTURN = "uphold", "overturn"
GROUNDS: dict[str, str] = {
    AppealGround.MISSED: "Something was missed",
    AppealGround.CHANGED: "Something changed",
    AppealGround.WRONG: "The worker thinks it is wrong",
    AppealGround.OTHER: "Another reason",
}
STATES: dict[str, words.Tag] = {
    AppealState.FILED: ("wait", "To read"),
    AppealState.READING: ("info", "Being read"),
    AppealState.UPHELD: ("neutral", "Stands"),
    AppealState.OVERTURNED: ("ok", "Overturned"),
}
CHOSEN: dict[str, tuple[str, Sequence[AppealState]]] = {
    "": ("Waiting", sorted(OPEN_APPEAL_STATES)),
    "upheld": ("Stands", [AppealState.UPHELD]),
    "overturned": ("Overturned", [AppealState.OVERTURNED]),
}
NOTE = "A worker may ask once for a second look. Nobody who filed, proposed or decided before answers it."
SAID = {
    OVERTURN: "The request is in review again. Two people decide on it.",
    UPHOLD: "The decision stands. The worker is told why.",
}


class AnswerForm(forms.Form):
    """What the second reader found."""

    outcome = forms.ChoiceField(
        label="What you found",
        choices=[(UPHOLD, "The decision stands"), (OVERTURN, "The decision was wrong: decide anew")],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what you found."),
    )
    answer = BlockField(
        label="What you tell the worker",
        most=2000,
        missing="Write to the worker why.",
        help_text="The worker reads this word for word.",
    )


@doors.page
def appeals(door: Door) -> HttpResponse:
    """Show the second looks that wait, the oldest first."""
    chosen = door.asked.get("state", "")
    chosen = chosen if chosen in CHOSEN else ""
    page, counts = console.appeal_list(
        door.actor,
        fund_id=door.fund_id,
        states=CHOSEN[chosen][1],
        cursor=door.asked.get("cursor"),
        on=door.today,
    )
    shown = {
        "title": "Second looks",
        "note": NOTE,
        "figures": [
            {"label": "Waiting", "value": f"{counts.waiting:,}"},
            {"label": "Past the promised date", "value": f"{counts.late:,}"},
            {"label": "Stands", "value": f"{counts.upheld:,}"},
            {"label": "Overturned", "value": _share(counts.overturned, counts.upheld)},
        ],
        "actions": [
            {"label": label, "url": door.url(LIST, query={"state": key} if key else None), "kind": "line"}
            for key, (label, _states) in CHOSEN.items()
            if key != chosen
        ],
        "columns": grid.columns("Request", "Why", "Asked", "Answer promised by", "Reader", "State"),
        "rows": [_row(door, row) for row in page.rows],
        "list_title": CHOSEN[chosen][0],
        "empty": {"title": "None here", "text": "Workers ask from the page of a request that was refused."},
        "pager": lists.pager(door, page),
    }
    return door.page("staff/detail.html", shown, current=HERE)


@doors.page
def appeal(door: Door, appeal_id: UUID) -> HttpResponse:
    """Show one second look."""
    return _appeal(door, appeal_id)


@doors.act
def take(door: Door, appeal_id: UUID) -> HttpResponse:
    """Take it into one's hands."""
    door.require(Action.APPEAL_DECIDE)
    done = door.attempt(
        None, lambda once: services.take(appeal_id=appeal_id, by=door.actor, now=door.now, once=once)
    )
    said = "You read this one. The worker waits for your answer."
    return door.to("appeal", said=said, appeal_id=appeal_id) if done else _appeal(door, appeal_id)


@doors.act
def answer(door: Door, appeal_id: UUID) -> HttpResponse:
    """Answer it for good."""
    door.require(Action.APPEAL_DECIDE)
    form = AnswerForm(door.posted)

    def call(once: Once) -> Any:
        return services.decide(
            appeal_id=appeal_id,
            overturn=form.cleaned_data["outcome"] == OVERTURN,
            answer=form.cleaned_data["answer"],
            by=door.actor,
            now=door.now,
            once=once,
        )

    done = door.attempt(form, call)
    if not done:
        return _appeal(door, appeal_id, form)
    return door.to("appeal", said=SAID[form.cleaned_data["outcome"]], appeal_id=appeal_id)


def _appeal(door: Door, appeal_id: UUID, form: AnswerForm | None = None) -> HttpResponse:
    found = console.appeal_page(door.actor, fund_id=door.fund_id, appeal_id=appeal_id)
    row = found.appeal
    shown = {
        "title": f"Second look at {row.request.reference}",
        "note": NOTE,
        "back_url": door.url(LIST),
        "back_label": "Second looks",
        "tag": words.tag(STATES, row.state),
        "facts": _facts(door, found),
        "moves": _moves(door, found, form),
        "locked": _locked(door, found),
        "form": form,
        "actions": [
            {
                "label": "Open the request",
                "url": door.url("request", request_id=row.request_id),
                "kind": "line",
            }
        ],
    }
    return door.page("staff/detail.html", shown, current=HERE)


def _facts(door: Door, found: AppealPage) -> list[Mapping[str, Any]]:
    row, decision = found.appeal, found.appeal.decision
    reasons = ", ".join(words.REASONS.get(code, code) for code in decision.reasons)
    facts = [
        ("Why the worker asks", GROUNDS[row.ground]),
        ("In the worker’s words", row.text or "Erased" if found.shows_words else "Not for your role"),
        ("Asked", when(row.created_at, "stamp")),
        ("Answer promised by", _promised(row, door.today)),
        ("The decision", f"Not this time: {reasons}"),
        ("Proposed by", str(decision.proposed_by)),
        ("Decided by", f"{decision.decided_by}, {when(decision.decided_at, 'stamp')}"),
        ("Second reader", str(row.reader) if row.reader else "Nobody yet"),
    ]
    if row.decided_at:
        told = (row.answer or "Erased") if found.shows_words else "Not for your role"
        facts += [("Answered", when(row.decided_at, "stamp")), ("What the worker was told", told)]
    return [{"label": label, "value": value} for label, value in facts]


def _moves(door: Door, found: AppealPage, form: AnswerForm | None) -> list[Mapping[str, Any]]:
    row = found.appeal
    if row.state not in OPEN_APPEAL_STATES or not found.may_answer:
        return []
    keys = {"appeal_id": row.id}
    moves: list[Mapping[str, Any]] = [
        {
            "url": door.url("appeal_answer", **keys),
            "label": "Send the answer",
            "form": form or AnswerForm(),
            "note": "This is final. If the decision was wrong, two people decide on the request anew.",
        }
    ]
    if row.reader_id != door.actor.person_id:
        label = "I read it" if row.reader is None else "I read it instead"
        moves.insert(0, {"url": door.url("appeal_take", **keys), "label": label, "form": [], "kind": "line"})
    return moves


def _locked(door: Door, found: AppealPage) -> str:
    if found.appeal.state not in OPEN_APPEAL_STATES or found.may_answer:
        return ""
    if door.may(Action.APPEAL_DECIDE):
        return "You took part in this request before. A different person must read it."
    return "This waits for a reviewer or an approver who had no part in the decision."


def _row(door: Door, row: Any) -> Mapping[str, Any]:
    return grid.row(
        grid.link(row.request.reference, door.url("appeal", appeal_id=row.id)),
        GROUNDS[row.ground],
        when(row.created_at, "short"),
        _promised(row, door.today),
        str(row.reader) if row.reader else "Nobody yet",
        grid.tagged(words.tag(STATES, row.state)),
    )


def _promised(row: Any, today: date) -> str:
    is_late = row.state in OPEN_APPEAL_STATES and row.answer_by < today
    return f"{when(row.answer_by, 'day')}{', late' if is_late else ''}"


def _share(overturned: int, upheld: int) -> str:
    answered = overturned + upheld
    if not answered:
        return "0"
    return f"{overturned:,} of {answered:,} ({100 * overturned // answered}%)"
