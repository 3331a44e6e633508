"""The page of a failure that no other page could show."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views import defaults

WAIT_SECONDS = 5


def trouble(request: HttpRequest) -> HttpResponse:
    """This will say in a sentence that the database does not answer, or that the fault is ours."""
    if not isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return defaults.server_error(request)
    # No context: whoever asks for the person or the fund would ask the database again.
    page = HttpResponse(loader.get_template("503.html").render(), status=503)
    page["Retry-After"] = str(WAIT_SECONDS)
    return page
