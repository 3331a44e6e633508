"""The shortfall report's figures, from totals of money and of demand.

Every figure has an id that stays the same in each format of the report. Amounts are whole cents and shares
are basis points, both worked out exactly; nothing here is a float.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from fundmgr.domain.ratios import basis_points, percentile, rounded_ratio

TARGETS_PERCENT = (25, 50, 75, 100)


@dataclass(frozen=True)
class Position:
    """Where the fund's money stands.

    Units: cents; `available_cents` is below zero where a gift bounced after it was promised.
    """

    committed_cents: int
    committed_conditional_cents: int
    received_cents: int
    refunded_cents: int
    outstanding_cents: int
    reserve_cents: int
    reserved_cents: int
    committed_unpaid_cents: int
    in_transit_cents: int
    returned_cents: int
    unclaimed_cents: int
    paid_cents: int
    refundable_advance_cents: int
    available_cents: int
    suspense_cents: int = 0
    fees_cents: int = 0

    @property
    def cash_cents(self) -> int:
        """This will return F6: cash received, net of what went back to donors."""
        return self.received_cents - self.refunded_cents

    @property
    def obligated_cents(self) -> int:
        """This will return F7: what is promised to households and has not reached them."""
        return (
            self.reserved_cents
            + self.committed_unpaid_cents
            + self.in_transit_cents
            + self.returned_cents
            + self.unclaimed_cents
        )

    @property
    def awardable_cents(self) -> int:
        """This will return F9: what may still be awarded, worked out from the other figures."""
        bound = self.obligated_cents + self.reserve_cents + self.refundable_advance_cents
        return self.cash_cents - self.paid_cents - self.fees_cents - self.suspense_cents - bound

    @property
    def books_differ_by_cents(self) -> int:
        """This will return the books' own balance of available money minus F9; anything but 0 is an error."""
        return self.available_cents - self.awardable_cents


@dataclass(frozen=True)
class DemandLayer:
    """Requests that count at one stage. Units: cents."""

    people: int
    amount_cents: int

    @property
    def mean_cents(self) -> int | None:
        """This will return the mean amount, rounded half to even; None where there is nobody."""
        return rounded_ratio(self.amount_cents, self.people)

    def __sub__(self, other: "DemandLayer") -> "DemandLayer":
        return DemandLayer(self.people - other.people, self.amount_cents - other.amount_cents)


NOBODY = DemandLayer(0, 0)


@dataclass(frozen=True)
class Demand:
    """What is asked, what falls away and why, and what is left at each stage.

    Shapes: the four that fall away and the eligible are parts of the requested, in what they ask; verified
    and capped are the same people as the eligible, in what was verified.
    """

    requested: DemandLayer
    withdrawn: DemandLayer
    duplicates: DemandLayer
    ineligible: DemandLayer
    incomplete: DemandLayer
    eligible: DemandLayer
    verified: DemandLayer
    capped: DemandLayer

    @property
    def unsorted(self) -> DemandLayer:
        """This will return the requests that are in none of the parts: nobody has read them yet."""
        fallen = self.requested - self.withdrawn - self.duplicates - self.ineligible - self.incomplete
        return fallen - self.eligible


@dataclass(frozen=True)
class Figure:
    """One line of the report.

    Shapes: `people`, `amount_cents`, `share_bp` and `days` are None where the figure has no such side.
    Units: cents, basis points, days.
    """

    id: str
    name: str
    people: int | None = None
    amount_cents: int | None = None
    share_bp: int | None = None
    days: int | None = None


@dataclass(frozen=True)
class Figures:
    """All figures of one report, in order, found by id as well."""

    position: Position
    demand: Demand
    lines: tuple[Figure, ...]

    @cached_property
    def by_id(self) -> dict[str, Figure]:
        """This will return the figures by id, like `F11.verified`."""
        return {line.id: line for line in self.lines}

    def __getitem__(self, figure_id: str) -> Figure:
        return self.by_id[figure_id]

    def amount_cents(self, figure_id: str) -> int:
        """This will return the amount of a figure that has one.

        Errors: KeyError for an unknown id, ValueError for a figure without an amount.
        """
        amount = self[figure_id].amount_cents
        if amount is None:
            raise ValueError(f"{figure_id} has no amount.")
        return amount


def figures(
    position: Position,
    demand: Demand,
    *,
    targets: Sequence[int] = TARGETS_PERCENT,
    households_eligible: int = 0,
    households_awarded: int = 0,
    state_ages: Mapping[str, Sequence[int]] | None = None,
    stranded_cents: int = 0,
    expected_receipts_cents: int = 0,
) -> Figures:
    """This will work out F1 to F12, F14, F15, F16 and F18.

    Shapes: `targets` in percent of the verified need; `state_ages` has the days that each request has been in
    its state, by state.
    Units: cents, basis points rounded half to even, days.
    """
    lines = (
        *_demand_lines(demand),
        *_money_lines(position),
        Figure(
            "F10", "Gross shortfall", amount_cents=_short(demand.requested.amount_cents, position.cash_cents)
        ),
        *_coverage_lines(position, demand),
        *_target_lines(position, demand, targets),
        *_household_lines(households_eligible, households_awarded),
        Figure(
            "F15",
            "Available, and what donors owe times the chance that it comes in",
            amount_cents=position.awardable_cents + expected_receipts_cents,
        ),
        Figure("F16", "Restricted money that no verified need matches", amount_cents=stranded_cents),
        *_age_lines(state_ages or {}),
    )
    return Figures(position, demand, lines)


