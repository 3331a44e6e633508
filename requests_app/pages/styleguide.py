"""Every component on one page, so that a change of the look can be seen and checked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def styleguide(request: HttpRequest) -> HttpResponse:
    """This will show every component in every state."""
    return render(request, "styleguide.html")
