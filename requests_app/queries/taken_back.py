"""What a worker took back and may still undo: until when, and what the request becomes then."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from fundmgr.domain.lifecycle import FundState, RequestState
from requests_app.models import AssistanceRequest, RequestTransition

GIVEN_UP = "AWARD_DECLINED"
_OVER = frozenset({FundState.WINDING_DOWN, FundState.CLOSED})


@dataclass(frozen=True)
class Undo:
    """What undoing would do. Shapes: `is_whole` is False where money was given up and stays so."""

    until: datetime
    becomes: RequestState
    is_whole: bool


def undo_of(request: AssistanceRequest) -> Undo | None:
    """This will return what undoing would do to a request, over or not; None where nothing was taken back.

    A round that had the request goes on without it, so it waits for the next one. Money that was given up
    is the others' at once, so the request goes to the waiting list.
    """
    last = _newest(request, request.state)
    if last is None or request.fund.state in _OVER:
        return None
    until = last.created_at + timedelta(hours=settings.TAKE_BACK_UNDO_HOURS)
    if request.state == RequestState.CLOSED and last.reason == GIVEN_UP:
        return Undo(until, RequestState.WAITLISTED, is_whole=False)
    if request.state != RequestState.WITHDRAWN:
        return None
    old = RequestState(last.old_state)
    if old is RequestState.IN_ROUND:
        joined = _newest(request, old)
        old = RequestState(joined.old_state) if joined else RequestState.ELIGIBLE
    return Undo(until, old, is_whole=True)


def _newest(request: AssistanceRequest, state: str) -> RequestTransition | None:
    rows = RequestTransition.objects.filter(request=request, new_state=state)
    return rows.order_by("-created_at", "-id").first()
