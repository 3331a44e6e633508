"""Make a sealed copy of the database and the files while everything runs."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connection

from fundmgr import VERSION
from fundmgr.backup import digest, programs
from fundmgr.backup.errors import BackupError
from fundmgr.backup.manifest import DATABASE, FILES, NAME, Manifest
from fundmgr.backup.sealed import FRAME_BYTES, SALT_BYTES, Member, Writer


def make(target: Path, *, secret: str, now: datetime) -> tuple[Path, Manifest]:
    """Write a backup to a file that does not exist yet, or into a folder under a name with the time.

    Errors: BackupError for a file that exists, a missing folder, a short key, a failing pg_dump; the
    target then does not exist.
    """
    path = target / f"fundmgr-{now:%Y%m%dT%H%M%SZ}.backup" if target.is_dir() else target
    with _new_file(path) as file, digest.one_moment():
        writer = Writer(file, secret, salt=secrets.token_bytes(SALT_BYTES))
        members = [writer.add(DATABASE, programs.dump(digest.snapshot()))]
        members += _add_files(writer)
        manifest = _manifest(members, now=now)
        writer.add(NAME, iter([manifest.as_json()]))
        writer.finish()
    return path, manifest


def _manifest(members: list[Member], *, now: datetime) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return Manifest(
        made_at=now,
        product_version=VERSION,
        postgresql=version,
        postgresql_major=programs.server_major(),
        migrations=digest.migrations(),
        members=members,
        digest=digest.take(),
    )


def _add_files(writer: Writer) -> Iterator[Member]:
    # After the database: whatever file a row of that moment names was there before the row.
    folder = settings.FILES_DIR
    for path in sorted(folder.rglob("*")):
        # A name that begins with a dot is a file that is being written: no row names it yet.
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield writer.add(FILES + path.relative_to(folder).as_posix(), _parts(path))


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(FRAME_BYTES):
            yield part


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    # Under another name until it is whole and on the disk; the link refuses a name that is taken.
    refuse_taken(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        number = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupError(f"The backup cannot be written in {path.parent}: {error.strerror}.") from None
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - a descriptor has no path
            yield file
            file.flush()
            os.fsync(number)
        _take_name(unfinished, path)
    except OSError as error:
        raise BackupError(f"The backup cannot be written in {path.parent}: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def _take_name(unfinished: Path, path: Path) -> None:
    try:
        os.link(unfinished, path)
    except FileExistsError:
        refuse_taken(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def refuse_taken(path: Path) -> None:
    """Refuse to write over anything.

    Errors: BackupError naming the file.
    """
    if path.exists() or path.is_symlink():
        raise BackupError(f"{path} exists already and is never overwritten: choose another name.")
