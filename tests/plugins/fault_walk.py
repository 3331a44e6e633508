"""A worker's phone on the ground of the fault programme: walks the form while its server is killed."""

import http.client
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import nasty
from builders import World
from fault_ground import MOST_SECONDS, PAUSE_SECONDS, Ground
from walking import ANSWERS, code_for

from requests_app.models import Draft

Said = dict[str, list[str]]
EDGE = "-phone-"


@dataclass(frozen=True)
class Page:
    """A page of the form, what is typed into it, and the use case that its sending runs."""

    path: str
    inside: str = "drafts.save_draft"

    @property
    def name(self) -> str:
        """The name under which a draft keeps the page."""
        return self.path.split("/")[1]

    def typed(self, email: str) -> Said:
        """What this worker types and chooses, by the name of the box."""
        if self.name == "contact":
            return {"channel": ["MAIL"], "email": [email]}
        if self.name == "code":
            return {"code": [code_for(email)]}
        if self.name == "check":
            return {"true": ["on"], "then": ["continue"]}
        answers = {**ANSWERS.get(self.name, {}), **({"statement": email} if "anything" in self.name else {})}
        return {name: value if isinstance(value, list) else [value] for name, value in answers.items()}


START, JOB, CODE, CHECK = (
    Page("apply/", "drafts.start_draft"),
    Page("apply/job/"),
    Page("apply/code/", "contacts.enter_code"),
    Page("apply/check/", "drafts.submit_draft"),
)
FILE = Page("apply/proof/add/", "documents.add_to_draft")
PAGES = (
    START,
    Page("apply/show/"),
    JOB,
    Page("apply/name/"),
    Page("apply/contact/", "contacts.send_code"),
    CODE,
    *(Page(f"apply/{name}/") for name in ("household", "need", "other-help", "proof")),
    FILE,
    Page("apply/anything-else/"),
    CHECK,
)


class _Boxes(HTMLParser):
    """What a browser would send of a page's main form as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.said: Said = {}
        self.is_main = False
        self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.is_main = self.is_main or tag == "main"
        name, kind = found.get("name", ""), found.get("type", "text")
        if not self.is_main or not name or kind in {"file", "submit"}:
            return
        if tag == "textarea":
            self.area, self.said[name] = name, [""]
        elif tag == "input" and kind == "checkbox":
            self.said[name] = [*self.said.get(name, []), *([found["value"]] if "checked" in found else [])]
        elif tag == "input" and (kind != "radio" or "checked" in found):
            self.said[name] = [found.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self.area:
            self.said[self.area] = [self.said[self.area][0] + data.removeprefix("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""


@dataclass
class Phone:
    """One browser without scripts: its cookies, and how often it found nobody there."""

    ground: Ground
    world: World
    email: str
    cookies: dict[str, str] = field(default_factory=dict)
    dead_lines: int = 0

    def page(self, path: str) -> str:
        """Read a page."""
        status, _place, text = self.until_answered(lambda: self.ask("GET", path))
        assert status == http.client.OK, path
        return text

    def form(self, path: str) -> Said | None:
        """Open a page and return what its form would send; None where it leads elsewhere by now."""
        status, _place, text = self.until_answered(lambda: self.ask("GET", path))
        boxes = _Boxes()
        boxes.feed(text)
        return boxes.said if status == http.client.OK else None

    def fill(self, page: Page) -> Callable[[], tuple[int, str, str]] | None:
        """Fill a page in; what it returns sends exactly this, each time it is called."""
        stands = self.form("apply/proof/" if page == FILE else page.path)
        if stands is None:
            return None
        said = {**stands, "then": ["continue"], **page.typed(self.email)}
        body, kind = _with_file(said) if page == FILE else (urlencode(said, doseq=True).encode(), FORM)
        return lambda: self.ask("POST", page.path, body, kind)

    def press(self, path: str, on: str) -> tuple[int, str, str]:
        """Press a button that stands on another page than it leads to."""
        body = urlencode(self.form(on) or {}, doseq=True).encode()
        return self.until_answered(lambda: self.ask("POST", path, body))

    def until_answered(self, ask: Callable[[], tuple[int, str, str]]) -> tuple[int, str, str]:
        """Ask again, as one does who reads that there is no connection."""
        start = time.monotonic()
        while time.monotonic() < start + MOST_SECONDS:
            try:
                return ask()
            except (OSError, http.client.HTTPException):
                self.dead_lines += 1
                time.sleep(PAUSE_SECONDS)
        raise AssertionError("the server does not come back")

    def is_heard(self, send: Callable[[], object]) -> bool:
        """Send once and say whether an answer came."""
        try:
            send()
        except (OSError, http.client.HTTPException):
            self.dead_lines += 1
            return False
        return True

    def draft(self) -> Draft | None:
        """This worker's draft: the newest, for one walks after the other."""
        return Draft.objects.filter(fund=self.world.fund).order_by("-created_at").first()

    def kept(self) -> dict[str, Any]:
        """What the database holds of the draft, by page."""
        row = self.draft()
        return json.loads(row.answers) if row else {}

    def ask(self, verb: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str, str]:
        line = http.client.HTTPConnection("localhost", self.ground.port, timeout=30)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": cookies, "Content-Type": kind or FORM}
            line.request(verb, f"/f/{self.world.fund.slug}/{path}", body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        for sent in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(sent).items()}
        return answer.status, answer.headers.get("Location", ""), text


FORM = "application/x-www-form-urlencoded"


def _with_file(said: Said) -> tuple[bytes, str]:
    parts = [
        f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, values in said.items()
        for value in values
    ]
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="stub.jpg"\r\n\r\n'
    photo = nasty.a_photo(size=(320, 240))
    body = b"".join([*parts, head.encode(), photo, f"\r\n--{EDGE}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={EDGE}"


def holds(kept: Mapping[str, Any], page: Page, email: str) -> bool:
    """Say whether a draft holds every word of a page; a page of which it holds some is half kept."""
    if page.name not in ANSWERS:
        return True
    said = kept.get(page.name, {})
    words = {name: value if isinstance(value, list) else [value] for name, value in said.items()}
    return all(words.get(name) == value for name, value in page.typed(email).items())


def reference_of(text: str) -> str:
    """The request's number, as a receipt shows it."""
    found = re.search(r"\bR-[A-Z0-9]{4,}", text)
    return found.group() if found else ""
