"""The step by which a worker is asked for something: the clock stops, and an open proposal is void."""

from datetime import datetime

from fundmgr.domain import ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.documents import DocumentKind
from fundmgr.domain.lifecycle import RequestState
from fundmgr.ports import outbox
from fundmgr.ports.outbox import Effect
from fundmgr.queries import access
from requests_app.models import AssistanceRequest, InfoRequest
from requests_app.services import cases


def put(
    request: AssistanceRequest,
    *,
    text: str,
    by: Actor,
    now: datetime,
    document: DocumentKind | None = None,
) -> tuple[InfoRequest, int]:
    """This will ask the worker of a locked request and return the question, and how many proposals it voided.

    A new request is taken into review first. Errors: WrongState.
    """
    voided = cases.void_proposals([request])
    if request.state == RequestState.SUBMITTED:
        cases.move_requests([request], RequestState.IN_REVIEW, by=by, now=now, assignee_id=by.person_id)
    cases.move_requests([request], RequestState.NEEDS_INFO, by=by, now=now)
    row = InfoRequest.objects.create(
        id=ids.new_id(now),
        fund_id=request.fund_id,
        created_at=now,
        request=request,
        asked_by_id=access.person_id(by),
        text=text,
        document=document.value if document else "",
    )
    payload = {"kind": "info_needed", "request_id": str(request.id), "info_request_id": str(row.id)}
    outbox.owe(Effect("notice", f"info_needed:{row.id}", payload), fund_id=request.fund_id, now=now)
    return row, voided
