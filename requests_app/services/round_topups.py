"""Whether a next round and the one before it together give what one big round would have given.

The engine knows it of the rule (`topup`), the frozen rows of the people. Where it is not so, the reason is
said in words, and the next round is simply a new one.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from fundmgr.queries import funds
from requests_app.models import AllocationRound
from requests_app.queries import part_paid
from requests_app.queries.part_paid import DECIDED
from requests_app.queries.pots import estate
from requests_app.queries.round_columns import members_of
from requests_app.services import round_frozen


def note(row: AllocationRound) -> str:
    """This will say how a proposed round stands to the one it tops up, else to the last decided one.

    Shapes: empty where none was decided. Who was paid in part by another round is told, and why not here.
    Units: to the cent; a cent of rounding may fall to another person.
    """
    before = AllocationRound.objects.filter(fund_id=row.fund_id, number__lt=row.number)
    decided = row.tops_up or before.filter(state__in=DECIDED).order_by("-number").first()
    if decided is None:
        return ""
    reason = _reason(decided, row)
    opening = f"Round {decided.number} and this one together give"
    said = (
        f"{opening} something else than one big round would have: {reason}"
        if reason
        else f"{opening} what one big round would have given."
    )
    return " ".join([said, *_elsewhere(row, decided)])


def _elsewhere(row: AllocationRound, decided: AllocationRound) -> list[str]:
    """Whoever began from another round's award would not be brought level by adding alike."""
    count = part_paid.left_out_count(row, decided)
    if not count:
        return []
    are = "is" if count == 1 else "are"
    return [
        f"{_people(count)} with a part from another round {are} not in this one: they began from other "
        "awards, so only their own round's top-up and it are one big round."
    ]


def refusal(row: AllocationRound, *, now: datetime) -> str:
    """This will say why a decided round cannot be topped up now; empty where it can.

    Where two rounds by its rule would not give what one big round gives, the engine's reason is told.
    """
    return next(_refusals(row, now=now), "")


def _refusals(row: AllocationRound, *, now: datetime) -> Iterator[str]:
    from fundmgr.allocation import AllocationError, topup  # noqa: PLC0415  # NumPy: not at the web's start

    if row.state not in DECIDED:
        yield "Only a round that was approved can be topped up."
    if row.policy_id != funds.policy_in_force(row.fund_id).id:
        yield "The policy changed since, so this needs a new round."
    later = part_paid.later_round(row)
    if later is not None:
        yield f"People of it were in round {later.number} since. Top that one up, or make a new round."
    waiting = part_paid.unanswered_count(row)
    if waiting:
        yield f"{_people(waiting)} did not answer yet whether to take the award of before."
    pots = estate(row.fund_id, now=now).pots
    if len(pots) > 1:
        yield "A second round over restricted pots must name the pot; make a new round."
    try:
        topup(round_frozen.share(row).allocation, max(0, pots[0].cents))
    except AllocationError as reason:
        yield str(reason)


def _reason(decided: AllocationRound, row: AllocationRound) -> str:
    """Why both are not one big round; empty where they are."""
    from fundmgr.allocation import AllocationError, topup  # noqa: PLC0415  # NumPy: not at the web's start

    if decided.policy_id != row.policy_id or decided.rule != row.rule:
        return "the rule or the policy is another."
    first, second = _members(decided), _members(row)
    newcomers = len(second.keys() - first.keys())
    if newcomers:
        return f"{newcomers:,} of {_people(len(second))} here were not in round {decided.number}."
    # Whoever got a part then asks for what is missing now.
    changed = sum(first[key][0] - first[key][1] != claim for key, (claim, _) in second.items())
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
