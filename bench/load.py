"""Send requests over kept connections, and time each answer; lean, so that the server is what is measured."""

import http.client
import itertools
import json
import selectors
import socket
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

CONNECTIONS = 32
# More a second than any server here answers: what is made before the clock runs costs the server nothing.
MADE_A_SECOND = 2_500
Make = Callable[[str], tuple[dict[str, str], bytes]]


@dataclass(frozen=True)
class Run:
    """What one run gave: answers a second, and the waits in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float
    refused: int


@dataclass(eq=False)
class Line:
    """One kept connection: what came in so far, and since when it waits."""

    link: socket.socket
    since: float = 0.0
    received: bytearray = field(default_factory=bytearray)


def drive(port: int, path: str, make: Make, seconds: float) -> Run:
    """Post for so many seconds over 32 connections; a bounded run on the loopback address only."""
    waits: list[float] = []
    refusals: list[bytes] = []
    calls = _calls(path, make, seconds)
    with selectors.DefaultSelector() as ready:
        lines = [open_line(port, ready) for _ in range(CONNECTIONS)]
        start = time.monotonic()
        for line in lines:
            _send(line, next(calls))
        while time.monotonic() < start + seconds:
            for key, _ in ready.select(timeout=1):
                answer = answer_of(key.data)
                if answer is None:
                    continue
                if answer.startswith(b"HTTP/1.1 201"):
                    waits.append(time.monotonic() - key.data.since)
                else:
                    refusals.append(answer)
                line = key.data
                if b"\r\nconnection: close" in answer.lower():
                    line = open_again(line, port, ready)
                    lines[lines.index(key.data)] = line
                _send(line, next(calls))
        for line in lines:
            line.link.close()
    if refusals:
        print("first refusal:", refusals[0][:400])
    cut = statistics.quantiles(waits, n=100) if len(waits) > 1 else [0.0] * 99
    return Run(len(waits) / seconds, cut[49] * 1000, cut[98] * 1000, len(refusals))


def open_line(port: int, ready: selectors.BaseSelector) -> Line:
    """This will open a connection that is kept, and watch it."""
    link = socket.create_connection(("127.0.0.1", port))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line = Line(link)
    ready.register(link, selectors.EVENT_READ, line)
    return line


def open_again(line: Line, port: int, ready: selectors.BaseSelector) -> Line:
    """This will replace a connection that the server does not keep."""
    ready.unregister(line.link)
    line.link.close()
    return open_line(port, ready)


def _calls(path: str, make: Make, seconds: float) -> Iterator[bytes]:
    """Calls as bytes, each of its own name; made ahead, for they share the cores with the server."""
    started = f"{time.time_ns():x}"
    ahead = [_call(path, make, f"{started}{number:x}") for number in range(int(seconds * MADE_A_SECOND))]
    return itertools.chain(ahead, (_call(path, make, f"{started}x{n:x}") for n in itertools.count()))


def _call(path: str, make: Make, name: str) -> bytes:
    headers, body = make(name)
    return written("POST", path, headers, body)


def _send(line: Line, call: bytes) -> None:
    line.since = time.monotonic()
    line.link.sendall(call)


def written(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """This will write a request as it goes over the line."""
    head = "".join([f"{key}: {value}\r\n" for key, value in headers.items()])
    length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{head}{length}\r\n".encode() + body


def answer_of(line: Line) -> bytes | None:
    """This will return a whole answer, or None while some of it is on its way. Errors: OSError."""
    some = line.link.recv(65536)
    if not some:
        raise ConnectionResetError("closed by the server")
    line.received += some
    head, found, body = bytes(line.received).partition(b"\r\n\r\n")
    if not found:
        return None
    sizes = [row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")]
    if not sizes or len(body) < int(sizes[0].split(b":")[1]):
        return None
    line.received.clear()
    return head + found + body


def post_form(port: int, path: str, form: str) -> dict[str, object]:
    """Post one form and return the JSON answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    link.request("POST", path, form, {"Content-Type": "application/x-www-form-urlencoded"})
    found: dict[str, object] = json.loads(link.getresponse().read())
    return found
