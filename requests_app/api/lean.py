"""A short way for programs: a call that carries its own authority needs no session, form token or page.

What the longer way would add to the answer (no caching, no framing, no scripts, the length) is added here.
"""

import contextlib
import secrets
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from requests_app import crowd
from requests_app.api.answers import problem_answer

Answer = Callable[[HttpRequest], HttpResponseBase]
PLACE = "/api/v1/"
RETRY_SECONDS = "2"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


class ProgramCalls:
    """Takes calls with an Authorization header straight to their door."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_AUTHORIZATION" not in request.META or not request.path_info.startswith(PLACE):
            return self.get_response(request)
        try:
            match = _door_of(request.path_info)
        except Resolver404:
            return self.get_response(request)
        request.resolver_match = match
        # The thread may still speak the language of the page that it served before.
        wanted = request.META.get("HTTP_ACCEPT_LANGUAGE")
        translation.activate(_language_of(wanted) if wanted else settings.LANGUAGE_CODE)
        answer: Any = let_in(request, lambda: match.func(request, *match.args, **match.kwargs))
        if hasattr(answer, "render"):
            answer = answer.render()
        for name, value in _HEADERS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Content-Length", str(len(answer.content)))
        return answer  # type: ignore[no-any-return]  # views are functions of any kind to the resolver


def let_in(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """This will answer a call, or tell it when to come again while the server is full."""
    now = time.time()
    ticket = crowd.Ticket(secrets.token_hex(8), now)
    if not crowd.line.enter(ticket, has_begun=True, now=now, patience=crowd.MOMENT_SECONDS):
        detail = "The server is full. Nothing was done. Send the same call again."
        return problem_answer(
            request, code="try_again", detail=detail, headers={"Retry-After": RETRY_SECONDS}
        )
    try:
        return answer()
    finally:
        crowd.line.leave()


@lru_cache(maxsize=1000)
def _language_of(wanted: str) -> str:
    """The first language of the header that we have: what a worker did wrong is said in their words."""
    for language, quality in parse_accept_lang_header(wanted.lower()):
        # With no liking at all a language is named to be left out.
        if quality > 0:
            with contextlib.suppress(LookupError):
                return get_supported_language_variant(language)
    return settings.LANGUAGE_CODE


@lru_cache(maxsize=1000)
def _door_of(path: str) -> ResolverMatch:
    """The same address is the same door: programs call a few of them again and again."""
    return resolve(path)
