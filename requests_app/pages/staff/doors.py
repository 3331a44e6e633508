"""How a console page opens: who asks, at which fund's desk, and how a refusal is told in words."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, wraps
from typing import Any, Protocol
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from fundmgr.domain import actors, errors
from fundmgr.domain.errors import FundError, Kind
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once, Replay
from requests_app.exports.paper_words import ENGLISH
from requests_app.pages.staff import shell
from requests_app.queries import console
from requests_app.queries.console import Desk
from requests_app.services import reveals

STATUS = {
    Kind.INVALID: 422,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a form field
NOT_PART_OF_THE_CALL = {TOKEN_FIELD, "csrfmiddlewaretoken"}
SENT_BEFORE = "This form was sent before with other words. Look at what is below, then send it again."
# Lines that stand in one box, such as `instalments.2.due_on`.
_LINE = re.compile(r"(?P<box>\w+)\.(?P<number>\d+)\.")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")


class Row(Protocol):
    """Whatever a use case returns: at least an id."""

    @property
    def id(self) -> UUID:
        """The key of the row."""


# A console view: a door and the keys of its address.
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Done:
    """What came of a form: the row's id, and the row itself unless the form was sent before.

    Of a form over many rows it is the first row's.
    """

    row_id: UUID
    row: Any = None


class Door:
    """One request of one signed-in person at one fund's desk."""

    def __init__(self, request: HttpRequest, desk: Desk) -> None:
        self.request = request
        self.desk = desk
        self.actor = desk.actor
        self.fund_id = desk.fund.id
        self.status = 200
        self.refusals: list[dict[str, str]] = []
        self.token = secrets.token_urlsafe(18)

    @cached_property
    def now(self) -> datetime:
        """The moment of this request."""
        return timezone.now()

    @property
    def today(self) -> date:
        """The day on the fund's calendar."""
        return timezone.localdate(self.now)

    @property
    def is_post(self) -> bool:
        """Whether something was sent."""
        return self.request.method == "POST"

    @property
    def posted(self) -> QueryDict | None:
        """What was sent, or None for a page that is only looked at."""
        return self.request.POST if self.is_post else None

    @property
    def asked(self) -> QueryDict:
        """The query string."""
        return self.request.GET

    def may(self, action: Action) -> bool:
        """This will say whether one of the person's roles includes the action."""
        return self.desk.may(action)

    def require(self, action: Action) -> None:
        """This will refuse one whose roles do not include the action, before any form is read."""
        if not self.may(action):
            raise errors.Forbidden

    def looked(self, rows: Sequence[Row]) -> None:
        """This will record that this page shows who stands behind these requests."""
        keys = [row.id for row in rows]
        reveals.looked(fund_id=self.fund_id, request_ids=keys, by=self.actor, now=self.now)

    def url(self, name: str, **keys: Any) -> str:
        """This will return the address of another page of this fund."""
        query = keys.pop("query", None)
        address = reverse(f"staff:{name}", kwargs={"slug": self.desk.fund.slug, **keys})
        return f"{address}?{urlencode(query, doseq=True)}" if query else address

    def to(self, name: str, *, said: str = "", **keys: Any) -> HttpResponse:
        """This will send the person on to another page, with a sentence of what was done."""
        if said:
            messages.success(self.request, said)
        return HttpResponseRedirect(self.url(name, **keys))

    def attempt(
        self,
        form: BaseForm | None,
        call: Callable[[Once], Row | Sequence[Row]],
        *,
        named: Mapping[str, str] | None = None,
    ) -> Done | None:
        """This will make the one call of a sent form; None where nothing was sent or it was refused.

        A refusal is kept for the page that is shown again: its sentences, its status, what was typed.
        A form sent twice gives the row of the first time. `named` leads from a field of the use case to
        the box of the form, where they differ.
        """
        if not self.is_post:
            return None
        if form is not None and not form.is_valid():
            self.status = STATUS[Kind.INVALID]
            return None
        try:
            made = call(self._once())
        except Replay as replay:
            return Done(replay.result_id)
        except errors.NotFound:
            raise
        except errors.KeyReused as error:
            self._tell(None, errors.KeyReused(SENT_BEFORE, problems=error.problems), {})
            return None
        except FundError as error:
            self._tell(form, error, named or {})
            return None
        row = made[0] if isinstance(made, Sequence) else made
        return Done(row.id, row)

    def page(self, template: str, context: Mapping[str, Any], *, current: str = "") -> HttpResponse:
        """This will render a console page with its frame, and with what was refused at its top."""
        frame = shell.frame(self.request, self.desk, current=current, now=self.now)
        words = {**frame, "errors": self.refusals, "form_token": self.token, **context}
        return render(self.request, template, words, status=self.status)

    def refuse(self, error: FundError) -> HttpResponse:
        """This will render the page of a refusal that no other page could show."""
        self.status = STATUS[error.kind]
        said = " ".join(problem.sentence for problem in error.problems) or error.sentence
        return self.page("staff/refused.html", {"title": TITLES[error.kind], "sentence": said})

    def _once(self) -> Once:
        token = self.request.POST.get(TOKEN_FIELD, "")
        if not _TOKEN.match(token):
            raise errors.InvalidInput("This form did not arrive whole. Send it again.")
        sent = sorted(
            (name, values) for name, values in self.request.POST.lists() if name not in NOT_PART_OF_THE_CALL
        )
        digest = hashlib.sha256(json.dumps([self.request.path, sent]).encode()).hexdigest()
        match = self.request.resolver_match
        return Once(self.actor.key, token, f"page:{match.view_name if match else ''}"[:120], digest)

    def refused(self, error: FundError) -> None:
        """This will keep a refusal for the top of the page that is shown."""
        self._tell(None, error, {})

    def _tell(self, form: BaseForm | None, error: FundError, named: Mapping[str, str]) -> None:
        self.status = STATUS[error.kind]
        if isinstance(error, errors.OutcomeUnknown):
            # Sent once more it must be the same call, for it may have been done.
            self.token = self.request.POST.get(TOKEN_FIELD, self.token)
        if not error.problems:
            self.refusals.append({"href": "", "text": error.sentence})
        for problem in error.problems:
            box, sentence = named.get(problem.field, problem.field), problem.sentence
            line = _LINE.match(problem.field)
            if line and form is not None and line["box"] in form.fields:
                box, sentence = line["box"], f"Line {int(line['number']) + 1}: {sentence}"
            if form is not None and box in form.fields:
                form.add_error(box, sentence)
            else:
                self.refusals.append({"href": "", "text": sentence})


