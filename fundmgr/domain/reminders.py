"""When a donor is reminded of a dated part of a promise: a week before, and three times after."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from fundmgr.domain.lifecycle import CommitmentState

# Days from the due date on which a donor is written to.
REMINDERS = {-7: "before", 1: "day", 14: "fortnight", 30: "month"}
MAY_BE_LATE = (
    CommitmentState.CONDITIONAL,
    CommitmentState.PLEDGED,
    CommitmentState.PARTIALLY_RECEIVED,
    CommitmentState.RENEGOTIATED,
)
# Nobody is reminded of a promise in another state.
STANDS = (*MAY_BE_LATE, CommitmentState.OVERDUE)


@dataclass(frozen=True)
class Reminder:
    """One letter about one part: `word` says which of the four, `day` from which day on it may go."""

    due_on: date
    day: date
    word: str

    @property
    def is_before(self) -> bool:
        """Whether it goes before the money is due."""
        return self.day < self.due_on

    def key(self, commitment_id: UUID, *, schedule: int) -> str:
        """This will return the key of its effect, by which it goes once for ever."""
        return f"pledge_due:{commitment_id}:{schedule}:{self.due_on}:{self.word}"


def of_part(due_on: date) -> list[Reminder]:
    """This will return the reminders of a part, first to last."""
    return [Reminder(due_on, due_on + timedelta(days=days), word) for days, word in REMINDERS.items()]
