"""Keys and names of things: time-ordered UUIDs inside, prefixed ids outside, short words for people."""

import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

# No vowels, so that no word appears; no 0, 1, O or I, so that a person can read it out.
REFERENCE_LETTERS = "23456789BCDFGHJKLMNPQRSTVWXYZ"
REFERENCE_LENGTH = 6
_REFERENCES = len(REFERENCE_LETTERS) ** REFERENCE_LENGTH
# The bits of such a UUID that are random: all but the time, the version and the variant.
_DRAWN = 0xFFF << 64 | (1 << 62) - 1
_source: ContextVar[random.Random] = ContextVar("source", default=secrets.SystemRandom())  # noqa: B039  # holds no state
_PUBLIC = re.compile(r"([a-z]{2,6})_([0-9a-f]{32})\Z")


@contextmanager
def repeatable(seed: int) -> Iterator[None]:
    """This will make every id and reference inside the block follow from the seed, as a demo needs."""
    token = _source.set(random.Random(seed))  # noqa: S311  # repeatable on purpose
    try:
        yield
    finally:
        _source.reset(token)


def new_id(now: datetime) -> UUID:
    """This will make a version 7 UUID: milliseconds first, then 74 random bits.

    Source: RFC 9562, section 5.7.
    """
    random_a, random_b = divmod(_source.get().getrandbits(74), 1 << 62)
    return UUID(int=_fixed(_milliseconds(now)) | random_a << 64 | random_b)


def new_ids(now: datetime, number: int) -> list[UUID]:
    """This will make as many such UUIDs at one moment, for less than one by one."""
    fixed, drawn = _fixed(_milliseconds(now)), _source.get().randbytes(10 * number)
    return [
        UUID(int=fixed | int.from_bytes(drawn[start : start + 10], "big") & _DRAWN)
        for start in range(0, len(drawn), 10)
    ]


def _milliseconds(now: datetime) -> int:
    return int(now.timestamp() * 1000) & ((1 << 48) - 1)


def _fixed(milliseconds: int) -> int:
    return milliseconds << 80 | 0x7 << 76 | 0b10 << 62


def public(prefix: str, key: UUID) -> str:
    """This will write a key as the outside sees it, like `req_018f…`."""
    return f"{prefix}_{key.hex}"


def parse_public(prefix: str, text: str) -> UUID | None:
    """This will read a public id back, or return None where it is not one of this prefix."""
    found = _PUBLIC.match(text)
    if not found or found.group(1) != prefix:
        return None
    return UUID(hex=found.group(2))


def new_reference() -> str:
    """This will make a short random reference, like `R-7K3Q9M`; no order can be read from it."""
    letters, number = "", _source.get().randrange(_REFERENCES)
    for _ in range(REFERENCE_LENGTH):
        number, place = divmod(number, len(REFERENCE_LETTERS))
        letters += REFERENCE_LETTERS[place]
    return f"R-{letters}"
