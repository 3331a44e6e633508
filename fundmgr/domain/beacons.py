"""The public beacon of a draw: which round of it comes when, so that a value can be named before it exists.

The chain is drand's quicknet: one round each three seconds since its beginning, the value of each signed by
many parties together, so that nobody knows it before.
"""

from datetime import UTC, datetime, timedelta

BEGINNING = datetime(2023, 8, 23, 15, 9, 27, tzinfo=UTC)
PERIOD = timedelta(seconds=3)
# One that is named further ahead is a slip of the finger.
FURTHEST = timedelta(days=60)
MOST_ROUND = 2**53


def moment_of(number: int) -> datetime:
    """This will return when a round's value comes out.

    Errors: ValueError below 1; OverflowError thousands of years ahead.
    """
    if number < 1:
        raise ValueError("rounds are counted from 1")
    return BEGINNING + (number - 1) * PERIOD


def first_after(moment: datetime) -> int:
    """This will return the first round whose value comes out at the moment or after it."""
    return max(1, -((BEGINNING - moment) // PERIOD) + 1)


def is_ahead(number: int, *, now: datetime) -> bool:
    """This will say whether a round's value is still to come, and soon enough for a draw."""
    return first_after(now + PERIOD) <= number <= first_after(now + FURTHEST)
