"""One launcher for each data folder, by a lock that dies with its holder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from fundmgr.launcher.errors import LauncherError
from fundmgr.launcher.paths import Places


@contextmanager
def held(places: Places) -> Iterator[None]:
    """Hold the folder's lock; the kernel lets go of it however this process ends."""
    handle = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 20).decode().strip() or "unknown"
        os.close(handle)
        raise LauncherError(
            f"fundmgr already runs on {places.data} (process {holder}): "
            "stop it first, or set FUNDMGR_DATA_DIR to another folder."
        ) from None
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)
