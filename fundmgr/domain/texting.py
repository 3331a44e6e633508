"""Texts to phones: what becomes of one, and what a person allowed."""

from datetime import timedelta
from enum import StrEnum

# How long a gateway surely remembers a key; later the same key might be a second text.
KEY_LASTS = timedelta(hours=12)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=30)
_MOST_DOUBLINGS = 10
MOST_NAME_LETTERS = 32


class Way(StrEnum):
    """How a message goes out."""

    MAIL = "MAIL"
    TEXT = "TEXT"


class Side(StrEnum):
    """Who wrote a message about a request."""

    WORKER = "WORKER"
    FUND = "FUND"


class DeliveryState(StrEnum):
    """What is known of a message: on its way out, taken by the server, there, refused, in doubt, or held."""

    SENDING = "SENDING"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    HELD = "HELD"


# Only these are tried (again); the others are an answer.
OPEN_DELIVERY_STATES = frozenset({DeliveryState.SENDING, DeliveryState.UNKNOWN})


class Consent(StrEnum):
    """What a person said about texts: yes in a form, stop, or start again."""

    GIVEN = "GIVEN"
    STOPPED = "STOPPED"
    STARTED = "STARTED"


def wait_before(tries: int) -> timedelta:
    """This will return how long to wait before the next try, after `tries` of them."""
    doublings: int = min(max(tries - 1, 0), _MOST_DOUBLINGS)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


def short_name(name: str, *, most: int = MOST_NAME_LETTERS) -> str:
    """This will cut a fund's name at a word, so that a text has room for what it says."""
    if len(name) <= most:
        return name
    kept = name[: most + 1].rpartition(" ")[0] or name[:most]
    return kept.rstrip(" ,;:-")
