"""Calls of one moment done together: who waits, who goes with whom, and what a bad one costs the others."""

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from fundmgr.services.together import Together


class Run:
    """Doubles numbers, refuses negative ones, and holds its first batch until it is let go."""

    def __init__(self, *, most: int = 32) -> None:
        self.batches: list[list[int]] = []
        self.go = threading.Event()
        self.together = Together(self.run, marks=lambda number: [number % 100], most=most)

    def run(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        if len(self.batches) == 1:
            self.go.wait(10)
        if any(number < 0 for number in numbers):
            raise ValueError("a negative number")
        return [number * 2 for number in numbers]

    def crowd(self, numbers: Sequence[int]) -> list[object]:
        """Send 0 first and all the numbers while it runs; return what each of them got."""
        first = started(lambda: self.together.do(0))
        until(lambda: self.batches == [[0]])
        calls = [started(lambda number=number: self.together.do(number)) for number in numbers]
        until(lambda: len(self.together._waiting) == len(numbers))
        self.go.set()
        assert first() == 0
        return [call() for call in calls]


def started(act: Callable[[], object]) -> Callable[[], object]:
    """Start a call in a thread; the function returned waits for its result or its error."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(act())
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def ended() -> object:
        thread.join(10)
        return found[0]

    return ended


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(2000):
        if is_so():
            return
        time.sleep(0.005)
    raise AssertionError("it never came")


def test_a_lone_call_goes_at_once():
    run = Run()
    run.go.set()

    assert run.together.do(4) == 8
    assert run.together.do(5) == 10
    assert run.batches == [[4], [5]]


def test_calls_that_come_while_one_runs_go_together_next():
    run = Run()

    assert run.crowd([1, 2, 3]) == [2, 4, 6]
    assert [sorted(batch) for batch in run.batches] == [[0], [1, 2, 3]]


def test_a_batch_has_its_limit_and_the_others_keep_their_places():
    run = Run(most=2)

    assert run.crowd([1, 2, 3, 4, 5]) == [2, 4, 6, 8, 10]
    assert [len(batch) for batch in run.batches] == [1, 2, 2, 1]


def test_no_two_of_a_batch_share_a_mark():
    run = Run()

    assert run.crowd([1, 101, 201, 2]) == [2, 202, 402, 4]
    assert sorted(len(batch) for batch in run.batches) == [1, 1, 1, 2]
    for batch in run.batches:
        assert len({number % 100 for number in batch}) == len(batch)


def test_a_bad_one_fails_by_itself():
    run = Run()

    found = run.crowd([1, -2, 3])

    assert (found[0], found[2]) == (2, 6)
    assert isinstance(found[1], ValueError)
    assert [len(batch) for batch in run.batches] == [1, 3, 1, 1, 1]


def test_control_without_a_second_go_a_bad_one_takes_all_with_it():
    run = Run()
    run.go.set()

    with pytest.raises(ValueError, match="negative"):
        run.run([1, -2, 3])


def test_after_a_failure_the_next_call_goes_as_usual():
    run = Run()
    run.go.set()

    with pytest.raises(ValueError, match="negative"):
        run.together.do(-1)
    assert run.together.do(1) == 2


def test_a_thread_that_is_ended_while_it_leads_leaves_nobody_waiting():
    run = Run()
    double = run.run

    def ended(numbers: Sequence[int]) -> list[int]:
        if len(numbers) > 1:
            raise SystemExit
        return double(numbers)

    run.together._run = ended
    found = run.crowd([1, 2, 3])

    # One of them led, and its thread was on its way out; the others went again by themselves.
    assert {one for one in found if not isinstance(one, SystemExit)} < {2, 4, 6}
    assert sum(isinstance(one, SystemExit) for one in found) == 1
