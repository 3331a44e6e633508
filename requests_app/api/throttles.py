"""Calls counted per caller and minute, in this process alone: a guard of the server, not a promise."""

import threading
import time
from dataclasses import dataclass

from django.conf import settings

from requests_app.api.errors import RateLimited

WINDOW_SECONDS = 60
_MOST_CALLERS = 10_000
_lock = threading.Lock()
_counts: dict[str, tuple[int, int]] = {}


@dataclass(frozen=True)
class Allowance:
    """What is left of a caller's minute."""

    limit: int
    remaining: int
    reset_seconds: int

    def headers(self) -> dict[str, str]:
        """The allowance as headers."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }


def take(caller: str, *, limit: int | None = None, calls: int = 1, clock: float | None = None) -> Allowance:
    """This will count calls, or only look with none. Errors: RateLimited once the minute's are used up."""
    most = settings.API_REQUESTS_PER_MINUTE if limit is None else limit
    before, reset = count(caller, calls=calls, clock=clock)
    allowance = Allowance(most, max(0, most - before - calls), reset)
    if before >= most:
        sentence = f"More than {most} calls in a minute. Wait {reset} seconds."
        raise RateLimited(sentence, headers={**allowance.headers(), "Retry-After": str(reset)})
    return allowance


def count(caller: str, *, calls: int = 1, clock: float | None = None) -> tuple[int, int]:
    """This will count calls. Shapes: how many there were before in this minute, and its seconds left."""
    second = int(time.monotonic() if clock is None else clock)
    window, reset = second // WINDOW_SECONDS, WINDOW_SECONDS - second % WINDOW_SECONDS
    with _lock:
        if len(_counts) > _MOST_CALLERS:
            _forget_others(window)
        known, found = _counts.get(caller, (window, 0))
        before = found if known == window else 0
        _counts[caller] = (window, before + calls)
    return before, reset


def _forget_others(window: int) -> None:
    for caller in [caller for caller, (known, _) in _counts.items() if known != window]:
        del _counts[caller]
