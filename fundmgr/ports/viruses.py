"""ClamAV over its socket, where a fund runs one: bytes in, clean or not."""

import socket
import struct
from pathlib import Path

from django.conf import settings

from fundmgr.domain import errors
from fundmgr.domain.documents import NotKept, Refusal

SECONDS = 20.0
_CHUNK_BYTES = 1 << 16
_MOST_ANSWER_BYTES = 4096


def check(content: bytes) -> None:
    """This will ask ClamAV about a file, where `FUNDMGR_CLAMAV_SOCKET` names one.

    Errors: NotKept for a virus; Busy where ClamAV does not answer, for what is not checked is not kept.
    """
    address = settings.CLAMAV_SOCKET
    if not address:
        return
    try:
        answer = _asked(address, content)
    except OSError as error:
        raise errors.Busy from error
    if answer.endswith("FOUND"):
        raise NotKept(Refusal.VIRUS)
    if not answer.endswith("OK"):
        raise errors.Busy


def _asked(address: str, content: bytes) -> str:
    with _line(address) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK_BYTES):
            part = content[start : start + _CHUNK_BYTES]
            line.sendall(struct.pack("!I", len(part)) + part)
        line.sendall(struct.pack("!I", 0))
        answer = b""
        while len(answer) < _MOST_ANSWER_BYTES and (part := line.recv(_MOST_ANSWER_BYTES)):
            answer += part
    return answer.rstrip(b"\0\r\n ").decode(errors="replace")


def _line(address: str) -> socket.socket:
    """A path is a local socket; `host:port` another machine's."""
    host, colon, port = address.rpartition(":")
    if colon and port.isdigit():
        return socket.create_connection((host, int(port)), timeout=SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(SECONDS)
    try:
        line.connect(str(Path(address)))
    except OSError:
        line.close()
        raise
    return line
