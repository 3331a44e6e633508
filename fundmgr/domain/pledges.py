"""Where a promise stands from its money, and what the money of a receipt does."""

from dataclasses import dataclass

from fundmgr.domain.lifecycle import CommitmentState


@dataclass(frozen=True)
class Split:
    """What the money of a receipt does. Units: cents.

    `receivable_cents` pays down what is owed on a promise, `advance_cents` came before its condition was
    met and may not be promised to anyone, the rest is a gift; `reserve_cents` is kept back by policy.
    """

    amount_cents: int
    receivable_cents: int = 0
    advance_cents: int = 0
    reserve_cents: int = 0

    @property
    def gift_cents(self) -> int:
        """This will return what was promised by nobody."""
        return self.amount_cents - self.receivable_cents - self.advance_cents

    @property
    def promisable_cents(self) -> int:
        """This will return what may be promised to workers or kept in reserve."""
        return self.amount_cents - self.advance_cents


def state_of(*, amount_cents: int, due_cents: int, received_cents: int) -> CommitmentState:
    """This will return the state that follows from the money alone; the calendar may make it overdue.

    Units: cents. `due_cents` is the part whose condition is met, all of it where there is none.
    """
    if due_cents < amount_cents:
        return CommitmentState.CONDITIONAL
    if received_cents >= amount_cents:
        return CommitmentState.FULFILLED
    return CommitmentState.PARTIALLY_RECEIVED if received_cents else CommitmentState.PLEDGED
