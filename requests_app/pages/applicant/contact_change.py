"""How we reach you, changed: the new contact, then the code that was sent there."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import is_phone, masked, normalise
from fundmgr.domain.errors import FundError
from fundmgr.domain.texting import Way
from requests_app.pages.applicant import door, unsent
from requests_app.pages.applicant.door import STATUS, Door
from requests_app.pages.contact_forms import CodeForm, ContactForm, way_of
from requests_app.queries import demo, worker
from requests_app.queries import my_data as queries
from requests_app.services import contact_changes, contacts


@door.form
@door.paced
def contact(at: Door) -> HttpResponse:
    """The new contact; a code goes there, and nothing changes before it is typed in."""
    by = at.person()
    fund, applicant = queries.own(at.slug, user_id=at.user_id)
    at.enter(fund)
    typed = at.request.POST if at.is_post else None
    form = unsent.refill(at, ContactForm(typed, has_texts=contacts.has_texts(), asks_consent=True))
    if at.is_post and form.is_valid() and _is_asked(at, applicant.id, form, by):
        say_again(at, form)
        at.keep(door.CONTACT_COOKIE, normalise(form.contact), door.CONTACT_KEPT)
        at.keep(door.TEXTS_COOKIE, "yes" if form.allows_texts else "no", door.CONTACT_KEPT)
        return at.to("my-contact-code")
    context = {"form": form, "now": masked(applicant.contact), "back_url": at.url(_home(at))}
    return at.page("applicant/my_contact.html", fund, context)


@door.form
def code(at: Door) -> HttpResponse:
    """The six digits that the new contact got."""
    by = at.person()
    fund, applicant = queries.own(at.slug, user_id=at.user_id)
    at.enter(fund)
    return code_page(at, fund, "my-contact", lambda form: _is_changed(at, applicant.id, form, by))


def code_page(at: Door, fund: Any, asked_at: str, is_kept: Callable[[CodeForm], bool]) -> HttpResponse:
    """This will ask for the code that went to a contact, which was asked for on the page of that name."""
    if not at.contact:
        return at.to(asked_at)
    form = CodeForm(at.request.POST if at.is_post else None)
    if at.is_post and form.is_valid() and is_kept(form):
        at.forget(door.CONTACT_COOKIE)
        at.forget(door.TEXTS_COOKIE)
        return at.to(_home(at))
    context = {
        "form": form,
        "sent_to": masked(at.contact),
        "by_text": is_phone(at.contact),
        # The page that asked is sent again as it was, and answers with a new code.
        "resend_url": at.url(asked_at),
        "resend_fields": _asked_before(at, consented=at.allows_texts or asked_at == "my-second"),
        "change_url": at.url(asked_at),
        "back_url": at.url(asked_at),
        "demo_code": demo.newest_code(at.contact),
    }
    return at.page("applicant/code.html", fund, context)


def say_again(at: Door, form: ContactForm) -> None:
    """This will say that a new code is on its way, where one went there before."""
    if normalise(form.contact) == at.contact:
        at.say(_("We sent a new code."))


def _asked_before(at: Door, *, consented: bool) -> list[tuple[str, str]]:
    """What the contact's form held when the code was asked for."""
    way, box = (Way.TEXT, "phone") if is_phone(at.contact) else (Way.MAIL, "email")
    return [("channel", way.value), (box, at.contact), *([("text_consent", "on")] if consented else [])]


def _home(at: Door) -> str:
    """The page that leads here: while nothing was sent yet, the answers that are checked."""
    desk = worker.desk(at.slug, user_id=at.user_id, draft_id=at.draft_id, now=at.now)
    return "check" if desk.draft and not desk.has_asked else "my-data"


def _is_asked(at: Door, applicant_id: UUID, form: ContactForm, by: Actor) -> bool:
    try:
        contact_changes.ask(
            applicant_id=applicant_id,
            contact=form.contact,
            language=at.language,
            by=by,
            now=at.now,
            way=form.way,
        )
    except FundError as error:
        return told(at, form, form.box, error)
    return True


def _is_changed(at: Door, applicant_id: UUID, form: CodeForm, by: Actor) -> bool:
    try:
        contact_changes.enter(
            applicant_id=applicant_id,
            contact=at.contact,
            code=form.cleaned_data["code"],
            by=by,
            now=at.now,
            allows_texts=at.allows_texts,
        )
    except FundError as error:
        return told(at, form, "code", error)
    at.keep(door.WAY_COOKIE, way_of(at.contact), door.WAY_KEPT)
    at.say(_("From now on we write to you there."))
    return True


def told(at: Door, form: ContactForm | CodeForm, box: str, error: FundError) -> bool:
    """This will say at its box why a contact or a code was not taken."""
    if isinstance(error, errors.NotFound):
        raise error
    at.status = STATUS[error.kind]
    form.add_error(box, error.problems[0].sentence if error.problems else error.sentence)
    return False
