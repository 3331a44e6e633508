"""One start of the whole product: servers, tables, story, web, worker and beat, then a watch over them."""

import contextlib
import hashlib
import http.client
import os
import signal
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fundmgr.launcher import lock, paths, servers
from fundmgr.launcher.errors import LauncherError, StopAsked, disk_full, is_disk_full
from fundmgr.launcher.paths import PROJECT, Places
from fundmgr.launcher.plan import Plan
from fundmgr.launcher.supervisor import Child, Supervisor

READY_SECONDS = 120.0
WATCH_SECONDS = 0.25
# A step with many lines shows its newest this often.
SELDOM = 4.0
OK = 200
# When none of these changed since the last start, there is nothing to migrate.
TABLE_SOURCES = (
    "fundmgr/models", "fundmgr/migrations", "requests_app/models", "requests_app/migrations",
    "fundmgr/apps.py", "fundmgr/privileges.py", "fundmgr/settings.py", "requests_app/apps.py",
    "requirements/runtime.lock",
)  # fmt: skip


def say(line: str) -> None:
    """Print a line at once; a closed terminal is no reason to fall over."""
    with contextlib.suppress(OSError):
        print(line, flush=True)


@dataclass
class Start:
    """One run of the launcher on one folder."""

    places: Places
    port: int
    demo: bool
    plan: Plan
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Prepare to watch over the children."""
        self.supervisor = Supervisor(self.places.data)

    def run(self) -> int:
        """Start everything, watch it, and stop it when asked or when a part fails."""
        paths.make(self.places)
        with lock.held(self.places):
            try:
                self._start()
                self._watch()
            except StopAsked:
                self._stop("Stopping")
                say("Stopped. The data stays; `make run` starts again.")
            except LauncherError:
                self._stop("Stopping the rest")
                raise
            except OSError as error:
                self._stop("Stopping the rest")
                raise (disk_full(self.places.data) if is_disk_full(error) else error) from error
        return 0

    def _start(self) -> None:
        require_free_port(self.port)
        self._progress("Starting the database and the queue")
        env = servers.start(self.places, self.supervisor, building=self.demo)
        env |= {"PORT": str(self.port), "FUNDMGR_DEMO": "1" if self.demo else "0"}
        self._migrate(env)
        notice = self._fill(servers.for_app(env))
        env = servers.finish_building(self.places, env)
        servers.remember(self.places, env)
        app = servers.for_app(env)
        self._progress("Starting web, worker and beat")
        for service in self.plan.services:
            self.supervisor.start(
                service.name,
                service.command,
                env=app,
                cwd=PROJECT,
                log=self.places.log(service.name),
                orphan_signal=service.orphan_signal,
            )
        self._wait_ready()
        self._welcome(notice)

    def _progress(self, words: str) -> None:
        say(f"[{time.monotonic() - self.began:5.1f} s] {words}")

    def _migrate(self, env: Mapping[str, str]) -> None:
        stamp, digest = self.places.data / "migrated", digest_of(TABLE_SOURCES)
        if (
            env.get("FUNDMGR_EMBEDDED")
            and not servers.is_building(env)
            and stamp.exists()
            and stamp.read_text() == digest
        ):
            return
        self._progress("Making or changing the tables")
        self._step("migrate", self.plan.migrate, servers.for_owner(env))
        stamp.write_text(digest)

    def _fill(self, env: Mapping[str, str]) -> str:
        """Load the demo once, or return the address of the first visit, which exists until a fund does."""
        if not self.demo:
            return self._first_visit(env)
        stamp = self.places.data / "demo_loaded"
        if not (stamp.exists() and "FUNDMGR_EMBEDDED" in env):
            self._progress("Loading the demo (once)")
            self._step("demo", self.plan.demo, env, every_seconds=0)
            stamp.touch()
        return ""

    def _first_visit(self, env: Mapping[str, str]) -> str:
        log = self.places.log("first_visit")
        try:
            self._step("first_visit", self.plan.first_visit, env)
        except LauncherError:
            # There is a fund already; any other trouble shows when the product does not get ready.
            return ""
        address = log.read_text().strip().rpartition("\n")[2]
        log.unlink()
        return address

    def _step(
        self, name: str, command: tuple[str, ...], env: Mapping[str, str], every_seconds: float = SELDOM
    ) -> None:
        log = self.places.log(name)
        log.unlink(missing_ok=True)
        child = self.supervisor.start(name, command, env=env, cwd=PROJECT, log=log)
        echo = Echo(log, every_seconds)
        while child.alive():
            time.sleep(0.05)
            echo.catch_up()
            self._fail_if_one_died(except_for=child)
        echo.catch_up()
        self.supervisor.children.remove(child)
        if child.process.returncode != 0:
            raise self.supervisor.death_of(child)

    def _fail_if_one_died(self, except_for: Child | None = None) -> None:
        for child in self.supervisor.children:
            if child is not except_for and not child.alive():
                raise self.supervisor.death_of(child)

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers_ready(self.port, self.plan.ready_path):
            self._fail_if_one_died()
            if time.monotonic() > deadline:
                raise LauncherError(
                    f"The product did not get ready within {READY_SECONDS:.0f} s: see {self.places.logs}."
                )
            time.sleep(0.1)

    def _welcome(self, notice: str) -> None:
        address = f"http://localhost:{self.port}"
        self._progress("Ready")
        say(f"\n  fundmgr        {address}")
        if self.demo:
            say(f"  demo sign-in   {address}/demo/")
        if notice:
            say(f"  first visit    {notice}")
        say(f"  data and logs  {self.places.data}")
        say("  stop           press Ctrl-C\n")

    def _watch(self) -> None:
        while True:
            time.sleep(WATCH_SECONDS)
            self._fail_if_one_died()

    def _stop(self, words: str) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if self.supervisor.children:
            say(f"\n{words} ...")
        # The servers last, so that the others can finish what they are at.
        others = [child.name for child in self.supervisor.children if child.name not in servers.NAMES]
        self.supervisor.stop(others)
        self.supervisor.stop()
        self.places.environment.unlink(missing_ok=True)


class Echo:
    """Shows a log in the terminal while it grows: every line, or now and then the newest."""

    def __init__(self, log: Path, every_seconds: float) -> None:
        """Begin at the log's start."""
        self.log, self.every_seconds = log, every_seconds
        self.seen, self.spoke = 0, time.monotonic()

    def catch_up(self) -> None:
        """Print the whole lines that are new, or only the last of them where they are many."""
        if time.monotonic() < self.spoke + self.every_seconds:
            return
        with self.log.open("rb") as file:
            file.seek(self.seen)
            text = file.read()
        whole = text[: text.rfind(b"\n") + 1]
        if not whole:
            return
        self.seen, self.spoke = self.seen + len(whole), time.monotonic()
        lines = whole.decode(errors="replace").splitlines()
        for line in lines[-1:] if self.every_seconds else lines:
            say(f"          {line.strip()}")


