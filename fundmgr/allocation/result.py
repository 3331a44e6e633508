"""What an allocation gives: the awards, what stays over, and the steps that led there."""

import hashlib
import json
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from fundmgr.allocation.arrays import IntArray
from fundmgr.allocation.arrivals import Sampled
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem


@dataclass(frozen=True)
class Step:
    """One group served: who they are, what they asked for, what there was, what they got.

    Shapes: `tier` is None where the problem has none; `outcome` is `full`, `shared`, `held` or `nothing`;
    `members` are positions, given for restricted pots, where a step is whoever stops at one level.
    Units: cents; the level is what the rule levels: cents a unit of weight, or the share of the claim.
    """

    tier: int | None
    people: int
    claims_cents: int
    estate_cents: int
    paid_cents: int
    level: Fraction | None
    outcome: str
    weightless: bool = False
    reserved: int | None = None
    sampled: Sampled | None = None
    members: IntArray | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, eq=False)
class Allocation:
    """The awards of one problem under one policy.

    Shapes: one award a claim, read-only; one level and one step a group served.
    Units: cents; awards + leftover + held = estate.
    """

    problem: Problem = field(repr=False)
    policy: Policy
    awards_cents: IntArray
    leftover_cents: int
    held_cents: int
    pots_used_cents: tuple[int, ...] | None
    trace: tuple[Step, ...]

    @property
    def levels(self) -> tuple[Fraction | None, ...]:
        """This will return the level of each group served, in the order of serving."""
        return tuple(step.level for step in self.trace)

    @property
    def sampled(self) -> Sampled | None:
        """This will return what the result rests on where it is sampled: of several groups, the worst."""
        found = [step.sampled for step in self.trace if step.sampled is not None]
        return max(found, key=lambda one: one.error_cents, default=None)

    @property
    def total_cents(self) -> int:
        """This will return the sum of the awards."""
        return int(self.awards_cents.sum())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Allocation) and self.digest() == other.digest()

    def __hash__(self) -> int:
        return hash(self.digest())

    def digest(self) -> str:
        """This will return the SHA-256, in hex, of `canonical()`."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()

    def canonical(self) -> bytes:
        """This will write the result as JSON with sorted keys and no spaces, bound to problem and policy."""
        body: dict[str, Any] = {
            "awards_cents": self.awards_cents.tolist(),
            "held_cents": self.held_cents,
            "leftover_cents": self.leftover_cents,
            "policy": self.policy.digest(),
            "pots_used_cents": self.pots_used_cents,
            "problem": self.problem.digest(),
            "version": 1,
        }
        return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
