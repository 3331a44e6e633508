"""My data: download all of it, put the name right, stop texts, have erased what may be erased."""

import json
from datetime import date

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain import errors
from fundmgr.domain.contacts import is_phone, masked
from requests_app.exports import attachment, my_data_file
from requests_app.pages.applicant import door, my_data_view, second_contact, unsent
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import Line
from requests_app.queries import my_data as queries
from requests_app.services import asks, erasures
from requests_app.services import my_data as services

JSON, PDF = "json", "pdf"


class NameForm(forms.Form):
    """The name as it should be."""

    use_required_attribute = False
    full_name = Line()
    preferred_name = Line()

    def clean(self) -> None:
        """This will judge both names as the form of a request does, each at its box."""
        for problem in asks.check_values(self.cleaned_data, date.min):
            self.add_error(problem.field, problem.sentence)


class EraseForm(forms.Form):
    """The second step: the box that says it is meant."""

    use_required_attribute = False
    sure = forms.BooleanField(
        error_messages={"required": gettext_lazy("Tick the box to say you want us to erase it")}
    )


@door.page
def overview(at: Door) -> HttpResponse:
    """What can be done with one's own data."""
    at.person()
    fund, applicant = queries.own(at.slug, user_id=at.user_id)
    at.enter(fund)
    context = {
        "name": applicant.full_name,
        "contact": masked(applicant.contact),
        "json_url": at.url("my-data-file", kind=JSON),
        "pdf_url": at.url("my-data-file", kind=PDF),
        "name_url": at.url("my-name"),
        "contact_url": at.url("my-contact"),
        **second_contact.row(at, applicant),
        "texts_url": at.url("texts"),
        "by_text": is_phone(applicant.contact),
        "erase_url": at.url("erase"),
        "back_url": at.url("my-request"),
    }
    return at.page("applicant/my_data.html", fund, context)


@door.page
def download(at: Door, kind: str) -> HttpResponse:
    """All of it in one file."""
    by = at.actor
    if kind not in {JSON, PDF}:
        raise errors.NotFound
    if by is None:
        # A code leads back to a page, not into a file.
        return at.to("my-data")
    fund, applicant = queries.own(at.slug, user_id=at.user_id)
    at.enter(fund)
    found = services.export(applicant_id=applicant.id, by=by, now=at.now)
    if kind == JSON:
        content = json.dumps(found, indent=2, ensure_ascii=False).encode()
        headers = attachment.headers("my-data.json")
        return HttpResponse(content, content_type="application/json", headers=headers)
    content = my_data_file.paper(
        title=_("All we keep about you"),
        kicker=fund.name,
        sections=my_data_view.sections(found),
        language=at.language,
        now=at.now,
    )
    headers = attachment.headers("my-data.pdf")
    return HttpResponse(content, content_type=my_data_file.MEDIA_TYPE, headers=headers)


@door.form
@door.paced
def name(at: Door) -> HttpResponse:
    """Put the name right."""
    by = at.person()
    fund, applicant = queries.own(at.slug, user_id=at.user_id)
    known = {"full_name": applicant.full_name, "preferred_name": applicant.preferred_name or ""}
    form = unsent.refill(at, NameForm(at.request.POST if at.is_post else None, initial=known))
    if at.is_post and not form.is_valid():
        at.status = 422
    elif at.is_post:
        said, once = form.cleaned_data, at.once()
        if at.attempt(
            lambda: services.rename(applicant_id=applicant.id, **said, by=by, now=at.now, once=once)
        ):
            at.say(_("We changed your name."))
            return at.to("my-data")
    return at.page("applicant/my_name.html", fund, {"form": form, "back_url": at.url("my-data")})


@door.form
def erase(at: Door) -> HttpResponse:
    """Erase what may be erased: what goes, what stays and how long, and a box to tick."""
    by = at.person()
    fund, applicant = queries.own(at.slug, user_id=at.user_id)
    is_busy = queries.is_busy(applicant)
    form = EraseForm(at.request.POST if at.is_post else None)
    if at.is_post and not is_busy and not form.is_valid():
        at.status = 422
    elif at.is_post and not is_busy:
        once = at.once()
        if at.attempt(lambda: erasures.ask(applicant_id=applicant.id, by=by, now=at.now, once=once)):
            logout(at.request)
            at.forget(door.DRAFT_COOKIE)
            at.forget(door.CONTACT_COOKIE)
            at.forget(door.WAY_COOKIE)
            return at.to("erased")
    context = {
        "form": form,
        "is_busy": is_busy,
        "is_paid": queries.was_paid(applicant),
        "years": settings.PAID_RECORDS_KEPT_YEARS,
        "back_url": at.url("my-data"),
    }
    return at.page("applicant/erase.html", fund, context)


@door.page
def erased(at: Door) -> HttpResponse:
    """We erase your data: the last page."""
    fund = queries.fund(at.slug)
    return at.page("applicant/erased.html", fund, {"fund_url": at.url("fund")})
