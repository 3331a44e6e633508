"""The people of a rush: what each does next on the way through the pages, and what became of it so far."""

import heapq
import http.client
import itertools
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from bench import intake

THINKS_SECONDS = 2.0
TAPS_TWICE = 10
HELD_COOKIE = "held"
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
    # How long the page of the line asks to wait; 0 where this is none.
    wait_seconds: float = 0.0


Steps = Iterator[Visit]


class Rush:
    """Everybody's next step, when it is due, and what became of the steps so far."""

    def __init__(
        self, world: dict[str, str], token: str, *, port: int = intake.PORT, thinks: float = THINKS_SECONDS
    ) -> None:
        self.world, self.token, self.port, self.thinks = world, token, port, thinks
        self.due: list[tuple[float, int, Person]] = []
        self.turn = itertools.count()
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.faults: Counter[str] = Counter()
        self.in_line = 0
        self.left = 0
        self.codes: dict[str, str] = {}
        self.chance = random.Random(28)  # noqa: S311  # how long people think

    def arrive(self, person: "Person", at: float) -> None:
        """This will put a person's next step in its time."""
        heapq.heappush(self.due, (at, next(self.turn), person))

    def answered(self, person: "Person", reply: Reply, *, due: float, now: float) -> None:
        """This will note what an answer was, and put the person's next step in its time."""
        visit = person.visit
        if visit is None:
            return
        if reply.wait_seconds:
            self.in_line += 1
            person.waits(reply)
            self.arrive(person, now + reply.wait_seconds)
            return
        if visit.name:
            # From when it was due: whoever waits for a line of this bench waits for the server.
            self.waits[visit.name].append((now - due) * 1000)
            if reply.status >= http.client.BAD_REQUEST:
                self.faults[f"{visit.name} {reply.status}"] += 1
        person.took(reply)
        if person.visit is None:
            self.left -= 1
            return
        is_tap = person.visit is visit
        self.arrive(person, now + (0 if is_tap else self.chance.expovariate(1) * self.thinks))


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

    def waits(self, reply: Reply) -> None:
        """This will keep the place in the line; the page comes again by a look at it, form or not."""
        self.cookies |= reply.cookies
        if self.visit is not None and self.visit.method == "POST" and HELD_COOKIE in reply.cookies:
            self.visit = Visit(self.visit.name, "GET", self.visit.path)

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
