"""Tell me when it opens: leave a contact, be told once, or have it removed."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.errors import FundError
from fundmgr.queries import funds
from requests_app.pages.applicant import door
from requests_app.pages.applicant.door import STATUS, Door
from requests_app.pages.applicant.other_funds import other_funds
from requests_app.pages.forms import Line
from requests_app.services import contacts, openings

OPEN = "OPEN"


class TellMeForm(forms.Form):
    """Where to write, in one box."""

    use_required_attribute = False
    contact = Line()


@door.form
@door.paced
def tell_me(at: Door) -> HttpResponse:
    """Where to write when the fund opens; the answer is the same whether we know the contact or not."""
    fund = funds.fund_by_slug(at.slug)
    if fund.state == OPEN:
        return at.to("fund")
    form = TellMeForm(at.request.POST if at.is_post else None)
    if at.is_post and form.is_valid() and _is_kept(at, fund.id, form):
        return at.to("tell-me-done")
    return at.page(
        "public/tell_me.html",
        fund,
        {"form": form, "has_texts": contacts.has_texts(), "back_url": at.url("fund")},
    )


@door.page
def done(at: Door) -> HttpResponse:
    """We will tell you: once, and then the contact is gone."""
    context = {"elsewhere": other_funds(), "fund_url": at.url("fund")}
    return at.page("public/tell_me_done.html", funds.fund_by_slug(at.slug), context)


@door.form
def stop(at: Door, token: str) -> HttpResponse:
    """Remove my contact: a button, so that no mail scanner presses it."""
    fund = funds.fund_by_slug(at.slug)
    openings.ask_of(token)
    if at.is_post:
        openings.stop(fund_id=fund.id, token=token, now=at.now)
    context = {"is_done": at.is_post, "fund_url": at.url("fund")}
    return at.page("public/tell_me_stop.html", fund, context)


def _is_kept(at: Door, fund_id: UUID, form: TellMeForm) -> bool:
    try:
        openings.ask(fund_id=fund_id, contact=form.cleaned_data["contact"], language=at.language, now=at.now)
    except errors.NotFound:
        raise
    except errors.WrongState as error:
        at.status = STATUS[error.kind]
        form.add_error("contact", _("The fund is open now. Go back and ask for help."))
    except FundError as error:
        at.status = STATUS[error.kind]
        form.add_error("contact", error.problems[0].sentence if error.problems else error.sentence)
    return not form.errors
