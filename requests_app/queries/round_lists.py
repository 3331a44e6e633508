"""A round's list as it is published: a token for each request, its tickets, its claim."""

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from fundmgr.domain import errors
from requests_app.models import AllocationRound, RoundList

if TYPE_CHECKING:
    from fundmgr.allocation.draw import Entry

_TOKEN_LETTERS = 32


def token(salt: str, request_id: UUID) -> str:
    """This will return the name of a request in one round's list: nobody can find the request by it."""
    return hashlib.sha256(f"{salt}:{request_id.hex}".encode()).hexdigest()[:_TOKEN_LETTERS]


def is_draw(row: AllocationRound) -> bool:
    """This will say whether a round's rule is the draw."""
    return bool(row.rule.get("rule") == "draw")


def published_list(row: AllocationRound) -> RoundList:
    """This will return what is published of a round's frozen set.

    Errors: WrongState for a round that was frozen before lists were published.
    """
    found = RoundList.objects.filter(round=row).first()
    if found is None:
        raise errors.WrongState("This round was frozen before lists were published.")
    return found


def entries(row: AllocationRound, *, salt: str) -> "list[Entry]":
    """This will return the lines of the list in the order of asking. Units: cents, capped."""
    from fundmgr.allocation.draw import Entry  # noqa: PLC0415  # NumPy: not at the web's start

    members = row.members.order_by("position").values_list("request_id", "tickets", "capped_cents")
    return [Entry(token(salt, request_id), count, cents) for request_id, count, cents in members]
