"""`python -m fundmgr.examiner`: one file in, and out a clean copy or why there is none.

The answer is one line of JSON, then the copy. Whatever goes wrong in a decoder ends this process alone:
memory, seconds and files are limited before the first byte is read.
"""

import json
import resource
import sys

from fundmgr.examiner.refusals import Refused
from fundmgr.examiner.types import type_of

MOST_MEMORY_BYTES = 1_200_000_000
MOST_CPU_SECONDS = 20
MOST_OPEN_FILES = 64


def main() -> None:
    """Answer about the one file."""
    _limit()
    content = sys.stdin.buffer.read()
    try:
        facts, copy = _cleaned(content)
    except Refused as refusal:
        facts, copy = {"refused": refusal.code}, b""
    except MemoryError:
        facts, copy = {"refused": "too_complex"}, b""
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + copy)
    sys.stdout.buffer.flush()


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_OPEN_FILES, MOST_OPEN_FILES))
    # Nothing is written to the disk from here: no copy, no core.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cleaned(content: bytes) -> tuple[dict[str, object], bytes]:
    if type_of(content) == "application/pdf":
        from fundmgr.examiner import papers  # noqa: PLC0415  # only the library that this file needs

        return papers.cleaned(content)
    from fundmgr.examiner import pictures  # noqa: PLC0415  # only the library that this file needs

    return pictures.cleaned(content)


if __name__ == "__main__":
    main()
