"""Where things live on disk, and a socket folder whose path is short enough for the kernel."""

import hashlib
import os
import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from fundmgr.launcher.errors import LauncherError, disk_full, is_disk_full

PROJECT = Path(__file__).resolve().parents[2]
# sockaddr_un holds 108 bytes with the closing zero; the longest name in the folder is .s.PGSQL.5432.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")
# Each server and client quotes odd characters in its own way, so sockets keep to plain ones.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]+")
LOCK_NAME = "launcher.lock"
# What Django may have put into the folder before the launcher ever ran.
EARLY_NAMES = {
    *("secret_key", "field_keys", "lookup_key", "anchor_key", "anchor.jsonl"),
    *("files", "kept_pages", "mail", "static", "texts", LOCK_NAME),
}
LEAST_FREE_BYTES = 150_000_000


@dataclass(frozen=True)
class Places:
    """The folders of one installation."""

    data: Path
    sockets: Path

    @property
    def postgres(self) -> Path:
        """The PostgreSQL data folder."""
        return self.data / "postgres"

    @property
    def valkey(self) -> Path:
        """The folder of Valkey's append-only file."""
        return self.data / "valkey"

    @property
    def logs(self) -> Path:
        """One log file a child."""
        return self.data / "log"

    @property
    def beat(self) -> Path:
        """Where beat remembers what it last sent."""
        return self.data / "beat"

    @property
    def lock(self) -> Path:
        """The file whose lock says that a launcher runs here."""
        return self.data / LOCK_NAME

    @property
    def environment(self) -> Path:
        """The addresses of the running servers, for commands typed in another terminal."""
        return self.data / "environment"

    def log(self, name: str) -> Path:
        """Return the log file of a child."""
        return self.logs / f"{name}.log"


def asked_data_folder() -> Path:
    """Return the data folder that the environment names, or ./var beside the code."""
    return Path(os.environ.get("FUNDMGR_DATA_DIR") or PROJECT / "var").expanduser().absolute()


def places_of(data: Path) -> Places:
    """Return the folders of an installation without touching the disk."""
    return Places(data=data, sockets=_socket_folder(data))


def _socket_folder(data: Path) -> Path:
    wanted = data / "run"
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_FOLDER and PLAIN_PATH.fullmatch(str(wanted)):
        return wanted
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path("/tmp") / f"fundmgr-{os.getuid()}-{name}"  # noqa: S108 - checked by private_folder


def make(places: Places) -> None:
    """Create the folders, each readable by this user alone."""
    try:
        places.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_other_owner(places.data)
        private_folder(places.data)
        _refuse_strange_folder(places.data)
        # Before anything else: whatever happens next, the folder is known as ours.
        places.lock.touch(mode=0o600)
        for folder in (places.logs, places.valkey, places.beat, places.sockets):
            private_folder(folder)
    except PermissionError as error:
        raise LauncherError(
            f"The data folder {places.data} cannot be written by this user ({error.strerror}): "
            "run as its owner or set FUNDMGR_DATA_DIR to another folder."
        ) from error
    except OSError as error:
        raise (disk_full(places.data) if is_disk_full(error) else _unusable(places.data, error)) from error


def private_folder(folder: Path) -> None:
    """Make a folder of mode 0700, refusing one that somebody else put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A name in a shared folder may be taken by another user's folder or link: never follow one.
    found = folder.lstat()
    if folder.parent == Path("/tmp") and (  # noqa: S108 - this is the check itself
        stat.S_ISLNK(found.st_mode) or found.st_uid != os.geteuid()
    ):
        raise LauncherError(f"{folder} belongs to somebody else: remove it, then start again.")
    folder.chmod(0o700)


def _refuse_other_owner(data: Path) -> None:
    # Root could go on, but would leave files behind that the owner can no longer open.
    owner = data.stat().st_uid
    if owner != os.geteuid():
        raise LauncherError(
            f"The data folder {data} belongs to user {owner}: run as that user, "
            "or set FUNDMGR_DATA_DIR to another folder."
        )


def _refuse_strange_folder(data: Path) -> None:
    # `reset` deletes what is in here, so a home folder named by mistake must never become ours.
    names = {entry.name for entry in data.iterdir()}
    if LOCK_NAME not in names and names - EARLY_NAMES:
        raise LauncherError(
            f"{data} holds files that fundmgr did not make: set FUNDMGR_DATA_DIR to an empty or new folder."
        )


def _unusable(data: Path, error: OSError) -> LauncherError:
    return LauncherError(f"The data folder {data} cannot be used: {error.strerror}.")


def require_space(data: Path) -> None:
    """Refuse to start on a disk that would fill up at once."""
    free = shutil.disk_usage(data).free
    if free < LEAST_FREE_BYTES:
        raise LauncherError(
            f"The disk that holds {data} is full: {free // 1_000_000} MB are free, "
            f"{LEAST_FREE_BYTES // 1_000_000} MB are needed."
        )
