"""How far the money reaches: what was promised in all, what came in, and what of it can be used now.

The seven figures that a director must see together: cash, receivable, conditional, unrestricted available,
stranded, usable and expected. What the world calls "raised" is only the first step of that stair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain.ratios import basis_points


@dataclass(frozen=True)
class Pot:
    """The money of one restriction.

    Units: cents. `matching_need_cents` is the verified need that its rule allows it to pay and no award has
    met yet; None for money that is bound to nothing, or to nothing that a program can check.
    """

    restriction_id: UUID
    name: str
    is_general: bool
    received_cents: int
    held_cents: int
    paid_cents: int
    available_cents: int
    matching_need_cents: int | None = None

    @property
    def stranded_cents(self) -> int:
        """This will return F16 for this pot: what is available and nobody may be given."""
        if self.is_general or self.matching_need_cents is None:
            return 0
        return max(0, self.available_cents - self.matching_need_cents)

    @property
    def usable_cents(self) -> int:
        """This will return what can be awarded now."""
        return self.available_cents - self.stranded_cents


@dataclass(frozen=True)
class Means:
    """All money of a fund, from the word given to the cent that can be awarded. Units: cents.

    `receivable_cents` is owed without a condition, or with one that is met; `conditional_cents` is promised
    under a condition not met yet and counts nowhere; `expected_receipts_cents` is what is owed times the
    chance that it comes in. `refundable_advance_cents` lies in the cash and came before its condition was
    met: it is part of what is conditional, or owed back.
    """

    cash_cents: int
    receivable_cents: int
    conditional_cents: int
    reserve_cents: int
    expected_receipts_cents: int
    verified_need_cents: int
    pots: Sequence[Pot]
    refundable_advance_cents: int = 0

    @property
    def raised_cents(self) -> int:
        """This will return all that was given or promised, each dollar once: the headline that misleads."""
        given_cents = self.cash_cents - self.refundable_advance_cents
        return given_cents + self.receivable_cents + self.conditional_cents

    @property
    def unrestricted_available_cents(self) -> int:
        """This will return what may be awarded to anyone."""
        return sum(pot.available_cents for pot in self.pots if pot.is_general)

    @property
    def restricted_available_cents(self) -> int:
        """This will return what may be awarded inside a donor's restriction."""
        return sum(pot.available_cents for pot in self.pots if not pot.is_general)

    @property
    def stranded_cents(self) -> int:
        """This will return F16: restricted money that no verified need matches."""
        return sum(pot.stranded_cents for pot in self.pots)

    @property
    def usable_cents(self) -> int:
        """This will return what can be awarded now: available, less what is stranded."""
        return sum(pot.usable_cents for pot in self.pots)

    @property
    def usable_bp(self) -> int | None:
        """This will return the usable money as a share of the verified need, in basis points."""
        return basis_points(self.usable_cents, self.verified_need_cents)

    @property
    def expected_cents(self) -> int:
        """This will return the cash and what is likely still to come in, before reserve and awards."""
        return self.cash_cents + self.expected_receipts_cents
