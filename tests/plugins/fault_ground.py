"""The ground of the fault programme: a product that comes back, calls that go on, counts before and after."""

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import failpoints
import redis
from celery import Celery
from django.apps import apps
from django.db import connection
from launching import free_port, wait_until
from own_servers import PROJECT, Servers

from fundmgr.launcher import valkey
from fundmgr.launcher.supervisor import Supervisor, last_lines
from fundmgr.launcher.up import answers_ready
from fundmgr.services import proof
from requests_app.queries import audit

PLUGINS = str(Path(__file__).parent)
MOST_SECONDS = 60
PAUSE_SECONDS = 0.03


@dataclass
class Ground:
    """A product under fire: its web server or worker come back, its queue can be emptied."""

    servers: Servers
    database: str
    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        """Make the folders; nothing runs yet."""
        self.points = failpoints.Ground(self.folder / "points")
        self.supervisor = Supervisor(self.folder)
        self.sockets = self.servers.places.sockets / secrets.token_hex(4)
        self.queue_folder = self.folder / "queue"
        for made in (self.sockets, self.queue_folder):
            made.mkdir(mode=0o700)

    @property
    def environment(self) -> dict[str, str]:
        """What the product's processes read."""
        made = {
            **os.environ,
            **self.servers.environment(self.database),
            "REDIS_URL": valkey.url(self.sockets),
            "PORT": str(self.port),
            "FUNDMGR_DATA_DIR": str(self.folder / "data"),
            "FUNDMGR_STAFF_SECOND_FACTOR": "0",
            "FUNDMGR_API_REQUESTS_PER_MINUTE": "1000000",
            "FUNDMGR_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "faulty_settings",
            "PYTHONPATH": f"{PROJECT}{os.pathsep}{PLUGINS}",
            failpoints.FOLDER: str(self.points.folder),
        }
        for key in ("SECRET_KEY", "FIELD_KEYS", "LOOKUP_KEY"):
            # One set of keys for this test's own process and for the product's.
            kept = Path(os.environ["FUNDMGR_DATA_DIR"]) / key.lower()
            made[f"FUNDMGR_{key}_FILE"] = str(kept)
        made.pop("FUNDMGR_OWNER_DATABASE_URL")
        return made

    def start_queue(self) -> None:
        """Start a queue of its own, empty."""
        shutil.rmtree(self.queue_folder / "appendonlydir", ignore_errors=True)
        log = self.folder / "valkey.log"
        valkey.start(self.queue_folder, self.sockets, log, self.supervisor, env=os.environ)

    def queue(self) -> "redis.Redis":
        """Open the queue."""
        return redis.Redis(unix_socket_path=str(self.sockets / valkey.SOCKET_NAME))

    def start(self, kind: str) -> None:
        """Start the web server, one that forgets, or the worker."""
        words = [sys.executable, str(Path(PLUGINS) / "reborn.py"), kind]
        words += [] if kind == "worker" else [str(self.port)]
        log = self.folder / f"{kind}.log"
        self.supervisor.start(kind, words, env=self.environment, cwd=PROJECT, log=log)
        if kind != "worker" and not wait_until(lambda: answers_ready(self.port, "/healthz"), MOST_SECONDS):
            raise RuntimeError(f"the web server does not start:\n{last_lines(log, 40)}")

    def kill(self, kind: str) -> None:
        """Kill a service now, with all its processes, wherever it stands; what starts it again lives on."""
        keeper = next(child.process.pid for child in self.supervisor.children if child.name == kind)
        for served in Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(int(served), signal.SIGKILL)

    def sweep(self, task: str = "fundmgr.sweep") -> None:
        """Do what beat does at each tick: ask the workers to look for work."""
        app = Celery("beat", broker=valkey.url(self.sockets))
        app.conf.broker_transport_options = {"socket_timeout": 2, "max_retries": 1}
        with contextlib.suppress(Exception):
            app.send_task(task, ignore_result=True, retry=False)
        app.close()

    def sweep_until(self, done: Any, *, task: str = "fundmgr.sweep", seconds: float = MOST_SECONDS) -> float:
        """Tick once a second until something is done; return how long it took."""
        start = time.monotonic()
        while time.monotonic() < start + seconds:
            self.sweep(task)
            if wait_until(done, 1.0):
                return time.monotonic() - start
        raise AssertionError(f"not done in {seconds} s:\n{last_lines(self.folder / 'worker.log', 30)}")


@contextlib.contextmanager
def ground_of(servers: Servers, database: str, folder: Path, *kinds: str) -> Iterator[Ground]:
    """Run a product under fire until the block ends."""
    ground = Ground(servers, database, folder)
    try:
        ground.start_queue()
        for kind in kinds:
            ground.start(kind)
        yield ground
    finally:
        ground.supervisor.stop(grace_seconds=2)
        shutil.rmtree(ground.sockets, ignore_errors=True)


@dataclass(frozen=True)
class Call:
    """One call of the API, the same words and key each time it is sent."""

    path: str
    body: Any
    headers: Mapping[str, str]
    key: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass
class Answered:
    """The last answer of a call, the codes before it ("" where the line went dead), how long it all took."""

    status: int
    body: dict[str, Any]
    before: list[str]
    seconds: float
    replayed: bool


def send(port: int, call: Call) -> tuple[int, dict[str, Any], Mapping[str, str]]:
    """Send a call once; OSError or HTTPException where nothing comes back."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        sent = {"Content-Type": "application/json", "Idempotency-Key": call.key, **call.headers}
        content = b"" if call.body is None else json.dumps(call.body).encode()
        line.request("POST", f"/api/v1/{call.path}", content, {"Host": f"localhost:{port}", **sent})
        answer = line.getresponse()
        return answer.status, json.loads(answer.read() or b"{}"), answer.headers
    finally:
        line.close()


def until_answered(port: int, call: Call) -> Answered:
    """Send a call again, with the same key, until it is answered for good, as a careful program does."""
    start = time.monotonic()
    before: list[str] = []
    while time.monotonic() < start + MOST_SECONDS:
        try:
            status, body, headers = send(port, call)
        except (OSError, http.client.HTTPException):
            before.append("")
            time.sleep(PAUSE_SECONDS)
            continue
        if status == 503 or body.get("code") == "idempotency_in_flight":
            assert headers["Content-Type"] == "application/problem+json"
            assert headers["Retry-After"]
            before.append(body["code"])
            time.sleep(PAUSE_SECONDS)
            continue
        replayed = headers.get("Idempotent-Replayed") == "true"
        return Answered(status, body, before, time.monotonic() - start, replayed)
    raise AssertionError(f"no answer: {before[-20:]}")


def rows() -> Counter[str]:
    """Count what the database holds: the rows of each table, and the cents of each account's code."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in {"fundmgr", "requests_app"} and model.__name__ != "WorkerBeat"
    ]
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(counts)
        found = Counter(dict(cursor.fetchall()))
        cursor.execute(
            "SELECT a.code, sum(b.balance_cents)::bigint FROM fundmgr_balance b"
            " JOIN fundmgr_account a ON a.id = b.account_id GROUP BY 1"
        )
        found.update({f"cents of {code}": int(cents) for code, cents in cursor.fetchall()})
    return found


def change(before: Counter[str], after: Counter[str]) -> dict[str, int]:
    """Return what changed between two counts."""
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def breaks() -> list[str]:
    """Prove the books and the trail; return what is wrong."""
    found = [finding.sentence for finding in proof.check_books()]
    state = audit.state()
    return found if state.is_sound else [*found, audit.sentence(state)]
