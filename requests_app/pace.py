"""How long one waits who begins a form or asks for a code from where many do: a little more for each of them.

People share an address, so it shuts nobody out: the wait has an end, whatever else comes from there, and a
right code takes its person's steps off the count. Each process counts for itself.
"""

import math
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from requests_app import addresses

COOKIE, _SALT = "turn", "pace.turn"
# From one address at once, and a second; a person makes two such steps on the way to a request.
FREE_STEPS, STEPS_A_SECOND, STEPS_OF_A_PERSON = 60.0, 2.0, 2
SHORTEST_SECONDS, LONGEST_SECONDS = 3, 60
STEPS_OF_A_TURN, TURN_LASTS_SECONDS = 3, 1800
_MOST_KNOWN = 20_000


@dataclass(frozen=True)
class Turn:
    """When somebody's turn comes, as their browser keeps it, signed. Units: seconds since 1970."""

    key: str
    due: float

    def seconds(self, now: float) -> int:
        """Whole seconds until then."""
        return max(0, math.ceil(self.due - now))


@dataclass
class Pace:
    """What comes from where. Shapes: by address the steps that nobody proved, and when they were counted."""

    steps: dict[str, tuple[float, float]] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, address: str, turn: Turn | None, *, now: float) -> Turn | None:
        """This will take a step, or say when its turn comes. Units: seconds since 1970."""
        with self.lock:
            if turn is not None and turn.due > now:
                return turn
            if turn is not None and self._use(turn):
                return None
            beyond = self._count(address, 1, now=now) - FREE_STEPS
        if beyond <= 0:
            return None
        waits = min(max(beyond / STEPS_A_SECOND, SHORTEST_SECONDS), LONGEST_SECONDS)
        return Turn(secrets.token_hex(8), now + waits)

    def prove(self, address: str, *, now: float) -> None:
        """This will take a person's steps off: a code was right, so there is somebody."""
        with self.lock:
            self._count(address, -STEPS_OF_A_PERSON, now=now)

    def _use(self, turn: Turn) -> bool:
        """Take one of the steps that a wait was good for."""
        found = self.used.pop(turn.key, 0)
        self.used[turn.key] = found + 1
        _bound(self.used)
        return found < STEPS_OF_A_TURN

    def _count(self, address: str, more: int, *, now: float) -> float:
        found, since = self.steps.pop(address, (0.0, now))
        left = max(0.0, found - max(0.0, now - since) * STEPS_A_SECOND)
        # No higher than the longest wait needs, so that a flood is forgotten soon after it ends.
        level = min(max(0.0, left + more), FREE_STEPS + LONGEST_SECONDS * STEPS_A_SECOND)
        self.steps[address] = (level, now)
        _bound(self.steps)
        return level


pace = Pace()


def wait(request: HttpRequest, *, now: float) -> Turn | None:
    """This will count a step that was sent; and say when its turn comes, where it is not now."""
    return pace.step(addresses.of(request), _turn_of(request), now=now)


def prove(request: HttpRequest, *, now: float) -> None:
    """This will count who sent this as a person."""
    pace.prove(addresses.of(request), now=now)


def keep(response: HttpResponse, turn: Turn) -> None:
    """This will put a turn into the browser that has to wait for it."""
    value = signing.dumps([turn.key, turn.due], salt=_SALT)
    response.set_cookie(
        COOKIE, value, max_age=TURN_LASTS_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax"
    )


def _turn_of(request: HttpRequest) -> Turn | None:
    try:
        key, due = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=TURN_LASTS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Turn(key, due)


def _bound(known: dict[str, Any]) -> None:
    """Forget who came longest ago."""
    while len(known) > _MOST_KNOWN:
        del known[next(iter(known))]
