"""The real product for a test: granian, and where asked a Celery worker, on a database of its own."""

import contextlib
import http.client
import itertools
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import redis
from launching import free_port
from own_servers import PROJECT, Servers

from fundmgr.launcher import valkey
from fundmgr.launcher.supervisor import Child, Supervisor, last_lines
from fundmgr.launcher.up import answers_ready

START_SECONDS = 60
NUMBERS = itertools.count(1)
WEB = ("--interface", "wsgi", "--blocking-threads", "8", "--no-ws", "fundmgr.wsgi:application")
WORKER = (
    "celery",
    "-A",
    "fundmgr.celery",
    "worker",
    "--concurrency",
    "1",
    "--without-gossip",
    "--without-mingle",
)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True)
class Product:
    """A running product."""

    address: str
    port: int
    database: str
    # The web server's own process.
    web: int


def chromium() -> str | None:
    """Return Debian's chromium, or None."""
    return shutil.which("chromium")


def _own_queue(servers: Servers, number: int, supervisor: Supervisor) -> str:
    """Return the address of a queue that no other product's worker reads."""
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        url = urlsplit(given)._replace(path=f"/{1 + number % 15}").geturl()
        with redis.Redis.from_url(url) as client:
            client.flushdb()
        return url
    folder, sockets = servers.places.data / f"queue-{number}", servers.places.sockets / f"queue-{number}"
    for made in (folder, sockets):
        made.mkdir(mode=0o700)
    valkey.start(folder, sockets, servers.places.log(f"valkey-{number}"), supervisor, env=os.environ)
    return valkey.url(sockets)


@contextlib.contextmanager
def running(servers: Servers, database: str, *, worker: bool = False, **env: str) -> Iterator[Product]:
    """Serve a database until the block ends; keyword arguments become environment variables."""
    number, port, supervisor = next(NUMBERS), free_port(), Supervisor(servers.places.data)
    surroundings = {
        **os.environ,
        **servers.environment(database),
        "PORT": str(port),
        "FUNDMGR_SITE_URL": f"http://localhost:{port}",
        **env,
    }
    surroundings.pop("FUNDMGR_OWNER_DATABASE_URL")
    try:
        surroundings["REDIS_URL"] = _own_queue(servers, number, supervisor)
        commands = {"web": ("granian", "--port", str(port), *WEB), "worker": WORKER if worker else ()}
        for name, words in commands.items():
            if words:
                log = servers.places.log(f"{name}-{number}")
                command = [sys.executable, "-m", *words]
                supervisor.start(name, command, env=surroundings, cwd=PROJECT, log=log)
        _wait(supervisor.children, port, "/readyz" if worker else "/healthz")
        yield Product(f"http://localhost:{port}", port, database, supervisor.children[0].process.pid)
    finally:
        supervisor.stop(grace_seconds=2)


def _wait(children: list[Child], port: int, path: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers_ready(port, path):
        for child in children:
            if not child.alive() or time.monotonic() > deadline:
                raise RuntimeError(f"{child.name} does not serve {path}:\n{last_lines(child.log, 40)}")
        time.sleep(0.1)


def get(product: Product, path: str) -> tuple[int, bytes]:
    """Return status and body of one plain request."""
    line = http.client.HTTPConnection("127.0.0.1", product.port, timeout=30)
    line.request("GET", path, headers={"Host": f"localhost:{product.port}"})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, body
