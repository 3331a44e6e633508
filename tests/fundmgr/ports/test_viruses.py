"""ClamAV is asked over its own protocol; a stand-in speaks it here."""

import socket
import struct
from threading import Thread

import pytest

from fundmgr.domain import errors
from fundmgr.domain.documents import NotKept, Refusal
from fundmgr.ports import viruses


def scanner(server: socket.socket, answer: bytes, heard: list[bytes]) -> Thread:
    """Take one file as clamd does, and answer."""

    def serve() -> None:
        line, _address = server.accept()
        with line, line.makefile("rb") as sent:
            command = sent.read(len(b"zINSTREAM\0"))
            content = b""
            while size := struct.unpack("!I", sent.read(4))[0]:
                content += sent.read(size)
            heard.extend([command, content])
            line.sendall(answer)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    return thread


@pytest.fixture(params=["local", "another machine"])
def server(request, settings, tmp_path):
    """Where ClamAV would listen."""
    if request.param == "local":
        found = socket.socket(socket.AF_UNIX)
        found.bind(str(tmp_path / "clamd"))
        settings.CLAMAV_SOCKET = str(tmp_path / "clamd")
    else:
        found = socket.create_server(("127.0.0.1", 0))
        settings.CLAMAV_SOCKET = f"127.0.0.1:{found.getsockname()[1]}"
    found.listen()
    yield found
    found.close()


def test_a_clean_file_passes_whole(server):
    heard: list[bytes] = []
    thread = scanner(server, b"stream: OK\0", heard)

    viruses.check(b"x" * 200_000)

    thread.join(5)
    assert heard == [b"zINSTREAM\0", b"x" * 200_000]


def test_a_virus_is_refused(server):
    scanner(server, b"stream: Win.Test.EICAR_HDB-1 FOUND\0", [])

    with pytest.raises(NotKept) as refusal:
        viruses.check(b"X5O!P%@AP")

    assert refusal.value.why == Refusal.VIRUS


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_what_could_not_be_checked_is_not_kept(server, answer: bytes):
    scanner(server, answer, [])

    with pytest.raises(errors.Busy):
        viruses.check(b"x")


def test_a_scanner_that_is_away_keeps_nothing(settings, tmp_path):
    settings.CLAMAV_SOCKET = str(tmp_path / "nobody")

    with pytest.raises(errors.Busy):
        viruses.check(b"x")


def test_without_a_scanner_nothing_is_asked(settings):
    settings.CLAMAV_SOCKET = ""

    viruses.check(b"x")
