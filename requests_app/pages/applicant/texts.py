"""A worker's choice of messages: stop them, or let them come again."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.contacts import is_phone, masked
from requests_app.pages.applicant import door, reached
from requests_app.pages.applicant.door import Door
from requests_app.queries import reach, worker
from requests_app.services import consents

START, STOP, STOP_ALL = "start", "stop", "stop_all"


@door.form
def choice(at: Door) -> HttpResponse:
    """Stop messages where they come, let them come where they do not; stop all where there are two ways."""
    by, case = at.person(), worker.case(at.slug, user_id=at.user_id, now=at.now)
    word = at.request.POST.get("texts", "")
    once, fund_id = at.once(), case.fund.id
    if at.is_post and word not in {START, STOP, STOP_ALL}:
        # A word that no button has is neither a yes nor a stop.
        at.refuse(errors.InvalidInput(_("Choose yes or no")))
    elif at.is_post and at.attempt(
        lambda: consents.choose(
            fund_id=fund_id,
            allows=word == START,
            first_alone=word == STOP,
            by=by,
            now=at.now,
            once=once,
        )
    ):
        at.say(_said(word, by_text=is_phone(case.applicant.contact)))
        return at.to("my-request")
    context = {"reference": case.request.reference, "back_url": at.url("my-request")}
    return at.page("applicant/texts.html", case.fund, {**context, **_ways(case.applicant)})


def _ways(applicant: Any) -> dict[str, Any]:
    """Where news goes now: `second` takes some, `silent` is a second contact that takes none."""
    second = reach.second_path_of(applicant)[1]
    silent = reach.open_second_of(applicant, is_open=False)
    return {
        "number": masked(applicant.contact),
        "by_text": is_phone(applicant.contact),
        "is_on": reach.way_of(applicant) is not None,
        "second": masked(second) if second else "",
        "silent": masked(silent) if silent else "",
        "title": reached.choice_of(applicant),
    }


def _said(word: str, *, by_text: bool) -> str:
    if word == STOP_ALL:
        return _("We stopped all messages.")
    if by_text:
        return _("We text you news again.") if word == START else _("We stopped the texts.")
    return _("We email you news again.") if word == START else _("We stopped the emails.")
