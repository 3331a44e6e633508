"""What is to be shared and who asks: frozen, checked once, with a digest that anybody can recompute."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from fundmgr.allocation.arrays import (
    AnyArray,
    BoolArray,
    IntArray,
    Values,
    exact_array,
    exact_number,
    sealed,
    total_within_limit,
    whole_array,
)
from fundmgr.allocation.errors import (
    AllWeightsZero,
    BadOrder,
    BadTieKey,
    BadTier,
    BadWeight,
    NegativeCap,
    NegativeClaim,
    NegativeEstate,
    NegativePot,
    NotWholeCents,
    PotsMismatch,
    ShapeMismatch,
    UnknownPot,
)

Eligibility = Sequence[Iterable[int]] | BoolArray


@dataclass(frozen=True, init=False, eq=False)
class Problem:
    """Money to share, the claims on it, and the structures that bind the sharing.

    Shapes: one entry a claim in every list; arrays are read-only after construction. `usable_cents` has a row
    a claim and in it what each pot may pay of what counts; it is None where each pot pays all or nothing.
    Units: integer cents. Claims and estate may be Fractions, for the exact reference only.
    """

    estate_cents: int | Fraction
    claims_cents: AnyArray
    weights: AnyArray | None
    tiers: IntArray | None
    caps_cents: AnyArray | None
    order: IntArray | None
    pots_cents: tuple[int, ...] | None
    eligibility: BoolArray | None
    draw_order: tuple[int, ...] | None
    tie_key: IntArray | None
    usable_cents: IntArray | None

    def __init__(
        self,
        estate_cents: int | Fraction,
        claims_cents: Values,
        *,
        weights: Values | None = None,
        tiers: Values | None = None,
        caps_cents: Values | int | None = None,
        order: Values | None = None,
        pots_cents: Values | None = None,
        eligibility: Eligibility | None = None,
        draw_order: Sequence[int] | None = None,
        tie_key: Sequence[Any] | AnyArray | None = None,
        usable_cents: IntArray | None = None,
    ) -> None:
        """This will check everything and freeze it. With `usable_cents`, eligibility follows from them.

        Errors: a subclass of AllocationError that names what is wrong.
        """
        claims, pots = _claims(claims_cents), _pots(pots_cents)
        count = len(claims)
        may_pay = eligibility if usable_cents is None else usable_cents > 0
        fields: dict[str, Any] = {
            "estate_cents": _estate(estate_cents),
            "claims_cents": claims,
            "weights": None if weights is None else _weights(weights, count),
            "tiers": None if tiers is None else _same_length(_tiers(tiers), count, "tiers"),
            "caps_cents": None if caps_cents is None else _caps(caps_cents, count),
            "order": None if order is None else _order(order, count),
            "pots_cents": pots,
            "eligibility": _eligibility(may_pay, count, pots),
            "draw_order": _draw_order(draw_order, pots),
            "tie_key": None if tie_key is None else _same_length(_tie_ranks(tie_key), count, "tie_key"),
            "usable_cents": None,
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)
        self._limit(usable_cents)
        if pots is not None and sum(pots) != self.estate_cents:
            raise PotsMismatch(f"The pots hold {sum(pots)} cents, the estate {self.estate_cents}.")

    def _limit(self, usable_cents: IntArray | None) -> None:
        """Nothing is to be remembered of pots that pay all that counts or nothing, but who may be paid."""
        if usable_cents is None:
            return
        if (usable_cents < 0).any():
            raise NegativeClaim("What a pot may pay of a request is zero or more.")
        limits = np.minimum(usable_cents, self.counted_cents[:, None])
        object.__setattr__(self, "eligibility", sealed(limits > 0))
        if ((limits > 0) & (limits < self.counted_cents[:, None])).any():
            object.__setattr__(self, "usable_cents", sealed(limits))

    def __len__(self) -> int:
        return len(self.claims_cents)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self.digest() == other.digest()

    def __hash__(self) -> int:
        return hash(self.digest())

    @cached_property
    def counted_cents(self) -> AnyArray:
        """This will return what each claim counts for: the claim, up to its cap."""
        if self.caps_cents is None:
            return self.claims_cents
        return sealed(np.minimum(self.claims_cents, self.caps_cents))

    def digest(self) -> str:
        """This will return the SHA-256, in hex, of `canonical()`."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()

    def canonical(self) -> bytes:
        """This will write the problem as JSON with sorted keys and no spaces; fractions as "a/b"."""
        body: dict[str, Any] = {
            "caps_cents": _plain(self.caps_cents),
            "claims_cents": _plain(self.claims_cents),
            "draw_order": self.draw_order,
            "eligibility": None if self.eligibility is None else _indexes(self.eligibility),
            "estate_cents": _plain_number(self.estate_cents),
            "order": _plain(self.order),
            "pots_cents": self.pots_cents,
            "tie_key": _plain(self.tie_key),
            "tiers": _plain(self.tiers),
            "version": 1,
            "weights": _plain(self.weights),
        }
        if self.usable_cents is not None:
            body |= {"usable_cents": self.usable_cents.tolist(), "version": 2}
        return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()

    def require_whole_cents(self) -> int:
        """This will return the estate as an int.

        Errors: NotWholeCents where the estate, a claim or a cap is a fraction.
        """
        if isinstance(self.estate_cents, Fraction) or self.counted_cents.dtype != np.int64:
            raise NotWholeCents(
                "Awards are whole cents, so claims, caps and estate must be; exact() takes fractions."
            )
        return self.estate_cents


