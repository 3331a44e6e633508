"""A rush: so many people start and send within so many minutes, through the pages and through the API.

Each who uses the pages opens every page, reads the hidden boxes as a browser does, gets the code by mail and
sends the form; each tenth sends again. Every page and call is timed; at the end the rows are counted: nobody
is lost, nobody is there twice. Whoever the line of a full server asks to wait asks again, counted apart.
Usage: python bench/rush.py [people] [minutes] [--api 0.5]
"""

import argparse
import heapq
import http.client
import itertools
import json
import random
import re
import statistics
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import intake, stage

PORT = intake.PORT
HANDS = 96  # requests in the air at once, at most: more than the server does at once
P95_GOAL_MS = 300.0
THINKS_SECONDS = 2.0
TAPS_TWICE = 10
LINE_COOKIE = "place"
MOST_WAITS_FOR_A_CODE = 120
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
PAGES: tuple[tuple[str, dict[str, object]], ...] = (
    ("show", {"show": "Badge 27"}),
    ("job", {"department": "Lighting", "job_title": "Gaffer", "last_month": "5", "last_year": "2023"}),
    ("name", {"full_name": "Ana Rivera"}),
    ("contact", {"channel": "MAIL"}),
    ("code", {}),
    ("household", {"adults": "1", "children": "2"}),
    ("need", {"need": ["RENT", "FOOD"], "amount_RENT": "2400", "amount_FOOD": "600", "losing": "no"}),
    ("other-help", {"other_help": "no"}),
    ("proof", {"proof": "later"}),
    ("check", {"true": "on"}),
)


@dataclass
class Visit:
    """One request of one person: what it is called in the table, and what is sent."""

    name: str
    method: str
    path: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Reply:
    """What came back."""

    status: int
    text: str
    location: str
    cookies: dict[str, str]
    is_line: bool = False


Steps = Iterator[Visit]


class Rush:
    """Everybody's next step, when it is due, and what became of the steps so far."""

    def __init__(
        self, world: dict[str, str], token: str, *, port: int = PORT, thinks: float = THINKS_SECONDS
    ) -> None:
        self.world, self.token, self.port, self.thinks = world, token, port, thinks
        self.due: list[tuple[float, int, Person]] = []
        self.lock = threading.Condition()
        self.turn = itertools.count()
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.faults: Counter[str] = Counter()
        self.in_line = 0
        self.left = 0
        self.codes: dict[str, str] = {}

    def arrive(self, person: "Person", at: float) -> None:
        """This will put a person's next step in its time."""
        with self.lock:
            heapq.heappush(self.due, (at, next(self.turn), person))
            self.lock.notify()

    def next(self) -> "tuple[float, Person] | None":
        """This will wait for the next step and say when it was due; None when everybody is done."""
        with self.lock:
            while True:
                if not self.left:
                    self.lock.notify_all()
                    return None
                now = time.monotonic()
                if self.due and self.due[0][0] <= now:
                    due, _turn, person = heapq.heappop(self.due)
                    return due, person
                self.lock.wait(min(0.5, self.due[0][0] - now) if self.due else 0.5)

    def done(self) -> None:
        """This will count one person less."""
        with self.lock:
            self.left -= 1
            self.lock.notify_all()


class Person:
    """One person on the way through the pages, or one program that files for one."""

    def __init__(self, number: int, rush: Rush, *, by_api: bool) -> None:
        self.rush, self.email = rush, f"w{number}@example.org"
        self.address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        self.cookies: dict[str, str] = {}
        self.reply = Reply(0, "", "", {})
        self.has_sent = False
        self.taps = 2 if number % TAPS_TWICE == 0 else 1
        self.steps = self._call(number) if by_api else self._walk()
        self.visit: Visit | None = next(self.steps)

    def took(self, reply: Reply) -> None:
        """This will go on from an answer."""
        self.reply = reply
        self.cookies |= reply.cookies
        self.visit = next(self.steps, None)

    def _call(self, number: int) -> Steps:
        headers, body = intake.our_call(self.rush.token, f"rush{number}")
        for _tap in range(self.taps):
            yield Visit("POST api requests", "POST", "/api/v1/requests", body.decode(), headers)
            self.has_sent |= self.reply.status == http.client.CREATED

    def _walk(self) -> Steps:
        root = f"/f/{self.rush.world['slug']}/"
        yield Visit("GET fund", "GET", root)
        yield Visit("GET start", "GET", f"{root}apply/")
        yield self._sent("POST start", f"{root}apply/", {})
        for page, typed in PAGES:
            path = f"{root}apply/{page}/"
            waits = MOST_WAITS_FOR_A_CODE
            while page == "code" and self.email not in self.rush.codes and waits:
                waits -= 1
                yield Visit("", "", "")
            yield Visit(f"GET {page}", "GET", path)
            own = {"email": self.email} if page == "contact" else {}
            own |= {"code": self.rush.codes.get(self.email, "")} if page == "code" else {}
            form = self._sent(f"POST {page}", path, {"then": "continue", **typed, **own})
            for _tap in range(self.taps if page == "check" else 1):
                yield form
        self.has_sent = self.reply.location.endswith("/receipt/")
        yield Visit("GET receipt", "GET", f"{root}request/receipt/")

    def _sent(self, name: str, path: str, typed: dict[str, object]) -> Visit:
        hidden = dict(HIDDEN.findall(self.reply.text[self.reply.text.find("<main") :]))
        body = {**{key: unescape(value) for key, value in hidden.items()}, **typed}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Visit(name, "POST", path, urlencode(body, doseq=True), headers)


