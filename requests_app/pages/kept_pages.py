"""A public page made once for all who see the same, and its last good copy for when the database is away.

Only what anybody may see is kept: a page is made without a person, and its form token is put in for each.
"""

import hashlib
import json
import os
import pickle
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import loader
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from requests_app.templatetags.fund_ui import when

MARK = "<!--kept-->"
TOKEN = secrets.token_hex(16)
MOST_PAGES = 200
SAVED_EVERY_SECONDS = 30.0
ANONYMOUS = "private, no-cache"
# Five minutes, for a feed reader or another site that shows the numbers.
EVERYBODY = "public, max-age=300"
Writer = Callable[[], str]
_pages: dict[tuple[str, str], "Copy"] = {}


@dataclass
class Copy:
    """One page as everybody sees it. Units: `seen_at` and `saved_at` are in seconds since 1970."""

    fingerprint: str
    text: str
    zone: str
    seen_at: float
    saved_at: float = 0.0


@dataclass(frozen=True)
class Found:
    """What a page is made of: `seen` is all that its words follow from, `zone` the fund's."""

    seen: object
    zone: str
    context: Callable[[], dict[str, Any]]


def answer(request: HttpRequest, template: str, find: Callable[[], Found]) -> HttpResponse:
    """This will show a page, or its last good copy while the database is away.

    Errors: those of `find`, but for a database that does not answer where there is a copy.
    """
    try:
        found = find()
        with timezone.override(ZoneInfo(found.zone)):
            if not is_for_all(request):
                return render(request, template, found.context())
            fingerprint = hashlib.sha256(pickle.dumps(found.seen)).hexdigest()

            def make(beside: dict[str, Any]) -> str:
                return loader.render_to_string(template, {**found.context(), **beside}, request)

            return show(request, fingerprint, make, zone=found.zone)
    except (OperationalError, InterfaceError):
        kept = last_good(request)
        if kept is None:
            raise
        return kept


def is_for_all(request: HttpRequest) -> bool:
    """Whether who asks is nobody yet, so that the page holds nothing of a person."""
    private = {settings.SESSION_COOKIE_NAME, "messages"}
    return not request.GET and private.isdisjoint(request.COOKIES)


def show(
    request: HttpRequest, fingerprint: str, make: Callable[[dict[str, Any]], str], *, zone: str
) -> HttpResponse:
    """This will answer with a page, made anew only where its fingerprint is another.

    Shapes: `make` gets what the template must be given beside its own words; `zone` is the fund's.
    """
    key = (request.path, language())
    copy = _made(key, fingerprint, lambda: make({"csrf_token": TOKEN, "kept_mark": MARK}), zone)
    _touch(key, copy)
    headers = {"Cache-Control": ANONYMOUS, "ETag": _etag(copy)}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(_for(request, copy.text, notice=""), headers=headers)


def last_good(request: HttpRequest) -> HttpResponse | None:
    """This will answer with the last copy and the time it is from; None where this page was never seen."""
    key = (request.path, language())
    copy = _pages.get(key) or _saved(key)
    if copy is None:
        return None
    with timezone.override(ZoneInfo(copy.zone)):
        moment = when(datetime.fromtimestamp(copy.seen_at, UTC), "datetime")
    sentence = _(
        "The fund's computer does not answer right now. This page is from %(moment)s. "
        "You can ask for help again in a few minutes."
    ) % {"moment": moment}
    notice = loader.get_template("components/notice.html").render({"kind": "wait", "text": sentence})
    return HttpResponse(_for(request, copy.text, notice=notice), headers={"Cache-Control": "no-store"})


def file(
    request: HttpRequest, find: Callable[[], tuple[object, Writer]], *, content_type: str, language: str
) -> HttpResponse:
    """This will answer with a small public file, the same for all, or its last good copy.

    Shapes: `find` returns all that the file follows from, and what writes it. Its address says its language.
    Errors: those of `find`, but for a database that does not answer where there is a copy.
    """
    key = (request.path, "")
    copy: Copy | None
    try:
        seen, write = find()
        copy = _made(key, hashlib.sha256(pickle.dumps(seen)).hexdigest(), write, "UTC")
        _touch(key, copy)
    except (OperationalError, InterfaceError):
        copy = _pages.get(key) or _saved(key)
        if copy is None:
            raise
    headers = {"Cache-Control": EVERYBODY, "ETag": _etag(copy), "Content-Language": language}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(copy.text, content_type=content_type, headers=headers)


def _made(key: tuple[str, str], fingerprint: str, write: Writer, zone: str) -> Copy:
    """The copy of this process, written anew where what it follows from is another."""
    copy = _pages.get(key)
    if copy is None or copy.fingerprint != fingerprint:
        copy = Copy(fingerprint, write(), zone, time.time())
        if len(_pages) >= MOST_PAGES:
            _pages.clear()
        _pages[key] = copy
    return copy


def _touch(key: tuple[str, str], copy: Copy) -> None:
    copy.seen_at = time.time()
    if copy.seen_at - copy.saved_at > SAVED_EVERY_SECONDS:
        copy.saved_at = copy.seen_at
        _save(key, copy)


def _etag(copy: Copy) -> str:
    return f'"{hashlib.sha256(copy.text.encode()).hexdigest()[:32]}"'


def _for(request: HttpRequest, text: str, *, notice: str) -> str:
    return text.replace(TOKEN, get_token(request)).replace(MARK, notice)


def language() -> str:
    """This will return the language in which a page is shown now."""
    return get_language() or settings.LANGUAGE_CODE


def _file(key: tuple[str, str]) -> Path:
    name = hashlib.sha256("\n".join(key).encode()).hexdigest()[:32]
    return Path(settings.DATA_DIR, "kept_pages", f"{name}.json")


def _save(key: tuple[str, str], copy: Copy) -> None:
    """Put a copy where a process that starts anew finds it; a disk that is full costs nobody the page."""
    path = _file(key)
    part = path.with_suffix(f".{os.getpid()}.part")
    # Another process has another mark in place of the form's token.
    told = [copy.fingerprint, copy.text.replace(TOKEN, MARK[::-1]), copy.zone, copy.seen_at]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(told))
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)


def _saved(key: tuple[str, str]) -> Copy | None:
    try:
        fingerprint, text, zone, seen_at = json.loads(_file(key).read_text())
    except (OSError, ValueError):
        return None
    return Copy(fingerprint, text.replace(MARK[::-1], TOKEN), zone, seen_at)
