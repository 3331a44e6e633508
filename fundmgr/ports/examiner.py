"""The door to the examiner: a stranger's file in, a clean copy out, or the reason why there is none.

Decoders run in a process of their own, without keys, database or environment, with little memory and few
seconds (fundmgr/examiner). Starting one costs a tenth of a second, which no page but an upload pays.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings

from fundmgr.domain import errors
from fundmgr.domain.documents import MOST_BYTES, NotKept, Refusal

SECONDS = 30.0
WAIT_SECONDS = 25.0
# More at once would take the memory and the cores that pages need.
AT_ONCE = 2
MOST_COPY_BYTES = 3 * MOST_BYTES
_COMMAND = [sys.executable, "-s", "-E", "-B", "-m", "fundmgr.examiner"]
_MEDIA_TYPES = {"image/jpeg", "application/pdf"}
_places = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Copy:
    """A clean copy. Units: pixels; pages of a PDF."""

    media_type: str
    content: bytes
    width: int = 0
    height: int = 0
    pages: int = 1


def clean_copy(content: bytes) -> Copy:
    """This will return a copy that holds what is seen and nothing else. Errors: NotKept, Busy."""
    if not content:
        raise NotKept(Refusal.EMPTY)
    if len(content) > MOST_BYTES:
        raise NotKept(Refusal.TOO_LARGE)
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise errors.Busy
    try:
        answer = _asked(content)
    finally:
        _places.release()
    return _copy_of(answer)


def _asked(content: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  # our own program, and no word of the sender's in it
            _COMMAND,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env={"LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1"},
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        # It died of what it read, or of its limits.
        raise NotKept(Refusal.TOO_COMPLEX) from None
    except OSError as error:
        raise errors.Busy from error
    return done.stdout


def _copy_of(answer: bytes) -> Copy:
    """The answer is another process's word, and is believed no further than it is checked."""
    head, _, content = answer.partition(b"\n")
    try:
        facts: dict[str, Any] = json.loads(head)
        if "refused" in facts:
            raise NotKept(Refusal(facts["refused"]))
        copy = Copy(
            str(facts["media_type"]),
            content,
            int(facts.get("width", 0)),
            int(facts.get("height", 0)),
            int(facts.get("pages", 1)),
        )
    except (ValueError, KeyError, TypeError):
        raise NotKept(Refusal.TOO_COMPLEX) from None
    if copy.media_type not in _MEDIA_TYPES or not 0 < len(content) <= MOST_COPY_BYTES:
        raise NotKept(Refusal.TOO_COMPLEX)
    return copy