def _estate(value: int | Fraction) -> int | Fraction:
    estate = exact_number(value, named="The estate")
    if estate < 0:
        raise NegativeEstate(f"There is no sharing of {estate} cents.")
    return estate


def _claims(values: Values) -> AnyArray:
    claims = exact_array(values, named="Claims")
    if len(claims) and claims.min() < 0:
        raise NegativeClaim(f"The claim at position {int(np.argmin(claims))} is below zero.")
    total_within_limit(claims, named="The claims")
    return claims


def _weights(values: Values, count: int) -> AnyArray:
    weights = _same_length(exact_array(values, named="Weights", error=BadWeight), count, "weights")
    if count and weights.min() < 0:
        raise BadWeight(f"The weight at position {int(np.argmin(weights))} is below zero.")
    if count and not weights.max():
        raise AllWeightsZero("Every weight is zero, so nobody comes before anybody.")
    return weights


def _tiers(values: Values) -> IntArray:
    return whole_array(values, named="Tiers", error=BadTier)


def _caps(values: Values | int, count: int) -> AnyArray:
    listed = [values] * count if isinstance(values, (int, Fraction)) else values
    caps = _same_length(exact_array(listed, named="Caps"), count, "caps_cents")
    if count and caps.min() < 0:
        raise NegativeCap(f"The cap at position {int(np.argmin(caps))} is below zero.")
    return caps


def _order(values: Values, count: int) -> IntArray:
    order = whole_array(values, named="The order", error=BadOrder)
    if len(order) and not (order.min() >= 0 and order.max() < count):
        raise BadOrder(f"The order names a position outside 0..{count - 1}.")
    if len(order) and np.bincount(order).max() > 1:
        raise BadOrder("The order names a position twice.")
    return order


def _pots(values: Values | None) -> tuple[int, ...] | None:
    if values is None:
        return None
    pots = tuple(whole_array(values, named="Pots").tolist())
    if any(pot < 0 for pot in pots):
        raise NegativePot("A pot holds less than nothing.")
    return pots


def _eligibility(values: Eligibility | None, count: int, pots: tuple[int, ...] | None) -> BoolArray | None:
    """Pots and eligibility come together; a matrix of booleans is taken as it is."""
    if (values is None) != (pots is None):
        raise PotsMismatch("Pots and eligibility belong together: give both or neither.")
    if values is None or pots is None:
        return None
    if isinstance(values, np.ndarray) and values.dtype == np.bool_:
        if values.shape != (count, len(pots)):
            raise ShapeMismatch(f"Eligibility has shape {values.shape}, not {(count, len(pots))}.")
        matrix = values.copy()
    else:
        matrix = _matrix([tuple(row) for row in values], count, len(pots))
    return sealed(matrix)


def _matrix(rows: list[tuple[int, ...]], count: int, pots: int) -> BoolArray:
    """Requests share few different sets of pots, so each set is checked once."""
    if len(rows) != count:
        raise ShapeMismatch(f"eligibility has {len(rows)} entries for {count} claims.")
    signatures = {row: number for number, row in enumerate(dict.fromkeys(rows))}
    table = np.zeros((len(signatures), pots), dtype=np.bool_)
    for row, number in signatures.items():
        for pot in row:
            _known_pot(pot, pots)
            table[number, pot] = True
    picked: BoolArray = (
        table[[signatures[row] for row in rows]] if rows else np.zeros((0, pots), dtype=np.bool_)
    )
    return picked


def _draw_order(values: Sequence[int] | None, pots: tuple[int, ...] | None) -> tuple[int, ...] | None:
    if values is None:
        return None
    if pots is None:
        raise PotsMismatch("A draw order needs pots.")
    order = tuple(_known_pot(pot, len(pots)) for pot in values)
    if len(set(order)) != len(order):
        raise BadOrder("The draw order names a pot twice.")
    return order


def _known_pot(pot: int, pots: int) -> int:
    number = exact_number(pot, named="Pots", error=UnknownPot)
    if not isinstance(number, int) or not 0 <= number < pots:
        raise UnknownPot(f"There is no pot {pot}; there are {pots}.")
    return number


def _tie_ranks(values: Sequence[Any] | AnyArray) -> IntArray:
    """Keys may be numbers, text or bytes; only their order counts, then the position."""
    keys = values.tolist() if isinstance(values, np.ndarray) else list(values)
    try:
        order = sorted(range(len(keys)), key=keys.__getitem__)
    except TypeError as mixed:
        raise BadTieKey("The tie keys are of kinds that cannot be compared.") from mixed
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[order] = np.arange(len(keys))
    return sealed(ranks)


def _same_length(array: AnyArray, count: int, named: str) -> AnyArray:
    if len(array) != count:
        raise ShapeMismatch(f"{named} has {len(array)} entries for {count} claims.")
    return array


def _plain(array: AnyArray | None) -> list[int | str] | None:
    if array is None:
        return None
    return [_plain_number(value) for value in array.tolist()] if array.dtype == object else array.tolist()


def _plain_number(value: int | Fraction) -> int | str:
    return value if isinstance(value, int) else f"{value.numerator}/{value.denominator}"


def _indexes(matrix: BoolArray) -> list[list[int]]:
    return [np.flatnonzero(row).tolist() for row in matrix]
