"""The days that entries can be of: a slip of the finger in a year is told, before it stands in the books."""

from dataclasses import dataclass
from datetime import date

from fundmgr.domain.errors import Problem

YEARS_BEFORE = 3
YEARS_AHEAD = 10


@dataclass(frozen=True)
class Window:
    """What a fund's entries can be dated: from some years before it began to some years ahead of today."""

    began: date
    today: date

    @property
    def first(self) -> date:
        """This will return the earliest day: promises of the years before move in with a new fund."""
        return _years_on(self.began, -YEARS_BEFORE)

    @property
    def last(self) -> date:
        """This will return the latest day on which something can fall due."""
        return _years_on(self.today, YEARS_AHEAD)

    def of_past(self, field: str, day: date) -> list[Problem]:
        """This will return what is wrong with the day of something that happened."""
        if day > self.today:
            return [Problem(field, "in_future", "This day has not come yet.")]
        if day >= self.first:
            return []
        sentence = (
            f"Check the year: this is more than {YEARS_BEFORE} years before the fund began, "
            f"on {self.began:%B} {self.began.day}, {self.began.year}."
        )
        return [Problem(field, "too_early", sentence)]

    def to_come(self, field: str, day: date) -> list[Problem]:
        """This will return what is wrong with the day on which something is due."""
        if day <= self.last:
            return []
        sentence = f"Check the year: this is more than {YEARS_AHEAD} years ahead."
        return [Problem(field, "too_late", sentence)]


def _years_on(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))
