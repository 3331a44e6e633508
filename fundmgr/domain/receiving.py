"""What the money of one receipt does to a promise, as it comes in and as it goes back.

A promise stands by three figures: what is due, what came in, what was given up. What the donor owes and what
came too early follow from them, so a receipt's parts are the difference that its amount makes.
"""

from dataclasses import dataclass, replace

from fundmgr.domain.chart import Code
from fundmgr.domain.pledges import Split


@dataclass(frozen=True)
class Promise:
    """How a promise stands. Units: cents."""

    due_cents: int
    received_cents: int
    written_off_cents: int = 0

    @property
    def owed_cents(self) -> int:
        """This will return what the donor owes."""
        return max(0, self.due_cents - self.received_cents - self.written_off_cents)

    @property
    def advance_cents(self) -> int:
        """This will return what came in before its condition was met."""
        return max(0, self.received_cents - self.due_cents)

    def after(self, amount_cents: int) -> "Promise":
        """This will return how it stands once this much more came in, or went back where negative."""
        return replace(self, received_cents=self.received_cents + amount_cents)


@dataclass(frozen=True)
class Booked:
    """What a receipt did when it was booked, as far as it is still here.

    Units: cents; `gift_cents` of it could be promised at once, and `reserve_cents` of those were kept back.
    """

    gift_cents: int
    reserve_cents: int

    def own_reserve_cents(self, gift_cents: int) -> int:
        """This will return what was kept back at once from a part of it that is a gift by now."""
        if not self.gift_cents:
            return 0
        return self.reserve_cents * min(gift_cents, self.gift_cents) // self.gift_cents

    def kept_back_cents(self, gift_cents: int, *, reserve_bp: int) -> int:
        """This will return what is kept back from a part of it that is a gift by now, at once or since.

        Units: what became a gift as its condition was met is counted at `reserve_bp` basis points.
        """
        since_met = max(0, gift_cents - self.gift_cents)
        return self.own_reserve_cents(gift_cents) + since_met * reserve_bp // 10_000


def came_in(amount_cents: int, promise: Promise | None, *, reserve_bp: int) -> Split:
    """This will return what money does that comes in on a promise, or as a gift where there is none.

    Units: `reserve_bp` basis points of what may be promised are kept back.
    """
    if promise is None:
        return Split(amount_cents, reserve_cents=amount_cents * reserve_bp // 10_000)
    after = promise.after(amount_cents)
    advance = after.advance_cents - promise.advance_cents
    return Split(
        amount_cents,
        receivable_cents=promise.owed_cents - after.owed_cents,
        advance_cents=advance,
        reserve_cents=(amount_cents - advance) * reserve_bp // 10_000,
    )


def went_back(amount_cents: int, promise: Promise | None, booked: Booked, *, reserve_bp: int) -> Split:
    """This will return what a receipt that the bank took back had done: the donor owes it again.

    Units: `reserve_bp` basis points were kept back from what became a gift after it was booked.
    """
    if promise is None:
        return Split(amount_cents, reserve_cents=booked.own_reserve_cents(amount_cents))
    after = promise.after(-amount_cents)
    advance = promise.advance_cents - after.advance_cents
    return Split(
        amount_cents,
        receivable_cents=after.owed_cents - promise.owed_cents,
        advance_cents=advance,
        reserve_cents=booked.kept_back_cents(amount_cents - advance, reserve_bp=reserve_bp),
    )


def sources(amount_cents: int, promise: Promise | None, *, is_unmatched: bool) -> dict[Code, int]:
    """This will return the accounts that a refund comes out of, in cents: what came too early goes first."""
    if is_unmatched:
        return {Code.SUSPENSE: amount_cents}
    if promise is None:
        return {Code.CONTRIBUTIONS: amount_cents}
    early = min(amount_cents, promise.advance_cents)
    found = {Code.REFUNDABLE_ADVANCE: early, Code.PLEDGED_CONTRIBUTIONS: amount_cents - early}
    return {code: cents for code, cents in found.items() if cents}
