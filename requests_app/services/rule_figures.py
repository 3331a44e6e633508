"""What a board asks of a rule beyond its totals: who is covered, who could bend it, what more money does.

NumPy comes in with this module, so use cases import it where they need it and not at the web's start.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fundmgr.allocation import Policy, Problem, break_even, coverage, gaming, rule_properties, sensitivity
from fundmgr.allocation.fairness import poorest_tenth_bp
from fundmgr.allocation.variants import median_claimant, varied
from requests_app.services.round_bands import BANDS_CENTS, MINIMUMS_CENTS
from requests_app.services.round_frozen import Column

_FLOORLESS = ("queue", "draw")


@dataclass(frozen=True)
class BandFigures:
    """People whose needs are of one size: BANDS_CENTS[band - 1] to BANDS_CENTS[band]. Units: cents."""

    band: int
    people_count: int
    paid_count: int
    verified_cents: int
    awarded_cents: int
    met_bp: int


@dataclass(frozen=True)
class TierFigures:
    """People of one tier: 1 where something is about to be lost, 2 for any other. Units: cents."""

    tier: int
    people_count: int
    paid_count: int
    verified_cents: int
    awarded_cents: int
    met_bp: int


@dataclass(frozen=True)
class MinimumFigures:
    """One smallest grant: who is paid with it, and who loses everything against none. Units: cents."""

    floor_cents: int
    paid_count: int
    losing_count: int


@dataclass(frozen=True)
class MoneyFigures:
    """The outcome with more or less money. Units: cents."""

    percent: int
    paid_count: int
    median_cents: int
    paid_cents: int


@dataclass(frozen=True)
class RuleFigures:
    """One rule in depth. Units: cents; `_bp` in basis points.

    Shapes: `minimums` is empty for a rule that has none, where donors' pots are shared by the rule, and where
    nobody asks; gains are those of the person with the median need, who asks for double or splits in two, and
    who stands first where an order decides: bending is of use there to whoever is paid, not to the place in
    the middle.
    """

    poorest_tenth_bp: int
    bands: tuple[BandFigures, ...]
    tiers: tuple[TierFigures, ...]
    minimums: tuple[MinimumFigures, ...]
    money: tuple[MoneyFigures, ...]
    inflating_gains_cents: int
    splitting_gains_cents: int
    promises: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """This will return plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Claims:
    """Everybody who waits, in the order of asking. Units: cents.

    Shapes: `usable_cents` has a row a claim with what each pot may pay; None where there is one pot. `drawn`
    are positions in the order of a draw; None for the order of asking. With `cap_cents` whoever bends a
    request bends the need, and each need still counts up to the cap; without, what counts is bent.
    `tiers` has one a claim.
    """

    capped_cents: NDArray[np.int64]
    verified_cents: NDArray[np.int64]
    pots_cents: tuple[int, ...]
    usable_cents: NDArray[np.int64] | None
    tiers: NDArray[np.int64]
    drawn: Sequence[int] | None = None
    cap_cents: int | None = None

    def problem(self, policy: Policy) -> Problem:
        """This will return what the engine shares, as a round does: a rule without pots shares the first."""
        count = len(self.capped_cents)
        claims = self.capped_cents if self.cap_cents is None else self.verified_cents
        given: dict[str, Any] = {
            "order": np.arange(count) if self.drawn is None else np.array(self.drawn, dtype=np.int64),
            "caps_cents": None if self.cap_cents is None else np.full(count, self.cap_cents, dtype=np.int64),
            "tiers": self.tiers if policy.tiers else None,
        }
        if self.usable_cents is None or not rule_properties(policy).takes_pots:
            return Problem(self.pots_cents[0], claims, **given)
        return Problem(
            sum(self.pots_cents),
            claims,
            **given,
            pots_cents=self.pots_cents,
            usable_cents=self.usable_cents,
        )


def read_claims(
    rows: Sequence[Column],
    pots_cents: Sequence[int],
    *,
    drawn: Sequence[int] | None = None,
    cap_cents: int | None = None,
) -> Claims:
    """This will put claims into arrays, drawn or not."""
    usable = None
    if len(pots_cents) > 1:
        usable = np.array([row.usable_cents for row in rows], dtype=np.int64)
        usable = usable.reshape(len(rows), len(pots_cents))
    capped = np.array([row.capped_cents for row in rows], dtype=np.int64)
    verified = np.array([row.verified_cents or 0 for row in rows], dtype=np.int64)
    tiers = np.array([row.tier for row in rows], dtype=np.int64)
    return Claims(capped, verified, tuple(pots_cents), usable, tiers, drawn, cap_cents)


def figures(claims: Claims, policy: Policy, awards_cents: Sequence[int]) -> RuleFigures:
    """This will work out everything about one rule whose awards are known.

    Shapes: one award a claim.
    Units: cents.
    """
    awards = np.array(awards_cents, dtype=np.int64)
    problem, needy = claims.problem(policy), claims.verified_cents > 0
    is_bendable = bool((claims.capped_cents > 0).any())
    bent = gaming(_median_first(problem, policy), policy) if is_bendable else None
    return RuleFigures(
        poorest_tenth_bp=poorest_tenth_bp(awards[needy], claims.verified_cents[needy]),
        bands=_bands(awards[needy], claims.verified_cents[needy]),
        tiers=tuple(
            TierFigures(row.group, row.people, row.paid, row.claims_cents, row.awards_cents, row.met_bp)
            for row in coverage(awards[needy], claims.verified_cents[needy], claims.tiers[needy])
        ),
        minimums=_minimums(problem, policy),
        money=tuple(
            MoneyFigures(row.percent, row.people_paid, row.median_award_cents, row.total_cents)
            for row in (sensitivity(problem, policy) if is_bendable else ())
        ),
        inflating_gains_cents=bent.inflating_gains_cents if bent else 0,
        splitting_gains_cents=bent.splitting_gains_cents if bent else 0,
        promises=rule_properties(policy, restricted=len(claims.pots_cents) > 1).sentences,
    )


def _median_first(problem: Problem, policy: Policy) -> Problem:
    """What a list or a draw gives to the median claimant hangs on the place alone, so it is the first."""
    if policy.rule not in _FLOORLESS or problem.order is None:
        return problem
    median = median_claimant(problem)
    behind = problem.order[problem.order != median]
    return varied(problem, order=np.concatenate([np.array([median], dtype=np.int64), behind]))


def _bands(awards: NDArray[np.int64], needs: NDArray[np.int64]) -> tuple[BandFigures, ...]:
    bands = np.searchsorted(np.array(BANDS_CENTS, dtype=np.int64), needs, side="right")
    return tuple(
        BandFigures(row.group, row.people, row.paid, row.claims_cents, row.awards_cents, row.met_bp)
        for row in coverage(awards, needs, bands)
    )


def _minimums(problem: Problem, policy: Policy) -> tuple[MinimumFigures, ...]:
    if policy.rule in _FLOORLESS or problem.pots_cents is not None or not len(problem):
        return ()
    most = int(problem.counted_cents.max())
    steps = [cents for cents in MINIMUMS_CENTS if cents <= most]
    return tuple(
        MinimumFigures(row.floor_cents, row.people_paid, row.people_losing_all)
        for row in break_even(problem, policy, steps)
    )
