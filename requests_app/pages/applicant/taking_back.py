"""Take it back, and undo: what happens, to whom the money goes, until when it can be undone."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES, AwardState, RequestState
from requests_app.pages.applicant import door
from requests_app.pages.applicant.acts import opened
from requests_app.pages.applicant.door import Door
from requests_app.queries.worker import Case
from requests_app.services import awards, intake, taking_back
from requests_app.templatetags.fund_ui import money, when

_CHANGEABLE = frozenset({AwardState.RESERVED, AwardState.COMMITTED})


@door.form
def withdraw(at: Door) -> HttpResponse:
    """Take back my request: what happens then, and a button."""
    case, by = opened(at)
    if case.award is not None or case.request.state not in LIVE_REQUEST_STATES:
        return at.to("my-request")
    request_id, once = case.request.id, at.once()
    if at.is_post and at.attempt(
        lambda: intake.withdraw(request_id=request_id, by=by, now=at.now, once=once)
    ):
        return at.to("my-request")
    context = {
        "reference": case.request.reference,
        "until": _until(at),
        "has_files": bool(case.documents),
        "is_in_round": case.request.state == RequestState.IN_ROUND,
        "back_url": at.url("my-request"),
    }
    return at.page("applicant/withdraw.html", case.fund, context)


@door.form
def decline(at: Door) -> HttpResponse:
    """Give the money up, so that someone else who asked gets it."""
    case, by = opened(at)
    award = case.award
    if award is None or award.state not in _CHANGEABLE or case.has_left:
        return at.to("send-back" if case.has_left else "my-request")
    once = at.once()
    if at.is_post and at.attempt(lambda: awards.decline(award_id=award.id, by=by, now=at.now, once=once)):
        at.say(_("You gave the money up. Thank you."))
        return at.to("my-request")
    context = {"amount_cents": award.amount_cents, "until": _until(at), "back_url": at.url("my-request")}
    return at.page("applicant/decline.html", case.fund, context)


@door.form
def undo(at: Door) -> HttpResponse:
    """Undo what was taken back, while that is possible."""
    case, by = opened(at)
    found = case.undo
    if found is None or at.now > found.until:
        return at.to("my-request")
    request_id, once = case.request.id, at.once()
    if at.is_post and at.attempt(
        lambda: taking_back.undo(request_id=request_id, by=by, now=at.now, once=once)
    ):
        is_whole = found.is_whole
        at.say(
            _("Your request is back in its place.") if is_whole else _("You are on the waiting list again.")
        )
        return at.to("my-request")
    context = {
        "reference": case.request.reference,
        "until": found.until,
        "is_whole": found.is_whole,
        "back_url": at.url("my-request"),
    }
    return at.page("applicant/undo.html", case.fund, context)


@door.page
def send_back(at: Door) -> HttpResponse:
    """You can send money back: nobody must."""
    case, _by = opened(at)
    if not case.has_left or case.award is None:
        return at.to("my-request")
    context = {"amount_cents": case.award.amount_cents, "back_url": at.url("my-request")}
    return at.page("applicant/send_back.html", case.fund, context)


def card(at: Door, case: Case) -> dict[str, Any]:
    """This will return the card that offers to undo, while that is possible."""
    found = case.undo
    if found is None or at.now > found.until:
        return {}
    day = when(found.until, "datetime")
    text = (
        _("You can undo this until %(day)s. Your request gets its place back.")
        if found.is_whole
        else _("You can undo this until %(day)s. The money went to others, so you wait for new money.")
    ) % {"day": day}
    return {
        "do": {
            "kicker": _("Only if you want to"),
            "title": _("Did you change your mind?"),
            "text": text,
            "url": at.url("undo"),
            "button": _("Undo: I still need help"),
            "aside": "",
        }
    }


def links(at: Door, case: Case) -> list[dict[str, str]]:
    """This will return the way to take back or to give up what the request has now."""
    award = case.award
    if award is not None and case.has_left:
        return [{"label": _("You can send money back"), "url": at.url("send-back")}]
    if award is not None and award.state in _CHANGEABLE:
        return [{"label": _("I do not need the money any more"), "url": at.url("decline")}]
    if award is None and case.request.state in LIVE_REQUEST_STATES:
        return [{"label": _("Take back my request"), "url": at.url("withdraw")}]
    return []


def gave_up(case: Case) -> str:
    """This will say what was given up."""
    amount = money(case.award.amount_cents) if case.award else ""
    return _("You gave up %(amount)s. It goes to someone else who asked. Thank you.") % {"amount": amount}


def _until(at: Door) -> Any:
    return at.now + timedelta(hours=settings.TAKE_BACK_UNDO_HOURS)
