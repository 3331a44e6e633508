"""How much is done at once in a process, and who waits: bounded, and kept in order by tickets.

A ticket says since when its holder waits, so a place is kept by whoever holds it: no process needs to know
another's line. Those who wait hold back those who came later, as long as they go on asking.
"""

import threading
from dataclasses import dataclass

from django.conf import settings

KEPT_SECONDS = 60.0
MOST_WAITING = 20_000
# So long a thread waits for a place before it sends away: many who come in one moment are done within it.
MOMENT_SECONDS = 1.0


@dataclass(frozen=True)
class Ticket:
    """A place in the line. Units: `since` is in seconds since 1970."""

    key: str
    since: float


class Line:
    """The places of one process. Shapes: `most` at once; a quarter is for those who have begun."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._inside = 0
        self._patient = 0
        self._lock = threading.Condition()
        # By ticket: since when it waits, whether its holder began already, and when it last asked.
        self._waiting: dict[str, tuple[float, bool, float]] = {}

    def enter(
        self, ticket: Ticket, *, has_begun: bool, now: float, beyond: int = 0, patience: float = 0.0
    ) -> bool:
        """This will take a place, or note that the ticket waits.

        Shapes: one who has begun waits for nobody who has not; `beyond` is room above the bound for what
        cannot be sent twice, like a photo; `patience` is how many seconds a thread stays for a place, as
        long as few threads do. Whoever entered must `leave`.
        """
        with self._lock:
            self._forget(now)
            if self._takes(ticket, has_begun=has_begun, beyond=beyond) or (
                patience and self._stays(ticket, has_begun=has_begun, beyond=beyond, patience=patience)
            ):
                return True
            self._waiting[ticket.key] = (ticket.since, has_begun, now)
            return False

    def leave(self) -> None:
        """This will give a place back."""
        with self._lock:
            self._inside -= 1
            self._lock.notify_all()

    def before(self, ticket: Ticket) -> int:
        """This will count those who wait in this process since before a ticket."""
        with self._lock:
            return sum(1 for since, _began, _seen in self._waiting.values() if since < ticket.since)

    def _takes(self, ticket: Ticket, *, has_begun: bool, beyond: int) -> bool:
        most = self.most if has_begun else self.most - self.most // 4
        held_back = min(self._older(ticket, has_begun=has_begun), most // 2)
        if self._inside + held_back >= most + beyond:
            return False
        self._inside += 1
        self._waiting.pop(ticket.key, None)
        return True

    def _stays(self, ticket: Ticket, *, has_begun: bool, beyond: int, patience: float) -> bool:
        """Stay with this thread for a place. The others are needed to send the rest away."""
        if self._patient >= self.most // 2:
            return False
        self._patient += 1
        try:
            return self._lock.wait_for(
                lambda: self._takes(ticket, has_begun=has_begun, beyond=beyond), timeout=patience
            )
        finally:
            self._patient -= 1

    def _older(self, ticket: Ticket, *, has_begun: bool) -> int:
        return sum(
            1
            for key, (since, began, _seen) in self._waiting.items()
            if since < ticket.since and key != ticket.key and (began or not has_begun)
        )

    def _forget(self, now: float) -> None:
        """Whoever asks no more waits no more; a flood of tickets costs no more than so many."""
        gone = [key for key, (_since, _began, seen) in self._waiting.items() if seen < now - KEPT_SECONDS]
        for key in gone:
            del self._waiting[key]
        while len(self._waiting) >= MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]


line = Line(settings.WORK_AT_ONCE)
