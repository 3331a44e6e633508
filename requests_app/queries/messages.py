"""The thread of a request, and which requests wait for an answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min, QuerySet

from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.domain.texting import Side
from fundmgr.models import Fund
from fundmgr.queries import access
from requests_app.models import AssistanceRequest, InfoRequest, Message
from requests_app.queries import requests, worker

# Pages show the newest; a worker who writes twenty a day for a month has a telephone to call.
MOST_SHOWN = 500


@dataclass(frozen=True)
class Line:
    """One message as its reader sees it; the first name of the person of the fund who wrote it.

    Shapes: `document` is what the message asks to be shown, if anything; its words may be empty then.
    """

    side: Side
    author: str
    text: str
    at: datetime
    came_by: str = ""
    document: str = ""


@dataclass(frozen=True)
class Thread:
    """A worker's newest request and what was written about it, newest last."""

    fund: Fund
    request: AssistanceRequest
    lines: list[Line]


def thread(slug: str, *, user_id: UUID | None, now: datetime) -> Thread:
    """This will return a worker's own thread. Errors: NotFound where they have no request."""
    case = worker.case(slug, user_id=user_id, now=now)
    return Thread(case.fund, case.request, lines(case.request))


def lines(request: AssistanceRequest) -> list[Line]:
    """This will return what was written about a request, questions and their answers too, newest last."""
    newest = (
        Message.objects.filter(request=request)
        .select_related("author")
        .order_by("-created_at", "-id")[:MOST_SHOWN]
    )
    found = [
        Line(
            Side(row.side),
            _first_name(row.author),
            row.text or "",
            row.created_at,
            row.came_by,
        )
        for row in newest
    ]
    for asked in request.info_requests.select_related("asked_by"):
        name, document = _first_name(asked.asked_by), asked.document
        found.append(Line(Side.FUND, name, asked.text, asked.created_at, document=document))
        if asked.answer and asked.answered_at:
            found.append(Line(Side.WORKER, "", asked.answer, asked.answered_at))
    return sorted(found, key=lambda line: line.at)


def count(request: AssistanceRequest) -> int:
    """This will return how many messages the thread of a request holds."""
    return Message.objects.filter(request=request).count()


def visible_messages(actor: Actor, request_id: UUID) -> QuerySet[Message]:
    """This will return the messages of a request that the actor may see. Errors: NotFound."""
    request = requests.visible_request(actor, request_id)
    return Message.objects.filter(request=request).select_related("author")


def visible_questions(actor: Actor, request_id: UUID) -> QuerySet[InfoRequest]:
    """This will return what the worker of a request was asked. Errors: NotFound."""
    request = requests.visible_request(actor, request_id)
    return InfoRequest.objects.filter(request=request)


def shows_words(actor: Actor, *, fund_id: UUID) -> bool:
    """This will say who reads the words of what they see was written: staff who see names, and its worker."""
    return not access.roles_of(actor, fund_id=fund_id) or access.may(
        actor, Action.REQUEST_READ_IDENTITY, fund_id=fund_id
    )


def waiting_ids(request_ids: Collection[UUID]) -> set[UUID]:
    """This will say which of these requests wait for an answer to their worker."""
    rows = Message.objects.filter(request_id__in=request_ids, needs_answer=True)
    return set(rows.values_list("request_id", flat=True))


def waiting_count(fund_id: UUID) -> int:
    """This will return how many requests of a fund wait for an answer."""
    rows = Message.objects.filter(fund_id=fund_id, needs_answer=True)
    return rows.values("request_id").distinct().count()


def waiting_requests(actor: Actor, *, fund_id: UUID) -> list[tuple[AssistanceRequest, datetime]]:
    """This will return the requests that wait for an answer and since when, the longest wait first.

    Errors: Forbidden for a role that does not see who asks.
    """
    access.require(actor, Action.REQUEST_READ_IDENTITY, fund_id=fund_id)
    unanswered = Message.objects.filter(fund_id=fund_id, needs_answer=True).order_by()
    since = dict(unanswered.values_list("request_id").annotate(Min("created_at")))
    rows = requests.visible_requests(actor, fund_id).filter(id__in=since)
    return sorted(((row, since[row.id]) for row in rows), key=lambda pair: (pair[1], pair[0].id))


def _first_name(person: object) -> str:
    return str(person).split()[0] if person else ""
