"""A PostgreSQL that a test may kill: its own cluster, which keeps what it acknowledged."""

import contextlib
import os
import signal
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections
from own_servers import Servers

from fundmgr.launcher import postgres

# Only the write-ahead log's way to the system matters here: SIGKILL does not empty the system's own memory.
KEEPS = ("synchronous_commit=on", "full_page_writes=on", "max_wal_size=256MB", "max_connections=100")
FORGETS = ("synchronous_commit=off", "wal_writer_delay=2s", "max_wal_size=256MB", "max_connections=100")


class Lasting(Servers):
    """Servers of one test, whatever servers the run was given."""

    def __init__(self, settings: Sequence[str]) -> None:
        """Choose the names; nothing starts."""
        given = os.environ.pop("TEST_DATABASE_URL", None)
        try:
            super().__init__()
        finally:
            if given:
                os.environ["TEST_DATABASE_URL"] = given
        self.settings = settings

    def _start_postgres(self) -> None:
        postgres.start(self.cluster, self.supervisor, env=os.environ, settings=self.settings)

    def kill_postgres(self) -> None:
        """Kill every process of it at one moment, as an operating system out of memory would."""
        for pid in postgres.inhabitants(self.places.postgres.resolve()):
            os.kill(pid, signal.SIGKILL)
        for child in [child for child in self.supervisor.children if child.name == "postgres"]:
            child.process.wait()
            self.supervisor.children.remove(child)

    def start_again(self) -> None:
        """Start it on the data that the dead one left."""
        self._start_postgres()


@contextlib.contextmanager
def database_on(settings: Sequence[str], blocker: Any) -> Iterator[Lasting]:
    """A PostgreSQL of the test's own, whose rows the test sees as it sees the shared one's."""
    servers, usual = Lasting(settings), connections.settings["default"]
    kept = {name: usual[name] for name in ("HOST", "NAME", "USER", "PASSWORD", "PORT")}
    connections.close_all()
    try:
        servers.start()
        usual.update(
            HOST=str(servers.places.sockets), NAME=servers.shared, USER=servers.app, PASSWORD="", PORT=""
        )
        with blocker.unblock():
            yield servers
            connections.close_all()
    finally:
        connections.close_all()
        usual.update(kept)
        servers.stop()
