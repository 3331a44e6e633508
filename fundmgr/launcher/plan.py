"""What to run around the servers: the commands of one start."""

import os
import signal
import sys
from dataclasses import dataclass

from fundmgr.launcher.paths import Places

MANAGE = (sys.executable, "manage.py")
# Quick to make and enough for two cores; more belong behind a real deployment.
WEB_PROCESSES = "1"
WEB_THREADS = "40"
WORKER_PROCESSES = "2"


@dataclass(frozen=True)
class Service:
    """A program that runs until it is told to stop."""

    name: str
    command: tuple[str, ...]
    orphan_signal: signal.Signals = signal.SIGTERM


@dataclass(frozen=True)
class Plan:
    """The steps before, and the services after them."""

    migrate: tuple[str, ...]
    demo: tuple[str, ...]
    first_visit: tuple[str, ...]
    services: tuple[Service, ...]
    ready_path: str = "/readyz"


def standard(places: Places, port: int) -> Plan:
    """Return the product's own plan."""
    return Plan(
        migrate=(*MANAGE, "migrate", "--no-input"),
        demo=(*MANAGE, "demo", "--if-empty"),
        first_visit=(*MANAGE, "setup_token"),
        services=(_web(port), *_celery(places)),
    )


def _web(port: int) -> Service:
    # Passkeys need a name, so people use http://localhost; listening stays on the loopback address.
    command = (
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", os.environ.get("FUNDMGR_WEB_PROCESSES", WEB_PROCESSES),
        "--blocking-threads", os.environ.get("FUNDMGR_WEB_THREADS", WEB_THREADS),
        "--workers-kill-timeout", "3", "--no-ws", "fundmgr.wsgi:application",
    )  # fmt: skip
    return Service("web", command)


def _celery(places: Places) -> tuple[Service, Service]:
    celery = (sys.executable, "-m", "celery", "-A", "fundmgr.celery")
    processes = os.environ.get("FUNDMGR_WORKER_PROCESSES", WORKER_PROCESSES)
    worker = (*celery, "worker", "--concurrency", processes, "--loglevel", "INFO",
              "--without-gossip", "--without-mingle")  # fmt: skip
    beat = (*celery, "beat", "--loglevel", "INFO", "--schedule", str(places.beat / "schedule"), "--pidfile=")
    # Without its servers a worker cannot finish anything, so an orphan stops cold.
    return Service("worker", worker, signal.SIGQUIT), Service("beat", beat)
