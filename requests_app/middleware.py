"""What happens around every request: an id for the logs, a second factor for staff, no cached secrets."""

import re
import secrets
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

Answer = Callable[[HttpRequest], HttpResponse]
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


class RequestId:
    """Gives each request an id, taken from the proxy where it sent a usable one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        sent = request.headers.get("X-Request-Id", "")
        request_id = sent if _USABLE_ID.match(sent) else secrets.token_hex(8)
        request.META["fundmgr.request_id"] = request_id
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class StaffSecondFactor:
    """Staff pages open only to someone whose second factor is set up."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.STAFF_SECOND_FACTOR and request.path.startswith("/staff/") and self._is_missing(request):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    def _is_missing(self, request: HttpRequest) -> bool:
        if not request.user.is_authenticated or request.path.startswith("/staff/account/"):
            return False
        return not is_mfa_enabled(request.user)


class PrivatePages:
    """Nothing that a signed-in person saw stays in a shared cache or behind the back button."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response and not request.path.startswith(settings.STATIC_URL):
            response["Cache-Control"] = "no-store"
        return response
