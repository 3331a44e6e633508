"""A second way to reach you: an address beside a number or the reverse, then the code that was sent there."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain.actors import Actor
from fundmgr.domain.contacts import is_phone, masked, normalise
from fundmgr.domain.errors import FundError
from fundmgr.domain.texting import Way
from requests_app.pages.applicant import door, unsent
from requests_app.pages.applicant.contact_change import code_page, say_again, told
from requests_app.pages.applicant.door import Door
from requests_app.pages.contact_forms import CodeForm, ContactForm
from requests_app.queries import my_data as queries
from requests_app.queries import reach
from requests_app.services import contacts, second_contacts


def row(at: Door, applicant: Any) -> dict[str, str]:
    """This will return what the page of one's own data says of the second contact."""
    second = reach.second_of(applicant)
    is_offered = contacts.has_texts() or second_contacts.other_way(applicant) is Way.MAIL
    url = at.url("my-second") if second or is_offered else ""
    return {"second": masked(second) if second else "", "second_url": url}


@door.form
@door.paced
def contact(at: Door) -> HttpResponse:
    """The second contact; nothing is kept before its code is typed in."""
    by = at.person()
    fund, applicant = queries.own(at.slug, user_id=at.user_id)
    at.enter(fund)
    form = unsent.refill(
        at,
        ContactForm(
            at.request.POST if at.is_post else None,
            has_texts=contacts.has_texts(),
            asks_consent=True,
            only=second_contacts.other_way(applicant),
        ),
    )
    if at.is_post and form.is_valid() and _is_asked(at, applicant.id, form, by):
        say_again(at, form)
        at.keep(door.CONTACT_COOKIE, normalise(form.contact), door.CONTACT_KEPT)
        return at.to("my-second-code")
    first = {"first": masked(applicant.contact), "by_text": is_phone(applicant.contact)}
    context = {"form": form, **first, **row(at, applicant)}
    urls = {"remove_url": at.url("my-second-remove"), "back_url": at.url("my-data")}
    return at.page("applicant/my_second.html", fund, {**context, **urls})


@door.form
def code(at: Door) -> HttpResponse:
    """The six digits that the second contact got."""
    by = at.person()
    fund, applicant = queries.own(at.slug, user_id=at.user_id)
    at.enter(fund)
    return code_page(at, fund, "my-second", lambda form: _is_kept(at, applicant.id, form, by))


@door.action
def remove(at: Door) -> HttpResponse:
    """The second contact is forgotten."""
    by = at.person()
    _fund, applicant = queries.own(at.slug, user_id=at.user_id)
    second_contacts.remove(applicant_id=applicant.id, by=by, now=at.now)
    at.say(_("We took the second one away."))
    return at.to("my-data")


def _is_asked(at: Door, applicant_id: UUID, form: ContactForm, by: Actor) -> bool:
    if form.way is Way.TEXT and not form.allows_texts:
        form.add_error("text_consent", _("Tick the box so that we may text you there"))
        at.status = 422
        return False
    try:
        second_contacts.ask(
            applicant_id=applicant_id,
            contact=form.contact,
            language=at.language,
            by=by,
            now=at.now,
        )
    except FundError as error:
        return told(at, form, form.box, error)
    return True


def _is_kept(at: Door, applicant_id: UUID, form: CodeForm, by: Actor) -> bool:
    try:
        second_contacts.enter(
            applicant_id=applicant_id,
            contact=at.contact,
            code=form.cleaned_data["code"],
            # Without the tick no code was sent to a number.
            allows_texts=True,
            by=by,
            now=at.now,
        )
    except FundError as error:
        return told(at, form, "code", error)
    at.say(_("We write there when we cannot reach you at the first one."))
    return True
