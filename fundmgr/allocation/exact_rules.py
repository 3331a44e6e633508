"""Every rule in exact fractions, written as it is defined: slow, short, and what the fast engine is held to.

Each rule takes the claims of one group, the money, and a weight a claim; the money is less than the claims
together and every weight is above zero.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from fundmgr.allocation.exact_averages import average_of_awards, dominguez_thomson, random_arrival
from fundmgr.allocation.piecewise import level_reaching

Amounts = Sequence[Fraction]
Rule = Callable[[Amounts, Fraction, Amounts], list[Fraction]]


def equal_awards(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give min(claim, level * weight)."""
    pairs = list(zip(claims, weights, strict=True))

    def at(level: Fraction) -> list[Fraction]:
        return [min(claim, level * weight) for claim, weight in pairs]

    return at(_solved(estate, (claim / weight for claim, weight in pairs), at))


def equal_losses(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give max(0, claim - level / weight)."""
    pairs = list(zip(claims, weights, strict=True))

    def lost(level: Fraction) -> list[Fraction]:
        return [min(claim, level / weight) for claim, weight in pairs]

    level = _solved(_total(claims) - estate, (claim * weight for claim, weight in pairs), lost)
    return _minus(claims, lost(level))


def proportional(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give min(claim, level * weight * claim)."""

    def at(level: Fraction) -> list[Fraction]:
        return [
            min(Fraction(1), level * weight) * claim for claim, weight in zip(claims, weights, strict=True)
        ]

    return at(_solved(estate, (1 / weight for weight in weights), at))


def talmud(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give equal awards of the halves up to half of everything, then equal losses of the others."""
    return _by_halves(claims, estate, weights, equal_awards, equal_losses)


def reverse_talmud(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give equal losses of the halves up to half of everything, then equal awards of the others."""
    return _by_halves(claims, estate, weights, equal_losses, equal_awards)


def piniles(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give equal awards of the halves, twice."""
    return _by_halves(claims, estate, weights, equal_awards, equal_awards)


def constrained_egalitarian(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give equal awards of the halves; then max(claim / 2, min(claim, level))."""
    halves = _halves(claims)
    if estate <= _total(halves):
        return equal_awards(halves, estate, weights)
    pairs = list(zip(claims, weights, strict=True))

    def at(level: Fraction) -> list[Fraction]:
        return [max(claim / 2, min(claim, level * weight)) for claim, weight in pairs]

    breaks = [point / weight for claim, weight in pairs for point in (claim / 2, claim)]
    return at(_solved(estate, breaks, at))


def adjusted_proportional(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give what nobody else asks for first, then share the rest in proportion.

    What is left of a claim counts at most for the money that is left.
    """
    total = _total(claims)
    sure = [max(Fraction(0), estate - (total - claim)) for claim in claims]
    left = estate - _total(sure)
    if not left:
        return sure
    counted = [min(left, claim - safe) for claim, safe in zip(claims, sure, strict=True)]
    return _plus(sure, proportional(counted, left, weights))


def average_cea_cel(claims: Amounts, estate: Fraction, weights: Amounts) -> list[Fraction]:
    """This will give the mean of equal awards and equal losses."""
    return _halves(_plus(equal_awards(claims, estate, weights), equal_losses(claims, estate, weights)))


def minimal_overlap(claims: Amounts, estate: Fraction, _: Amounts) -> list[Fraction]:
    """This will share each part of the money among those who ask for it, with the least overlap.

    Where one claim reaches the whole estate, claims lie over each other as intervals from zero; else all do
    up to the level at which the parts above it, laid side by side, fill the rest.
    """
    if max(claims) >= estate:
        return _nested([min(claim, estate) for claim in claims])

    def overlap(level: Fraction) -> Fraction:
        return -sum((max(Fraction(0), claim - level) for claim in claims), level)

    level = level_reaching(-estate, sorted(claims)[:-1], overlap)
    above = [max(Fraction(0), claim - level) for claim in claims]
    return _plus(_nested([min(claim, level) for claim in claims]), above)


def _unweighted(rule: Callable[[Amounts, Fraction], list[Fraction]]) -> Rule:
    return lambda claims, estate, _: rule(claims, estate)


EXACT: dict[str, Rule] = {
    "equal_awards": equal_awards,
    "proportional": proportional,
    "equal_losses": equal_losses,
    "talmud": talmud,
    "piniles": piniles,
    "constrained_egalitarian": constrained_egalitarian,
    "adjusted_proportional": adjusted_proportional,
    "random_arrival": _unweighted(random_arrival),
    "minimal_overlap": minimal_overlap,
    "average_of_awards": _unweighted(average_of_awards),
    "dominguez_thomson": _unweighted(dominguez_thomson),
    "reverse_talmud": reverse_talmud,
    "average_cea_cel": average_cea_cel,
}


def _solved(
    target: Fraction, breaks: Iterable[Fraction], at: Callable[[Fraction], list[Fraction]]
) -> Fraction:
    return level_reaching(target, breaks, lambda level: _total(at(level)))


def _by_halves(
    claims: Amounts, estate: Fraction, weights: Amounts, lower: Rule, upper: Rule
) -> list[Fraction]:
    halves = _halves(claims)
    half = _total(halves)
    if estate <= half:
        return lower(halves, estate, weights)
    return _plus(halves, upper(halves, estate - half, weights))


def _nested(claims: Amounts) -> list[Fraction]:
    """Intervals from zero: each piece is shared by those whose interval covers it."""
    given, reached, share = [Fraction(0)] * len(claims), Fraction(0), Fraction(0)
    order = sorted(range(len(claims)), key=claims.__getitem__)
    for rank, position in enumerate(order):
        share += (claims[position] - reached) / (len(claims) - rank)
        reached = claims[position]
        given[position] = share
    return given


def _total(amounts: Amounts) -> Fraction:
    return sum(amounts, Fraction(0))


def _halves(amounts: Amounts) -> list[Fraction]:
    return [amount / 2 for amount in amounts]


def _plus(left: Amounts, right: Amounts) -> list[Fraction]:
    return [one + other for one, other in zip(left, right, strict=True)]


def _minus(left: Amounts, right: Amounts) -> list[Fraction]:
    return [one - other for one, other in zip(left, right, strict=True)]