def _short(need_cents: int, money_cents: int) -> int:
    return max(0, need_cents - money_cents)


def _layer(figure_id: str, name: str, layer: DemandLayer) -> Figure:
    return Figure(figure_id, name, people=layer.people, amount_cents=layer.amount_cents)


def _demand_lines(demand: Demand) -> list[Figure]:
    return [
        _layer("F1", "Requested", demand.requested),
        _layer("F1b", "Requested, without the withdrawn", demand.requested - demand.withdrawn),
        _layer("F2", "Eligible requested", demand.eligible),
        _layer("F2.duplicates", "Duplicates", demand.duplicates),
        _layer("F2.withdrawn", "Withdrawn", demand.withdrawn),
        _layer("F2.ineligible", "Ineligible", demand.ineligible),
        _layer("F2.incomplete", "Incomplete", demand.incomplete),
        _layer("F2.unsorted", "Not read yet", demand.unsorted),
        _layer("F3", "Verified need", demand.verified),
        _layer("F4", "Capped need", demand.capped),
    ]


def _money_lines(position: Position) -> list[Figure]:
    amounts = [
        ("F5", "Commitments outstanding", position.outstanding_cents),
        ("F5.conditional", "Conditional commitments, not counted", position.committed_conditional_cents),
        ("F6", "Cash received", position.cash_cents),
        ("F7", "Obligated", position.obligated_cents),
        ("F7.reserved", "Reserved for awards", position.reserved_cents),
        ("F7.unpaid", "Awards committed and unpaid", position.committed_unpaid_cents),
        ("F7.in_transit", "Payments in transit", position.in_transit_cents),
        ("F7.returned", "Returned, to be paid again", position.returned_cents),
        ("F7.unclaimed", "Unclaimed", position.unclaimed_cents),
        ("F8", "Reserve", position.reserve_cents),
        ("F9", "Available to award", position.awardable_cents),
        ("F9.paid", "Paid out", position.paid_cents),
        ("F9.advances", "Refundable advances", position.refundable_advance_cents),
    ]
    return [Figure(figure_id, name, amount_cents=cents) for figure_id, name, cents in amounts]


def _coverage_lines(position: Position, demand: Demand) -> list[Figure]:
    """Each share says which money it divides by which need."""
    requested, cash, available = demand.requested.amount_cents, position.cash_cents, position.awardable_cents
    shares = [
        ("F11.headline", "Cash received of what is requested", cash, requested),
        ("F11.requested", "Available of what is requested", available, requested),
        ("F11.eligible", "Available of the eligible requested", available, demand.eligible.amount_cents),
        ("F11.verified", "Available of the verified need", available, demand.verified.amount_cents),
        ("F11.capped", "Available of the capped need", available, demand.capped.amount_cents),
    ]
    lines = [Figure(key, name, share_bp=basis_points(part, whole)) for key, name, part, whole in shares]
    cents = rounded_ratio(100 * cash, requested)
    return [
        *lines,
        Figure("F11.cents_per_dollar", "Cents received for a dollar requested", amount_cents=cents),
    ]


def _target_lines(position: Position, demand: Demand, targets: Sequence[int]) -> list[Figure]:
    available, verified = position.awardable_cents, demand.verified.amount_cents
    lines = []
    for percent in targets:
        wanted = -(-percent * verified // 100)  # part of a cent is a cent that is missing
        name = f"Missing to meet {percent}% of the verified need"
        lines.append(Figure(f"F12.{percent}", name, amount_cents=_short(wanted, available)))
    capped = _short(demand.capped.amount_cents, available)
    return [*lines, Figure("F12.capped", "Missing to meet the whole capped need", amount_cents=capped)]


def _household_lines(eligible: int, awarded: int) -> list[Figure]:
    return [
        Figure("F14", "Households helped", people=awarded, share_bp=basis_points(awarded, eligible)),
        Figure("F14.eligible", "Eligible households", people=eligible),
    ]


def _age_lines(state_ages: Mapping[str, Sequence[int]]) -> list[Figure]:
    lines = []
    for state in sorted(state_ages):
        ages = state_ages[state]
        for key, words, percent in (("median", "median", 50), ("p90", "nine in ten at most", 90)):
            days = percentile(ages, percent)
            name = f"Days in {state}, {words}"
            lines.append(Figure(f"F18.{state}.{key}", name, people=len(ages), days=days))
    return lines


@dataclass(frozen=True)
class Headline:
    """What the report's first sentence is made of; the words belong to the pages.

    Units: cents, basis points.
    """

    requests: int
    requested_cents: int
    cash_cents: int
    available_cents: int
    shortfall_cents: int
    coverage_bp: int | None
    cents_per_dollar: int | None
    eligible_people: int
    covers_capped_need: bool


def headline(found: Figures) -> Headline:
    """This will return the parts of the sentence that opens the report."""
    return Headline(
        requests=found.demand.requested.people,
        requested_cents=found.amount_cents("F1"),
        cash_cents=found.amount_cents("F6"),
        available_cents=found.amount_cents("F9"),
        shortfall_cents=found.amount_cents("F10"),
        coverage_bp=found["F11.headline"].share_bp,
        cents_per_dollar=found["F11.cents_per_dollar"].amount_cents,
        eligible_people=found.demand.eligible.people,
        covers_capped_need=found.amount_cents("F12.capped") == 0,
    )
