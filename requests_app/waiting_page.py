"""The page of one who has to wait: it comes again by itself, without a script, and what was sent is kept."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader

from requests_app import held_forms, sites


def page(request: HttpRequest, template: str, *, status: int, seconds: int, **words: Any) -> HttpResponse:
    """This will make it without what Django adds for a request, so that nothing asks the database."""
    response = HttpResponse(status=status, headers={"Retry-After": str(seconds), "Cache-Control": "no-store"})
    # To wait is no fault of ours, and a line of the log for each would bury those that are.
    response._has_been_logged = True  # type: ignore[attr-defined]  # what Django itself sets
    is_form = request.method == "POST"
    is_kept = is_form and held_forms.hold(request, response, secure=settings.HTTPS)
    is_kept = is_kept or held_forms.is_held(request)
    typed = _typed(request) if is_form and not is_kept else []
    context = {
        "path": request.get_full_path(),
        "seconds": seconds,
        "is_kept": is_kept,
        # Too much for a cookie: the page itself holds it, and its button sends it.
        "typed": typed,
        "has_photo": is_form and request.content_type == "multipart/form-data",
        "site": sites.remembered(request.path),
        # What the page alone holds must not be left for the same page in another language.
        "request": None if typed else request,
        "csrf_token": get_token(request),
        **words,
    }
    response.content = loader.get_template(template).render(context).encode()
    if not is_form or is_kept:
        # Browsers treat this header like the tag in a page's head.
        response["Refresh"] = f"{seconds}; url={request.get_full_path()}"
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    if request.content_type != held_forms.FORM:
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]
