"""Lets a process of the product die, stumble or lose its line at one step between two statements.

It lives with the tests and is loaded by their settings (`faulty_settings`) alone: the product has no such
door.
A step is one statement or one COMMIT that is sent while a named function of a service runs, counted from one.
An order names the function, the step and the fault; one process carries it out, once, and says so in the file
of hits before anything else happens.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

FOLDER = "FUNDMGR_FAILPOINTS"
KILL, KILL_ALL, SEVER, UNHEARD, TRACE = "kill", "kill_all", "sever", "unheard", "trace"


@dataclass(frozen=True)
class Order:
    """One fault: `inside` is like `payouts.release`; `step` 3 is before the third, `after` is after it."""

    inside: str
    step: int
    fault: str
    after: bool = False
    times: int = 1

    @property
    def name(self) -> str:
        """The point's name in the file of hits."""
        return f"{self.inside}/{'after' if self.after else 'before'}:{self.step}/{self.fault}"


class Ground:
    """The folder by which a test gives orders and reads what was hit."""

    def __init__(self, folder: Path) -> None:
        """Begin with no order and no hit."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "hits").touch()

    def order(self, order: Order) -> None:
        """Give an order; the next process that comes by carries it out."""
        fresh = self.folder / "fresh"
        fresh.write_text(json.dumps(asdict(order)))
        fresh.replace(self.folder / "order")

    def withdraw(self) -> None:
        """Take back an order that nobody came by."""
        (self.folder / "order").unlink(missing_ok=True)

    def hits(self) -> list[str]:
        """Return the names of the points that were hit, in their order."""
        return (self.folder / "hits").read_text().splitlines()

    def trace(self, inside: str, act: Callable[[], object]) -> list[str]:
        """Act undisturbed and return the steps of the longest call of a function: words, or COMMIT."""
        path = self.folder / "trace"
        path.unlink(missing_ok=True)
        self.order(Order(inside, 0, TRACE))
        act()
        self.withdraw()
        calls: list[list[str]] = [[]]
        lines = path.read_text().splitlines() if path.exists() else []
        # By process, for two of them may have written at one moment.
        for _process, step, words in sorted((line.split(" ", 2) for line in lines), key=lambda line: line[0]):
            if step == "1":
                calls.append([])
            calls[-1].append(words)
        steps = max(calls, key=len)
        assert steps, f"{inside} took no step: is that still the name its code has?"
        return steps


class _Walk(threading.local):
    """Where this thread is: in which call of the named function, at which step, in whose transaction."""

    order: Order | None = None
    frame: Any = None
    step = 0
    is_open = False


_walk = _Walk()
_place: Path | None = None
_left: dict[str, int] = {}
# The driver's own, for what the faults themselves say is no step.
_execute: Any = psycopg.Cursor.execute


def install(folder: Path) -> None:
    """Step in between the product and its driver."""
    global _place  # noqa: PLW0603 - one process has one folder
    _place = folder
    execute, executemany, commit = (
        psycopg.Cursor.execute,
        psycopg.Cursor.executemany,
        psycopg.Connection.commit,
    )

    def at_execute(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        return _taken(self.connection, str(query), lambda: execute(self, query, *args, **kwargs))

    def at_executemany(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
        return _taken(self.connection, str(query), lambda: executemany(self, query, *args, **kwargs))

    def at_commit(self: Any) -> None:
        _taken(self, "COMMIT", lambda: commit(self))

    psycopg.Cursor.execute, psycopg.Cursor.executemany = at_execute, at_executemany  # type: ignore[method-assign]
    psycopg.Connection.commit = at_commit  # type: ignore[method-assign]


def _taken(line: psycopg.Connection, words: str, take: Callable[[], Any]) -> Any:
    order = _order()
    if order is None or not _is_inside(order, is_commit=words == "COMMIT"):
        return take()
    _walk.step += 1
    step = _walk.step
    if order.fault == TRACE:
        _write("trace", f"{os.getpid()} {step} {' '.join(words.split())[:100]}")
        return take()
    if order.step != step or not _claimed(order):
        return take()
    if not order.after:
        _make(order.fault, line)
        return take()
    answer = take()
    _make(order.fault, line)
    return answer


def _order() -> Order | None:
    try:
        said = (_place / "order").read_text() if _place else ""
        return Order(**json.loads(said)) if said else None
    except OSError:
        return None


def _is_inside(order: Order, *, is_commit: bool) -> bool:
    """Say whether this step belongs to the named function; a COMMIT belongs to what was sent before it."""
    frame = _frame_of(order.inside)
    if frame is None and not (is_commit and _walk.is_open and _walk.order == order):
        return False
    if frame is not None and (frame is not _walk.frame or _walk.order != order):
        _walk.order, _walk.frame, _walk.step = order, frame, 0
    _walk.is_open = not is_commit
    return True


def _frame_of(inside: str) -> Any:
    module, _dot, function = inside.rpartition(".")
    frame = sys._getframe(3)
    while frame is not None:
        code = frame.f_code
        if code.co_name == function and code.co_filename.endswith(f"/services/{module}.py"):
            return frame
        frame = frame.f_back
    return None


def _claimed(order: Order) -> bool:
    """Let one process have the order; what is asked for several times stays until the last."""
    left = _left.setdefault(repr(order), order.times)
    _left[repr(order)] = left - 1
    try:
        if left <= 1:
            (_place / "order").rename(_place / "done")  # type: ignore[operator]
    except OSError:
        return False
    _write("hits", order.name)
    return True


def _write(name: str, words: str) -> None:
    opened = os.open(_place / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)  # type: ignore[operator]
    os.write(opened, f"{words}\n".encode())
    os.fsync(opened)
    os.close(opened)


def _make(fault: str, line: psycopg.Connection) -> None:
    if fault == KILL:
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault == KILL_ALL:
        os.killpg(0, signal.SIGKILL)
    elif fault == SEVER:
        with psycopg.connect(line.info.dsn, autocommit=True) as other:
            _execute(other.cursor(), "SELECT pg_terminate_backend(%s)", [line.info.backend_pid])
    elif fault == UNHEARD:
        line.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly: told by the test")
    else:
        # What is tried again begins with its first step.
        _walk.frame = None
        _execute(line.cursor(), f"DO $$ BEGIN RAISE 'told by the test' USING ERRCODE = '{fault}'; END $$")
