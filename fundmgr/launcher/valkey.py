"""A private Valkey (or Redis) on a socket; it wakes workers and holds the only copy of nothing."""

import socket
import time
from collections.abc import Mapping
from pathlib import Path

from fundmgr.launcher import binaries
from fundmgr.launcher.errors import LauncherError
from fundmgr.launcher.supervisor import Child, Supervisor, last_lines

START_SECONDS = 20.0
SOCKET_NAME = "valkey.sock"


def url(sockets: Path) -> str:
    """Return the address in Celery's form."""
    return f"redis+socket://{sockets / SOCKET_NAME}"


def start(folder: Path, sockets: Path, log: Path, supervisor: Supervisor, *, env: Mapping[str, str]) -> Child:
    """Start the server and wait until it answers."""
    path = sockets / SOCKET_NAME
    path.unlink(missing_ok=True)
    # The folder is where the program stands, so that its path needs no quoting.
    child = supervisor.start(
        "valkey",
        [
            binaries.valkey(), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700",
            "--dir", ".", "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
            "--daemonize", "no",
        ],
        env=env,
        cwd=folder,
        log=log,
    )  # fmt: skip
    deadline = time.monotonic() + START_SECONDS
    while not answers(path):
        if not child.alive():
            raise supervisor.death_of(child)
        if time.monotonic() > deadline:
            raise LauncherError(f"Valkey did not start in time:\n{last_lines(log)}")
        time.sleep(0.02)
    return child


def answers(path: Path) -> bool:
    """Tell whether a server on this socket is ready for commands."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
