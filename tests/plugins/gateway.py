"""A gateway of texts on this machine: it remembers keys as a real one does, and fails when told to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "gateway-token"


@dataclass
class Gateway:
    """What it was asked, what it sent, and what it says next: a status, "slow", "drop" or "after"."""

    url: str = ""
    calls: list[dict[str, Any]] = field(default_factory=list)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    says: list[Any] = field(default_factory=list)


@contextmanager
def running() -> Iterator[Gateway]:
    """Serve until the end of the block."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["Idempotency-Key"]
            gateway.calls.append({"key": key, "token": self.headers["Authorization"], **body})
            said = gateway.says.pop(0) if gateway.says else 202
            if said == "drop":
                self.connection.close()
                return
            # "after": it sends, and its yes is lost on the way back.
            if said in {202, "after"}:
                gateway.sent.setdefault(key, body)
            if said == "after":
                self.connection.close()
                return
            if said == "slow":
                time.sleep(1.5)
                said = 202
            self.answer(said, {"id": f"msg-{key[:8]}"} if said == 202 else {"code": "told"})

        def answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            if status in {301, 302, 307}:
                self.send_header("Location", f"{gateway.url}elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def used(settings: Any) -> Iterator[Gateway]:
    """Serve, and let the settings name it."""
    with running() as gateway:
        settings.SMS_CHANNEL, settings.SMS_URL = "gateway", gateway.url
        settings.SMS_TOKEN, settings.SMS_FROM = TOKEN, "+18885550100"
        yield gateway
