"""The queue and one request: look, ask, propose, hold."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from fundmgr.domain.errors import InvalidInput
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from requests_app.pages.staff import case_view, doors, queue_query, queue_view
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.queue_query import NotAQuery, Query
from requests_app.pages.staff.request_forms import (
    ASK,
    PAY,
    EmptyForm,
    HoldForm,
    NoteForm,
    ProposeForm,
    PurposeForm,
    RequestsForm,
)
from requests_app.queries import console
from requests_app.services import reveals, reviews
from requests_app.services.decisions import Proposal
from requests_app.services.reveals import Purpose

HERE = "requests"
START = "status:open"
EVERYTHING = "status:all"
FIELDS = {"verified": "amount", "reasons": "reason", "text": "note"}


@doors.page
def queue(door: Door) -> HttpResponse:
    """Show the queue."""
    return _queue(door)


@doors.page
def search(door: Door) -> HttpResponse:
    """Open the one request that the words name, or show all that fit."""
    words = door.asked.get("q", "")[: queue_query.MOST].replace("\x00", "")
    found = console.find_request(door.actor, fund_id=door.fund_id, words=words, now=door.now)
    if found:
        return door.to("request", request_id=found)
    return door.to("requests", query={"q": words.strip() or START})


@doors.page
def next_request(door: Door) -> HttpResponse:
    """Open the oldest request that nobody reads yet."""
    found = console.next_request(door.actor, fund_id=door.fund_id, now=door.now)
    if found:
        return door.to("request", request_id=found)
    return door.to("requests", said="Nobody waits to be read.", query={"q": START})


@doors.act
def propose_many(door: Door) -> HttpResponse:
    """Propose the ticked requests as eligible, each with the need that the policy makes of it."""
    door.require(Action.DECISION_PROPOSE)
    form = RequestsForm(door.posted)
    done = door.attempt(
        form,
        lambda once: reviews.propose_many(
            items=[Proposal(key, is_eligible=True) for key in form.cleaned_data["request"]],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if not done:
        return _queue(door, form=form)
    count = len(form.cleaned_data["request"])
    many = f"{count} proposal{'' if count == 1 else 's'}"
    return door.to("requests", said=f"{many} now wait for an approver.", query={"q": START})


@doors.form
def request(door: Door, request_id: UUID) -> HttpResponse:
    """Show one request; propose on it or ask its worker."""
    if door.is_post:
        door.require(Action.DECISION_PROPOSE)
    form = ProposeForm(door.posted)
    done = door.attempt(form, lambda once: _proposed(door, form, request_id, once), named=FIELDS)
    if not done:
        return case_view.show(door, request_id, form=form if door.is_post else None)
    asked = form.cleaned_data["outcome"] == ASK
    said = "The worker is asked." if asked else "Proposed. Another person must approve it."
    if door.request.POST.get("then") == "next":
        return door.to("next", said=said)
    return door.to("request", request_id=request_id, said=said)


@doors.act
def start(door: Door, request_id: UUID) -> HttpResponse:
    """Take a request into one's own hands."""
    door.require(Action.REQUEST_REVIEW)
    done = door.attempt(
        EmptyForm(door.posted),
        lambda once: reviews.start(request_id=request_id, by=door.actor, now=door.now, once=once),
    )
    return door.to("request", request_id=request_id) if done else case_view.show(door, request_id)


@doors.form
def hold(door: Door, request_id: UUID) -> HttpResponse:
    """Hold a request back."""
    return _with_reason(
        door, request_id, reviews.hold, title="Hold this request back", send="Hold it", said="It is on hold."
    )


@doors.form
def reopen(door: Door, request_id: UUID) -> HttpResponse:
    """Take a request back into review."""
    said = "It is being read again."
    return _with_reason(
        door, request_id, reviews.reopen, title="Open this request again", send="Open it", said=said
    )


