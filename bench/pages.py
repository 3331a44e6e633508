"""What each page of the form costs the processor, without network and other people: one process, by WSGI.

The database's own work is not in it. Others on the machine slow it down too, so compare runs of one hour.
Usage: python bench/pages.py [people]
"""

import io
import re
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import rush, stage
from bench.rush_people import Person, Reply, Rush, Visit

WARM = 3


def main() -> None:
    """Let them walk one by one, and print the table."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    costs: dict[str, list[float]] = defaultdict(list)
    with stage.servers_up():
        one = Rush(rush._world(), "")
        for number in range(WARM):
            walk(Person(number, one, by_api=False), one, defaultdict(list))
        for number in range(WARM, WARM + people):
            walk(Person(number, one, by_api=False), one, costs)
    for name, found in costs.items():
        print(f"{name:20} {statistics.median(found):6.2f} ms")
    every = [cost for found in costs.values() for cost in found]
    print(f"{'all pages':20} {statistics.fmean(every):6.2f} ms of the processor, {len(every)} pages")


def walk(person: Person, one: Rush, costs: dict[str, list[float]]) -> None:
    """Let one person do all steps, and note what each cost in milliseconds."""
    while (visit := person.visit) is not None:
        if not visit.name:
            deliver(one)
            person.took(person.reply)
            continue
        start = time.process_time()
        reply = send(person, visit)
        costs[visit.name].append((time.process_time() - start) * 1000)
        if reply.status >= 400:
            raise SystemExit(f"{visit.name}: {reply.status}")
        person.took(reply)


def send(person: Person, visit: Visit) -> Reply:
    """Give one request to the application as a server would."""
    from fundmgr.wsgi import application

    body, told = visit.body.encode(), {}
    environ: dict[str, Any] = {
        "REQUEST_METHOD": visit.method,
        "PATH_INFO": visit.path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": person.address,
        "CONTENT_TYPE": visit.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in person.cookies.items()),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
    }

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        told["status"], told["headers"] = int(status[:3]), headers

    answer = application(environ, start_response)
    text = b"".join(answer).decode()
    answer.close()
    set_by = [
        value.partition(";")[0].partition("=") for name, value in told["headers"] if name == "Set-Cookie"
    ]
    location = dict(told["headers"]).get("Location", "")
    return Reply(told["status"], text, location, {name: value for name, _is, value in set_by})


def deliver(one: Rush) -> None:
    """Send out what waits, and read the codes."""
    from django.utils import timezone

    from fundmgr.services import background
    from requests_app.models import Notice

    background.deliver(clock=timezone.now)
    for row in Notice.objects.filter(kind="contact_code").order_by("-id")[:3]:
        found = re.search(r"\d{6}", row.subject)
        if found:
            one.codes.setdefault(row.contact, found.group())


if __name__ == "__main__":
    main()
