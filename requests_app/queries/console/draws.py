"""The page of a draw."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from requests_app.models import AllocationRound
from requests_app.queries import round_draws, rounds
from requests_app.queries.round_draws import DrawStanding


@dataclass(frozen=True)
class DrawPage:
    """One draw with how far it is, and the tickets of all in its list."""

    row: AllocationRound
    draw: DrawStanding
    tickets_count: int


def draw_page(actor: Actor, *, fund_id: UUID, round_id: UUID) -> DrawPage:
    """This will return how far a draw is. Errors: NotFound, also for a round that is no draw."""
    row = rounds.visible_round(actor, round_id=round_id)
    if row.fund_id != fund_id:
        raise errors.NotFound
    tickets = row.members.aggregate(count=Sum("tickets"))["count"]
    return DrawPage(row, round_draws.draw_standing(actor, round_id=round_id), tickets or 0)
