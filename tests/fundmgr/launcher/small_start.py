"""Starts the real servers with a trivial web child: what a launcher test runs as a process of its own."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from fundmgr.launcher import paths
from fundmgr.launcher.errors import LauncherError
from fundmgr.launcher.plan import Plan, Service
from fundmgr.launcher.up import up

WEB = """
import http.server, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""
DIES = "import sys, time; print('the worker broke', flush=True); sys.exit(3)"
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""


def plan(port: int, second: str) -> Plan:
    """Return a plan whose steps are trivial and whose second service is as asked."""
    nothing = (sys.executable, "-c", "print('nothing to do')")
    services = [Service("web", (sys.executable, "-c", WEB, str(port)))]
    if second:
        services.append(
            Service("worker", (sys.executable, "-c", {"dies": DIES, "stubborn": STUBBORN}[second]))
        )
    return Plan(migrate=nothing, demo=nothing, first_visit=nothing, services=tuple(services))


def main() -> int:
    """Run until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("--second", default="")
    asked = parser.parse_args()
    try:
        return up(
            paths.places_of(asked.data), port=asked.port, demo=True, plan=plan(asked.port, asked.second)
        )
    except LauncherError as error:
        print(f"fundmgr: {error}", file=sys.stderr)
        return 1


sys.exit(main())
