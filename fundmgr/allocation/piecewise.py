"""The level at which a rising sum of straight pieces reaches a target, exactly."""

from collections.abc import Callable, Iterable
from fractions import Fraction


def level_reaching(
    target: Fraction, breaks: Iterable[Fraction], summed: Callable[[Fraction], Fraction]
) -> Fraction:
    """This will return a level at which `summed` equals the target.

    Between two neighbouring breaks `summed` is a straight line, so the level follows from its two ends.
    Units: `summed` never falls, and reaches the target between the first break and the last.
    """
    points = sorted({Fraction(0), *breaks})
    low, high = 0, len(points) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if summed(points[middle]) <= target else (low, middle)
    start, end = summed(points[low]), summed(points[high])
    if start == end:
        return points[low]
    return points[low] + (target - start) * (points[high] - points[low]) / (end - start)
