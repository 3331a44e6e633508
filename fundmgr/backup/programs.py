"""pg_dump and pg_restore of the server's own major, read and fed through pipes; no secret in their words."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from fundmgr.backup.errors import BackupError
from fundmgr.backup.sealed import FRAME_BYTES
from fundmgr.launcher import binaries
from fundmgr.launcher.errors import LauncherError

_NUMBERS_IN_A_MAJOR = 10_000


def server_major() -> int:
    """Return the major of the server that the connection talks to."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // _NUMBERS_IN_A_MAJOR


def dump(snapshot: str) -> Iterator[bytes]:
    """Yield the database in pg_dump's own format, as one moment of it was.

    Errors: BackupError with the program's first line where it fails, at the end of what it wrote.
    """
    words = ("--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s")
    with _running("pg_dump", *words, f"--snapshot={snapshot}", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        while part := process.stdout.read(FRAME_BYTES):
            yield part


@contextmanager
def restoring() -> Iterator[IO[bytes]]:
    """Give a pipe whose bytes pg_restore puts into the database: all of them in one transaction, or none.

    Errors: BackupError with the program's first line where it refuses; whatever is raised inside undoes it.
    """
    words = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    with _running("pg_restore", *words, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            yield process.stdin
            process.stdin.close()
        except BrokenPipeError:
            _drop(process.stdin)  # It says why on its standard error, which is read at its end.
        except BaseException:
            # Killed before its input ends, so it never comes to its COMMIT.
            process.kill()
            _drop(process.stdin)
            raise


def _drop(pipe: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        pipe.close()


@contextmanager
def _running(
    name: str, *words: str, stdin: int | None = None, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    address, env = _address()
    try:
        program = binaries.client(name, server_major())
    except LauncherError as error:
        raise BackupError(str(error)) from None
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - a program of PostgreSQL, words of our own
            [program, *words, f"--dbname={address}"], env=env, stdin=stdin, stdout=stdout, stderr=said
        )
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            with process:
                process.wait()
        if process.returncode != 0:
            said.seek(0)
            first = said.read().decode(errors="replace").strip().partition("\n")[0]
            raise BackupError(f"{name} failed: {first or f'it ended with {process.returncode}'}")


def _address() -> tuple[str, dict[str, str]]:
    # What a process was started with can be read by everybody on the machine; its environment cannot.
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    given = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name in known - {"options", "client_encoding"} and value not in {None, ""}
    }
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if "password" in given:
        env["PGPASSWORD"] = str(given.pop("password"))
    return make_conninfo("", **given), env
