"""Put a backup into an empty database: read it through first, then all or nothing, then compare."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.migrations.loader import MigrationLoader

from fundmgr import privileges
from fundmgr.backup import digest, ground, programs
from fundmgr.backup.errors import BackupError
from fundmgr.backup.manifest import (
    DATABASE,
    LARGEST_BYTES,
    NAME,
    Manifest,
    place_of,
    read,
    refuse_other_ground,
)
from fundmgr.backup.sealed import Reader


def restore(path: Path, *, secret: str, prove: Callable[[Path], None]) -> Manifest:
    """Restore a backup, compare it with what its source was, call `prove`, and only then let the app in.

    `prove` is told where the restored files lie until then.

    Errors: BackupError in one sentence; whatever fails, the database is as empty as it was and no file stays.
    """
    ground.refuse_wrong_role()
    ground.refuse_filled_database()
    _refuse_filled_folder()
    with _opened(path) as file:
        manifest = inspect(file, secret=secret)
        _refuse_other_ground(manifest)
        file.seek(0)
        with _files_beside() as files:
            try:
                _fill(file, secret, files)
                _compare(manifest)
                prove(files)
                with transaction.atomic():
                    _let_app_in()
                    _take_files(files)
            except BaseException:
                ground.empty()
                raise
    return manifest


def inspect(file: BinaryIO, *, secret: str) -> Manifest:
    """Read a backup through to its end and return its manifest; nothing is written.

    Errors: BackupError for a wrong key, any changed, moved or missing byte, and a missing member.
    """
    reader, content = Reader(file, secret), bytearray()
    for name, part in reader.parts():
        if name == NAME and len(content) < LARGEST_BYTES:
            content += part
    return read(bytes(content), reader.members)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise BackupError(f"{error.filename or path}: {error.strerror}.") from error


def _refuse_other_ground(manifest: Manifest) -> None:
    known = MigrationLoader(None).disk_migrations
    names = [f"{app}.{name}" for app, name in known]
    refuse_other_ground(manifest, major=programs.server_major(), migrations=names)


def _fill(file: BinaryIO, secret: str, files: Path) -> None:
    with ExitStack() as database, ExitStack() as one:
        out: IO[bytes] | None = None
        for name, part in Reader(file, secret).parts():
            if not part:
                one.close()
                # The dump ends where the next member begins; from there pg_restore may commit.
                out = _next_file(name, files, database, one)
            elif out is not None:
                out.write(part)


def _next_file(name: str, files: Path, database: ExitStack, one: ExitStack) -> IO[bytes] | None:
    database.close()
    if name == NAME:
        return None
    if name == DATABASE:
        return database.enter_context(programs.restoring())
    path = files / place_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return one.enter_context(open(number, "wb"))  # noqa: PTH123 - a descriptor has no path


def _compare(manifest: Manifest) -> None:
    with digest.one_moment():
        different = digest.first_difference(manifest.digest, digest.take())
    if different:
        raise BackupError(
            f"The restored copy differs from its source in {different}: it was taken out again."
        )


def _let_app_in() -> None:
    for config in apps.get_app_configs():
        if config.models_module is not None:
            privileges.give_app_role(config)


def _refuse_filled_folder() -> None:
    folder: Path = settings.FILES_DIR
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"The folder {folder} holds files already: move them away first.")


@contextmanager
def _files_beside() -> Iterator[Path]:
    # Beside the real place and under another name until the database is proved.
    files: Path = settings.FILES_DIR.with_name(f"{settings.FILES_DIR.name}.restoring")
    shutil.rmtree(files, ignore_errors=True)
    files.mkdir(mode=0o700, parents=True)
    try:
        yield files
    finally:
        shutil.rmtree(files, ignore_errors=True)


def _take_files(files: Path) -> None:
    if any(files.iterdir()):
        files.replace(settings.FILES_DIR)
