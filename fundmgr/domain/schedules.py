"""The dates of a promise: which part is due when, what of it came in, and how late the rest is.

What comes in pays the oldest part first. Aged receivables are counted from the day on which each part was
due, in the buckets that treasurers know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fundmgr.domain.days import Window
from fundmgr.domain.errors import Problem

MOST_INSTALMENTS = 60
# The last day of each bucket, in days after the day on which the money was due.
BUCKETS: tuple[tuple[str, int], ...] = (("1-30", 30), ("31-60", 60), ("61-90", 90))
NOT_DUE, OLDEST = "not_due", "over_90"
BUCKET_NAMES = (NOT_DUE, *(name for name, _ in BUCKETS), OLDEST)


@dataclass(frozen=True)
class Part:
    """One dated part of a promise. Units: cents."""

    due_on: date
    amount_cents: int


@dataclass(frozen=True)
class OpenPart:
    """A part that is not wholly paid. Units: cents."""

    due_on: date
    amount_cents: int
    open_cents: int

    def bucket(self, today: date) -> str:
        """This will return the bucket that the part stands in."""
        days = (today - self.due_on).days
        if days <= 0:
            return NOT_DUE
        return next((name for name, most in BUCKETS if days <= most), OLDEST)


def open_parts(parts: Sequence[Part], *, paid_cents: int) -> list[OpenPart]:
    """This will return what is still open, oldest first; `paid_cents` of this schedule came in."""
    found, left = [], max(0, paid_cents)
    for part in sorted(parts, key=lambda one: one.due_on):
        paid = min(left, part.amount_cents)
        left -= paid
        if paid < part.amount_cents:
            found.append(OpenPart(part.due_on, part.amount_cents, part.amount_cents - paid))
    return found


def paid_on(parts: Sequence[Part], *, amount_cents: int, received_cents: int) -> int:
    """This will return what of a promise's receipts pays this schedule.

    Shapes: a later schedule covers only what was owed when it was made; the rest was paid before it.
    """
    return received_cents - (amount_cents - sum(part.amount_cents for part in parts))


def problems(parts: Sequence[Part], *, total_cents: int, since: date, days: Window) -> list[Problem]:
    """This will return what is wrong with a schedule, row by row, like `instalments.2.amount`.

    Shapes: nothing may be due before `since`; `days` are those that the fund's entries can be of.
    """
    if len(parts) > MOST_INSTALMENTS:
        return [Problem("instalments", "too_many", f"Give at most {MOST_INSTALMENTS} dates.")]
    found = []
    for number, part in enumerate(parts):
        where = f"instalments.{number}"
        if part.amount_cents <= 0:
            found.append(Problem(f"{where}.amount", "not_positive", "Write an amount of at least one cent."))
        if part.due_on < since:
            sentence = "The money cannot be due before it was promised."
            found.append(Problem(f"{where}.due_on", "before_pledge", sentence))
        found += days.to_come(f"{where}.due_on", part.due_on)
        if number and part.due_on <= parts[number - 1].due_on:
            found.append(Problem(f"{where}.due_on", "not_later", "Each date must be later than the last."))
    if not found and sum(part.amount_cents for part in parts) != total_cents:
        found.append(Problem("instalments", "do_not_add_up", "The parts do not add up to the whole amount."))
    return found
