"""A rush: so many people start and send within so many minutes, through the pages and through the API.

Each who uses the pages opens every page, reads the hidden boxes as a browser does, gets the code by mail and
sends the form; each tenth sends again. Every page and call is timed from when it was due; at the end the rows
are counted: nobody is lost, nobody is there twice. Whoever the line of a full server asks to wait comes again
when its page says, as a browser does, and is counted apart. A process of its own does what the worker does.
One thread sends all of it, so that the server has the machine. What each cost the
processor stands at the end.
Usage: python bench/rush.py [people] [minutes] [--api 0.5]
"""

import argparse
import contextlib
import heapq
import http.client
import json
import random
import selectors
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import intake, load, mailman, stage
from bench.rush_people import PAGES, THINKS_SECONDS, Person, Reply, Rush, Visit
from fundmgr.launcher import plan, servers

PORT = intake.PORT
# Two processes for two cores, each with the threads that it has in production.
SERVER = (*stage.GRANIAN, "--blocking-threads", plan.WEB_THREADS)
LINES = 96  # requests in the air at once, at most: more than the server does at once
# The server closes a line that nobody used for half a minute.
LINE_LASTS_SECONDS = 20.0
ANSWER_SECONDS = 60.0
P95_GOAL_MS = 300.0
WAITS = {http.client.SERVICE_UNAVAILABLE, http.client.TOO_MANY_REQUESTS}


def main() -> None:
    """Let them all come, then count."""
    options = _options()
    with stage.servers_up() as env:
        world = _world()
        # Each household comes from an address of its own, which the bench says as a proxy would.
        seen = {**env, "FUNDMGR_PROXIES": "1"}
        with stage.web(intake.OURS, PORT, seen, server=SERVER) as web, _worker(env) as worker:
            rush = Rush(world, intake._token(world["client_id"]))
            listener = threading.Thread(target=_listen, args=(rush, worker))
            listener.start()
            people = _arrivals(rush, options)
            began = _spent(web, worker)
            run(rush)
            spent = [after - before for after, before in zip(_spent(web, worker), began, strict=True)]
        listener.join()
        report(rush, people, counted(world), options)
    answers = sum(map(len, rush.waits.values())) + rush.in_line
    for name, seconds in zip(("web", "worker", "this bench"), spent, strict=True):
        print(f"{name}: {seconds:.1f} s of the processor, {seconds * 1000 / answers:.2f} ms a request")


def _spent(web: subprocess.Popen[bytes], worker: subprocess.Popen[str]) -> list[float]:
    return [stage.processor_seconds(web.pid), stage.processor_seconds(worker.pid), time.process_time()]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("people", nargs="?", type=int, default=6_000)
    parser.add_argument("minutes", nargs="?", type=float, default=10.0)
    parser.add_argument("--api", type=float, default=0.5, help="which share comes through the API")
    return parser.parse_args()


def _world() -> dict[str, str]:
    made = intake._world()
    from django.utils import timezone

    from fundmgr.domain import actors
    from fundmgr.models import Fund
    from requests_app.services import productions

    fund = Fund.objects.get(id=made["fund_id"])
    productions.add(fund_id=fund.id, names=["Badge 27"], by=actors.SYSTEM, now=timezone.now())
    return {**made, "slug": fund.slug}


def _arrivals(rush: Rush, options: argparse.Namespace) -> list[Person]:
    """Everybody, spread over the time so that the last has time to finish in it."""
    chance, start = random.Random(27), time.monotonic() + 1  # noqa: S311  # the same rush each time
    walk = (2 * len(PAGES) + 4) * THINKS_SECONDS
    spread = max(options.minutes * 60 - walk, options.minutes * 30)
    people = [Person(number, rush, by_api=chance.random() < options.api) for number in range(options.people)]
    rush.left = len(people)
    for person in people:
        rush.arrive(person, start + chance.random() * spread)
    return people


def run(rush: Rush) -> None:
    """This will let all of them do all of their steps."""
    idle: deque[load.Line] = deque()
    in_air: dict[load.Line, tuple[float, Person]] = {}
    with selectors.DefaultSelector() as ready:
        idle.extend(load.open_line(rush.port, ready) for _ in range(LINES))
        while rush.left:
            now = time.monotonic()
            while rush.due and rush.due[0][0] <= now and idle:
                due, _turn, person = heapq.heappop(rush.due)
                if person.visit is None or not person.visit.name:
                    rush.answered(person, person.reply, due=due, now=now)
                    continue
                line = _fresh(idle.popleft(), rush, ready)
                in_air[line] = (due, person)
                line.link.sendall(_request(person, person.visit))
            soon = rush.due[0][0] - now if rush.due and idle else 1.0
            for key, _mask in ready.select(max(0.0, min(1.0, soon))):
                _received(key.data, rush, idle, in_air, ready)
            _give_up(rush, idle, in_air, ready)
        for line in (*idle, *in_air):
            line.link.close()


def _received(
    line: load.Line,
    rush: Rush,
    idle: deque[load.Line],
    in_air: dict[load.Line, tuple[float, Person]],
    ready: selectors.BaseSelector,
) -> None:
    """Read what came over a line, and go on from it where it is whole."""
    try:
        answer = load.answer_of(line)
    except OSError as error:
        answer = b"HTTP/1.1 599 lost\r\n\r\n" + str(error).encode() if line in in_air else None
        if answer is None:
            idle.remove(line)
        idle.append(load.open_again(line, rush.port, ready))
    else:
        if answer is not None:
            idle.append(line)
    if answer is not None and line in in_air:
        due, person = in_air.pop(line)
        rush.answered(person, _reply(answer), due=due, now=time.monotonic())