def digest_of(sources: tuple[str, ...]) -> str:
    """Return a hash of source files and folders of the project."""
    digest = hashlib.sha256()
    for source in sources:
        path = PROJECT / source
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []
        for file in files:
            digest.update(f"{file.relative_to(PROJECT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def require_free_port(port: int) -> None:
    """Refuse a port that another program listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise LauncherError(f"Port {port} is for root alone: run `make run PORT=9000`.") from None
        except (OSError, OverflowError):
            free = other_port(port)
            raise LauncherError(
                f"Port {port} is in use by another program: stop it, or run `make run PORT={free}`."
            ) from None


def other_port(port: int) -> int:
    """Return a port to suggest instead."""
    return port + 1 if port < 65535 else 9000  # noqa: PLR2004 - the last port there is


def answers_ready(port: int, path: str) -> bool:
    """Tell whether the web server says that everything behind it answers."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", path, headers={"Host": f"localhost:{port}"})
        return line.getresponse().status == OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def stop_on_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into a clean stop."""

    def ask(_number: int, _frame: object) -> None:
        raise StopAsked

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # `nohup` means what it says. A shell's `&` ignores Ctrl-C too, but whoever sends it means us.
        if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, ask)


def up(places: Places, *, port: int, demo: bool, plan: Plan) -> int:
    """Run the product until it is told to stop; returns the exit code."""
    os.umask(0o077)
    stop_on_signals()
    return Start(places, port, demo, plan).run()
