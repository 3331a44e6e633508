"""The line goes dead after COMMIT was sent: the caller hears no "done", and the call made again acts once."""

import socket
import threading

import pytest
from builders import NOW, TODAY, make_donor, make_world
from django.db import connections

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment
from fundmgr.models.ledger import Transfer
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.services import commitments, proof


class Line:
    """Carries one connection to PostgreSQL; passes COMMIT on, waits for its answer, and keeps it."""

    def __init__(self, folder, host, port):
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(folder / f".s.PGSQL.{port}"))
        self.door.listen()
        self.host, self.port = host, port
        threading.Thread(target=self._carry, daemon=True).start()

    def _carry(self):
        client, _ = self.door.accept()
        server = self._server()
        threading.Thread(target=self._answers, args=(server, client), daemon=True).start()
        while sent := client.recv(65536):
            self.is_cut = b"COMMIT" in sent
            server.sendall(sent)
            if self.is_cut:
                return

    def _server(self):
        """The servers of a run listen on a socket in a folder, or on a port."""
        if not self.host.startswith("/"):
            return socket.create_connection((self.host, self.port))
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{self.host}/.s.PGSQL.{self.port}")
        return server

    is_cut = False

    def _answers(self, server, client):
        while answer := server.recv(65536):
            if self.is_cut:
                break
            client.sendall(answer)
        client.shutdown(socket.SHUT_RDWR)
        server.close()


def test_what_was_committed_unheard_is_replayed_and_not_done_twice(committed_db, tmp_path, monkeypatch):
    world = make_world()
    donor = make_donor(world)
    settings = connections.settings["default"]
    host, port = settings["HOST"], settings["PORT"] or 5432

    def pledge():
        return commitments.pledge(
            fund_id=world.fund.id,
            donor_id=donor.id,
            amount_cents=5_000,
            pledged_on=TODAY,
            by=world.actor(Role.TREASURER_PREPARES),
            now=NOW,
            once=Once("user:1", "key", "route", "body"),
        )

    connections.close_all()
    Line(tmp_path, host, port)
    with monkeypatch.context() as patch:
        patch.setitem(settings, "HOST", str(tmp_path))
        with pytest.raises(errors.OutcomeUnknown):
            pledge()
    connections.close_all()

    with pytest.raises(Replay) as replayed:
        pledge()
    assert replayed.value.result_id == Commitment.objects.get().id
    assert Transfer.objects.count() == 1
    assert proof.check_books() == []
