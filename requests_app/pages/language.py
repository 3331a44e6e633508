"""The language of the pages, changed on any of them."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.i18n import set_language

from requests_app import held_forms


def language(request: HttpRequest) -> HttpResponse:
    """This will keep the language, and have a form that was not taken sent once more, to be told so in it.

    What was typed there stands nowhere else. It waits in the browser as a form does that met a full server,
    and its own token lets it count once.
    """
    answer: HttpResponse = set_language(request)
    if isinstance(answer, HttpResponseRedirect) and urlsplit(answer.url).path == request.path:
        # No page of ours leads here, so none can be gone back to.
        return HttpResponseRedirect("/")
    again = request.POST.get("again", "")
    if again and isinstance(answer, HttpResponseRedirect):
        token = urlencode({"csrfmiddlewaretoken": request.POST.get("csrfmiddlewaretoken", "")})
        body, path = f"{again}&{token}".encode(errors="replace"), urlsplit(answer.url).path
        held_forms.hold_for(request, answer, path=path, body=body, secure=settings.HTTPS)
    return answer
