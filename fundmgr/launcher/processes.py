"""Lists the processes of this machine, which come and go while they are listed."""

from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def folders() -> Iterator[Path]:
    """
    Yield the folder of every process; it may be gone once it is read, which is an OSError of that read.

    Names only: a pattern over what stands in the folders (`*/environ`) looks each file up, and raises
    ProcessLookupError where a process ends meanwhile.
    """
    return (entry for entry in PROC.iterdir() if entry.name.isdecimal())
