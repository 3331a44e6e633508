"""Getting in by a code: in the middle of the form, or to come back to a request."""

from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.contacts import is_phone, masked, normalise
from fundmgr.domain.errors import FundError
from fundmgr.domain.texting import Way
from requests_app import pace
from requests_app.pages.applicant import door
from requests_app.pages.applicant.answers import CONTACT, Answers, url_of
from requests_app.pages.applicant.door import STATUS, Door
from requests_app.pages.contact_forms import CodeForm, ContactForm, way_of
from requests_app.queries import demo, worker
from requests_app.queries.worker import Desk
from requests_app.services import contacts


@door.form
@door.paced
def contact(at: Door, is_applying: bool) -> HttpResponse:
    """Where the code goes; the answer is the same whether we know the address or not."""
    desk = _desk(at)
    if desk.applicant:
        return _onward(at, desk)
    if is_applying and desk.draft is None:
        return at.to("apply")
    at.mark_sender()
    form = ContactForm(
        at.request.POST if at.is_post else None,
        has_texts=contacts.has_texts(),
        asks_consent=is_applying,
        sent_to=at.contact,
        last_way="" if is_applying else at.last_way,
    )
    if at.is_post and form.is_valid() and _is_sent(at, desk, form):
        at.keep(door.CONTACT_COOKIE, normalise(form.contact), door.CONTACT_KEPT)
        if is_applying:
            at.keep(door.TEXTS_COOKIE, "yes" if form.allows_texts else "no", door.CONTACT_KEPT)
        return at.to("apply-code" if is_applying else "sign-in-code")
    context = {"form": form, **_frame(at, desk, is_applying=is_applying)}
    return at.page("applicant/contact.html", desk.fund, context)


@door.form
def code(at: Door, is_applying: bool) -> HttpResponse:
    """The six digits; the right ones sign the worker in and tie the draft to them."""
    desk = _desk(at)
    if desk.applicant:
        return _onward(at, desk)
    names = ("apply-contact", "apply-resend") if is_applying else ("sign-in", "sign-in-resend")
    if not at.contact:
        return at.to(names[0])
    form = CodeForm(at.request.POST if at.is_post else None)
    if at.is_post and form.is_valid() and _is_in(at, desk, form):
        desk = _desk(at)
        if desk.draft:
            # It may be one that was begun on another phone: this browser leads back to it too.
            at.keep(door.DRAFT_COOKIE, desk.draft.id.hex, door.DRAFT_KEPT)
        return at.to("already") if is_applying and desk.live_request_id else _onward(at, desk)
    context = {
        "form": form,
        "caption": "" if is_applying else _("See my request"),
        **_frame(at, desk, is_applying=is_applying),
        "sent_to": masked(at.contact),
        "by_text": is_phone(at.contact),
        "resend_url": at.url(names[1]),
        "change_url": at.url(names[0]),
        "back_url": at.url(names[0]),
        "demo_code": demo.newest_code(at.contact),
    }
    return at.page("applicant/code.html", desk.fund, context)


@door.action
@door.paced
def resend(at: Door, is_applying: bool) -> HttpResponse:
    """A new code to the same address."""
    desk = _desk(at)
    if not at.contact:
        return at.to("apply-contact" if is_applying else "sign-in")
    try:
        _send(at, desk, at.contact)
    except errors.NotFound:
        raise
    except FundError as error:
        at.say(_sentence(error), kind="wait")
    else:
        at.say(_("We sent a new code."))
    return at.to("apply-code" if is_applying else "sign-in-code")


@door.action
def sign_out(at: Door) -> HttpResponse:
    """Out, and nothing of it left in this browser."""
    logout(at.request)
    at.forget(door.DRAFT_COOKIE)
    at.forget(door.CONTACT_COOKIE)
    at.forget(door.WAY_COOKIE)
    return at.to("fund")


def _desk(at: Door) -> Desk:
    desk = worker.desk(at.slug, user_id=at.user_id, draft_id=at.draft_id, now=at.now)
    at.enter(desk.fund)
    return desk


def _onward(at: Door, desk: Desk) -> HttpResponse:
    """To the page that was wanted, to the request if there is one, else on with the form."""
    if at.onward and (desk.live_request_id or desk.has_asked):
        at.forget(door.ONWARD_COOKIE)
        return at.dressed(HttpResponseRedirect(at.onward))
    if desk.live_request_id or (desk.draft is None and desk.has_asked):
        return at.to("my-request")
    if desk.draft is None:
        return at.to("apply")
    found = Answers(desk, at.today(desk.fund.time_zone))
    return at.dressed(HttpResponseRedirect(url_of(at, found.next_page())))


def _frame(at: Door, desk: Desk, *, is_applying: bool) -> dict[str, Any]:
    if not is_applying:
        return {"back_url": at.url("fund"), "is_back": True}
    found = Answers(desk, at.today(desk.fund.time_zone))
    return {
        "back_url": url_of(at, found.before(CONTACT) or CONTACT),
        "step": found.step(CONTACT),
        "helper": found.helper,
    }


def _is_sent(at: Door, desk: Desk, form: ContactForm) -> bool:
    try:
        _send(at, desk, form.contact, way=form.way)
    except FundError as error:
        return _told(at, form, form.box, error)
    return True


def _send(at: Door, desk: Desk, contact: str, *, way: Way | None = None) -> None:
    contacts.send_code(
        fund_id=desk.fund.id, contact=contact, language=at.language, now=at.now, way=way, sender=at.sender
    )


def _is_in(at: Door, desk: Desk, form: CodeForm) -> bool:
    try:
        user = contacts.enter_code(
            fund_id=desk.fund.id,
            contact=at.contact,
            code=form.cleaned_data["code"],
            now=at.now,
            draft_id=at.draft_id,
            allows_texts=at.allows_texts,
        )
    except FundError as error:
        return _told(at, form, "code", error)
    login(at.request, user)
    pace.prove(at.request, now=at.now.timestamp())
    at.keep(door.WAY_COOKIE, way_of(at.contact), door.WAY_KEPT)
    at.forget(door.CONTACT_COOKIE)
    at.forget(door.TEXTS_COOKIE)
    return True


def _told(at: Door, form: ContactForm | CodeForm, box: str, error: FundError) -> bool:
    if isinstance(error, errors.NotFound):
        raise error
    at.status = STATUS[error.kind]
    form.add_error(box, _sentence(error))
    return False


def _sentence(error: FundError) -> str:
    return error.problems[0].sentence if error.problems else error.sentence
