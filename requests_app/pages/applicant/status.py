"""My request: the receipt, where it is, what was decided, and the one thing to do next."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.lifecycle import (
    LIVE_REQUEST_STATES,
    UNDECIDED_REQUEST_STATES,
    AwardState,
    PayoutState,
    RequestState,
)
from requests_app.pages import worker_words as words
from requests_app.pages.applicant import (
    appeal_view,
    award_view,
    changing,
    documents_view,
    door,
    form_feedback,
    messages,
    odds_box,
    reach_view,
    reached,
    taking_back,
    told_late,
)
from requests_app.pages.applicant.door import Door
from requests_app.pages.applicant.other_funds import other_funds
from requests_app.queries import honest_odds, worker
from requests_app.queries.rounds import OTHER_TIER, URGENT_TIER
from requests_app.queries.worker import Case, Moment, Step
from requests_app.templatetags.fund_ui import money, when

_REASONS = frozenset(Reason)
_SHARE_IS_OPEN = UNDECIDED_REQUEST_STATES | {RequestState.ELIGIBLE}


@door.page
def my_request(at: Door) -> HttpResponse:
    """Where the request is, in every state."""
    if at.user_id is None:
        return at.to("sign-in")
    try:
        case = _case(at)
    except errors.NotFound:
        # Known by a code, but nothing was sent yet: on with the form, or to begin one.
        if not worker.is_known(at.slug, user_id=at.user_id):
            raise
        return at.to("apply")
    context = {
        "reference": case.request.reference,
        "steps": _steps(case),
        "late_note": told_late.late_note(case, at.today(case.fund.time_zone)) or told_late.paused_note(case),
        "silence": reached.silence(at, case.applicant),
        "odds": _odds_now(case),
        **_head(at, case),
        "links": _links(at, case),
    }
    return at.page("applicant/status.html", case.fund, context)


@door.page
def receipt(at: Door) -> HttpResponse:
    """We have your request: the same page, however often it is opened."""
    at.person()
    case = _case(at)
    request = case.request
    context = {
        "reference": request.reference,
        "facts": [
            {"label": _("Sent"), "value": when(request.submitted_at, "datetime")},
            {"label": _("You ask for"), "value": money(request.asked_cents, "whole")},
            *reached.rows(case.applicant),
        ],
        "steps": _steps(case),
        "urgent_note": _urgent_note(case),
        "odds": _odds_then(case),
        "is_helped": bool(request.helper_name),
        "status_url": at.url("my-request"),
        "links": [*documents_view.receipt_links(at, case), *form_feedback.links(at)],
    }
    return at.page("applicant/receipt.html", case.fund, context)


def _odds_then(case: Case) -> dict[str, Any] | None:
    """The odds as they stood when the request was sent: the receipt says the same whenever it is opened."""
    kept = (case.request.odds_shown or {}).get("receipt")
    return odds_box.box(honest_odds.from_snapshot(kept), tier=_tier(case)) if kept else None


def _odds_now(case: Case) -> dict[str, Any] | None:
    """The odds as they stand, for one whose share is still open."""
    return odds_box.box(case.odds, tier=_tier(case)) if case.request.state in _SHARE_IS_OPEN else None


def _tier(case: Case) -> int:
    return URGENT_TIER if case.request.urgency else OTHER_TIER


def _case(at: Door) -> Case:
    case = worker.case(at.slug, user_id=at.user_id, now=at.now)
    at.enter(case.fund)
    return case


def _head(at: Door, case: Case) -> dict[str, Any]:
    """The tag, the title or the amount, the reason, and the one card, by what has happened last."""
    if case.award is not None and case.award.state not in worker.GIVEN_UP:
        return award_view.awarded(at, case)
    makers = {
        RequestState.NEEDS_INFO: _needs_info,
        RequestState.WAITLISTED: _waitlisted,
        RequestState.INELIGIBLE: _not_eligible,
        RequestState.DUPLICATE_MERGED: _not_eligible,
        RequestState.WITHDRAWN: _withdrawn,
        RequestState.LAPSED: _lapsed,
        RequestState.CLOSED: _closed,
    }
    return makers.get(RequestState(case.request.state), _being_read)(at, case)


def _being_read(_at: Door, case: Case) -> dict[str, Any]:
    asked = money(case.request.asked_cents, "whole")
    sentence = _("You asked for %(asked)s. You do not need to do anything now.") % {"asked": asked}
    if case.request.state == RequestState.SUBMITTED:
        return _words("info", _("We have it"), _("We have your request"), sentence)
    if case.request.state in {RequestState.ELIGIBLE, RequestState.IN_ROUND}:
        sentence = _("We now work out how far the money goes. You do not need to do anything.")
        return _words("info", _("Being read"), _("A person has read your request"), sentence)
    shown = _words("info", _("Being read"), _("A person is reading your request"), sentence)
    return {**shown, "now_facts": appeal_view.overturned(case)}


def _needs_info(at: Door, case: Case) -> dict[str, Any]:
    if documents_view.is_asked(case):
        shown = _words("wait", _("We need one thing"), _("We need one thing from you"), "")
        return {**shown, "do": documents_view.card(at, case)}
    do = {
        "title": _("Answer one question"),
        "text": case.question.text if case.question else "",
        "url": at.url("answer"),
        "button": _("Answer"),
        "aside": _("Your request waits until you answer."),
    }
    return {**_words("wait", _("We need one thing"), _("We need one thing from you"), ""), "do": do}


def _waitlisted(at: Door, case: Case) -> dict[str, Any]:
    shared, reason = case.round, _("There was not enough money.")
    if shared is not None:
        numbers = {
            "had": money(shared.estate_cents, "whole"),
            "need": money(shared.frozen_cents, "whole"),
        }
        reason = (
            _(
                "There was not enough money. The fund could give %(had)s. "
                "The people who met the rules need %(need)s."
            )
            % numbers
        )
    return {
        **_words("info", _("On the waiting list"), _("We could not pay you this time"), reason),
        "reason_strong": _("This is not about your work or your worth."),
        "groups": reach_view.groups(at, case),
        "now_facts": [
            {"title": _("You stay on the waiting list."), "text": _("You do not need to do anything.")},
            {"title": _("If new money comes, we write to you."), "text": _("You do not need to ask again.")},
        ],
        "elsewhere": other_funds(),
    }


def _not_eligible(at: Door, case: Case) -> dict[str, Any]:
    known = [words.REASONS[Reason(code)] for code in case.reasons if code in _REASONS]
    reason = " ".join(str(sentence) for sentence in known)
    shown = _words("neutral", _("Not this time"), _("This fund cannot pay for your request"), reason)
    return appeal_view.refused(at, case, {**shown, "elsewhere": other_funds()})


def _withdrawn(at: Door, case: Case) -> dict[str, Any]:
    undo = taking_back.card(at, case)
    reason = "" if undo else _("You took your request back. We keep no place for it.")
    shown = _words("neutral", _("Taken back"), _("You took your request back"), reason)
    return {**shown, **undo, **_ask_again(at)}


def _lapsed(at: Door, _case: Case) -> dict[str, Any]:
    reason = _("We asked you something and did not hear from you. You can ask again, or call us.")
    return {**_words("neutral", _("Ended"), _("Your request is closed"), reason), **_ask_again(at)}


def _closed(at: Door, case: Case) -> dict[str, Any]:
    reason = ""
    if case.award is not None and case.award.state == AwardState.DECLINED:
        reason = taking_back.gave_up(case)
    if case.award is not None and case.award.state == AwardState.EXPIRED and case.award.accept_by:
        reason = _(
            "We set money aside for you until %(day)s and did not hear how to pay you. It goes to others."
        ) % {"day": when(case.award.accept_by, "deadline")}
    shown = _words("neutral", _("Ended"), _("Your request is closed"), reason)
    return {**shown, **taking_back.card(at, case), **_ask_again(at)}


def _ask_again(at: Door) -> dict[str, Any]:
    again = {
        "title": _("Do you need help again?"),
        "text": _("You can send a new request."),
        "url": at.url("apply"),
        "button": _("Ask again"),
    }
    return {"look_again": again}


def _words(kind: str, tag: str, title: str, reason: str) -> dict[str, Any]:
    return {"tag": {"kind": kind, "text": tag}, "title": title, "reason": reason}


def _steps(case: Case) -> list[dict[str, Any]]:
    """The timeline; of a request that has ended only what happened."""
    is_open = case.request.state in LIVE_REQUEST_STATES
    return [_step(case, step) for step in case.steps if is_open or step.state == "done"]


def _step(case: Case, step: Step) -> dict[str, Any]:
    labels = {
        Moment.RECEIVED: (_("We have it"), _("We have it")),
        Moment.READ: (_("A person reads it"), _("A person read it")),
        Moment.DECIDED: (_("Decision"), _decided(case)),
        Moment.PAID: (_("Payment"), _("Paid")),
    }
    waiting, done = labels[step.moment]
    is_done = step.state == "done"
    return {
        "label": done if is_done else waiting,
        "when": _done_at(step) if is_done else _due(case, step),
        "state": step.state,
        "late": step.is_late,
    }


def _done_at(step: Step) -> str:
    return when(step.at, "datetime" if step.moment is Moment.RECEIVED else "date")


def _decided(case: Case) -> str:
    if case.award is not None:
        return _("Decision: yes")
    return _("Decision: not this time")


def _due(case: Case, step: Step) -> str:
    if case.request.state not in LIVE_REQUEST_STATES:
        return ""
    if step.moment is Moment.PAID:
        return _payment_due(case)
    return _("By %(day)s") % {"day": when(step.due_on)} if step.due_on else ""


def _payment_due(case: Case) -> str:
    if case.request.state == RequestState.WAITLISTED:
        return _("If new money comes, we write to you.")
    if case.award is None:
        return _("If yes, you tell us how to pay you then.")
    if award_view.must_choose(case):
        return _("A few working days after you tell us how to pay you.")
    if case.payout is not None and case.payout.state == PayoutState.RELEASED:
        return _("It left on %(day)s and is on its way to you.") % {"day": when(case.payout.released_at)}
    return _("We are getting it ready. It takes a few working days.")


def _urgent_note(case: Case) -> str:
    if case.request.loss_on is None:
        return ""
    day = when(case.request.loss_on, "plain")
    return _(
        "You told us that something cannot wait past %(day)s. The people who read requests see that."
    ) % {"day": day}


def _links(at: Door, case: Case) -> list[dict[str, str]]:
    links = [{"label": _("Your receipt"), "url": at.url("receipt")}, *documents_view.links(at, case)]
    if changing.is_open(case):
        links.append({"label": _("Change my request"), "url": at.url("changing")})
    links += [
        *appeal_view.links(at, case),
        *messages.links(at, case.request),
        *reached.links(at, case.applicant),
    ]
    award = case.award
    may_change = award is not None and award.state in award_view.GOOD_UNTIL_ACCEPTED and not case.has_left
    if may_change and not award_view.must_choose(case):
        links.append({"label": _("Change how we pay you"), "url": at.url("pay")})
    mine = {"label": _("My data"), "url": at.url("my-data")}
    return [*links, *taking_back.links(at, case), mine]