def main() -> None:
    """Let them all come, then count."""
    options = _options()
    with stage.servers_up() as env:
        world = _world()
        # Each household comes from an address of its own, which the bench says as a proxy would.
        with stage.web(intake.OURS, PORT, {**env, "FUNDMGR_PROXIES": "1"}):
            rush = Rush(world, intake._token(world["client_id"]))
            people = _arrivals(rush, options)
            run(rush)
        report(rush, people, counted(world), options)


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
    over = threading.Event()
    worker = threading.Thread(target=_deliver, args=(rush, over))
    hands = [threading.Thread(target=_work, args=(rush,)) for _ in range(HANDS)]
    for thread in (worker, *hands):
        thread.start()
    for thread in hands:
        thread.join()
    over.set()
    worker.join()


def _work(rush: Rush) -> None:
    """One hand: takes the step that is due, sends it, and puts the person's next one in its time."""
    chance, link = random.Random(), http.client.HTTPConnection("127.0.0.1", rush.port, timeout=60)  # noqa: S311
    while (found := rush.next()) is not None:
        due, person = found
        visit = person.visit
        pause = chance.expovariate(1) * rush.thinks
        if visit is not None and visit.name:
            reply = _send(link, person, visit)
            if reply.status == http.client.SERVICE_UNAVAILABLE and reply.is_line:
                rush.in_line += 1
                rush.arrive(person, time.monotonic() + 1)
                continue
            # From when it was due: whoever waits for a hand of this bench waits for the server.
            rush.waits[visit.name].append((time.monotonic() - due) * 1000)
            if reply.status >= http.client.BAD_REQUEST:
                rush.faults[f"{visit.name} {reply.status}"] += 1
            person.took(reply)
        else:
            person.took(person.reply)
        if person.visit is None:
            rush.done()
        else:
            rush.arrive(person, time.monotonic() + (0 if person.visit is visit else pause))


def _send(link: http.client.HTTPConnection, person: Person, visit: Visit) -> Reply:
    headers = {"Host": "localhost", "X-Forwarded-For": person.address, **visit.headers}
    if person.cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    try:
        link.request(visit.method, visit.path, visit.body or None, headers)
        answer = link.getresponse()
        text = answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        link.close()
        return Reply(599, str(error), "", {})
    set_by = (row.partition(";")[0].partition("=") for row in answer.headers.get_all("Set-Cookie") or ())
    cookies = {name: value for name, _is, value in set_by}
    # The page of the line puts its place in a cookie; a database that is away does not.
    is_line = LINE_COOKIE in cookies or LINE_COOKIE in person.cookies
    return Reply(answer.status, text, answer.headers.get("Location") or "", cookies, is_line)


def _deliver(rush: Rush, over: threading.Event) -> None:
    """What the worker does: mails go out, and codes are read by whom they went to."""
    from django.db import connections
    from django.utils import timezone

    from fundmgr.services import background
    from requests_app.models import Notice

    seen: set[object] = set()
    while not over.wait(0.2):
        background.deliver(clock=timezone.now)
        rows = Notice.objects.filter(kind="contact_code").exclude(id__in=list(seen)[-5_000:])
        for row in rows.order_by("-id")[:500]:
            seen.add(row.id)
            found = re.search(r"\d{6}", row.subject)
            if found:
                rush.codes.setdefault(row.contact, found.group())
    connections.close_all()


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
    is_held = worst < P95_GOAL_MS and not (lost or doubled or rush.faults) and len(told) == len(people)
    print(json.dumps({"p95_ms": round(worst, 1), "goal_ms": P95_GOAL_MS, "held": is_held}))


def _contact(person: Person, number: int) -> str:
    return person.email if not person.visit and person.cookies else f"wrush{number}@example.org"


def _middle(waits: list[float]) -> str:
    return f"p50 {_p(waits, 50):7.1f} ms  p95 {_p(waits, 95):7.1f} ms  p99 {_p(waits, 99):7.1f} ms"


def _p(waits: list[float], part: int) -> float:
    return statistics.quantiles(waits, n=100)[part - 1] if len(waits) > 1 else (waits or [0.0])[0]


if __name__ == "__main__":
    main()
