"""Steps that several use cases take with requests: lock, keep the wrong eyes off, move with history."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids, text
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import DecisionState, RequestState
from fundmgr.domain.permissions import Action
from fundmgr.models import ApiClient
from fundmgr.ports import moves
from fundmgr.queries import access
from requests_app.models import AssistanceRequest, Decision, RequestTransition
from requests_app.queries.requests import household_ids, is_own

NOTE_MOST = 4000


def locked(request_ids: Collection[UUID], *, by: Actor, action: Action) -> list[AssistanceRequest]:
    """This will lock requests of one fund in the order of their ids and return them.

    Errors: Forbidden where the role lacks the action, NotFound for a missing one, for requests of several
    funds, and for one of the actor's own household: nobody works on such a case.
    """
    wanted = set(request_ids)
    rows = AssistanceRequest.objects.filter(id__in=wanted)
    fund_ids = set(rows.values_list("fund_id", flat=True))
    if len(fund_ids) != 1:
        raise errors.NotFound
    (fund_id,) = fund_ids
    access.require(by, action, fund_id=fund_id)
    found = list(rows.select_for_update(of=("self",), no_key=True).select_related("applicant").order_by("id"))
    own = set(household_ids(by, fund_id))
    if len(found) != len(wanted) or any(row.household_id in own for row in found):
        raise errors.NotFound
    return found


def locked_one(request_id: UUID, *, by: Actor, action: Action) -> AssistanceRequest:
    """This will lock one request and return it. Errors: as for locked."""
    return locked([request_id], by=by, action=action)[0]


def lock_own(request_id: UUID, *, by: Actor) -> AssistanceRequest:
    """This will lock one request for its worker or the one who filed it. Errors: NotFound for others."""
    rows = AssistanceRequest.objects.select_for_update(of=("self",), no_key=True)
    request = rows.select_related("applicant").filter(id=request_id).first()
    if request is None or not is_own(request, by):
        raise errors.NotFound
    return request


def people_behind(keys: Collection[str]) -> dict[str, UUID]:
    """This will return, by actor key, the person who answers: the user, or the owner of the program."""
    parts = {key: key.partition(":") for key in keys}
    programs = {UUID(name) for kind, _, name in parts.values() if kind == "client"}
    owners = dict(ApiClient.objects.filter(id__in=programs).values_list("id", "owner_id")) if programs else {}
    found = {key: UUID(name) for key, (kind, _, name) in parts.items() if kind == "user"}
    for key, (kind, _, name) in parts.items():
        if kind == "client" and UUID(name) in owners:
            found[key] = owners[UUID(name)]
    return found


def move_requests(
    requests: Sequence[AssistanceRequest],
    new_state: RequestState,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
    **columns: object,
) -> None:
    """This will move locked requests to one state and write a transition for each.

    Errors: WrongState where one of them stands in a state without that edge.
    """
    olds = {RequestState(row.state) for row in requests}
    rows = AssistanceRequest.objects.filter(id__in=[row.id for row in requests])
    moves.move_all(
        rows,
        old_states=olds,
        new_state=new_state,
        expected=len(requests),
        state_since=now,
        **columns,
    )
    keep_transitions(requests, new_state, by=by, now=now, reason=reason)
    for row in requests:
        for name, value in columns.items():
            setattr(row, name, value)


def keep_transitions(
    requests: Sequence[AssistanceRequest],
    new_state: RequestState,
    *,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """This will write one transition for each request that has moved, and mark the rows in hand."""
    RequestTransition.objects.bulk_create(
        [
            RequestTransition(
                id=ids.new_id(now),
                fund_id=row.fund_id,
                created_at=now,
                request=row,
                old_state=row.state,
                new_state=new_state,
                actor=by.key,
                reason=reason,
            )
            for row in requests
        ],
        batch_size=2000,
    )
    for row in requests:
        row.state, row.state_since = new_state, now


def void_proposals(requests: Sequence[AssistanceRequest]) -> int:
    """This will void the open proposals on requests that change, and return how many there were."""
    rows = Decision.objects.filter(request__in=requests, state=DecisionState.PROPOSED)
    return rows.update(state=DecisionState.VOID)


def plain_note(note: str, *, field: str = "note", required: bool = False) -> str:
    """This will clean a text that staff or a worker wrote.

    Errors: InvalidInput naming the field, for characters that cannot be stored, too many, or none.
    """
    try:
        cleaned = text.clean_block(note, most=NOTE_MOST)
    except text.NotText as error:
        problem = errors.Problem(field, "invalid_text", str(error))
        raise errors.InvalidInput(problems=[problem]) from error
    if required and not cleaned:
        raise errors.InvalidInput(problems=[errors.Problem(field, "missing", "Write a sentence or two.")])
    return cleaned
