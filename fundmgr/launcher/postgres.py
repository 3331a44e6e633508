"""A private PostgreSQL: makes its data folder, starts it on a socket, gives it roles and a database."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from fundmgr.launcher import binaries, privileges, processes
from fundmgr.launcher.errors import FULL_DISK_WORDS, LauncherError, disk_full
from fundmgr.launcher.supervisor import Child, Supervisor, last_lines

SUPERUSER = "postgres"
OWNER_ROLE = "fundmgr_owner"
APP_ROLE = "fundmgr_app"
DATABASE = "fundmgr"
UNFINISHED = "fundmgr_unfinished"
SOCKET_NAME = ".s.PGSQL.5432"
START_SECONDS = 60.0
STATUS_LINE = 7  # of postmaster.pid, where the server writes "ready"
# The locale that sorts the same on every machine and still knows the letters of every script.
LOCALE = "C.UTF-8"
ROLES_SQL = """
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', wanted)
  FROM unnest(ARRAY['{owner}', '{app}']) AS wanted
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) \\gexec
SELECT 'CREATE DATABASE "{database}" OWNER "{owner}"'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}') \\gexec
"""


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL data folder and the folder of its socket."""

    programs: binaries.Postgres
    data: Path
    sockets: Path
    log: Path

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return the address of a database for a role."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.sockets), safe='')}"


def recorded_major(data: Path) -> int | None:
    """Return the PostgreSQL major that made a data folder, or None for no folder."""
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        return None


def cluster(data: Path, sockets: Path, log: Path) -> Cluster:
    """Return the cluster of a data folder with the programs that fit it."""
    return Cluster(binaries.postgres(recorded_major(data)), data, sockets, log)


def initialise(server: Cluster, *, extra: Sequence[str] = ()) -> None:
    """Make the data folder if there is none; a half-made one is never taken for whole."""
    if (server.data / "PG_VERSION").exists():
        _own(server, server.data)
        return
    fresh = server.data.with_name(f"{server.data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _own(server, fresh)
    # No password can be kept better than the socket's folder is: that folder has mode 0700, so whoever
    # reaches the socket could read a password file too, and `peer` knows no user of these names.
    command = privileges.server_command(
        server.programs.program("initdb"),
        f"--pgdata={fresh}", f"--username={SUPERUSER}", "--auth-local=trust", "--auth-host=reject",
        "--encoding=UTF8", f"--locale={LOCALE}", "--data-checksums", *extra,
    )  # fmt: skip
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if answer.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        if FULL_DISK_WORDS in answer.stderr + answer.stdout:
            raise disk_full(server.data.parent)
        raise LauncherError(f"PostgreSQL could not make its data folder:\n{answer.stderr.strip()}")
    fresh.rename(server.data)


def _own(server: Cluster, folder: Path) -> None:
    # Only inside our own data folder, and only when another way of dropping rights made it.
    uid = privileges.server_uid(server.programs.program("postgres"))
    if os.geteuid() != 0 or folder.stat().st_uid == uid:
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, uid, follow_symlinks=False)


def start(
    server: Cluster, supervisor: Supervisor, *, env: Mapping[str, str], settings: Sequence[str] = ()
) -> Child:
    """Start the server and wait until it takes connections."""
    stop_stray(server.data)
    # The socket's own lock names a process; where nobody reaps the dead, that number looks alive for ever.
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (server.sockets / name).unlink(missing_ok=True)
    fixed = (
        "listen_addresses=",
        f"unix_socket_directories={server.sockets}",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        "log_timezone=UTC",
    )
    arguments = [word for setting in (*fixed, *settings) for word in ("-c", setting)]
    child = supervisor.start(
        "postgres",
        privileges.server_command(
            server.programs.program("postgres"), "-D", str(server.data), *arguments, dies_by=signal.SIGINT
        ),
        env=without_client_settings(env),
        cwd=Path("/"),
        log=server.log,
        stop_signal=signal.SIGINT,
        orphan_signal=signal.SIGINT,
    )
    _wait_ready(server, child, supervisor)
    return child


def without_client_settings(env: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without PGPORT, PGDATA and their like, which would bend our own server."""
    return {name: value for name, value in env.items() if not name.startswith("PG")}


def _wait_ready(server: Cluster, child: Child, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _says_ready(server.data, child.process.pid):
        if not child.alive():
            raise supervisor.death_of(child)
        if time.monotonic() > deadline:
            raise LauncherError(f"PostgreSQL did not start in time:\n{last_lines(server.log)}")
        time.sleep(0.02)


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []


def _says_ready(data: Path, pid: int) -> bool:
    lines = _pid_file(data)
    return len(lines) > STATUS_LINE and lines[0] == str(pid) and lines[STATUS_LINE].strip() == "ready"


def inhabitants(data: Path) -> list[int]:
    """Return the PostgreSQL processes that stand in a data folder, the postmaster first."""
    # A number in postmaster.pid may belong to a stranger by now, but every server process stands in its
    # own data folder.
    found = []
    for process in processes.folders():
        try:
            if (process / "cwd").readlink() == data and (process / "exe").readlink().name == "postgres":
                found.append(int(process.name))
        except OSError:
            continue
    first = (_pid_file(data) or [""])[0]
    return sorted(found, key=lambda pid: (str(pid) != first, pid))


def stop_stray(data: Path, seconds: float = 4.0) -> None:
    """Stop a server that survived its launcher, then clear the file that a dead one left."""
    where = data.resolve()
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        deadline = time.monotonic() + seconds
        pids = inhabitants(where)
        # Backends follow their postmaster; only where it is gone are they told one by one.
        for pid in pids[:1] if number is signal.SIGINT else pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while inhabitants(where) and time.monotonic() < deadline:
            time.sleep(0.05)
    if inhabitants(where):
        raise LauncherError(f"An earlier PostgreSQL on {data} does not stop: end it by hand.")
    # Safe only now: with a process left, this file is what keeps two servers off the same data.
    (data / "postmaster.pid").unlink(missing_ok=True)


def run_sql(server: Cluster, sql: str, *, database: str = "postgres") -> str:
    """Run statements as the superuser and return what they print."""
    command = [
        server.programs.program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
        "-h", str(server.sockets), "-U", SUPERUSER, "-d", database, "-f", "-",
    ]  # fmt: skip
    answer = subprocess.run(
        command,
        input=sql,
        capture_output=True,
        text=True,
        check=False,
        env=without_client_settings(os.environ),
    )
    if answer.returncode != 0:
        if FULL_DISK_WORDS in answer.stderr:
            raise disk_full(server.data.parent)
        raise LauncherError(f"PostgreSQL refused a statement:\n{answer.stderr.strip()}")
    return answer.stdout


def bootstrap(
    server: Cluster, *, owner: str = OWNER_ROLE, app: str = APP_ROLE, database: str = DATABASE
) -> None:
    """Make the two login roles and the database, where they are missing."""
    run_sql(server, ROLES_SQL.format(owner=owner, app=app, database=database))


def has_database(server: Cluster, name: str) -> bool:
    """Tell whether a database of this name exists."""
    return bool(run_sql(server, f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip())  # noqa: S608 - our own names


def drop(server: Cluster, name: str) -> None:
    """Drop a database, if there is one of this name."""
    run_sql(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def rename(server: Cluster, old: str, new: str) -> None:
    """Give a database that nobody uses another name."""
    run_sql(server, f'ALTER DATABASE "{old}" RENAME TO "{new}"')
