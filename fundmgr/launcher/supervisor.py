"""Starts children in groups of their own, watches them, and stops every one within seconds."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fundmgr.launcher import processes
from fundmgr.launcher.errors import FULL_DISK_WORDS, LauncherError, disk_full

# Marks every child, so that the next launcher knows what an earlier, killed one left running.
MARK = "FUNDMGR_SUPERVISED_BY"
PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 4.0
TICK_SECONDS = 0.02
LARGEST_LOG_BYTES = 10_000_000
LAST_LINES = 15


@dataclass
class Child:
    """One running program and where it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM

    def alive(self) -> bool:
        """Tell whether the program still runs."""
        return self.process.poll() is None

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the program and to all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def ask_to_stop(self) -> None:
        """Send the polite signal to the program itself, which stops its own children."""
        if self.alive():
            self.process.send_signal(self.stop_signal)

    def wait(self, deadline: float) -> bool:
        """Wait for the end until a moment of the monotonic clock."""
        while self.alive() and time.monotonic() < deadline:
            time.sleep(TICK_SECONDS)
        return not self.alive()


def dying_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Return what a child does before its program starts, so that it does not outlive the launcher."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def prepare() -> None:
        prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return prepare


@dataclass
class Supervisor:
    """The children of one launcher, in the order in which they were started."""

    data: Path
    children: list[Child] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        orphan_signal: signal.Signals = signal.SIGTERM,
    ) -> Child:
        """Start a program whose output goes to its log."""
        _rotate(log)
        with log.open("ab") as out:
            process = subprocess.Popen(
                command,
                env={**env, MARK: str(self.data)},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dying_with_parent(orphan_signal),  # noqa: PLW1509 - no threads here
            )
        child = Child(name, process, log, stop_signal)
        self.children.append(child)
        return child

    def death_of(self, child: Child) -> LauncherError:
        """Return the sentence for a dead child, with the end of its log."""
        lines = last_lines(child.log)
        if FULL_DISK_WORDS in lines:
            return disk_full(self.data)
        return LauncherError(
            f"{child.name} ended with code {child.process.returncode}; "
            f"the last lines of {child.log} are:\n{lines}"
        )

    def stop(self, names: Sequence[str] | None = None, grace_seconds: float = GRACE_SECONDS) -> None:
        """Stop the named children, or all: politely at first, then by force."""
        chosen = [child for child in self.children if names is None or child.name in names]
        for child in reversed(chosen):
            child.ask_to_stop()
        deadline = time.monotonic() + grace_seconds
        for child in chosen:
            child.wait(deadline)
            child.signal_group(signal.SIGKILL)
            child.process.wait()
            self.children.remove(child)


def last_lines(log: Path, count: int = LAST_LINES) -> str:
    """Return the end of a log file."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return "(no log)"


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))


def left_behind(data: Path) -> list[int]:
    """Return the processes that an earlier launcher on this folder started and that still run."""
    wanted = f"{MARK}={data}".encode()
    found = []
    for process in processes.folders():
        try:
            words = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in words:
            found.append(int(process.name))
    return [pid for pid in found if pid != os.getpid()]


def sweep(data: Path, grace_seconds: float = 2.0) -> None:
    """End what a killed launcher left running on this folder."""
    deadline = time.monotonic() + grace_seconds
    number = signal.SIGTERM
    while pids := left_behind(data):
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        if time.monotonic() > deadline:
            number = signal.SIGKILL
        if time.monotonic() > deadline + grace_seconds:
            raise LauncherError(
                f"Processes of an earlier start do not end: {', '.join(map(str, pids))}; stop them by hand."
            )
        time.sleep(TICK_SECONDS * 5)