def _give_up(
    rush: Rush,
    idle: deque[load.Line],
    in_air: dict[load.Line, tuple[float, Person]],
    ready: selectors.BaseSelector,
) -> None:
    """Count whoever waited a minute for an answer as one who got none."""
    now = time.monotonic()
    # In the order in which they were sent.
    while in_air and (line := next(iter(in_air))).since < now - ANSWER_SECONDS:
        due, person = in_air.pop(line)
        idle.append(load.open_again(line, rush.port, ready))
        rush.answered(person, Reply(599, "no answer", "", {}), due=due, now=now)


def _fresh(line: load.Line, rush: Rush, ready: selectors.BaseSelector) -> load.Line:
    """A line that the server did not close for being idle."""
    now = time.monotonic()
    if line.since < now - LINE_LASTS_SECONDS:
        line = load.open_again(line, rush.port, ready)
    line.since = now
    return line


def _request(person: Person, visit: Visit) -> bytes:
    headers = {"X-Forwarded-For": person.address, **visit.headers}
    if person.cookies:
        headers["Cookie"] = "; ".join([f"{name}={value}" for name, value in person.cookies.items()])
    return load.written(visit.method, visit.path, headers, visit.body.encode())


def _reply(answer: bytes) -> Reply:
    head, _blank, body = answer.partition(b"\r\n\r\n")
    first, *rows = head.decode("latin-1").split("\r\n")
    status, location, refresh, cookies = int(first.split(" ", 2)[1]), "", "", {}
    for row in rows:
        name, _colon, value = row.partition(": ")
        match name.lower():
            case "set-cookie":
                cookie, _is, kept = value.partition(";")[0].partition("=")
                cookies[cookie] = kept
            case "location":
                location = value
            case "retry-after":
                refresh = value
    # The page of the line says when it comes again; a database that is away does not.
    is_line = status in WAITS and refresh
    return Reply(status, body.decode(), location, cookies, float(refresh) if is_line else 0.0)


@contextlib.contextmanager
def _worker(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """What the worker does, in a process of its own until the block ends."""
    command = [sys.executable, "-W", "ignore", mailman.__file__]
    pipe = subprocess.PIPE
    asked = {**servers.for_app(env), "DJANGO_SETTINGS_MODULE": "fundmgr.settings"}
    process = subprocess.Popen(command, cwd=stage.ROOT, env=asked, stdin=pipe, stdout=pipe, text=True)
    try:
        yield process
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(timeout=30)


def _listen(rush: Rush, worker: subprocess.Popen[str]) -> None:
    """Read the codes of the mails that go out."""
    for row in worker.stdout or ():
        to, code = row.rstrip("\n").split(" ")
        if code:
            rush.codes.setdefault(to, code)


def counted(world: dict[str, str]) -> Counter[str]:
    """This will count how often each contact has a request."""
    from requests_app.models import AssistanceRequest

    rows = AssistanceRequest.objects.filter(fund_id=world["fund_id"]).select_related("applicant")
    return Counter(row.applicant.contact for row in rows.iterator())


def report(rush: Rush, people: list[Person], found: Counter[str], options: argparse.Namespace) -> None:
    """Print the table and whether the goals are held."""
    for name, waits in rush.waits.items():
        print(f"{name:20} {_middle(waits)}  {len(waits):7}")
    pages = [wait for name, waits in rush.waits.items() if "api" not in name for wait in waits]
    calls = rush.waits.get("POST api requests", [])
    for name, waits in (("all pages", pages), ("all calls", calls)):
        print(f"{name:20} {_middle(waits)}  {len(waits):7}")
    told = {_contact(person, number) for number, person in enumerate(people) if person.has_sent}
    lost, doubled = told - found.keys(), [contact for contact, count in found.items() if count > 1]
    print(
        f"{options.people} people in {options.minutes:g} minutes: {len(told)} were told that it is sent, ",
        end="",
    )
    print(f"{len(lost)} lost, {len(doubled)} doubled, {rush.in_line} times asked to wait in line")
    print("faults:", dict(rush.faults) or "none")
    worst = max(_p(waits, 95) for waits in (pages, calls) if waits)
    is_held = (
        worst < P95_GOAL_MS
        and not (lost or doubled or rush.faults or rush.in_line)
        and len(told) == len(people)
    )
    print(json.dumps({"p95_ms": round(worst, 1), "goal_ms": P95_GOAL_MS, "held": is_held}))


def _contact(person: Person, number: int) -> str:
    return person.email if not person.visit and person.cookies else f"wrush{number}@example.org"


def _middle(waits: list[float]) -> str:
    return f"p50 {_p(waits, 50):7.1f} ms  p95 {_p(waits, 95):7.1f} ms  p99 {_p(waits, 99):7.1f} ms"


def _p(waits: list[float], part: int) -> float:
    return statistics.quantiles(waits, n=100)[part - 1] if len(waits) > 1 else (waits or [0.0])[0]


if __name__ == "__main__":
    main()