@doors.form
def contact(door: Door, request_id: UUID) -> HttpResponse:
    """Show a worker's contact to one who says why; the trail keeps who looked."""
    door.require(Action.REQUEST_READ_IDENTITY)
    form = PurposeForm(door.posted)
    if door.is_post and form.is_valid():
        shown = reveals.contact(
            request_id=request_id, purpose=Purpose(form.cleaned_data["purpose"]), by=door.actor, now=door.now
        )
        return door.page("staff/contact.html", {"shown": shown, "request_id": request_id}, current=HERE)
    if door.is_post:
        door.status = 422
    shown_form = {
        "form": form,
        "title": "Show the worker’s contact",
        "intro": "Who looked, when and why stands in the audit log.",
        "send": "Show it",
        "back_url": door.url("request", request_id=request_id),
    }
    return door.page("staff/form.html", shown_form, current=HERE)


@doors.act
def decide(door: Door, request_id: UUID, decision_id: UUID) -> HttpResponse:
    """Make a proposal final."""
    door.require(Action.DECISION_DECIDE)
    done = door.attempt(
        EmptyForm(door.posted),
        lambda once: reviews.decide(
            decision_id=decision_id, approve=True, by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to("request", request_id=request_id, said="The decision is final.")
    return case_view.show(door, request_id)


@doors.act
def send_back(door: Door, request_id: UUID, decision_id: UUID) -> HttpResponse:
    """Send a proposal back to its reviewer."""
    door.require(Action.DECISION_DECIDE)
    form = NoteForm(door.posted)
    done = door.attempt(
        form,
        lambda once: reviews.decide(
            decision_id=decision_id,
            approve=False,
            note=form.cleaned_data["note"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("request", request_id=request_id, said="The proposal went back to its reviewer.")
    return case_view.show(door, request_id, send_back_form=form)


def _queue(door: Door, *, form: RequestsForm | None = None) -> HttpResponse:
    text = door.asked.get("q", START)
    order = door.asked.get("order", "")
    order = order if order in queue_view.ORDERS else "oldest"
    query = _read(door, text)
    try:
        found = _queue_page(door, query, order)
    except InvalidInput as error:
        # A wrong cursor or a search that is not for this role: the list itself is still of use.
        door.refused(error)
        query = queue_query.read(START, me=door.actor.person_id)
        found = _queue_page(door, query, order, from_start=True)
    if found.shows_names:
        door.looked(found.page.rows)
    shown = {**queue_view.context(door, query, found, order=order), "form": form}
    return door.page("staff/queue.html", shown, current=HERE)


def _queue_page(door: Door, query: Query, order: str, *, from_start: bool = False) -> console.QueuePage:
    return console.queue_page(
        door.actor,
        fund_id=door.fund_id,
        filters=query.filters,
        order=order,
        cursor=None if from_start else door.asked.get("cursor"),
        now=door.now,
    )


def _read(door: Door, text: str) -> Query:
    try:
        return queue_query.read(text, me=door.actor.person_id)
    except NotAQuery as error:
        door.refused(InvalidInput(str(error)))
        return queue_query.read(START, me=door.actor.person_id)


def _proposed(door: Door, form: ProposeForm, request_id: UUID, once: Once) -> Any:
    found = form.cleaned_data
    if found["outcome"] == ASK:
        return reviews.ask_for_info(
            request_id=request_id, text=found["note"], by=door.actor, now=door.now, once=once
        )
    is_eligible = found["outcome"] == PAY
    return reviews.propose(
        request_id=request_id,
        is_eligible=is_eligible,
        verified_cents=found["amount"] if is_eligible else None,
        reasons=form.reasons(),
        note=found["note"],
        by=door.actor,
        now=door.now,
        once=once,
    )


def _with_reason(
    door: Door, request_id: UUID, use_case: Any, *, title: str, send: str, said: str
) -> HttpResponse:
    door.require(Action.REQUEST_HOLD)
    form = HoldForm(door.posted)
    done = door.attempt(
        form,
        lambda once: use_case(
            request_id=request_id, reason=form.cleaned_data["reason"], by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to("request", request_id=request_id, said=said)
    back = door.url("request", request_id=request_id)
    shown = {"form": form, "title": title, "send": send, "back_url": back}
    return door.page("staff/form.html", shown, current=HERE)
