"""Answers wait for the disk; in a rush, locks that others wait for do not.

A posting of a rush commits before its rows lie on the disk, so that the next goes on at once; its caller is
answered when they do. Commits reach the disk in their order, so whatever was built upon one is lost with it,
or not at all. Who carries outside what a commit of others left, calls `flush` first.
"""

import time

from django.db import transaction

from fundmgr.models import prepared

# A commit of its own, which waits for the disk as the session's settings say, and for all before it.
_FLUSH = "SELECT pg_logical_emit_message(true, 'fundmgr', '')::text"
_RUSH_SECONDS = 1.0
_waited_at = -_RUSH_SECONDS


def flush() -> None:
    """This will wait until all that was committed before it lies on the disk."""
    prepared.rows(_FLUSH, [])


def is_rush() -> bool:
    """This will tell whether a posting of this process had to wait for another a moment ago."""
    return time.monotonic() < _waited_at + _RUSH_SECONDS


def answer_after(*, has_waited: bool) -> None:
    """This will let the open transaction's caller be answered only when its rows lie on the disk."""
    global _waited_at  # noqa: PLW0603  # a hint between the threads of a process; a stale one costs a moment
    if has_waited:
        _waited_at = time.monotonic()
    if all(function is not flush for _, function, _ in transaction.get_connection().run_on_commit):
        transaction.on_commit(flush)
