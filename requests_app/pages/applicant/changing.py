"""Change my request: what was sent, answer by answer, until a person begins to read it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import RequestState
from requests_app.pages.applicant import answers, changing_view, door, saved_words, unsent
from requests_app.pages.applicant.acts import opened
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import NeedForm, Question, ShowForm
from requests_app.queries import public
from requests_app.queries.worker import Case
from requests_app.services import changes

# Where everybody is given the same, other help was not asked about.
NOT_OF_FLAT = "other-help"


@door.page
def overview(at: Door) -> HttpResponse:
    """All answers, with a link to change each."""
    case, _by = opened(at)
    if not is_open(case):
        return at.to("my-request")
    ask, flat = changes.ask_of(case.request), case.policy.flat_grant_cents
    context = {
        **changing_view.summary(at, ask, is_flat=flat is not None),
        "reference": case.request.reference,
        "cap_cents": case.policy.award_cap_cents,
        "back_url": at.url("my-request"),
    }
    return at.page("applicant/changing.html", case.fund, context)


@door.form
@door.paced
def one(at: Door, page: str) -> HttpResponse:
    """One question once more, with the answer that was sent."""
    if page not in changing_view.PAGES:
        raise errors.NotFound
    case, by = opened(at)
    is_asked = page != NOT_OF_FLAT or case.policy.flat_grant_cents is None
    # What is sent after the reading began is refused by its use case, with the words still on the page.
    if not is_asked or (not is_open(case) and not at.is_post and not unsent.words(at)):
        return at.to("my-request")
    typed = at.request.POST if at.is_post else None
    form = unsent.refill(at, changing_view.form_of(page, case, at.today(case.fund.time_zone), typed))
    if at.is_post and not _is_right(form, case):
        at.status = 422
    elif at.is_post and at.attempt(_change(at, case, form, by)):
        at.say(_("We changed your answer."))
        return at.to("changing")
    return at.page(f"applicant/{page.replace('-', '_')}.html", case.fund, _context(at, case, page, form))


def is_open(case: Case) -> bool:
    """This will say whether a request may be changed still: nobody has begun to read it."""
    return bool(case.request.state == RequestState.SUBMITTED)


def _is_right(form: Question, case: Case) -> bool:
    """A show must be one of the fund's, or the one that was named before."""
    if not form.is_valid():
        return False
    if isinstance(form, ShowForm) and not form.is_on(
        [*public.shows(case.fund.id), case.request.production_name]
    ):
        form.add_error("show", _("This fund does not help the crew of that show. Choose one from the list."))
        return False
    return True


def _change(at: Door, case: Case, form: Question, by: Actor) -> Callable[[], object]:
    once, version, parts = at.once(), at.version or 0, dict(form.found)
    worked_on, before = parts.get("last_worked_on"), case.request.last_worked_on
    if worked_on and (worked_on.year, worked_on.month) == (before.year, before.month):
        # The page asks for the month alone; a day that was told another way stays.
        parts["last_worked_on"] = before
    return lambda: changes.change(
        request_id=case.request.id, version=version, parts=parts, by=by, now=at.now, once=once
    )


def _context(at: Door, case: Case, page: str, form: Question) -> dict[str, Any]:
    context: dict[str, Any] = {
        "form": form,
        "errors": form.extra_errors,
        "caption": case.request.reference,
        # Words that were kept were typed beside what the page showed then.
        "version": unsent.words(at).get("version") or case.request.version,
        "is_change": True,
        "back_url": at.url("changing"),
        "shows": public.shows(case.fund.id),
        "cap_cents": case.policy.award_cap_cents,
        "asked_cents": case.request.asked_cents,
    }
    if at.is_post and at.version != case.request.version:
        kept = changing_view.PAGES[page](changes.ask_of(case.request))
        context["saved_rows"] = saved_words.rows(page, kept)
    return {**context, **answers.need_rows(form)} if isinstance(form, NeedForm) else context
