"""A donor's way in: ask for a link by mail, open it with one button, and leave again."""

from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.errors import FundError
from fundmgr.queries import funds
from requests_app.pages.applicant import door
from requests_app.pages.applicant.door import STATUS, Door, View
from requests_app.pages.contact_forms import ContactForm
from requests_app.queries import donor_view
from requests_app.services import donor_links

GONE = 410


def unseen(view: View) -> View:
    """This will keep a donor's page out of every cache and every search."""

    @wraps(view)
    def opened(at: Door, **keys: Any) -> HttpResponse:
        answer = view(at, **keys)
        answer["Cache-Control"] = "no-store, private"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return opened


@door.form
@unseen
@door.paced
def ask(at: Door) -> HttpResponse:
    """Where the link goes; the answer is the same whether we know the address or not."""
    fund = funds.fund_by_slug(at.slug)
    form = ContactForm(at.request.POST if at.is_post else None)
    if at.is_post and form.is_valid() and _is_asked(at, fund, form):
        return at.to("donor-sent")
    context = {"form": form, "back_url": at.url("fund"), "caption": _("For donors")}
    return at.page("donor/ask.html", fund, context)


@door.page
@unseen
def sent(at: Door) -> HttpResponse:
    """That a message is on its way, if we know the address."""
    context = {"back_url": at.url("fund"), "again_url": at.url("donor-ask")}
    return at.page("donor/sent.html", funds.fund_by_slug(at.slug), context)


@door.form
@unseen
def open_(at: Door, token: str) -> HttpResponse:
    """One button: programs that look at the links of a mail press none, so they use up no opening."""
    fund = funds.fund_by_slug(at.slug)
    if not at.is_post:
        is_open = donor_view.is_open(fund_id=fund.id, token=token, now=at.now)
        return at.page("donor/open.html", fund, {}) if is_open else over(at, fund)
    try:
        link = donor_links.open_link(fund_id=fund.id, token=token, now=at.now)
    except errors.NotFound:
        return over(at, fund)
    at.keep(door.DONOR_COOKIE, link.id.hex, door.DONOR_KEPT)
    return at.to("donor-view")


@door.action
@unseen
def leave(at: Door) -> HttpResponse:
    """Out, and nothing of it left in this browser."""
    at.forget(door.DONOR_COOKIE)
    return at.to("fund")


def over(at: Door, fund: Any) -> HttpResponse:
    """This will say that a link opens nothing, and how to get another."""
    at.status = GONE
    return at.page("donor/over.html", fund, {"again_url": at.url("donor-ask")})


def _is_asked(at: Door, fund: Any, form: ContactForm) -> bool:
    try:
        donor_links.ask(fund_id=fund.id, contact=form.cleaned_data["email"], now=at.now)
    except FundError as error:
        at.status = STATUS[error.kind]
        form.add_error("email", error.problems[0].sentence if error.problems else error.sentence)
        return False
    return True
