"""The demo's own pages: become anybody with one click, and read the messages. Outside the demo: nothing."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from requests_app.queries import demo
from requests_app.services import contacts
from requests_app.sites import site_of

# What each of them does in the story, in its order.
PARTS = {
    Role.REVIEWER: ("Reviewer", "reads requests and proposes who is eligible"),
    Role.APPROVER: ("Approver", "decides on what reviewers proposed, and approves rounds"),
    Role.DIRECTOR: ("Fund director", "proposes how the money is shared"),
    Role.TREASURER_PREPARES: ("Treasurer who prepares", "records money and builds batches of payouts"),
    Role.TREASURER_RELEASES: ("Treasurer who releases", "reconciles money and releases batches"),
    Role.AUDITOR: ("Auditor", "sees everything and changes nothing"),
    Role.BOARD: ("Board member", "reads the reports"),
    Role.INTAKE: ("Intake", "files requests for others"),
}
View = Callable[..., HttpResponse]


def only_in_demo(view: View) -> View:
    """This will answer that there is nothing here where this is no demo."""

    @wraps(view)
    def opened(request: HttpRequest, **keys: UUID) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        try:
            return view(request, **keys)
        except errors.NotFound:
            raise Http404 from None

    return opened


@only_in_demo
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Sign in as someone; a POST without a name is the worker's button."""
    cast = demo.cast()
    if request.method == "POST":
        login(request, contacts.become_demo_worker(fund_id=cast.fund.id, now=timezone.now()))
        return HttpResponseRedirect(reverse("my-request", kwargs={"slug": cast.fund.slug}))
    groups = [
        {
            "role": label,
            "does": does,
            "people": [person for person in cast.staff if person.role is role],
        }
        for role, (label, does) in PARTS.items()
    ]
    context = {
        "site": site_of(cast.fund, home_url=reverse("fund", kwargs={"slug": cast.fund.slug})),
        "groups": [group for group in groups if group["people"]],
        "apply_url": reverse("apply", kwargs={"slug": cast.fund.slug}),
        "donor_url": reverse("donor-ask", kwargs={"slug": cast.fund.slug}),
    }
    return render(request, "public/demo.html", context)


@only_in_demo
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_as(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One click, or one link from the terminal, and the visitor is one of the staff."""
    login(request, demo.person(user_id))
    return HttpResponseRedirect(reverse("staff"))


@only_in_demo
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """The newest messages, which would have left by mail."""
    fund = demo.cast().fund
    context = {
        "site": site_of(fund, home_url=reverse("fund", kwargs={"slug": fund.slug})),
        "letters": demo.newest(),
    }
    with timezone.override(ZoneInfo(fund.time_zone)):
        return render(request, "public/demo_mail.html", context)
