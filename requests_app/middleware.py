"""What happens around every request: an id for the logs, a second factor for staff, no cached secrets."""

import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from fundmgr.domain import actors, errors
from fundmgr.queries import access, funds
from requests_app import second_factor
from requests_app.pages.staff.doors import outside

Answer = Callable[[HttpRequest], HttpResponse]
GUARDED = ("/staff/", "/admin/")
ACCOUNT = "/staff/account/"
# Signing out of a worker's session, to sign in as staff.
OPEN_TO_ALL = ("/staff/account/login/", "/staff/account/logout/")
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


class RequestId:
    """Gives each request an id, taken from the proxy where it sent a usable one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.META.get("HTTP_X_REQUEST_ID", "")
        request_id = sent if _USABLE_ID.match(sent) else secrets.token_hex(8)
        request.META["fundmgr.request_id"] = request_id
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class ContentPolicy(CSPMiddleware):
    """Writes what a page may load as the library does, but works out the plain policy once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """This will leave to the library what has words of its own: a nonce, a change, an exemption."""
        if "_csp_nonce" in vars(request) or any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _plain_policy())
        return response


@lru_cache(maxsize=1)
def _plain_policy() -> str:
    return build_policy()


class StaffSecondFactor:
    """Staff pages open only to a session that proved a second factor, and to nobody who is no staff."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(GUARDED) or not request.user.is_authenticated:
            return self.get_response(request)
        if request.path.startswith(ACCOUNT):
            is_open = request.path.startswith(OPEN_TO_ALL) or _is_staff(request)
            with timezone.override(_zone_of(request)):
                return self.get_response(request) if is_open else outside(request, errors.NotFound())
        if not settings.STAFF_SECOND_FACTOR or second_factor.is_proved(request):
            return self.get_response(request)
        # Whoever is no staff meets a page that is not there, and no hint that one could set up more.
        if not _is_staff(request):
            return outside(request, errors.NotFound())
        if is_mfa_enabled(request.user):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{query}")
        return HttpResponseRedirect(reverse("mfa_index"))


def _is_staff(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.is_superuser or bool(access.fund_ids_of(actors.person(user.pk)))


def _zone_of(request: HttpRequest) -> ZoneInfo | None:
    """The clock of the fund where a person of the staff has been longest: their own pages name no fund."""
    user: Any = request.user
    fund = funds.visible_funds(actors.person(user.pk)).order_by("created_at", "id").first()
    return ZoneInfo(fund.time_zone) if fund else None


class PrivatePages:
    """Nothing that a signed-in person saw stays in a shared cache or behind the back button."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        return response
