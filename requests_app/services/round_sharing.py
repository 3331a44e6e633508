"""From the frozen set to what each request gets: the allocation engine, asked once, and read in figures.

NumPy comes in with this module, so use cases import it where they need it and not at the web's start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundmgr.allocation import Allocation, AllocationError, Policy, Problem, allocate, rule_properties
from fundmgr.allocation.comparison import gini_bp
from fundmgr.allocation.errors import UnknownPolicyVersion
from fundmgr.allocation.fairness import lorenz_bp
from fundmgr.allocation.shares import PARTS, share_within
from fundmgr.domain import errors
from fundmgr.domain.errors import Problem as InputProblem
from fundmgr.domain.ratios import basis_points

_PARTS = 10**8
# Arrays come from a frozen set, lists from everywhere else.
Cents = Sequence[int] | NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """How awards are spread over people. Units: cents; `_bp` in basis points.

    Shapes: lowest, median and highest are among those who get something; mean share of need and Gini are
    over everybody; `lorenz_bp` is the share of the money that the least paid 0, 5, ... 100 % hold together.
    """

    people_count: int
    paid_count: int
    unpaid_count: int
    paid_cents: int
    lowest_cents: int
    median_cents: int
    highest_cents: int
    need_met_bp: int
    gini_bp: int
    lorenz_bp: tuple[int, ...]


@dataclass(frozen=True)
class Pots:
    """The money of each restriction that a round shares, the general one first. Units: cents.

    Shapes: `usable_cents` has a row a claim and in it what each pot may pay of the claim at most; `version`
    is how pots that may pay parts are shared, as share_within() knows it.
    """

    cents: Sequence[int]
    usable_cents: Sequence[Sequence[int]] | NDArray[np.int64]
    version: int = PARTS


@dataclass(frozen=True)
class PreviewRow:
    """What one rule would do with the same people and money. Units: cents; `_bp` in basis points.

    Shapes: `level_cents` is the equal amount of `equal_awards`, cut to whole cents; None elsewhere.
    `pots_used_cents` has what each pot pays; a rule without a form over pots uses the first alone, and the
    leftover is of what it shares. What is left of the general money and of all tied money is told apart.
    """

    rule: Mapping[str, Any]
    estate_cents: int
    verified_cents: int
    capped_cents: int
    leftover_cents: int
    general_left_cents: int
    tied_left_cents: int
    capped_met_bp: int
    level_cents: int | None
    pots_used_cents: tuple[int, ...]
    spread: Spread

    def as_json(self) -> dict[str, Any]:
        """This will return plain values, as a round stores them."""
        return asdict(self)


@dataclass(frozen=True)
class Sharing:
    """One computed sharing: the awards in the order of the claims, and the digests that bind them.

    Shapes: `shares_cents` has what each pot pays of each award; empty where one pot pays all.
    """

    awards_cents: tuple[int, ...]
    shares_cents: Sequence[Sequence[int]]
    problem_digest: str
    result_digest: str
    row: PreviewRow
    allocation: Allocation


def read_rule(document: Mapping[str, Any]) -> Policy:
    """This will read a rule document.

    Errors: InvalidInput for one that the engine does not know, with the engine's code.
    """
    try:
        return Policy.from_json(document)
    except AllocationError as refusal:
        raise refused(refusal) from refusal


def share(
    *,
    capped_cents: Cents,
    verified_cents: Cents,
    estate_cents: int,
    rule: Mapping[str, Any],
    pots: Pots | None = None,
    drawn: Sequence[int] | None = None,
    tiers: Cents = (),
) -> Sharing:
    """This will share the estate among the claims, which stand in the order of asking.

    Shapes: one award a claim, same order. With `pots`, whose first is the estate, a rule that can share tied
    money shares all, any other the first alone. `drawn` are positions in a draw's order, `tiers` one a claim.
    Units: cents; awards and leftover sum to what is shared.
    Errors: InvalidInput for a rule that cannot be applied.
    """
    policy = read_rule(rule)
    given = _given(policy, len(capped_cents), drawn, tiers)
    over_pots = pots is not None and rule_properties(policy).takes_pots
    try:
        result, shares = _shared(capped_cents, given, estate_cents, policy, pots if over_pots else None)
    except AllocationError as refusal:
        raise refused(refusal) from refusal
    used = result.pots_used_cents or _only_first(result.total_cents, pots)
    row = PreviewRow(
        rule=policy.to_json(),
        estate_cents=result.problem.require_whole_cents(),
        verified_cents=_total(verified_cents),
        capped_cents=_total(capped_cents),
        leftover_cents=result.leftover_cents + result.held_cents,
        general_left_cents=estate_cents - used[0],
        tied_left_cents=sum(pots.cents[1:]) - sum(used[1:]) if pots else 0,
        capped_met_bp=basis_points(result.total_cents, _total(capped_cents)) or 0,
        level_cents=_level_cents(result),
        pots_used_cents=used,
        spread=spread(result.awards_cents, verified_cents),
    )
    awards, digests = tuple(result.awards_cents.tolist()), (result.problem.digest(), result.digest())
    return Sharing(awards, shares, *digests, row, result)


def _given(policy: Policy, count: int, drawn: Sequence[int] | None, tiers: Cents) -> dict[str, Any]:
    """The order and the tiers of a problem, as far as the rule goes by them."""
    if policy.rule == "draw" and drawn is None:
        raise _invalid("A draw is drawn from a frozen list. Draft it, and let two people commit to secrets.")
    if policy.tiers and count and not (len(tiers) and np.all(tiers)):
        raise _invalid("This list was frozen before requests had tiers.")
    order = np.arange(count) if drawn is None else list(drawn)
    return {"order": order, "tiers": tiers if policy.tiers else None}


def beside(columns: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """This will set columns beside one another: a row a claim."""
    return np.stack(columns, axis=1)


def _total(cents: Cents) -> int:
    """NumPy adds its own arrays many times as quick as Python does; both are exact here."""
    return int(cents.sum()) if isinstance(cents, np.ndarray) else sum(cents)


def _shared(
    capped_cents: Cents,
    given: Mapping[str, Any],
    estate_cents: int,
    policy: Policy,
    pots: Pots | None,
) -> tuple[Allocation, Sequence[Sequence[int]]]:
    if pots is None:
        return allocate(Problem(estate_cents, capped_cents, **given), policy), ()
    usable = np.array(pots.usable_cents, dtype=np.int64).reshape(len(capped_cents), len(pots.cents))
    problem = Problem(
        sum(pots.cents),
        capped_cents,
        **given,
        pots_cents=list(pots.cents),
        eligibility=usable > 0,
    )
    found = share_within(problem, policy, usable, version=pots.version)
    return found.allocation, found.cents.tolist()


def _only_first(paid_cents: int, pots: Pots | None) -> tuple[int, ...]:
    return (paid_cents, *(0 for _ in (pots.cents[1:] if pots else ())))


def spread(awards_cents: Cents, needs_cents: Cents) -> Spread:
    """This will measure how awards are spread over people, each with the need beside it.

    Shapes: one need an award.
    Units: cents; a person without need counts as neither met nor unmet.
    """
    awards = np.sort(np.array(awards_cents, dtype=np.int64))
    paid = awards[awards > 0]
    return Spread(
        people_count=len(awards),
        paid_count=len(paid),
        unpaid_count=len(awards) - len(paid),
        paid_cents=int(awards.sum()),
        lowest_cents=int(paid[0]) if len(paid) else 0,
        median_cents=_median(paid),
        highest_cents=int(paid[-1]) if len(paid) else 0,
        need_met_bp=_mean_share_bp(awards_cents, needs_cents),
        gini_bp=gini_bp(awards),
        lorenz_bp=lorenz_bp(awards),
    )


def _median(ordered: NDArray[np.int64]) -> int:
    """The lower of the middle two."""
    return int(ordered[(len(ordered) - 1) // 2]) if len(ordered) else 0


def _mean_share_bp(awards_cents: Cents, needs_cents: Cents) -> int:
    """Shares are counted in hundred-millionths, so that the mean needs no floating point."""
    needs = np.array(needs_cents, dtype=np.int64)
    awards = np.array(awards_cents, dtype=np.int64)[needs > 0]
    needs = needs[needs > 0]
    if not len(needs):
        return 0
    return basis_points(int((awards * _PARTS // needs).sum()), len(needs) * _PARTS) or 0


def _level_cents(result: Allocation) -> int | None:
    """Over restricted pots there may be several levels: the lowest is what everybody is sure of."""
    levels = [level for level in result.levels if level is not None]
    return int(min(levels)) if levels and result.policy.rule == "equal_awards" else None


def refused(refusal: AllocationError, *, field: str = "rule") -> errors.InvalidInput:
    """This will tell a refusal of the engine as a fault of one field, with the engine's own code."""
    at = f"{field}.version" if isinstance(refusal, UnknownPolicyVersion) else field
    return errors.InvalidInput(problems=[InputProblem(at, refusal.code, str(refusal))])


def _invalid(sentence: str) -> errors.InvalidInput:
    return errors.InvalidInput(problems=[InputProblem("rule", "unusable_rule", sentence)])
