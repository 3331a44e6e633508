"""How a worker's page opens: which fund, who, which draft; and how a refusal is told in words."""

import hashlib
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache, wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from fundmgr.domain import actors, errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import FundError, Kind
from fundmgr.ports.idempotency import Once, Replay
from requests_app import kept_words, pace, waiting_page
from requests_app.pages.applicant import refusals
from requests_app.sites import site_of

STATUS = {
    Kind.INVALID: 422,
    Kind.FORBIDDEN: 403,
    Kind.MISSING: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
OK = 200
# The page that comes back has the form with what was typed.
ANSWERED_WITH_THE_FORM = {STATUS[Kind.INVALID], STATUS[Kind.CONFLICT], STATUS[Kind.TOO_MANY]}
TOKEN_FIELD = "form_token"  # noqa: S105  # the name of a form field
NOT_PART_OF_THE_CALL = {TOKEN_FIELD, kept_words.WHOSE_FIELD, "csrfmiddlewaretoken"}
# A code that was wrong would cost a second try.
NOT_SENT_AGAIN = {"csrfmiddlewaretoken", "code"}
# In the session: when its half hour began, in seconds since 1970, and how long that is left as it is.
SEEN, STAYS_WRITTEN_SECONDS = "seen", 60
DRAFT_COOKIE, CONTACT_COOKIE, DONOR_COOKIE, ONWARD_COOKIE = "draft", "contact", "donor", "onward"
DRAFT_KEPT, CONTACT_KEPT, DONOR_KEPT = timedelta(days=30), timedelta(hours=1), timedelta(minutes=30)
# Which browser asks for codes, and whether a yes to texts was ticked in it.
SENDER_COOKIE, TEXTS_COOKIE = "sender", "texts"
SENDER_KEPT = timedelta(days=1)
# By which way the last right code came to this browser.
WAY_COOKIE, WAY_KEPT = "way", timedelta(days=30)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}\Z")
_VERSION = re.compile(r"[0-9]{1,9}\Z")
TRIES_IN_FLIGHT, PAUSE_SECONDS = 20, 0.1
View = Callable[..., HttpResponse]


class SignedOut(Exception):
    """A page of a worker's own was opened by one who is signed in no more, or not yet."""


