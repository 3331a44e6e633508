"""A worker's choice of messages: stop them, or let them come again."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.contacts import is_phone, masked
from requests_app.pages.applicant import door
from requests_app.pages.applicant.door import Door
from requests_app.queries import reach, worker
from requests_app.services import consents

START, STOP = "start", "stop"


@door.form
def choice(at: Door) -> HttpResponse:
    """One button: stop messages where they come, let them come where they do not."""
    by, case = at.person(), worker.case(at.slug, user_id=at.user_id, now=at.now)
    word = at.request.POST.get("texts", "")
    allows, once, fund_id = word == START, at.once(), case.fund.id
    if at.is_post and word not in {START, STOP}:
        # A word that no button has is neither a yes nor a stop.
        at.refuse(errors.InvalidInput(_("Choose yes or no")))
    elif at.is_post and at.attempt(
        lambda: consents.choose(fund_id=fund_id, allows=allows, by=by, now=at.now, once=once)
    ):
        at.say(_said(allows=allows, by_text=is_phone(case.applicant.contact)))
        return at.to("my-request")
    context = {
        "reference": case.request.reference,
        "number": masked(case.applicant.contact),
        "by_text": is_phone(case.applicant.contact),
        "is_on": reach.way_of(case.applicant) is not None,
        "back_url": at.url("my-request"),
    }
    return at.page("applicant/texts.html", case.fund, context)


def _said(*, allows: bool, by_text: bool) -> str:
    if by_text:
        return _("We text you news again.") if allows else _("We stopped the texts.")
    return _("We email you news again.") if allows else _("We stopped the emails.")
