"""Runs the launcher as a process of its own, as a person would, and stops what a test leaves."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fundmgr.launcher import paths, postgres, supervisor

SMALL_START = paths.PROJECT / "tests" / "fundmgr" / "launcher" / "small_start.py"
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "FUNDMGR_OWNER_DATABASE_URL", "FUNDMGR_DATA_DIR")


def wait_until(condition: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Wait for something that other processes bring about."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Launched:
    """One launcher process."""

    data: Path
    port: int
    process: subprocess.Popen
    output: Path

    def text(self) -> str:
        """Return what it has printed."""
        return self.output.read_text()

    def ready(self) -> bool:
        """Wait until it says that it is ready; False where it ended first."""
        wait_until(lambda: "Ready" in self.text() or self.process.poll() is not None, 30)
        return "Ready" in self.text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=20)

    def children(self) -> list[int]:
        """Return every process that this launcher's folder still has."""
        return supervisor.left_behind(self.data) + postgres.inhabitants(self.data / "postgres")


@dataclass
class Launcher:
    """Starts launchers and remembers them."""

    folder: Path
    started: list[Launched] = field(default_factory=list)

    def start(
        self,
        data: Path | None = None,
        *,
        port: int = 0,
        second: str = "",
        prefix: Sequence[str] = (),
        env: dict[str, str] | None = None,
        python: str = sys.executable,
    ) -> Launched:
        """Start a launcher on a folder without waiting for it."""
        data = data or self.folder / "data"
        port = port or free_port()
        output = self.folder / f"output-{len(self.started)}"
        words = [*prefix, python, str(SMALL_START), str(data), str(port), "--second", second]
        with output.open("wb") as out:
            process = subprocess.Popen(
                words, stdout=out, stderr=subprocess.STDOUT, env=outside_environment() | (env or {}), cwd="/"
            )
        self.started.append(Launched(data, port, process, output))
        return self.started[-1]


def outside_environment() -> dict[str, str]:
    """Return the environment of a person's shell, without the addresses of the tests' servers."""
    return {name: value for name, value in os.environ.items() if name not in NOT_OURS}