class Door:
    """One request of one person to one fund's pages."""

    def __init__(self, request: HttpRequest, slug: str) -> None:
        self.request = request
        self.slug = slug
        self.status = OK
        self.errors: list[dict[str, str]] = []
        self._token = ""
        self._cookies: dict[str, tuple[str, timedelta] | None] = {}

    @cached_property
    def now(self) -> datetime:
        """The moment of this request."""
        return timezone.now()

    @property
    def view_name(self) -> str:
        """The name of the address that was asked for."""
        match = self.request.resolver_match
        return match.view_name if match else ""

    @property
    def is_post(self) -> bool:
        """Whether something was sent."""
        return self.request.method == "POST"

    @property
    def user_id(self) -> UUID | None:
        """Who is signed in, if anybody."""
        return self.request.user.pk if self.request.user.is_authenticated else None

    @property
    def actor(self) -> Actor | None:
        """The signed-in person as use cases know them."""
        return actors.person(self.user_id) if self.user_id else None

    def person(self) -> Actor:
        """This will return who is signed in, for a page that needs somebody. Errors: SignedOut."""
        if self.actor is None:
            raise SignedOut
        return self.actor

    @property
    def language(self) -> str:
        """The language of the page, as it is stored with the person."""
        return (get_language() or "en").partition("-")[0]

    @property
    def draft_id(self) -> UUID | None:
        """The draft that this browser began."""
        return self._key(DRAFT_COOKIE, DRAFT_KEPT)

    @property
    def donor_link_id(self) -> UUID | None:
        """The donor's link that was opened in this browser."""
        return self._key(DONOR_COOKIE, DONOR_KEPT)

    @property
    def contact(self) -> str:
        """Where the last code was sent from this browser; empty where none was."""
        return self._cookie(CONTACT_COOKIE, CONTACT_KEPT)

    @property
    def sender(self) -> str:
        """The mark of this browser; those without one are not counted together, for they are many people."""
        return self._cookie(SENDER_COOKIE, SENDER_KEPT)

    @property
    def onward(self) -> str:
        """The page that was wanted before a code was asked for; empty where there was none."""
        return self._cookie(ONWARD_COOKIE, CONTACT_KEPT)

    @property
    def allows_texts(self) -> bool:
        """Whether a yes to texts was ticked in this browser with the contact that waits for its code."""
        return self._cookie(TEXTS_COOKIE, CONTACT_KEPT) == "yes"

    @property
    def last_way(self) -> str:
        """The way by which this browser last got in; empty where it did not, or its worker signed out."""
        return self._cookie(WAY_COOKIE, WAY_KEPT)

    @property
    def seen(self) -> str | None:
        """The mark of what the page showed that is sent; None where it names none."""
        return self.request.POST.get("seen")

    @property
    def version(self) -> int | None:
        """The version of what the page showed that is sent; None where it names none."""
        typed = self.request.POST.get("version", "")
        return int(typed) if _VERSION.match(typed) else None

    def mark_sender(self) -> None:
        """This will give a browser its mark, where it has none."""
        if not self._cookie(SENDER_COOKIE, SENDER_KEPT):
            self.keep(SENDER_COOKIE, secrets.token_urlsafe(12), SENDER_KEPT)

    def today(self, zone: str) -> date:
        """This will return the day on the fund's calendar."""
        return self.now.astimezone(ZoneInfo(zone)).date()

    def enter(self, fund: Any) -> None:
        """This will show every time of this visit in the fund's zone."""
        timezone.activate(ZoneInfo(fund.time_zone))

    def keep(self, name: str, value: str, lasts: timedelta) -> None:
        """This will put a signed cookie on the answer, for this fund's pages alone."""
        self._cookies[name] = (value, lasts)

    def forget(self, name: str) -> None:
        """This will take a cookie away."""
        self._cookies[name] = None

    def url(self, name: str, **keys: Any) -> str:
        """This will return the address of another page of this fund."""
        return _address(name, self.slug, tuple(keys.items()))

    def to(self, name: str, **keys: Any) -> HttpResponse:
        """This will send the browser on to another page; what was sent there waits no more."""
        if self.is_post and self.user_id:
            kept_words.forget(self.request)
        return self.dressed(HttpResponseRedirect(self.url(name, **keys)))

    def to_sign_in(self, *, comes_back: bool) -> HttpResponse:
        """This will ask for a code, which leads back to the page that was wanted where that has one."""
        if comes_back:
            self.keep(ONWARD_COOKIE, self.request.path, CONTACT_KEPT)
        if self.is_post:
            self.say(refusals.signed_out(is_kept=self._is_kept()), kind="wait")
        return self.to("sign-in")

    def _is_kept(self) -> bool:
        request, now = self.request, self.now.timestamp()
        is_here = kept_words.is_for(self.view_name)
        return is_here and kept_words.keep(request, path=request.path, typed=request.POST, now=now)

    @property
    def mark(self) -> str:
        """The random mark of the page that is sent; empty where it has none."""
        token = self.request.POST.get(TOKEN_FIELD, "")
        return token if _TOKEN.match(token) else ""

    def once(self) -> Once | None:
        """This will name this sending, so that a second one is only answered; None without a token."""
        token = self.mark
        if not token or self.actor is None:
            return None
        sent = sorted(
            (name, values) for name, values in self.request.POST.lists() if name not in NOT_PART_OF_THE_CALL
        )
        digest = hashlib.sha256(json.dumps([self.request.path, sent]).encode()).hexdigest()
        return Once(self.actor.key, token, f"page:{self.view_name}"[:120], digest)

    def attempt(self, call: Callable[[], object]) -> bool:
        """This will make the one call of a form and say whether it is done, now or the first time.

        A refusal stays for the page that is shown again, with its status.
        """
        try:
            _once_free(call)
        except Replay:
            return True
        except (errors.NotFound, errors.PersonRequired):
            raise
        except FundError as error:
            self.refuse(error)
            return False
        return True

    def refuse(self, error: FundError) -> None:
        """This will keep a refusal in words for the top of the page."""
        self.status = STATUS[error.kind]
        if isinstance(error, errors.OutcomeUnknown):
            # Sent once more it must be the same sending, for it may have been done.
            self._token = self.request.POST.get(TOKEN_FIELD, "")
        sentences = [problem.sentence for problem in error.problems] or [refusals.sentence(error)]
        self.errors += [{"href": "", "text": sentence} for sentence in sentences]

    def page(self, template: str, fund: Any, context: Mapping[str, Any]) -> HttpResponse:
        """This will render a page in the fund's clock zone, with a fresh token for its form."""
        form = context.get("form")
        if self.is_post and self.status == OK and form is not None and form.errors:
            # Whatever a form refuses by itself; a use case's refusal has set its status already.
            self.status = STATUS[Kind.INVALID]
        words = {
            "site": site_of(fund, home_url=self.url("fund")),
            "form_token": self._token or secrets.token_urlsafe(18),
            "sign_out_url": self.url("sign-out") if self.user_id else "",
            "stay_url": self.url("here") if self.user_id else "",
            "sent_again": self._sent_again(),
            "whose": kept_words.whose(self.user_id)
            if self.user_id and kept_words.is_for(self.view_name)
            else "",
            **context,
            "errors": [*self.errors, *context.get("errors", ())],
        }
        self.enter(fund)
        return self.dressed(render(self.request, template, words, status=self.status))

    def _sent_again(self) -> str:
        """What was sent and not taken, for the same page in another language: nothing typed is lost."""
        if not self.is_post or self.status not in ANSWERED_WITH_THE_FORM:
            return ""
        sent = [(name, values) for name, values in self.request.POST.lists() if name not in NOT_SENT_AGAIN]
        return urlencode(sent, doseq=True, errors="replace")

    def _key(self, name: str, lasts: timedelta) -> UUID | None:
        try:
            return UUID(hex=self._cookie(name, lasts))
        except ValueError:
            return None

    def _cookie(self, name: str, lasts: timedelta) -> str:
        found = self.request.get_signed_cookie(
            name, default="", salt=self._salt(name), max_age=int(lasts.total_seconds())
        )
        return str(found)

    def _salt(self, name: str) -> str:
        return f"worker.{name}.{self.slug}"

    def say(self, sentence: str, *, kind: str = "ok") -> None:
        """This will show a sentence at the top of the page that follows."""
        messages.success(self.request, sentence, extra_tags=kind)

    def dressed(self, response: HttpResponse) -> HttpResponse:
        """This will put the cookies of this visit on an answer."""
        path = self.url("fund")
        for name, kept in self._cookies.items():
            if kept is None:
                response.delete_cookie(name, path=path, samesite="Lax")
                continue
            value, lasts = kept
            response.set_signed_cookie(
                name,
                value,
                salt=self._salt(name),
                max_age=int(lasts.total_seconds()),
                path=path,
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response


def page(view: View) -> Callable[..., HttpResponse]:
    """This will open a page that is only looked at."""
    return _opened(view, methods=("GET", "HEAD"))


def form(view: View) -> Callable[..., HttpResponse]:
    """This will open a page that can be looked at and sent."""
    return _opened(view, methods=("GET", "HEAD", "POST"))


def action(view: View) -> Callable[..., HttpResponse]:
    """This will open an address that only takes what is sent."""
    return _opened(view, methods=("POST",))


def paced(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """This will let what is sent wait for its turn, where many begin from one address."""

    @wraps(view)
    def in_turn(at: Door, **keys: Any) -> HttpResponse:
        now = at.now.timestamp()
        turn = pace.wait(at.request, now=now) if at.is_post and at.user_id is None else None
        if turn is None:
            return view(at, **keys)
        seconds = turn.seconds(now)
        response = waiting_page.page(at.request, "public/turn.html", status=429, seconds=seconds)
        pace.keep(response, turn)
        return response

    return in_turn


def _opened(view: View, *, methods: tuple[str, ...]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def opened(request: HttpRequest, slug: str, **keys: Any) -> HttpResponse:
        if request.method not in methods:
            return _not_taken(request, methods)
        door = Door(request, slug)
        if door.user_id:
            _stay(request, door.now)
        # Whatever zone the view enters is left with it: threads serve other funds next.
        with timezone.override(None):
            try:
                return view(door, **keys)
            except SignedOut:
                return door.to_sign_in(comes_back="GET" in methods)
            except errors.NotFound:
                raise Http404 from None

    return opened


def _not_taken(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """Show whoever reloads or keeps an address that is only sent to a page, not a blank one."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(methods)
    answer = render(request, "404.html", status=405)
    answer["Allow"] = ", ".join(methods)
    return answer


def _stay(request: HttpRequest, now: datetime) -> None:
    """Start the half hour again; in a rush with one write a minute, not with one a page."""
    seconds = int(now.timestamp())
    if not 0 <= seconds - request.session.get(SEEN, 0) < STAYS_WRITTEN_SECONDS:
        request.session[SEEN] = seconds


@lru_cache(maxsize=1000)
def _address(name: str, slug: str, keys: tuple[tuple[str, Any], ...]) -> str:
    """The same few addresses stand on every page of a rush."""
    return reverse(name, kwargs={"slug": slug, **dict(keys)})


def _once_free(call: Callable[[], object]) -> None:
    """Wait for the first of two taps to end: a browser shows only the answer to the second."""
    for _try in range(TRIES_IN_FLIGHT):
        try:
            call()
        except errors.KeyInFlight:
            time.sleep(PAUSE_SECONDS)
        else:
            return
    raise errors.KeyInFlight
