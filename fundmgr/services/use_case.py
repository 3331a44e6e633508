"""What every use case has in common: one durable transaction, tried again where the database asks for it."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, transaction

from fundmgr.domain import errors
from fundmgr.ports import disk, idempotency

P = ParamSpec("P")
R = TypeVar("R")

MOST_TRIES = 5
_SERIALIZATION_FAILURE, _DEADLOCK, _LOCK_TIMEOUT = "40001", "40P01", "55P03"
# The server was stopped, or the connection is no more; without any state the driver met a dead line.
_LINE_LOST = ("08", "57P")


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """This will run the function in one durable transaction of its own.

    A call with `once=` is remembered with the row it made, one over many rows with the first of them. A
    refusal that is returned, not raised, keeps what was written, such as a counted try, unremembered.
    Serialization failures and deadlocks are tried again from the start.
    Errors: Replay where the call was made before; Busy where the retries or the lock wait ran out;
    OutcomeUnknown where the line to the database broke, for its COMMIT may have come through.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        def once() -> R:
            with transaction.atomic(durable=True):
                return _remembered(function, args, kwargs)

        try:
            return _tried(once)
        except idempotency.Replay:
            # The first call may wait for the disk still, and this one answers for it.
            disk.flush()
            raise

    return run


def one_statement(function: Callable[P, R]) -> Callable[P, R]:
    """This will run a function that sends one statement, which is a durable transaction by itself.

    It saves a rush the way to the database and back that BEGIN, COMMIT and each further statement cost.
    Errors: Busy as for a use case.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return _tried(lambda: function(*args, **kwargs))

    return run


def _tried(act: Callable[[], R]) -> R:
    for attempt in range(MOST_TRIES):
        try:
            return act()
        except (OperationalError, InterfaceError) as error:
            state = _state_of(error)
            if state is None or state.startswith(_LINE_LOST):
                raise errors.OutcomeUnknown from error
            if state not in {_SERIALIZATION_FAILURE, _DEADLOCK, _LOCK_TIMEOUT}:
                raise
            if state == _LOCK_TIMEOUT or attempt == MOST_TRIES - 1:
                raise errors.Busy from error
            time.sleep(0.01 * 2**attempt)
    raise errors.Busy


def _remembered(function: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
    once = kwargs.get("once")
    if once is None:
        return function(*args, **kwargs)
    idempotency.begin(once)
    made: Any = function(*args, **kwargs)
    if isinstance(made, errors.FundError):
        return made  # type: ignore[return-value]  # the function's own type names the refusal
    rows = made if isinstance(made, list) else [made]
    # A call over no rows did nothing, so there is nothing to remember.
    if rows:
        idempotency.remember(once, result_id=rows[0].id, now=kwargs["now"])
    return made  # type: ignore[no-any-return]  # what was made is R; its id is read as Any


def _state_of(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
