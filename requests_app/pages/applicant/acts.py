"""What a worker may do with a request: answer, say how to be paid."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import AwardState, PayoutState, RequestState
from requests_app.pages import worker_words as words
from requests_app.pages.applicant import door, unsent
from requests_app.pages.applicant.door import Door
from requests_app.pages.pay_forms import PAY_FORMS, AnswerForm, MethodForm, PayForm
from requests_app.queries import worker
from requests_app.queries.worker import Case
from requests_app.services import awards, reviews

_CHANGEABLE = {AwardState.RESERVED, AwardState.COMMITTED}


@door.form
@door.paced
def answer(at: Door) -> HttpResponse:
    """The one thing that the reader needs to know."""
    case, by = opened(at)
    is_open = case.request.state == RequestState.NEEDS_INFO and case.question is not None
    if not is_open and not at.is_post and not unsent.words(at):
        return at.to("my-request")
    # What is written to a question that was answered on another phone stays to be read, and is told as late.
    form = unsent.refill(at, AnswerForm(at.request.POST if at.is_post else None))
    if at.is_post and not form.is_valid():
        at.status = 422
    elif at.is_post:
        told, once = form.cleaned_data["text"], at.once()
        if at.attempt(
            lambda: reviews.answer_info(request_id=case.request.id, text=told, by=by, now=at.now, once=once)
        ):
            at.say(_("We have your answer. A person reads it."))
            return at.to("my-request")
    asked = case.question.text if case.question else ""
    context = {"form": form, "asked": asked, "back_url": at.url("my-request")}
    return at.page("applicant/answer.html", case.fund, context)


@door.form
def pay(at: Door) -> HttpResponse:
    """How should we pay you: only what this fund can do."""
    case, _by = opened(at)
    if not _is_payable(case):
        return _closed(at, case)
    form = MethodForm(at.request.POST if at.is_post else None)
    if at.is_post and form.is_valid():
        return at.to("pay-details", method=form.cleaned_data["method"].lower().replace("_", "-"))
    if at.is_post:
        at.status = 422
    context = {
        "form": form,
        "amount_cents": case.award.amount_cents if case.award else 0,
        "hold_hours": settings.PAYEE_CHANGE_HOLD_HOURS if case.payee is not None else 0,
        "back_url": at.url("my-request"),
    }
    return at.page("applicant/pay.html", case.fund, context)


@door.form
def pay_details(at: Door, method: str) -> HttpResponse:
    """The details of one way; shown back in full once, before they are kept."""
    code = method.upper().replace("-", "_")
    if code not in PAY_FORMS or code not in settings.PAY_WAYS:
        raise errors.NotFound
    case, by = opened(at)
    if case.award is None or not _is_payable(case):
        return _closed(at, case)
    form = PAY_FORMS[code](at.request.POST if at.is_post else None)
    is_read = at.is_post and form.is_valid()
    if is_read and "change" not in at.request.POST:
        if "confirm" not in at.request.POST:
            return at.page("applicant/pay_check.html", case.fund, _shown_back(at, form, method, code))
        if at.attempt(_choice(at, case.award.id, form, code, by)):
            at.say(_("We know how to pay you now."))
            return at.to("my-request")
    elif at.is_post and not is_read:
        at.status = 422
    context = {
        "form": form,
        "method": words.CHANNELS[code],
        "code": code,
        "other_ways_url": at.url("pay") if len(settings.PAY_WAYS) > 1 else "",
        "back_url": at.url("pay"),
    }
    return at.page("applicant/pay_details.html", case.fund, context)


def opened(at: Door) -> tuple[Case, Actor]:
    """This will return the worker's own request. Errors: NotFound, SignedOut."""
    by = at.person()
    case = worker.case(at.slug, user_id=at.user_id, now=at.now)
    at.enter(case.fund)
    return case, by


def _is_payable(case: Case) -> bool:
    return case.award is not None and case.award.state in _CHANGEABLE and not case.has_left


def _closed(at: Door, case: Case) -> HttpResponse:
    """Where a payment left, the page that says so; else back to the request."""
    if not case.has_left or case.payout is None:
        return at.to("my-request")
    context = {
        "left_at": case.payout.released_at,
        "last4": case.payout.payee.last4,
        "has_arrived": case.payout.state == PayoutState.SETTLED,
        "back_url": at.url("my-request"),
    }
    return at.page("applicant/payment_left.html", case.fund, context)


def _choice(at: Door, award_id: UUID, form: PayForm, code: str, by: Actor) -> Callable[[], object]:
    once = at.once()
    return lambda: awards.choose_payee(
        award_id=award_id, method=code, by=by, now=at.now, once=once, **form.details()
    )


def _shown_back(at: Door, form: PayForm, method: str, code: str) -> dict[str, Any]:
    return {
        "method": words.CHANNELS[code],
        "rows": form.shown_back(),
        "has_account": "account_number" in form.fields,
        "hidden": [(name, form.cleaned_data[name]) for name in form.fields],
        "back_url": at.url("pay-details", method=method),
    }
