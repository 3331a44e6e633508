"""What every way for money to leave has in common: payments in, one list of bytes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Payment:
    """One payment as a rail needs it. Units: `amount_cents`; empty words where the method needs none."""

    payout_id: UUID
    reference: str
    method: str
    name: str
    routing_number: str
    account_number: str
    address: str
    amount_cents: int
    currency: str


class Rail(Protocol):
    """A way for money to leave: the same payments always give the same bytes."""

    name: str

    def payment_list(self, payments: Sequence[Payment]) -> bytes:
        """This will write the list that a treasurer takes to the bank."""
        ...
