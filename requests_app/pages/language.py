"""The language of the pages, changed on any of them."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.i18n import set_language

_SEND_IT_AGAIN = 307


def language(request: HttpRequest) -> HttpResponse:
    """This will keep the language, and send a form that was not taken once more, to say so in that language.

    What was typed there stands nowhere else; the form's own token lets it count once.
    """
    answer: HttpResponse = set_language(request)
    if isinstance(answer, HttpResponseRedirect) and "again" in request.POST:
        answer.status_code = _SEND_IT_AGAIN
    return answer
