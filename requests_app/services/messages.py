"""Messages about a request, both ways: each side writes, the other is told, and what waits is marked."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.permissions import Action
from fundmgr.domain.text import NotText, clean_block, is_seen
from fundmgr.domain.texting import Side
from fundmgr.ports import events, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import AssistanceRequest, InboundText, Message
from requests_app.services import cases

MOST_LETTERS = 1000
MOST_A_DAY = 20


@use_case
def write(
    *, request_id: UUID, text: str, came_by: str, by: Actor, now: datetime, once: Once | None = None
) -> Message:
    """This will send the fund a message of the worker, or of the one who filed for the worker.

    Errors: NotFound for anyone else; InvalidInput (field `text`); TooMany after twenty in a day.
    """
    return _write(request_id, _read(text), came_by=came_by, by=by, now=now)


@use_case
def reply(
    *, request_id: UUID, text: str, came_by: str, by: Actor, now: datetime, once: Once | None = None
) -> Message:
    """This will send the worker a message of the fund; what waited for an answer waits no more.

    The worker is told that there is one, never what it says.
    Errors: NotFound, also for a case of one's own household; Forbidden; InvalidInput (field `text`).
    """
    return _reply(request_id, _read(text), came_by=came_by, by=by, now=now)


@use_case
def send(*, request_id: UUID, text: str, by: Actor, now: datetime, once: Once | None = None) -> Message:
    """This will send a message of a program from the side on which it stands: the fund's where its role
    reviews requests, else the worker's. Errors: as for `reply` and `write`.
    """
    said = _read(text)
    fund_id = AssistanceRequest.objects.filter(id=request_id).values_list("fund_id", flat=True).first()
    if fund_id is None:
        raise errors.NotFound
    reviews = access.may(by, Action.REQUEST_REVIEW, fund_id=fund_id)
    return (_reply if reviews else _write)(request_id, said, came_by="API", by=by, now=now)


@use_case
def settle(*, request_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> AssistanceRequest:
    """This will say that the worker's messages need no answer. Errors: NotFound, Forbidden, WrongState."""
    request = cases.locked_one(request_id, by=by, action=Action.REQUEST_REVIEW)
    if not _of(request).filter(needs_answer=True).update(needs_answer=False):
        raise errors.WrongState
    happening = Happening("message.settled", "request", request.id)
    events.record(happening, fund_id=request.fund_id, by=by, now=now)
    return request


def keep_text(
    inbound: InboundText, request: AssistanceRequest, *, by: Actor, now: datetime
) -> Message | None:
    """This will put what a worker texted into the thread; None where nothing in it can be read."""
    try:
        said = clean_block((inbound.text or "")[:MOST_LETTERS], most=MOST_LETTERS)
    except NotText:
        return None
    if not is_seen(said):
        return None
    return _kept(request, Side.WORKER, said, came_by="TEXT", by=by, now=now, inbound=inbound)


def _of(request: AssistanceRequest) -> QuerySet[Message]:
    return Message.objects.filter(request=request)


def _write(request_id: UUID, said: str, *, came_by: str, by: Actor, now: datetime) -> Message:
    request = cases.lock_own(request_id, by=by)
    today = _of(request).filter(side=Side.WORKER, created_at__gt=now - timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        raise errors.TooMany(_("You wrote many messages today. We read them. Call us if it cannot wait."))
    return _kept(request, Side.WORKER, said, came_by=came_by, by=by, now=now)


def _reply(request_id: UUID, said: str, *, came_by: str, by: Actor, now: datetime) -> Message:
    request = cases.locked_one(request_id, by=by, action=Action.REQUEST_REVIEW)
    _of(request).filter(needs_answer=True).update(needs_answer=False)
    row = _kept(request, Side.FUND, said, came_by=came_by, by=by, now=now)
    payload = {"kind": "message_posted", "request_id": str(request.id)}
    outbox.owe(Effect("notice", f"message_posted:{row.id}", payload), fund_id=request.fund_id, now=now)
    return row


def _read(text: str) -> str:
    try:
        said = clean_block(text, most=MOST_LETTERS)
    except NotText as error:
        length = len(text.replace("\r\n", "\n").strip())
        long = _("What you wrote must be %(most)s letters or less (it has %(length)s)")
        sentence = (
            long % {"most": MOST_LETTERS, "length": length}
            if length > MOST_LETTERS
            else _("Remove the hidden characters, or type this again by hand")
        )
        raise errors.InvalidInput(problems=[Problem("text", "invalid_text", sentence)]) from error
    if not is_seen(said):
        raise errors.InvalidInput(problems=[Problem("text", "missing", _("Write your message"))])
    return said


def _kept(
    request: AssistanceRequest,
    side: Side,
    text: str,
    *,
    came_by: str,
    by: Actor,
    now: datetime,
    inbound: InboundText | None = None,
) -> Message:
    row = Message.objects.create(
        id=ids.new_id(now),
        fund_id=request.fund_id,
        created_at=now,
        request=request,
        side=side,
        author_id=access.person_id(by) if side is Side.FUND else None,
        sent_by=by.key,
        came_by=came_by,
        text=text,
        needs_answer=side is Side.WORKER,
        inbound=inbound,
    )
    facts = {"message": row.id, "side": side.value, "by": came_by}
    happening = Happening("message.sent", "request", request.id, facts)
    events.record_many([happening], fund_id=request.fund_id, by=by, now=now, link=side is Side.FUND)
    return row
