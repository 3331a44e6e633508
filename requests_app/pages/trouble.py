"""The pages of failures that no other page could show."""

import re
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.views import defaults

from fundmgr.domain import errors
from fundmgr.queries import funds
from requests_app import sites

WAIT_SECONDS = 5
_OF_A_FUND = re.compile(r"/f/([-\w]+)/")


def no_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This will say that there is no such page; at an address of a fund with its name and whom to call."""
    found = _OF_A_FUND.match(request.path)
    try:
        fund = funds.fund_by_slug(found[1]) if found else None
    except errors.NotFound:
        fund = None
    if fund is None:
        return defaults.page_not_found(request, exception)
    site = sites.site_of(fund, home_url=reverse("fund", kwargs={"slug": fund.slug}))
    return render(request, "404.html", {"site": site}, status=404)


def no_sense(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This will say that what was sent cannot be read, in whatever letters or parts it came."""
    # The page's own guard would read it once more, and fail once more.
    request.POST = QueryDict()
    return defaults.bad_request(request, exception)


def no_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """This will say that a form came without its token: it stood open too long, or no cookie is kept.

    It asks nothing of the database, and the reason that Django gives is for those who made the form.
    """
    context = {"site": sites.remembered(request.path), "no_cookies": reason == REASON_NO_CSRF_COOKIE}
    return render(request, "403_csrf.html", context, status=403)


def trouble(request: HttpRequest) -> HttpResponse:
    """This will say in a sentence that the database does not answer, or that the fault is ours."""
    if not isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return defaults.server_error(request)
    # No context: whoever asks for the person or the fund would ask the database again.
    page = HttpResponse(loader.get_template("503.html").render(), status=503)
    page["Retry-After"] = str(WAIT_SECONDS)
    return page
