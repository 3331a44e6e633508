"""Anybody's promise of money: said in one form, proved by a link in a mail, then waiting for the fund."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.errors import FundError, Problem
from fundmgr.queries import funds, pledge_offers
from requests_app.pages import typed
from requests_app.pages.applicant import door, refusals
from requests_app.pages.applicant.door import STATUS, Door
from requests_app.pages.donor.links import GONE, unseen
from requests_app.pages.forms import Line
from requests_app.services import pledge_offers as service
from requests_app.services.pledge_offers import MOST_WISH, Said

BOXES = {"contact": "email", "meant_on": "month"}


class PledgeForm(forms.Form):
    """A promise as people type it; the rules stand with the use case."""

    use_required_attribute = False
    name = Line()
    email = Line()
    amount = Line()
    month = Line()
    day = Line()
    year = Line()
    wish = Line()
    shows_name = forms.BooleanField(required=False)

    def clean(self) -> None:
        """This will read the amount and the day."""
        self.amount_cents = typed.cents(self.cleaned_data["amount"])
        if self.amount_cents is None:
            self.add_error("amount", _("Enter the amount in dollars, like 500"))
        self.meant_on = self._day()

    def said(self, mark: str) -> Said:
        """This will return what the use case is told of a valid form."""
        # A box with a problem is no more among the clean ones.
        told = {name: self.cleaned_data.get(name) or "" for name in self.fields}
        return Said(
            name=told["name"],
            contact=told["email"],
            amount_cents=self.amount_cents or 0,
            meant_on=self.meant_on,
            wish=told["wish"],
            shows_name=bool(told["shows_name"]),
            mark=mark,
        )

    def _day(self) -> date | None:
        parts = [self.cleaned_data[name].strip() for name in ("year", "month", "day")]
        if not any(parts):
            return None
        year, month, day = typed.whole(parts[0]), typed.month(parts[1]), typed.whole(parts[2])
        if year is not None and month is not None and day is not None:
            try:
                return date(year, month, day)
            except ValueError:
                pass
        self.add_error("month", _("Enter a real date, like 9 29 2023"))
        return None


@door.form
@unseen
@door.paced
def pledge(at: Door) -> HttpResponse:
    """Say what you promise; the answer is the same whether we know the address or not."""
    fund = funds.fund_by_slug(at.slug)
    if fund.state in service.ENDING:
        return at.to("fund")
    form = PledgeForm(at.request.POST if at.is_post else None)
    if at.is_post and form.is_valid() and _is_kept(at, fund, form):
        return at.to("pledge-sent")
    if at.is_post:
        # What cannot be read hides nothing else: all that is to be mended is told at once.
        _tell(form, service.check(fund_id=fund.id, said=form.said(at.mark), now=at.now))
    context = {"form": form, "back_url": at.url("fund"), "most_wish": MOST_WISH}
    return at.page("donor/pledge.html", fund, context)


@door.page
@unseen
def sent(at: Door) -> HttpResponse:
    """That a message with a link is on its way."""
    context = {"again_url": at.url("pledge"), "back_url": at.url("fund")}
    return at.page("donor/pledge_sent.html", funds.fund_by_slug(at.slug), context)


@door.form
@unseen
def confirm(at: Door, token: str) -> HttpResponse:
    """One button: programs that look at the links of a mail press none, so they prove nothing."""
    fund = funds.fund_by_slug(at.slug)
    try:
        if at.is_post:
            service.prove(fund_id=fund.id, token=token, now=at.now)
            return at.to("pledge-confirm", token=token)
        row = pledge_offers.by_link(fund_id=fund.id, token=token, now=at.now)
    except errors.NotFound:
        at.status = GONE
        return at.page("donor/pledge_over.html", fund, {"again_url": at.url("pledge")})
    context = {"row": row, "is_proved": row.proved_at is not None, "fund_url": at.url("fund")}
    return at.page("donor/pledge_confirm.html", fund, context)


def _is_kept(at: Door, fund: Any, form: PledgeForm) -> bool:
    try:
        service.offer(fund_id=fund.id, said=form.said(at.mark), language=at.language, now=at.now)
    except errors.NotFound:
        raise
    except FundError as error:
        at.status = STATUS[error.kind]
        _tell(form, error.problems)
        if not error.problems:
            form.add_error("email", error.sentence or refusals.sentence(error))
        return False
    return True


def _tell(form: PledgeForm, problems: Sequence[Problem]) -> None:
    for problem in problems:
        box = BOXES.get(problem.field, problem.field)
        if box not in form.errors:
            form.add_error(box, problem.sentence)
