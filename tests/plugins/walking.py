"""Walks a worker through the pages in tests, as a browser without scripts would."""

import re
from html import unescape
from typing import Any

from builders import World
from django.test import Client
from django.utils import timezone

from fundmgr.domain.contacts import normalise
from fundmgr.services import background
from requests_app.models import Notice

ANSWERS: dict[str, dict[str, Any]] = {
    "show": {"show": "Badge 27"},
    "job": {
        "department": "Lighting",
        "job_title": "Set lighting technician",
        "last_month": "5",
        "last_year": "2023",
    },
    "name": {"full_name": "Ana Rivera"},
    "household": {"adults": "1", "children": "2"},
    "need": {
        "need": ["RENT", "FOOD"],
        "amount_RENT": "$2,400",
        "amount_FOOD": "600",
        "losing": "no",
    },
    "other-help": {"other_help": "no"},
    "proof": {"proof": "later"},
    "anything-else": {"statement": ""},
}
BEFORE_CODE, AFTER_CODE = ("show", "job", "name"), ("household", "need", "other-help", "proof")


class Walk:
    """One browser of one worker in one fund."""

    def __init__(self, world: World, client: Client | None = None) -> None:
        self.world = world
        self.client = client or Client()
        self.root = f"/f/{world.fund.slug}/"

    def get(self, path: str = "", **options: Any):
        """Open a page of the fund."""
        return self.client.get(self.root + path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any):
        """Send a form as it stands in its page, with what is typed."""
        return self.client.post(self.root + path, {**self.hidden(path), **(data or {})}, **options)

    def hidden(self, path: str) -> dict[str, str]:
        """The token and the other hidden boxes of a page's own form."""
        text = self.get(path).content.decode()
        main = text[text.find("<main") :]
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', main)
        return {name: unescape(value) for name, value in found}

    def start(self):
        """Begin a draft."""
        return self.post("apply/")

    def answer(self, *pages: str, **changes: dict[str, Any]) -> None:
        """Answer pages rightly, each of which leads on."""
        for page in pages:
            response = self.post(
                f"apply/{page}/", {"then": "continue", **ANSWERS[page], **changes.get(page, {})}
            )
            assert response.status_code == 302, errors_of(response)

    def prove(self, contact: str = "ana@example.com", *, path: str = "apply/contact/", **more: str) -> None:
        """Ask for a code and enter it."""
        typed = {"channel": "MAIL", "email": contact} if "@" in contact else {"phone": contact}
        response = self.post(path, {"channel": "TEXT", **typed, **more})
        assert response.status_code == 302, errors_of(response)
        response = self.post(response.url.removeprefix(self.root), {"code": code_for(contact)})
        assert response.status_code == 302, errors_of(response)

    def fill(self, email: str = "ana@example.com") -> None:
        """Everything up to the check page."""
        self.start()
        self.answer(*BEFORE_CODE)
        self.prove(email)
        self.answer(*AFTER_CODE)

    def send(self):
        """Tick the box and send."""
        return self.post("apply/check/", {"true": "on", "then": "continue"})


def code_for(contact: str) -> str:
    """The newest code that went to an address or a number."""
    background.deliver(clock=timezone.now)
    codes = Notice.objects.filter(kind="contact_code").order_by("-created_at", "-id")
    notice = next(row for row in codes if row.contact == normalise(contact))
    return re.search(r"\d{6}", notice.subject or notice.text).group()


def errors_of(response) -> list[str]:
    """What the error summary of a page says."""
    text = response.content.decode()
    found = re.search(r'class="error-summary".*?</ul>', text, re.S)
    return (
        [unescape(re.sub("<[^>]+>", "", item)) for item in re.findall(r"<li>(.*?)</li>", found.group())]
        if found
        else []
    )


def heading_of(response) -> str:
    """A page's h1 in words."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S)
    return unescape(re.sub("<[^>]+>", "", found.group(1))).strip() if found else ""
