"""How was this form: asked once, on the way from the receipt."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import InvalidInput
from fundmgr.domain.opinions import FormOpinion
from requests_app.pages.applicant import door, unsent
from requests_app.pages.applicant.acts import opened
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import Choice, Line
from requests_app.queries.worker import Case
from requests_app.services import form_feedback
from requests_app.services.form_feedback import MOST_LETTERS

# In the session, so that the link goes away; it says that something was said, not what.
SAID = "said_of_form"
OPINIONS = [
    (FormOpinion.EASY.value, gettext_lazy("Easy")),
    (FormOpinion.FAIR.value, gettext_lazy("It was OK")),
    (FormOpinion.HARD.value, gettext_lazy("Hard")),
]


class FormFeedbackForm(forms.Form):
    """One tap, and a few words for those who have some."""

    use_required_attribute = False
    opinion = Choice(choices=OPINIONS, missing=gettext_lazy("Choose how this form was"))
    text = Line(widget=forms.Textarea(attrs={"rows": 4}))


@door.form
@door.paced
def feedback(at: Door) -> HttpResponse:
    """Three choices and a box."""
    case, by = opened(at)
    form = unsent.refill(at, FormFeedbackForm(at.request.POST if at.is_post else None))
    if at.is_post and not form.is_valid():
        at.status = 422
    elif at.is_post and _is_kept(at, case, form, by):
        at.request.session[SAID] = True
        at.say(_("Thank you. It helps us make this form better."))
        return at.to("receipt")
    context = {"form": form, "most": MOST_LETTERS, "back_url": at.url("receipt")}
    return at.page("applicant/form_feedback.html", case.fund, context)


def links(at: Door) -> list[dict[str, str]]:
    """This will lead to the question, until it is answered."""
    if at.request.session.get(SAID):
        return []
    return [{"label": _("Tell us how this form was"), "url": at.url("form-feedback"), "aside": _("1 minute")}]


def _is_kept(at: Door, case: Case, form: FormFeedbackForm, by: Actor) -> bool:
    said = form.cleaned_data
    try:
        form_feedback.give(
            fund_id=case.fund.id,
            opinion=FormOpinion(said["opinion"]),
            text=said["text"],
            language=at.language,
            by=by,
            now=at.now,
            mark=at.mark,
        )
    except InvalidInput as error:
        at.status = 422
        form.add_error("text", error.problems[0].sentence)
    return not form.errors
