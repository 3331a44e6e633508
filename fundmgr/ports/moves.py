"""Moves between states: a compare-and-swap on the row, so that of two movers exactly one wins."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import may_move
from fundmgr.ports import locks


def move(row: Model, new_state: StrEnum, **columns: Any) -> None:
    """This will move one row from the state it was read in, and set the columns given.

    Errors: WrongState where the table has no such edge, or another mover was first.
    """
    locks.assert_transaction()
    old_state = type(new_state)(row.state)  # type: ignore[attr-defined]  # every machine's row has a state
    if not may_move(old_state, new_state):
        raise errors.WrongState
    rows = type(row)._default_manager.filter(pk=row.pk, state=old_state)
    if rows.update(state=new_state, **columns) != 1:
        raise errors.WrongState
    row.state = new_state  # type: ignore[attr-defined]  # as above
    for name, value in columns.items():
        setattr(row, name, value)


def move_all(
    rows: QuerySet[Any], *, old_states: Iterable[StrEnum], new_state: StrEnum, expected: int, **columns: Any
) -> None:
    """This will move a set of rows in one statement.

    Errors: WrongState where an edge is missing, or fewer rows than expected stood in the old states.
    """
    locks.assert_transaction()
    olds = list(old_states)
    if not all(may_move(old, new_state) for old in olds):
        raise errors.WrongState
    if rows.filter(state__in=olds).update(state=new_state, **columns) != expected:
        raise errors.WrongState
