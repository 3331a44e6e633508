"""Calls of one moment done together: in a rush they share one statement and one commit.

Nobody waits for company. A call that finds nothing running goes at once; those that come while it runs
go together as soon as it has ended.
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

Entry = TypeVar("Entry")
Result = TypeVar("Result")


class _Seat(Generic[Entry, Result]):
    """One call that waits: what it brings, and how it is told."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.result: Result | None = None
        self.is_done = self.leads = False
        self._gate = threading.Lock()
        self._gate.acquire()

    def wait(self) -> None:
        self._gate.acquire()

    def wake(self) -> None:
        self._gate.release()


class Together(Generic[Entry, Result]):
    """Runs the entries of several threads as batches, each by the thread of one of them.

    Shapes: `run` takes entries and returns a result for each, in their order, all or nothing; `marks` names
    what no two entries of a batch may share. Where a batch fails, each of its entries is run again alone,
    in its own thread: so a bad one fails by itself.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Entry]], Sequence[Result]],
        *,
        marks: Callable[[Entry], Iterable[Hashable]],
        most: int,
    ) -> None:
        self._run, self._marks, self._most = run, marks, most
        self._lock = threading.Lock()
        self._waiting: list[_Seat[Entry, Result]] = []
        self._is_running = False

    def do(self, entry: Entry) -> Result:
        """This will run one entry, with others or alone. Errors: what `run` raises for it alone."""
        seat: _Seat[Entry, Result] = _Seat(entry)
        with self._lock:
            self._waiting.append(seat)
            seat.leads = not self._is_running
            self._is_running = True
        if not seat.leads:
            seat.wait()
        if seat.leads:
            self._lead(seat)
        # An entry without a result was in a batch that failed.
        return seat.result if seat.is_done else self._run([entry])[0]  # type: ignore[return-value]  # done has one

    def _lead(self, own: _Seat[Entry, Result]) -> None:
        batch = self._board(own)
        try:
            results = self._run([seat.entry for seat in batch])
            for seat, result in zip(batch, results, strict=True):
                seat.result, seat.is_done = result, True
        except Exception:
            if len(batch) == 1:
                raise
        finally:
            self._hand_over()
            for seat in batch:
                if seat is not own:
                    seat.wake()

    def _board(self, own: _Seat[Entry, Result]) -> list[_Seat[Entry, Result]]:
        """Take the leader and all who fit beside it; the others keep their places."""
        batch, left = [own], []
        taken = set(self._marks(own.entry))
        with self._lock:
            for seat in self._waiting:
                marks = set(self._marks(seat.entry))
                if seat is own:
                    continue
                if len(batch) < self._most and taken.isdisjoint(marks):
                    batch.append(seat)
                    taken |= marks
                else:
                    left.append(seat)
            self._waiting = left
        return batch

    def _hand_over(self) -> None:
        with self._lock:
            self._is_running = bool(self._waiting)
            if self._waiting:
                follower = self._waiting[0]
                follower.leads = True
                follower.wake()
