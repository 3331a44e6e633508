"""The queue and the page of one request, with only what the person may see of the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fundmgr.domain import eligibility, errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import (
    LIVE_REQUEST_STATES,
    UNDECIDED_REQUEST_STATES,
    RequestState,
)
from fundmgr.domain.permissions import Action
from fundmgr.domain.texting import Way
from fundmgr.models import PolicyVersion
from fundmgr.queries import access, funds
from requests_app.models import AssistanceRequest, Award, Document, Notice
from requests_app.queries import documents, messages, reach, requests
from requests_app.queries.console import trail
from requests_app.queries.console.trail import Line
from requests_app.queries.paging import Page
from requests_app.queries.requests import Case, QueueFilters

ROWS = 50
ONLY_NUMBERS = "Your role finds requests by their number, like R-7K3Q9M."


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue, and how many requests each saved view holds."""

    page: Page[AssistanceRequest]
    counts: dict[RequestState, int]
    mine_count: int
    late_count: int
    decision_days: int
    shows_names: bool
    waiting_ids: set[UUID]


@dataclass(frozen=True)
class CasePage:
    """One request whole. Units: cents.

    Shapes: `others` are the worker's other requests in this fund and live ones of the same household;
    `default_cents` is what the policy makes of the request; the thread is empty for one who sees no names.
    """

    case: Case
    policy: PolicyVersion
    default_cents: int
    others: list[AssistanceRequest]
    lines: list[Line]
    shows_names: bool
    award_ids: list[UUID]
    thread: list[messages.Line]
    waits_for_answer: bool
    way: Way | None
    # Whether the way is that of the second contact.
    is_second_way: bool
    # The worker said that they want none, perhaps since somebody else would see them.
    has_stopped: bool
    undelivered: Notice | None
    documents: list[Document]


def queue_page(
    actor: Actor, *, fund_id: UUID, filters: QueueFilters, order: str, cursor: str | None, now: datetime
) -> QueuePage:
    """This will return one page of the queue.

    Errors: Forbidden, InvalidInput for a wrong cursor or order, or a search by name from one who sees none.
    """
    access.require(actor, Action.REQUEST_READ, fund_id=fund_id)
    names = access.may(actor, Action.REQUEST_READ_IDENTITY, fund_id=fund_id)
    if filters.q and not names and not requests.looks_like_reference(filters.q):
        raise errors.InvalidInput(ONLY_NUMBERS)
    days = funds.policy_in_force(fund_id).decision_days
    visible = requests.visible_requests(actor, fund_id).order_by()
    undecided = visible.filter(state__in=[state.value for state in UNDECIDED_REQUEST_STATES])
    page = requests.queue(
        actor, fund_id, now=now, filters=filters, cursor=cursor, limit=ROWS, order=order or "oldest"
    )
    return QueuePage(
        page=page,
        waiting_ids=messages.waiting_ids([row.id for row in page.rows]),
        counts=requests.queue_counts(actor, fund_id),
        mine_count=undecided.filter(assignee_id=actor.person_id).count(),
        late_count=requests.late(undecided, fund_id, now=now).count(),
        decision_days=days,
        shows_names=names,
    )


def case_page(actor: Actor, *, fund_id: UUID, request_id: UUID) -> CasePage:
    """This will return one request whole. Errors: NotFound also for one of another fund, Forbidden."""
    access.require(actor, Action.REQUEST_READ, fund_id=fund_id)
    found = requests.case(actor, request_id)
    request = found.request
    if request.fund_id != fund_id:
        raise errors.NotFound
    policy = funds.policy_in_force(fund_id)
    names = access.may(actor, Action.REQUEST_READ_IDENTITY, fund_id=fund_id)
    way, contact = reach.path_of(request.applicant)
    return CasePage(
        case=found,
        policy=policy,
        default_cents=eligibility.verified_cents(
            asked_cents=request.asked_cents,
            other_aid_cents=request.other_aid_cents,
            limits=funds.need_limits(policy),
        ),
        others=_others(actor, request),
        lines=list(reversed(trail.lines(found.history.events))),
        shows_names=names,
        thread=messages.lines(request) if names else [],
        way=way,
        is_second_way=way is not None and contact != request.applicant.contact,
        has_stopped=reach.has_stopped(request.applicant.contact_hash),
        undelivered=reach.undelivered(request.applicant),
        waits_for_answer=bool(messages.waiting_ids([request.id])),
        documents=list(documents.visible_documents(actor, request_id).order_by("id")),
        award_ids=list(
            Award.objects.filter(request_id=request.id).order_by("id").values_list("id", flat=True)
        ),
    )


def find_request(actor: Actor, *, fund_id: UUID, words: str, now: datetime) -> UUID | None:
    """This will return the one request that the words name; None where none or several fit.

    Errors: Forbidden, InvalidInput for a search by name from one who sees no names.
    """
    access.require(actor, Action.REQUEST_READ, fund_id=fund_id)
    names = access.may(actor, Action.REQUEST_READ_IDENTITY, fund_id=fund_id)
    if not words.strip() or not (names or requests.looks_like_reference(words)):
        return None
    page = requests.queue(actor, fund_id, now=now, filters=QueueFilters(q=words), limit=2)
    return page.rows[0].id if len(page.rows) == 1 else None


def next_request(actor: Actor, *, fund_id: UUID, now: datetime) -> UUID | None:
    """This will return the oldest request that nobody reads yet, or None. Errors: Forbidden."""
    access.require(actor, Action.REQUEST_REVIEW, fund_id=fund_id)
    unread = QueueFilters(states=[RequestState.SUBMITTED])
    page = requests.queue(actor, fund_id, now=now, filters=unread, limit=1)
    return page.rows[0].id if page.rows else None


def _others(actor: Actor, request: AssistanceRequest) -> list[AssistanceRequest]:
    visible = requests.visible_requests(actor, request.fund_id).exclude(id=request.id)
    own = visible.filter(applicant_id=request.applicant_id).order_by("-submitted_at", "-id")[:10]
    live: Sequence[str] = [state.value for state in LIVE_REQUEST_STATES]
    home = visible.filter(household_id=request.household_id, state__in=live)
    home = home.exclude(applicant_id=request.applicant_id).order_by("-submitted_at", "-id")[:10]
    return [*own, *home]
