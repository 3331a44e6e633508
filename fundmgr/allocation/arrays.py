"""Reading what callers pass as exact, read-only arrays; nothing inexact gets past this module."""

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from numbers import Integral, Rational
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundmgr.allocation.errors import AllocationError, ClaimsTooLarge, NotWholeCents, ShapeMismatch

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
AnyArray = NDArray[Any]  # int64, or Python integers and fractions where int64 cannot hold the numbers
Values = Sequence[Any] | AnyArray

SUM_LIMIT = 2**62
_INT64_MAX = 2**63 - 1
_SMALL = 2**16


def exact_number(
    value: object, *, named: str, error: type[AllocationError] = NotWholeCents
) -> int | Fraction:
    """This will return an int where the number is whole, else a Fraction; floats and booleans are refused.

    Errors: `error` for anything that is not an exact number.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Integral, Rational)):
        raise error(f"{named} must be whole numbers or fractions; {value!r} is neither.")
    if isinstance(value, Integral):
        return int(value)
    fraction = Fraction(value)
    return fraction.numerator if fraction.denominator == 1 else fraction


def whole_array(values: Values, *, named: str, error: type[AllocationError] = NotWholeCents) -> IntArray:
    """This will return a fresh read-only int64 array.

    Errors: `error` where a value is not whole or does not fit 64 bits.
    """
    array = exact_array(values, named=named, error=error)
    if array.dtype != np.int64:
        raise error(f"{named} must be whole numbers that fit 64 bits.")
    return array


def exact_array(values: Values, *, named: str, error: type[AllocationError] = NotWholeCents) -> AnyArray:
    """This will return a fresh read-only array: int64 where that holds every value, else exact objects.

    Errors: `error` for floats, booleans and text; ShapeMismatch for anything but a flat list.
    """
    array = values if isinstance(values, np.ndarray) else _listed(values)
    if array.ndim != 1:
        raise ShapeMismatch(f"{named} must be a flat list.")
    if array.dtype.kind not in "iu" or array.dtype == np.uint64:
        array = _by_element(array.tolist(), named=named, error=error)
    return sealed(array.astype(np.int64) if array.dtype != object else array)


def sealed(array: AnyArray) -> AnyArray:
    """This will set the array read-only and return it."""
    array.setflags(write=False)
    return array


def total_of(array: AnyArray) -> int:
    """This will add non-negative int64 values without wrapping, whatever their size."""
    if not len(array):
        return 0
    if array.dtype == object or int(array.max()) * len(array) <= _INT64_MAX:
        return int(array.sum())
    return (int((array >> 32).sum()) << 32) + int((array & 0xFFFFFFFF).sum())


def total_within_limit(array: AnyArray, *, named: str) -> int | Fraction:
    """This will add the values exactly.

    Errors: ClaimsTooLarge above 2**62.
    """
    total = sum(array.tolist(), Fraction(0)) if array.dtype == object else total_of(array)
    if total > SUM_LIMIT:
        raise ClaimsTooLarge(f"{named} add up to {total}, more than 2**62.")
    return total


def compact(values: AnyArray) -> AnyArray:
    """This will hold whole numbers as int64 where their sum stays below 2**62, else as objects."""
    if values.dtype == np.int64:
        return values if total_of(values) < SUM_LIMIT else values.astype(object)
    return values.astype(np.int64) if values.sum() < SUM_LIMIT else values


def scaled_to_whole(values: AnyArray) -> tuple[AnyArray, Fraction]:
    """This will turn positive exact numbers into whole ones in the same ratios.

    Shapes: the whole numbers, compact, and the factor by which each was multiplied.
    """
    if values.dtype == np.int64:
        common = int(np.gcd.reduce(values)) or 1
        return compact(values // common if common > 1 else values), Fraction(1, common)
    numbers = [Fraction(value) for value in values.tolist()]
    denominator = lcm(*(number.denominator for number in numbers))
    common = gcd(*(int(number * denominator) for number in numbers)) or 1
    factor = Fraction(denominator, common)
    return compact(_objects([int(number * factor) for number in numbers])), factor


def inverted(values: AnyArray) -> tuple[AnyArray, int]:
    """This will turn positive whole numbers into whole ones in the inverse ratios.

    Shapes: the whole numbers k / value, compact, and k.
    """
    distinct, places, counts = _distinct(values)
    multiple = lcm(*distinct)
    inverse = [multiple // value for value in distinct]
    fits = sum(one * count for one, count in zip(inverse, counts, strict=True)) < SUM_LIMIT
    table = np.array(inverse, dtype=np.int64) if fits else _objects(inverse)
    return table[places], multiple


def _distinct(values: AnyArray) -> tuple[list[int], AnyArray, list[int]]:
    """Distinct values, each entry's place among them, and their counts; small values are looked up."""
    if values.dtype == object or int(values.max()) > _SMALL:
        found, places, counts = np.unique(values, return_inverse=True, return_counts=True)
        return found.tolist(), places, counts.tolist()
    counts = np.bincount(values)
    found = np.flatnonzero(counts)
    table = np.zeros(len(counts), dtype=np.int64)
    table[found] = np.arange(len(found))
    return found.tolist(), table[values], counts[found].tolist()


def _listed(values: Sequence[Any]) -> AnyArray:
    """NumPy's own guess is kept only where it is int64: it would turn big or mixed numbers into floats."""
    values = list(values)
    try:
        array = np.array(values)
    except (ValueError, OverflowError):
        array = np.empty(0)
    if array.dtype == np.int64 and array.ndim == 1 and not any(isinstance(value, bool) for value in values):
        return array
    return _objects(values)


def _objects(values: Sequence[Any]) -> AnyArray:
    array = np.empty(len(values), dtype=object)
    for position, value in enumerate(values):
        array[position] = value
    return array


def _by_element(values: list[Any], *, named: str, error: type[AllocationError]) -> AnyArray:
    exact = [exact_number(value, named=named, error=error) for value in values]
    if all(isinstance(value, int) and -_INT64_MAX <= value <= _INT64_MAX for value in exact):
        return np.array(exact, dtype=np.int64)
    return _objects(exact)
