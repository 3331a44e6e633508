"""The language of the pages, changed on any of them."""

import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve
from django.views.i18n import set_language

from requests_app import held_forms, kept_words


def language(request: HttpRequest) -> HttpResponse:
    """This will keep the language, and have a form that was not taken sent once more, to be told so in it.

    What was typed there stands nowhere else. It waits in the browser as a form does that met a full server,
    and its own token lets it count once. What is too much for that is put back in its boxes, not sent.
    """
    answer: HttpResponse = set_language(request)
    if isinstance(answer, HttpResponseRedirect) and urlsplit(answer.url).path == request.path:
        # No page of ours leads here, so none can be gone back to.
        answer["Location"] = "/"
        return answer
    again = request.POST.get("again", "")
    if again and isinstance(answer, HttpResponseRedirect):
        token = urlencode({"csrfmiddlewaretoken": request.POST.get("csrfmiddlewaretoken", "")})
        body, path = f"{again}&{token}".encode(errors="replace"), urlsplit(answer.url).path
        is_held = held_forms.hold_for(request, answer, path=path, body=body, secure=settings.HTTPS)
        if not is_held and request.user.is_authenticated and _keeps_words(path):
            kept_words.keep(request, path=path, typed=QueryDict(again), now=time.time())
    return answer


def _keeps_words(path: str) -> bool:
    try:
        return kept_words.is_for(resolve(path).view_name)
    except Resolver404:
        return False
