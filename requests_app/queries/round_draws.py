"""How far a draw is: who committed, who told, what is missing, and the order once it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fundmgr.domain import beacons, errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import RoundState
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import AllocationRound, RoundList, RoundSecret
from requests_app.models.round_list import SECRETS_NEEDED
from requests_app.queries import rounds
from requests_app.queries.round_lists import entries, is_draw, published_list


@dataclass(frozen=True)
class DrawStanding:
    """How far a draw is, seen by one actor.

    Shapes: `secrets` in the order of their commitments; a secret is shown when all are told. `may_commit` and
    `may_reveal` say what this actor can do now, `missing` what the draw waits for, in a sentence.
    """

    published: RoundList
    secrets: tuple[RoundSecret, ...]
    missing: str
    may_commit: bool
    may_reveal: bool
    may_propose: bool
    needed_count: int = SECRETS_NEEDED


def drawn_order(row: AllocationRound) -> list[int]:
    """This will return the positions of a drawn round's list, first drawn first, without who withdrew.

    Errors: WrongState while a secret is missing.
    """
    from fundmgr.allocation import draw  # noqa: PLC0415  # NumPy: not at the web's start

    published = published_list(row)
    if not published.seed:
        raise errors.WrongState(missing(row, published, secrets_of(row)))
    lines = entries(row, salt=published.salt)
    gone = set(row.members.filter(is_withdrawn=True).values_list("position", flat=True))
    tickets = [0 if place in gone else line.tickets for place, line in enumerate(lines)]
    return draw.order(published.seed, [line.token for line in lines], tickets)


def secrets_of(row: AllocationRound) -> tuple[RoundSecret, ...]:
    """This will return the commitments of a draw, with the secrets that were told, first committed first."""
    return tuple(RoundSecret.objects.filter(round=row).select_related("person").order_by("place"))


def missing(row: AllocationRound, published: RoundList, secrets: Sequence[RoundSecret]) -> str:
    """This will say what a draw waits for; empty where it is drawn."""
    if published.seed:
        return ""
    if len(secrets) < SECRETS_NEEDED:
        names = " Another person than the first." if secrets else ""
        lacking = SECRETS_NEEDED - len(secrets)
        return f"The draw waits for {_people(lacking)} to commit to a secret.{names}"
    untold = [str(one.person) for one in secrets if one.revealed_at is None]
    return f"The draw waits for the secret of {' and of '.join(untold)}."


def draw_standing(actor: Actor, *, round_id: UUID) -> DrawStanding:
    """This will return how far a draw is and what the actor can do for it.

    Errors: NotFound, also for a round that is no draw.
    """
    row = rounds.visible_round(actor, round_id=round_id)
    if not is_draw(row):
        raise errors.NotFound
    published, secrets = published_list(row), secrets_of(row)
    own = next((one for one in secrets if one.person_id == actor.person_id), None)
    is_open = row.state == RoundState.DRAFT
    may_take_part = is_open and access.may(actor, Action.ROUND_SEED, fund_id=row.fund_id)
    is_full = len(secrets) == SECRETS_NEEDED
    return DrawStanding(
        published=published,
        secrets=secrets,
        missing=missing(row, published, secrets) if is_open else "",
        may_commit=may_take_part and not is_full and own is None,
        may_reveal=may_take_part and is_full and own is not None and own.revealed_at is None,
        may_propose=is_open
        and bool(published.seed)
        and access.may(actor, Action.ROUND_PROPOSE, fund_id=row.fund_id),
    )


def beacon_moment(published: RoundList) -> datetime | None:
    """This will return when the beacon's value comes out, or None where none was named."""
    return None if published.beacon_round is None else beacons.moment_of(published.beacon_round)


def _people(count: int) -> str:
    return "one more person" if count == 1 else "two people"
