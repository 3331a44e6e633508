"""Gives the tests servers of their own, before Django reads its settings.

Loaded by `-p own_servers` in pyproject.toml, so that bare `pytest` and `python -m pytest` both work. The
addresses are fixed at once; the servers start with the first test that asks for a database, so a run of
pure tests costs nothing. TEST_DATABASE_URL (a superuser's) and TEST_REDIS_URL name other servers to use.
A migrated cluster is kept in .pytest_cache under the hash of what made it; all else goes at the end.
"""

import atexit
import contextlib
import hashlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from fundmgr.launcher import paths, postgres, supervisor, valkey

PROJECT = paths.PROJECT
FOLDER_PREFIX = "fundmgr-test-"
TEMPLATE_SOURCES = (
    "fundmgr/models", "fundmgr/migrations", "requests_app/models", "requests_app/migrations",
    "fundmgr/apps.py", "fundmgr/privileges.py", "fundmgr/settings.py", "requests_app/apps.py",
    "fundmgr/launcher/postgres.py", "requirements/runtime.lock",
)  # fmt: skip
# A test database that loses power is thrown away, so it need not wait for the disk.
FAST = (
    "fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=256MB",
    "max_connections=200",
)  # fmt: skip
# In memory a clone takes 0.02 s, on a slow disk 0.4 s.
MEMORY_FOLDER = Path("/dev/shm")
LEAST_MEMORY_BYTES = 2_000_000_000
KEPT_CLUSTERS = 2


class Servers:
    """The databases and the queue of one test run."""

    def __init__(self) -> None:
        """Choose every name and address without starting anything."""
        remove_abandoned()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir=quick_folder()))
        self.places = paths.places_of(self.folder / "servers")
        self.supervisor = supervisor.Supervisor(self.places.data)
        self.foreign = os.environ.get("TEST_DATABASE_URL", "")
        # On a server that others use too, roles and databases carry a mark of this run.
        mark = f"_{secrets.token_hex(4)}" if self.foreign else ""
        self.owner, self.app = f"fundmgr_owner{mark}", f"fundmgr_app{mark}"
        self.template, self.shared = f"fundmgr_template{mark}", f"fundmgr_test{mark}"
        self.password = secrets.token_urlsafe(16) if self.foreign else ""
        self.started = False
        self.clones = 0
        self.demo = ""

    @property
    def cluster(self) -> postgres.Cluster:
        """The cluster of our own."""
        return postgres.cluster(self.places.postgres, self.places.sockets, self.places.log("postgres"))

    def url(self, role: str, database: str) -> str:
        """Return the address of a database for a role."""
        admin = urlsplit(self.admin_url)
        who = f"{role}:{self.password}" if self.password else role
        return admin._replace(netloc=f"{who}@{admin.netloc.rpartition('@')[2]}", path=f"/{database}").geturl()

    @property
    def admin_url(self) -> str:
        """The address of the superuser."""
        return self.foreign or self.cluster.url(postgres.SUPERUSER, "postgres")

    def environment(self, database: str = "") -> dict[str, str]:
        """Return what Django and its child processes read to find the servers."""
        name = database or self.shared
        return {
            "DATABASE_URL": self.url(self.app, name),
            "FUNDMGR_OWNER_DATABASE_URL": self.url(self.owner, name),
            "FUNDMGR_APP_ROLE": self.app,
            "REDIS_URL": os.environ.get("TEST_REDIS_URL") or valkey.url(self.places.sockets),
            "FUNDMGR_DATA_DIR": str(self.folder / "data"),
            "FUNDMGR_EMBEDDED": "1",
            "FUNDMGR_DEMO": "0",
        }

    def start(self) -> None:
        """Start what is not given from outside, and make the databases; a second call does nothing."""
        if self.started:
            return
        self.started = True
        paths.make(self.places)
        if not os.environ.get("TEST_REDIS_URL"):
            valkey.start(
                self.places.valkey,
                self.places.sockets,
                self.places.log("valkey"),
                self.supervisor,
                env=os.environ,
            )
        if self.foreign:
            self._make_template()
        else:
            self._start_own_cluster()
        self.clone(self.shared)

    def _start_own_cluster(self) -> None:
        kept = _kept_cluster()
        if not _copy(kept, self.places.postgres):
            postgres.initialise(self.cluster, extra=["--no-sync"])
            self._start_postgres()
            self._make_template()
            # Only a stopped cluster can be copied.
            self.supervisor.stop(["postgres"])
            _keep(self.places.postgres, kept)
        self._start_postgres()

    def _start_postgres(self) -> None:
        postgres.start(self.cluster, self.supervisor, env=os.environ, settings=FAST)

    def _make_template(self) -> None:
        with self.admin() as admin:
            for role in (self.owner, self.app):
                statement = "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}"
                admin.execute(
                    sql.SQL(statement).format(sql.Identifier(role), sql.Literal(self.password or None))
                )
            admin.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(self.template), sql.Identifier(self.owner)
                )
            )
        try:
            self._command(self.template, "migrate", "--verbosity", "0", FUNDMGR_DB_ROLE="owner")
        except RuntimeError as error:
            # Without tables every further test would fail by the same sentence.
            pytest.exit(str(error), returncode=1)

    @contextlib.contextmanager
    def admin(self) -> Iterator[psycopg.Connection]:
        """Connect as the superuser, each statement by itself."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            yield connection

    def clone(self, name: str = "", *, template: str = "") -> str:
        """Make a database from the migrated template, or from another one, and return its name."""
        self.clones += 1
        name = name or f"{self.shared}_{self.clones}"
        with self.admin() as admin:
            # Copying files is quickest, but makes a server that syncs wait for a checkpoint.
            strategy = "WAL_LOG" if self.foreign else "FILE_COPY"
            statement = f"CREATE DATABASE {{}} TEMPLATE {{}} OWNER {{}} STRATEGY {strategy}"
            names = (name, template or self.template, self.owner)
            admin.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
        return name

    def demo_template(self) -> str:
        """Return a database with the demo story in it, made once; clone it rather than change it."""
        if not self.demo:
            self.demo = self.clone(f"{self.shared}_demo")
            self._command(self.demo, "demo", FUNDMGR_DEMO="1")
        return self.demo

    def _command(self, database: str, *words: str, **env: str) -> None:
        # Our own checks rightly refuse a server without fsync, so they stay out of these commands.
        answer = subprocess.run(
            [sys.executable, "manage.py", *words, "--skip-checks"],
            env={**os.environ, **self.environment(database), **env},
            cwd=PROJECT,
            check=False,
            capture_output=True,
            text=True,
            preexec_fn=supervisor.dying_with_parent(signal.SIGKILL),
        )
        if answer.returncode != 0:
            raise RuntimeError(f"manage.py {words[0]} fails:\n{answer.stdout}{answer.stderr}")

    def drop(self, name: str) -> None:
        """Drop a cloned database, whoever is still connected."""
        with self.admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Stop the servers and remove every trace."""
        atexit.unregister(self.stop)
        if self.started and self.foreign:
            self._clean_foreign()
        self.supervisor.stop()
        for folder in (self.folder, self.places.sockets):
            shutil.rmtree(folder, ignore_errors=True)

    def _clean_foreign(self) -> None:
        for name in (self.demo, self.shared, self.template):
            if name:
                self.drop(name)
        with self.admin() as admin:
            for role in (self.app, self.owner):
                admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def quick_folder() -> Path:
    """Return a folder for what may be lost: in memory where there is room, as nothing waits there."""
    roomy = MEMORY_FOLDER.is_dir() and os.access(MEMORY_FOLDER, os.W_OK)
    if roomy and shutil.disk_usage(MEMORY_FOLDER).free > LEAST_MEMORY_BYTES:
        return MEMORY_FOLDER
    return Path(tempfile.gettempdir())


