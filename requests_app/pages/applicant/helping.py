"""I am helping someone: a steward fills in the form with a worker, whose code goes to the worker alone."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.pages.applicant import apply, door, odds_box
from requests_app.pages.applicant.answers import HELPING
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import Line
from requests_app.services import asks, drafts


class HelperForm(forms.Form):
    """Who helps, and that the worker wants it."""

    use_required_attribute = False
    helper_name = Line()
    agreed = forms.BooleanField(error_messages={"required": gettext_lazy("Tick the box to say they agree")})

    def clean(self) -> None:
        """This will ask for a name that can be kept."""
        name = self.cleaned_data["helper_name"]
        for problem in asks.check_values({"helper_name": name}, date.min):
            self.add_error("helper_name", problem.sentence)
        if not name.strip() and "helper_name" not in self.errors:
            self.add_error("helper_name", _("Enter your full name"))

    def typed(self) -> dict[str, Any]:
        """This will return what is kept of it in the draft."""
        return {"helper_name": self.cleaned_data["helper_name"]}


@door.form
@door.paced
def helping(at: Door) -> HttpResponse:
    """Who helps: the name is kept with the request; the draft begins as with Start."""
    desk, _found = apply.opened(at)
    if desk.draft or desk.applicant or desk.fund.state != apply.OPEN:
        return at.to("apply")
    form = HelperForm(at.request.POST if at.is_post else None)
    if at.is_post and form.is_valid():
        made = drafts.start_draft(
            fund_id=desk.fund.id,
            language=at.language,
            by=None,
            now=at.now,
            odds_shown=desk.odds.snapshot(),
            answers={HELPING: form.typed()},
        )
        at.keep(door.DRAFT_COOKIE, made.id.hex, door.DRAFT_KEPT)
        return at.to("question", page="show")
    if at.is_post:
        at.status = 422
    context = {
        "form": form,
        "odds": odds_box.box(desk.odds),
        "paper_url": at.url("paper"),
        "back_url": at.url("apply"),
    }
    return at.page("applicant/helping.html", desk.fund, context)
