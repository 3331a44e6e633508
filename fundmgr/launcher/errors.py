"""What stops the launcher: always one sentence that a person can act on."""

import errno
from pathlib import Path

FULL_DISK_WORDS = "No space left on device"


class LauncherError(Exception):
    """A reason not to go on, worded for the terminal."""


class StopAsked(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


def disk_full(folder: Path) -> LauncherError:
    """Return the sentence for a disk with no room left."""
    return LauncherError(f"The disk that holds {folder} is full: free some space, then start again.")


def is_disk_full(error: OSError) -> bool:
    """Tell whether the system refused a write for want of space."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}
