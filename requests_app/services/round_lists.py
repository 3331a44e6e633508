"""The list of a round, published when the set is frozen: tokens, tickets, root; and who keeps out of it."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import RequestState
from requests_app.models import AllocationRound, RoundList, RoundRequest
from requests_app.queries import round_lists as queries
from requests_app.queries.requests import household_ids
from requests_app.queries.rounds import SHAREABLE
from requests_app.services.draw_terms import DrawTerms

_SALT_BYTES = 16


def publish(row: AllocationRound, terms: DrawTerms | None, *, now: datetime) -> str:
    """This will write down the root of a frozen set, with the salt of its tokens, and return the root.

    The set does not change from here on: the database refuses it.
    """
    from fundmgr.allocation import draw  # noqa: PLC0415  # NumPy: not at the web's start

    if terms is not None and terms.urgent_tickets > 1:
        urgent = RoundRequest.objects.filter(round=row, request__urgency__len__gt=0)
        urgent.update(tickets=terms.urgent_tickets)
    salt = secrets.token_hex(_SALT_BYTES)
    root = draw.list_root(queries.entries(row, salt=salt))
    RoundList.objects.create(
        id=ids.new_id(now),
        fund_id=row.fund_id,
        created_at=now,
        round=row,
        salt=salt,
        list_root=root,
        beacon_round=terms.beacon_round if terms else None,
    )
    return root


def still_standing(row: AllocationRound, old_states: Mapping[UUID, RequestState]) -> dict[UUID, RequestState]:
    """This will return the locked requests that a round goes on with.

    From a draw, those that left since the freezing fall out: their tickets count for nobody. Any other round
    keeps all, and its proposal names the ones that changed.
    """
    if not queries.is_draw(row):
        return dict(old_states)
    gone = [request_id for request_id, state in old_states.items() if state not in SHAREABLE]
    RoundRequest.objects.filter(round=row, request_id__in=gone).update(is_withdrawn=True)
    return {request_id: state for request_id, state in old_states.items() if state in SHAREABLE}


def require_not_inside(row: AllocationRound, by: Actor) -> None:
    """This will refuse one whose own household is in the round. Errors: SelfApproval."""
    own = household_ids(by, row.fund_id)
    if own and RoundRequest.objects.filter(round=row, request__household_id__in=own).exists():
        raise errors.SelfApproval("Your own household is in this round. Another person must do this.")
