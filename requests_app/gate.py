"""The door of a server that is full: people keep their place and what they typed, programs come again.

Innermost of all that happens around a request: nothing has asked the database yet, and what every answer
carries is put on ours too.
"""

import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from requests_app import crowd, held_forms, waiting_page
from requests_app.api import lean
from requests_app.crowd import Ticket

Answer = Callable[[HttpRequest], HttpResponseBase]
COOKIE, _SALT = "place", "gate.place"
TICKET_SECONDS = 3600
SHORT_SECONDS, LONG_SECONDS, FRONT = 4, 10, 20
# Those who run the fund are not kept out by a rush; what is cheap or watches the process needs no place.
OPEN_PLACES = ("/staff/", "/admin/", "/healthz", "/readyz", "/language/", settings.STATIC_URL)
API = "/api/"
PHOTOS_BEYOND = 2
_FUND_PAGE = re.compile(r"/(f/[^/]+/)?\Z")


class Gate:
    """Lets in as many as the process can serve at once."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(OPEN_PLACES) or _FUND_PAGE.match(request.path_info):
            return self.get_response(request)
        if request.path_info.startswith(API):
            return lean.let_in(request, lambda: self.get_response(request))
        return self._person(request)

    def _person(self, request: HttpRequest) -> HttpResponseBase:
        ticket = _ticket_of(request)
        is_form = request.method == "POST"
        is_photo = is_form and request.content_type == "multipart/form-data"
        beyond = PHOTOS_BEYOND if is_photo else 0
        has_begun = is_form or held_forms.is_held(request) or _has_begun(request)
        entered = crowd.line.enter(
            ticket, has_begun=has_begun, now=time.time(), beyond=beyond, patience=crowd.MOMENT_SECONDS
        )
        if not entered:
            return _wait(request, ticket)
        try:
            if held_forms.is_held(request):
                held_forms.send(request)
            response = self.get_response(request)
        finally:
            crowd.line.leave()
        if isinstance(response, HttpResponse):
            held_forms.forget(request, response)
            if COOKIE in request.COOKIES:
                response.delete_cookie(COOKIE, samesite="Lax")
        return response


def _has_begun(request: HttpRequest) -> bool:
    """Whether this is one in the middle of asking, or who is signed in."""
    return "draft" in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES


def _ticket_of(request: HttpRequest) -> Ticket:
    """The place that this browser has in the line, or a new one at the end."""
    try:
        key, since = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=TICKET_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return Ticket(secrets.token_hex(8), time.time())
    return Ticket(key, since)


def _wait(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The page of the line: it comes again by itself, without a script."""
    before = crowd.line.before(ticket)
    seconds = SHORT_SECONDS if before < FRONT else LONG_SECONDS
    response = waiting_page.page(request, "public/line.html", status=503, seconds=seconds, before=before)
    response.set_cookie(
        COOKIE,
        signing.dumps([ticket.key, ticket.since], salt=_SALT),
        max_age=TICKET_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    patch_vary_headers(response, ["Cookie"])
    return response
