"""Servers for a bench: durable as in production, in a folder that goes away at the end."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from fundmgr.launcher import paths, servers
from fundmgr.launcher.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent
# Threads for every connection of the load, in both processes together.
GRANIAN = ("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "--no-ws",
           "--workers", "2", "--blocking-threads", "16", "--log-level", "error")  # fmt: skip
GUNICORN = ("gunicorn", "--workers", "5", "--bind", "127.0.0.1:{port}", "--log-level", "error")


@contextlib.contextmanager
def servers_up() -> Iterator[dict[str, str]]:
    """Start PostgreSQL and Valkey with every safety on, migrate, and point this process at them."""
    for name in ("DATABASE_URL", "FUNDMGR_OWNER_DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="fundmgr-bench-") as folder:
        places = paths.places_of(Path(folder) / "data")
        paths.make(places)
        supervisor = Supervisor(places.data)
        try:
            env = servers.start(places, supervisor)
            env |= {
                "FUNDMGR_DEMO": "0",
                "FUNDMGR_API_REQUESTS_PER_MINUTE": "1000000",
                "PYTHONPATH": str(ROOT),
            }
            migrate(env, "fundmgr.settings")
            os.environ.update({**env, "DJANGO_SETTINGS_MODULE": "fundmgr.settings"})
            yield env
        finally:
            supervisor.stop()


def free_port() -> int:
    """Return a port that nobody listens on: two servers on one port would each get some of the calls."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        return int(held.getsockname()[1])


def migrate(env: dict[str, str], settings: str) -> None:
    """Migrate as the owner under the settings module."""
    owner = {**servers.for_owner(env), "DJANGO_SETTINGS_MODULE": settings}
    command = [sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=owner, check=True)


@contextlib.contextmanager
def web(
    application: str, port: int, env: dict[str, str], *, server: tuple[str, ...] = GRANIAN
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve a WSGI application until the block ends."""
    words = [word.format(port=port) for word in server]
    command = [sys.executable, "-W", "ignore", "-m", *words, application]
    process = subprocess.Popen(command, cwd=ROOT, env={**servers.for_app(env), "PYTHONPATH": str(ROOT)})
    try:
        _wait(port)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=10)


def processor_seconds(pid: int) -> float:
    """This will add up what a process and those that it started and that still run cost the processor."""
    spent, after = 0.0, [pid]
    for process in after:
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            spent += (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                after += [int(child) for child in children.read_text().split()]
    return spent


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing answers on port {port}")