def remove_abandoned() -> None:
    """Remove the folders of runs that were killed; their servers died with them."""
    for folder in quick_folder().glob(f"{FOLDER_PREFIX}[0-9]*-*"):
        pid = folder.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
        if not Path(f"/proc/{pid}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _kept_cluster() -> Path:
    digest = hashlib.sha256(f"{os.geteuid()}".encode())
    for source in TEMPLATE_SOURCES:
        path = PROJECT / source
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(f"{file}\0".encode() + file.read_bytes())
    return PROJECT / ".pytest_cache" / "clusters" / digest.hexdigest()[:16]


def _copy(source: Path, target: Path) -> bool:
    # `cp` keeps the owner and shares blocks where the file system can; shutil does neither.
    if not source.exists():
        return False
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    command = ["cp", "--archive", "--reflink=auto", str(source), str(fresh)]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        return False
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        return False
    return True


def _keep(cluster: Path, kept: Path) -> None:
    # A folder that cannot be written only costs the next run its head start.
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        _copy(cluster, kept)
        by_age = sorted(kept.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in by_age[KEPT_CLUSTERS:]:
            shutil.rmtree(old, ignore_errors=True)


SERVERS: Servers | None = None


def running() -> Servers:
    """Return the servers of this run, started."""
    if SERVERS is None:
        pytest.fail("The servers' plugin was not loaded: run pytest from a checkout with its pyproject.toml.")
    SERVERS.start()
    return SERVERS


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Name the servers first: a wrapper goes before pytest-django, which reads the settings here."""
    global SERVERS  # noqa: PLW0603 - one run has one set of servers
    SERVERS = Servers()
    os.environ.update(SERVERS.environment())
    early_config.add_cleanup(SERVERS.stop)
    atexit.register(SERVERS.stop)
    return (yield)


def pytest_report_header() -> str:
    """Say which servers this run uses."""
    database = "TEST_DATABASE_URL" if os.environ.get("TEST_DATABASE_URL") else "its own"
    queue = "TEST_REDIS_URL" if os.environ.get("TEST_REDIS_URL") else "its own"
    return f"servers: PostgreSQL {database}, Valkey or Redis {queue}"
