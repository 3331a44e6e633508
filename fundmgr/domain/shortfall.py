"""The shortfall report's figures, from totals of money and of demand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Position:
    """Where the fund's money stands. Units: cents."""

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
