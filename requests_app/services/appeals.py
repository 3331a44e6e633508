"""A second look at a decision: asked for by the worker, read and answered by a different person."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError

from fundmgr.domain import appeals as rules
from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.appeals import AppealGround, Standing
from fundmgr.domain.lifecycle import OPEN_APPEAL_STATES, AppealState, RequestState
from fundmgr.domain.permissions import Action
from fundmgr.ports import events, moves, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import Appeal, AssistanceRequest
from requests_app.queries import appeals as found
from requests_app.queries.worker import OVERTURNED
from requests_app.services import cases

_REFUSALS: dict[Standing, type[errors.FundError]] = {
    Standing.UNDECIDED: errors.WrongState,
    Standing.TOO_LATE: errors.AppealTooLate,
    Standing.NO_MONEY: errors.NotAppealable,
    Standing.READING: errors.AppealIsFinal,
    Standing.ANSWERED: errors.AppealIsFinal,
}
_ANOTHER = "You took part in this request before. A different person must read it."


@use_case
def file(
    *,
    request_id: UUID,
    ground: AppealGround,
    text: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Appeal:
    """This will ask for a second look at a refused request, once, until the end of the policy's last day.

    Errors: NotFound for anyone but the worker and the one who filed for the worker; WrongState where
    nothing is refused, AppealTooLate, NotAppealable, AppealIsFinal; InvalidInput (field `text`).
    """
    told = cases.plain_note(text, field="text", required=True)
    request = cases.lock_own(request_id, by=by)
    look = found.second_look(request, now=now)
    if look.standing is not Standing.OPEN or look.decision is None:
        raise _REFUSALS[look.standing]
    promised = rules.answer_day(
        found.today(request, now=now), working_days=settings.APPEAL_ANSWER_WORKING_DAYS
    )
    row = Appeal.objects.create(
        id=ids.new_id(now),
        fund_id=request.fund_id,
        created_at=now,
        request=request,
        decision=look.decision,
        ground=AppealGround(ground),
        text=told,
        filed_by=by.key,
        answer_by=promised,
        state=AppealState.FILED,
    )
    _tell("appeal_received", row, now=now)
    return _recorded("appeal.filed", row, by=by, now=now, ground=row.ground, answer_by=promised)


@use_case
def take(*, appeal_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Appeal:
    """This will put an appeal into the hands of the one who takes it, also out of another reader's.

    Errors: NotFound, Forbidden, AlreadyDecided; SelfApproval for one who filed, proposed or decided before.
    """
    row = _locked(appeal_id, by=by)
    moves.move(row, AppealState.READING, reader_id=access.person_id(by))
    return _recorded("appeal.taken", row, by=by, now=now)


@use_case
def decide(
    *,
    appeal_id: UUID,
    overturn: bool,
    answer: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Appeal:
    """This will answer an appeal for good: the decision stands, or the request is decided anew.

    A request whose decision is overturned is in review again; two people decide on it as on any other, and
    its money comes from the next round. The worker reads the answer.
    Errors: NotFound, Forbidden, AlreadyDecided; SelfApproval for one who filed, proposed or decided before;
    LiveRequestExists, WrongState; InvalidInput (field `answer`).
    """
    said = cases.plain_note(answer, field="answer", required=True)
    row = _locked(appeal_id, by=by)
    if overturn:
        _open_again(row.request, by=by, now=now)
    state = AppealState.OVERTURNED if overturn else AppealState.UPHELD
    moves.move(row, state, reader_id=access.person_id(by), answer=said, decided_at=now)
    kind = "appeal_overturned" if overturn else "appeal_upheld"
    _tell(kind, row, now=now)
    return _recorded(kind.replace("_", "."), row, by=by, now=now, decision=row.decision_id)


def _locked(appeal_id: UUID, *, by: Actor) -> Appeal:
    """Lock the request, then its appeal, for one who had no part in what was decided."""
    request_id = Appeal.objects.filter(id=appeal_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise errors.NotFound
    request = cases.locked_one(request_id, by=by, action=Action.APPEAL_DECIDE)
    row = Appeal.objects.select_for_update(no_key=True).get(id=appeal_id)
    row.request = request
    if row.state not in OPEN_APPEAL_STATES:
        raise errors.AlreadyDecided
    filers = cases.people_behind({request.filed_by, row.filed_by}).values()
    if by.person_id in {*found.earlier_deciders(request.id), *filers}:
        raise errors.SelfApproval(_ANOTHER)
    return row


def _open_again(request: AssistanceRequest, *, by: Actor, now: datetime) -> None:
    columns = {
        "verified_cents": None,
        "capped_cents": None,
        "assignee_id": None,
        "version": request.version + 1,
    }
    try:
        cases.move_requests([request], RequestState.IN_REVIEW, by=by, now=now, reason=OVERTURNED, **columns)
    except IntegrityError as error:
        if "one_live_request" not in str(error):
            raise
        raise errors.LiveRequestExists("The worker has another request with this fund now.") from error


def _tell(kind: str, row: Appeal, *, now: datetime) -> None:
    payload = {"kind": kind, "request_id": str(row.request_id), "appeal_id": str(row.id)}
    outbox.owe(Effect("notice", f"{kind}:{row.id}", payload), fund_id=row.fund_id, now=now)


def _recorded(verb: str, row: Appeal, *, by: Actor, now: datetime, **facts: object) -> Appeal:
    happening = Happening(verb, "appeal", row.id, {"request": row.request_id, **facts})
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row
