"""The production rules over one group of claims that its money does not cover."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrays import SUM_LIMIT, AnyArray, IntArray, compact, inverted
from fundmgr.allocation.arrivals import Sampled
from fundmgr.allocation.cents import Ties, add_largest_remainders, product_divided
from fundmgr.allocation.levels import Filled, fill_by_weight, fill_equally, fill_half_equally


@dataclass(frozen=True)
class Group:
    """Claims served together, with 0 <= estate < their sum.

    Shapes: `weights` are positive whole numbers, or None where all weigh the same; each is the declared
    weight times `factor`.
    Units: cents.
    """

    claims: IntArray
    estate: int
    total: int
    weights: AnyArray | None
    factor: Fraction
    ties: Ties


@dataclass(frozen=True)
class Shared:
    """What a rule gives each claim of a group, the level it reached, and the sample it rests on, if any."""

    cents: IntArray
    level: Fraction | None
    sampled: Sampled | None = None


def proportional(group: Group) -> Shared:
    """This will give everybody the same share of the claim.

    With weights: min(claim, level * weight * claim).
    """
    if group.weights is not None:
        by_claim = products(group.claims, group.weights, group.total)
        return _shared(group, fill_by_weight(group.claims, by_claim, group.estate, group.ties))
    cents, remainders = product_divided(group.claims, group.estate, group.total)
    add_largest_remainders(cents, remainders, group.estate - int(cents.sum()), group.ties)
    return Shared(cents, Fraction(group.estate, group.total) * group.factor)


def equal_awards(group: Group) -> Shared:
    """This will give everybody the same amount, nobody above the claim.

    With weights: min(claim, level * weight).
    """
    if group.weights is not None:
        return _shared(group, fill_by_weight(group.claims, group.weights, group.estate, group.ties))
    return _shared(group, fill_equally(group.claims, group.estate, group.ties))


def equal_losses(group: Group) -> Shared:
    """This will cut every claim by the same amount, none below zero.

    With weights: max(0, claim - level / weight).
    """
    losses = group.total - group.estate
    if group.weights is None:
        return _left_over(group, fill_equally(group.claims, losses, group.ties.turned()))
    inverse, multiple = inverted(group.weights)
    filled = fill_by_weight(group.claims, inverse, losses, group.ties.turned())
    return _left_over(group, Filled(filled.cents, filled.level_cents * multiple))


def talmud(group: Group) -> Shared:
    """This will give equal awards of the half-claims, and past them equal losses of the other halves.

    Source: Aumann and Maschler, 1985.
    """
    double = 2 * group.estate
    if double == group.total:
        return Shared(_halved(group), None)
    if double < group.total:
        return _shared(group, _half_filled(group, group.weights, double, group.ties))
    weights, multiple = (None, 1) if group.weights is None else inverted(group.weights)
    filled = _half_filled(group, weights, 2 * group.total - double, group.ties.turned())
    return _left_over(group, Filled(filled.cents, filled.level_cents * multiple))


PRODUCTION: dict[str, Callable[[Group], Shared]] = {
    "proportional": proportional,
    "equal_awards": equal_awards,
    "equal_losses": equal_losses,
    "talmud": talmud,
}


def _shared(group: Group, filled: Filled) -> Shared:
    return Shared(filled.cents, filled.level_cents * group.factor)


def _left_over(group: Group, losses: Filled) -> Shared:
    """Awards are what the losses leave."""
    return Shared(
        np.subtract(group.claims, losses.cents, out=losses.cents), losses.level_cents / group.factor
    )


def products(claims: IntArray, weights: AnyArray, total: int) -> AnyArray:
    """This will return weight times claim, the weights by which proportional levels."""
    if weights.dtype == np.int64 and int(weights.max()) * total < SUM_LIMIT:
        return weights * claims
    return compact(weights.astype(object) * claims)


def _half_filled(group: Group, weights: AnyArray | None, double_estate: int, ties: Ties) -> Filled:
    if weights is None:
        return fill_half_equally(group.claims, double_estate, ties)
    return fill_by_weight(group.claims, weights, double_estate, ties, halves=True)


def _halved(group: Group) -> IntArray:
    cents = group.claims >> 1
    group.ties.add_one(cents, (group.claims & 1).astype(np.bool_), group.estate - int(cents.sum()))
    return cents
