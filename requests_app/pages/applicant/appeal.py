"""Ask us to look again: the form, or the page that says why there is none."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain.appeals import AppealGround, Standing
from fundmgr.domain.lifecycle import AppealState, RequestState
from requests_app.pages.applicant import door, unsent
from requests_app.pages.applicant.acts import opened
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import Choice
from requests_app.pages.pay_forms import AnswerForm
from requests_app.queries.worker import Case
from requests_app.services import appeals
from requests_app.templatetags.fund_ui import money, when

GROUNDS = [
    (AppealGround.MISSED.value, gettext_lazy("You missed something")),
    (AppealGround.CHANGED.value, gettext_lazy("Something changed")),
    (AppealGround.WRONG.value, gettext_lazy("I think the answer is wrong")),
    (AppealGround.OTHER.value, gettext_lazy("Something else")),
]
Shown = dict[str, Any]


class LookAgainForm(AnswerForm):
    """Why, and in the worker's words."""

    field_order = ("ground", "text")
    ground = Choice(choices=GROUNDS, missing=gettext_lazy("Choose why we should look again"))
    missing_text = gettext_lazy("Write what we should look at")


@door.form
@door.paced
def look_again(at: Door) -> HttpResponse:
    """Ask for a second look, where there is one; else a page in plain words."""
    case, by = opened(at)
    standing = case.second_look.standing
    if standing is not Standing.OPEN and not at.is_post and not unsent.words(at):
        return _closed(at, case)
    # What is sent too late, or beside another phone, is refused with the words still on the page.
    form = unsent.refill(at, LookAgainForm(at.request.POST if at.is_post else None))
    if at.is_post and not form.is_valid():
        at.status = 422
    elif at.is_post:
        said, once = form.cleaned_data, at.once()
        if at.attempt(
            lambda: appeals.file(
                request_id=case.request.id,
                ground=AppealGround(said["ground"]),
                text=said["text"],
                by=by,
                now=at.now,
                once=once,
            )
        ):
            at.say(_("We have it. A different person reads your request."))
            return at.to("my-request")
    context = {"form": form, "until": case.second_look.until, "back_url": at.url("my-request")}
    return at.page("applicant/look_again.html", case.fund, context)


def _closed(at: Door, case: Case) -> HttpResponse:
    makers = {
        Standing.TOO_LATE: _too_late,
        Standing.NO_MONEY: _no_money,
        Standing.ANSWERED: _final,
    }
    maker = makers.get(case.second_look.standing)
    if maker is None:
        return at.to("my-request")
    # A person reads what is written there, whatever the deadline was.
    shown = {"back_url": at.url("my-request"), "write_url": at.url("messages"), **maker(case)}
    return at.page("applicant/look_again_closed.html", case.fund, shown)


def _too_late(case: Case) -> Shown:
    day = when(case.second_look.until)
    return {
        "title": _("The time to ask is over"),
        "paragraphs": [
            _("You could ask us to look again until %(day)s.") % {"day": day},
            _("You can still call or text us, and we will listen. The number is at the bottom of this page."),
        ],
    }


def _no_money(case: Case) -> Shown:
    """Another reader cannot find money that is not there; what the worker has stays."""
    if case.award is not None and case.request.state == RequestState.AWARDED:
        amount = money(case.award.amount_cents)
        stays = _("The %(amount)s stays yours.") % {"amount": amount}
        why = _("One rule shares the money among all. A person does not choose your amount.")
    else:
        why = _("There was not enough money for all. A second reader cannot change that.")
        stays = (
            _("You stay on the waiting list. If new money comes, we write to you.")
            if case.request.state == RequestState.WAITLISTED
            else ""
        )
    changed = _(
        "Has something gotten worse, like a notice to move out? Call or text us. Your case can become urgent."
    )
    return {
        "title": _("A second look would not help here"),
        "paragraphs": [part for part in (why, stays, changed) if part],
    }


def _final(case: Case) -> Shown:
    appeal = case.second_look.appeal
    if appeal is not None and appeal.state == AppealState.OVERTURNED:
        first = _("You asked once, and a different person found that the first answer was wrong.")
    else:
        first = _("You asked once, and a different person read your request. Their answer is final.")
    return {
        "title": _("There is one second look"),
        "paragraphs": [first, _("If your life changed since then, call or text us.")],
    }
