"""Which rounds can be computed again, and how one is found by its number or id."""

from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.lifecycle import RoundState
from requests_app.models import AllocationRound

REPLAYABLE = (RoundState.PROPOSED, RoundState.COMMITTED, RoundState.CLOSED)


def find_round(word: str, *, slug: str | None = None) -> AllocationRound:
    """This will find a round by its number, its public id or its key, for the one who runs the program.

    Errors: NotFound; WrongState for a number that several funds have, or a round that was never computed.
    """
    rows = AllocationRound.objects.select_related("policy", "fund")
    rows = rows.filter(fund__slug=slug) if slug else rows
    found = list(rows.filter(number=int(word)) if _is_number(word) else rows.filter(id__in=_keys(word)))
    if not found:
        raise errors.NotFound("There is no such round.")
    if len(found) > 1:
        raise errors.WrongState("Several funds have a round of this number: name the fund with --fund.")
    if found[0].state not in REPLAYABLE:
        raise errors.WrongState("This round was never computed, or it is void.")
    return found[0]


def computed_rounds(fund_id: UUID) -> list[AllocationRound]:
    """This will return the fund's rounds that stand with a result, oldest first."""
    rows = AllocationRound.objects.filter(fund_id=fund_id, state__in=REPLAYABLE)
    return list(rows.select_related("policy", "fund").order_by("number"))


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) <= 9  # noqa: PLR2004  # what the column holds


def _keys(word: str) -> list[UUID]:
    try:
        return [ids.parse_public("rnd", word) or UUID(word)]
    except ValueError:
        return []
