"""Exact ratios and ranks of whole numbers, without floating point."""

from collections.abc import Sequence
from fractions import Fraction


def basis_points(part: int, whole: int) -> int | None:
    """This will return part / whole in hundredths of a percent, exact and then rounded half to even.

    Shapes: None where the whole is zero, because then there is no share to speak of.
    """
    return None if whole == 0 else round(Fraction(10_000 * part, whole))


def rounded_ratio(part: int, whole: int) -> int | None:
    """This will return part / whole as a whole number, rounded half to even; None where the whole is zero."""
    return None if whole == 0 else round(Fraction(part, whole))


def tenths(share_bp: int) -> str:
    """This will write basis points as a number with one decimal always, half up: 215 is "2.2".

    Units: cents for each dollar, or percent.
    """
    found = (share_bp + 5) // 10
    return f"{found // 10}.{found % 10}"


def percentile(values: Sequence[int], percent: int) -> int | None:
    """This will return the smallest value that at least `percent` of the values do not exceed.

    Shapes: always one of the values; None where there are none.
    Units: those of the values; `percent` from 1 to 100.
    Source: nearest-rank percentile.
    """
    if not values:
        return None
    rank = -(-percent * len(values) // 100)
    return sorted(values)[max(rank, 1) - 1]
