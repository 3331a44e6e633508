"""The store of files: each encrypted under a random name, whole or not at all, and only ever added.

The row of a file (models/files.py) says what it is. A file without a row is what a crash left behind; the
nightly sweep takes it away. Files lie outside the database, so nothing here asks for a transaction.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings

from fundmgr.domain import errors
from fundmgr.models.encrypted import seal_bytes, unseal_bytes

UNFINISHED = ".unfinished"
_NAME_BYTES = 20


def keep(content: bytes) -> str:
    """This will encrypt a file, write it to the disk and return its place, a random name.

    It is written under another name first and linked when it is whole. Errors: Busy where the disk refuses.
    """
    place = secrets.token_hex(_NAME_BYTES)
    path = _path(place)
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(unfinished, seal_bytes(content, place=_bound(place)))
        os.link(unfinished, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise errors.Busy("The file could not be stored. Nothing was changed. Try again later.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return place


def read(place: str, *, sha256: str, folder: Path | None = None) -> bytes:
    """This will return a file's bytes as they were sent, out of the store or another folder like it.

    Errors: FileDamaged where they are not those.
    """
    try:
        content = unseal_bytes(_path(place, folder).read_bytes(), place=_bound(place))
    except (OSError, KeyError, ValueError, InvalidTag) as error:
        raise errors.FileDamaged from error
    if digest(content) != sha256:
        raise errors.FileDamaged
    return content


def digest(content: bytes) -> str:
    """This will return a file's digest, SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def remove(place: str) -> None:
    """This will take a file away that no row names."""
    _path(place).unlink(missing_ok=True)


def places(*, before: datetime) -> Iterator[str]:
    """This will name the files that were written before a moment, half-written ones removed on the way."""
    for path in sorted(settings.FILES_DIR.glob("??/*")):
        try:
            written_at = path.stat().st_mtime
        except FileNotFoundError:
            # Half written when it was listed, and whole under its own name by now; or gone.
            continue
        if datetime.fromtimestamp(written_at, UTC) >= before:
            continue
        if path.name.endswith(UNFINISHED):
            path.unlink(missing_ok=True)
        else:
            yield path.name


def _path(place: str, folder: Path | None = None) -> Path:
    store: Path = folder or settings.FILES_DIR
    return store / place[:2] / place


def _bound(place: str) -> str:
    return f"file:{place}"


def _write(path: Path, content: bytes) -> None:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(number, "wb") as file:  # noqa: PTH123 - a descriptor has no path
        file.write(content)
        file.flush()
        os.fsync(number)


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    os.fsync(number)
    os.close(number)
