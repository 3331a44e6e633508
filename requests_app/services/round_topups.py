"""Whether a next round and the one before it together give what one big round would have given.

The engine knows it of the rule (`topup`), the frozen rows of the people. Where it is not so, the reason is
said in words, and the next round is simply a new one.
"""

from collections.abc import Sequence
from uuid import UUID

from fundmgr.domain.lifecycle import RoundState
from requests_app.models import AllocationRound
from requests_app.queries.round_columns import members_of
from requests_app.services import round_frozen


def note(row: AllocationRound) -> str:
    """This will say how a proposed round stands to the last decided one; empty where none was decided.

    Units: to the cent; a cent of rounding may fall to another person.
    """
    before = AllocationRound.objects.filter(fund_id=row.fund_id, number__lt=row.number)
    decided = before.filter(state__in=[RoundState.COMMITTED, RoundState.CLOSED]).order_by("-number").first()
    if decided is None:
        return ""
    reason = _reason(decided, row)
    opening = f"Round {decided.number} and this one together give"
    if reason:
        return f"{opening} something else than one big round would have: {reason}"
    return f"{opening} what one big round would have given."


def _reason(decided: AllocationRound, row: AllocationRound) -> str:
    """Why both are not one big round; empty where they are."""
    from fundmgr.allocation import AllocationError, topup  # noqa: PLC0415  # NumPy: not at the web's start

    if decided.policy_id != row.policy_id or decided.rule != row.rule:
        return "the rule or the policy is another."
    first, second = _members(decided), _members(row)
    newcomers = len(second.keys() - first.keys())
    if newcomers:
        return f"{newcomers:,} of {_people(len(second))} here were not in round {decided.number}."
    changed = sum(first[key][0] != claim for key, (claim, _) in second.items())
    if changed:
        return f"the need of {_people(changed)} changed since."
    try:
        added = topup(round_frozen.share(decided).allocation, row.estate_cents).awards_cents.tolist()
    except AllocationError as refusal:
        return f"{refusal}"
    return _difference(list(first), added, {key: award for key, (_, award) in second.items()})


def _difference(keys: Sequence[UUID], added: Sequence[int], given: dict[UUID, int]) -> str:
    """Who got a part before is not in the next round, so whoever would get more of it goes without."""
    short = sum(cents > 1 for key, cents in zip(keys, added, strict=True) if key not in given)
    if short:
        return f"{_people(short)} who got a part then would get more of it, and they are not in this one."
    differing = sum(abs(given.get(key, 0) - cents) > 1 for key, cents in zip(keys, added, strict=True))
    return f"{_people(differing)} would get another amount." if differing else ""


def _members(row: AllocationRound) -> dict[UUID, tuple[int, int]]:
    """What each request of a round counted for and got, in the frozen order."""
    rows = members_of(row).filter(is_withdrawn=False).order_by("position")
    found = rows.values_list("request_id", "capped_cents", "award_cents")
    return {key: (claim, award) for key, claim, award in found}


def _people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"