TITLES = {
    Kind.INVALID: "That cannot be read",
    Kind.FORBIDDEN: "Your role does not include this",
    Kind.MISSING: "There is nothing here",
    Kind.CONFLICT: "That cannot be done now",
    Kind.TOO_MANY: "Too many tries",
    Kind.UNAVAILABLE: "The fund is busy",
}


def page(view: View) -> Callable[..., HttpResponse]:
    """This will open a page that is only looked at."""
    return _opened(view, methods=("GET", "HEAD"))


def form(view: View) -> Callable[..., HttpResponse]:
    """This will open a page that can be looked at and sent."""
    return _opened(view, methods=("GET", "HEAD", "POST"))


def act(view: View) -> Callable[..., HttpResponse]:
    """This will open an address that is only sent to; looked at, it leads to the page it belongs to."""
    return _opened(view, methods=("POST",))


def _opened(view: View, *, methods: tuple[str, ...]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def run(request: HttpRequest, slug: str, **keys: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(_after_sign_in(request))
        actor = actors.person(request.user.pk)
        try:
            door = Door(request, console.desk(actor, slug=slug))
        except FundError as error:
            return outside(request, error)
        if request.method not in methods:
            return _elsewhere(request, methods)
        # The console is written in English: where a browser asks for another language, half of a page
        # would come in it, namely what workers' pages say too.
        with timezone.override(ZoneInfo(door.desk.fund.time_zone)), translation.override(ENGLISH):
            answer = _answered(view, door, keys)
        answer.headers.setdefault("Content-Language", ENGLISH)
        return answer

    return run


def _answered(view: View, door: Door, keys: Mapping[str, Any]) -> HttpResponse:
    try:
        return view(door, **keys)
    except FundError as error:
        return door.refuse(error)


def outside(request: HttpRequest, error: FundError) -> HttpResponse:
    """This will render a refusal to one who stands at no desk."""
    words = {"title": TITLES[error.kind], "sentence": error.sentence}
    return render(request, "staff/outside.html", words, status=STATUS[error.kind])


def _after_sign_in(request: HttpRequest) -> str:
    # An address that is only sent to cannot be gone back to; its page can.
    return request.get_full_path() if request.method in {"GET", "HEAD"} else _parent(request.path)


def _elsewhere(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    if methods == ("POST",) and request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(_parent(request.path))
    return HttpResponseNotAllowed(methods)


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"
