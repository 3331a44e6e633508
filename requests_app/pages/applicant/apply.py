"""Asking for help: one question a page, each saved as it is answered, then checked and sent once."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from requests_app.pages.applicant import answers, documents_view, door, odds_box, saved_words
from requests_app.pages.applicant.answers import CHECK, NOT_COVERED, PROOF, Answers, url_of
from requests_app.pages.applicant.door import Door
from requests_app.pages.applicant.other_funds import other_funds
from requests_app.pages.forms import QUESTIONS, CheckForm, NeedForm, Question, ShowForm
from requests_app.queries import worker
from requests_app.queries.worker import Desk
from requests_app.services import draft_answers, drafts
from requests_app.services.drafts import AsRead

MINUTES = 8
MOST_STATEMENT = 500
OPEN = "OPEN"


@door.form
@door.paced
def start(at: Door) -> HttpResponse:
    """Before you start: what it takes, who sees it, how far the money goes."""
    desk, found = opened(at)
    if desk.live_request_id:
        return at.to("my-request")
    if desk.draft and not at.is_post:
        return _to(at, found.next_page() if found.kept.keys() & QUESTIONS.keys() else found.order[0])
    if desk.fund.state != OPEN:
        return at.to("fund")
    if at.is_post:
        made = drafts.start_draft(
            fund_id=desk.fund.id,
            language=at.language,
            by=at.actor,
            now=at.now,
            odds_shown=desk.odds.snapshot(),
        )
        at.keep(door.DRAFT_COOKIE, made.id.hex, door.DRAFT_KEPT)
        return _to(at, found.order[0])
    context = {
        "odds": odds_box.box(desk.odds),
        "minutes": MINUTES,
        "waiting_list": desk.odds.is_full,
        "helping_url": "" if desk.applicant else at.url("helping"),
        "back_url": at.url("fund"),
    }
    return at.page("applicant/start.html", desk.fund, context)


@door.form
def question(at: Door, page: str) -> HttpResponse:
    """One question of the form: kept whatever was typed, and left only when it is right."""
    if page not in QUESTIONS:
        raise errors.NotFound
    desk, found = opened(at)
    if desk.live_request_id:
        return _sent_already(at)
    if desk.draft is None:
        return _signed_out(at, desk, found, page)
    if at.is_post:
        return _answered(at, AsRead(desk.draft, desk.applicant), found, page)
    waiting = draft_answers.also(found.kept, page)
    if waiting is None:
        return show(at, found, page, found.unsent(page))
    # Whoever looks at what was saved comes from the page that showed both.
    seen = draft_answers.mark_of(found.kept, page, beside=True)
    if "saved" in at.request.GET:
        return show(at, found, page, found.unsent(page), seen=seen)
    return _both(at, found, page, found.typed(page, waiting), seen=seen)


@door.form
def not_covered(at: Door) -> HttpResponse:
    """The show is not on the fund's list: which shows are, and who else may help. It is no error."""
    desk, found = opened(at)
    if desk.draft is None or found.is_covered:
        return at.to("apply")
    named = str(found.kept.get("show", {}).get("show", "")).strip()
    if at.is_post and named:
        # A working title, or a word too many: a person looks at it later.
        answers_kept = {"show": named, "goes_by_other_name": "on"}
        by = _worker(at, desk)
        drafts.save_draft(draft_id=desk.draft.id, page="show", answers=answers_kept, by=by, now=at.now)
        found.kept["show"] = answers_kept
        return _to(at, found.next_page())
    context = {
        "named": named,
        "shows": desk.shows,
        "elsewhere": other_funds(),
        "back_url": url_of(at, "show"),
    }
    return at.page("applicant/not_covered.html", desk.fund, context)


@door.page
def already(at: Door) -> HttpResponse:
    """After the code: this worker has a request, and does not need a second one."""
    desk, _found = opened(at)
    if not desk.live_request_id:
        return at.to("apply")
    context = {
        "reference": desk.live_reference,
        "status_url": at.url("my-request"),
        "back_url": at.url("fund"),
    }
    return at.page("applicant/already.html", desk.fund, context)


@door.page
def here(at: Door) -> HttpResponse:
    """A sign of life of a worker who reads: the half hour starts again, as with every page."""
    return HttpResponse(status=204 if at.user_id else 403)


@door.page
def saved(at: Door) -> HttpResponse:
    """Your answers are kept: how to come back to them."""
    desk, found = opened(at)
    if desk.draft is None:
        return at.to("fund")
    context = {
        "is_signed_in": desk.applicant is not None,
        "continue_url": url_of(at, found.next_page()),
        "fund_url": at.url("fund"),
    }
    return at.page("applicant/saved.html", desk.fund, context)


@door.form
def check(at: Door) -> HttpResponse:
    """Check your answers, then send: once, however often the button is pressed."""
    desk, found = opened(at)
    if desk.draft is None:
        return at.to("receipt") if desk.live_request_id else at.to("apply")
    if desk.live_request_id:
        return at.to("my-request")
    if found.next_page() != CHECK:
        return _to(at, found.next_page())
    if at.is_post and at.request.POST.get("then") == "later":
        return at.to("saved")
    form = CheckForm(at.request.POST if at.is_post else None)
    if at.is_post and not form.is_valid():
        at.status = 422
    elif at.is_post and _is_sent(at, desk, found):
        at.forget(door.DRAFT_COOKIE)
        return at.to("receipt")
    context = {"form": form, "version": desk.draft.version, **answers.summary(at, desk, found)}
    return at.page("applicant/check.html", desk.fund, context)


def _signed_out(at: Door, desk: Desk, found: Answers, page: str) -> HttpResponse:
    """Where the session ran out while a page was filled in, what was typed is kept; a code leads on."""
    if at.is_post and at.draft_id and at.user_id is None:
        typed = found.typed(page, at.request.POST).typed()
        draft_id, fund_id, seen = at.draft_id, desk.fund.id, at.seen
        if drafts.keep_typed(
            draft_id=draft_id, fund_id=fund_id, page=page, answers=typed, now=at.now, seen=seen
        ):
            at.say(_("You were signed out after 30 minutes. Your answers are saved."), kind="wait")
            return at.to("sign-in")
    return at.to("apply")


def _sent_already(at: Door) -> HttpResponse:
    """A page of the form that stood open, perhaps in another tab, while the request was sent."""
    if at.is_post:
        at.say(_("Your request was sent before. What you wrote now is not in it."), kind="wait")
    return at.to("my-request")


def _both(at: Door, found: Answers, page: str, form: Question, **extra: Any) -> HttpResponse:
    """What was written now, or waits, beside what was saved elsewhere; sent again it takes its place."""
    at.refuse(errors.StaleVersion())
    there: dict[str, Any] = {
        "elsewhere_url": f"{at.url('question', page=page)}?saved",
        "saved_rows": saved_words.rows(page, found.kept.get(page, {})),
    }
    return show(at, found, page, form, **{**there, **extra})


def _answered(at: Door, read: AsRead, found: Answers, page: str) -> HttpResponse:
    form = found.typed(page, at.request.POST)
    is_right = form.is_valid()
    try:
        saved = drafts.save_draft(
            draft_id=read.draft.id,
            page=page,
            answers=form.typed(),
            by=_worker(at, found.desk),
            now=at.now,
            seen=at.seen,
            as_read=read,
        )
    except errors.StaleVersion:
        return _both(at, found, page, form)
    found.kept = draft_answers.read(saved)
    if at.request.POST.get("then") == "later":
        return at.to("saved")
    if not is_right:
        at.status = 422
        return show(at, found, page, form)
    following = found.following(page)
    if at.request.POST.get("return_to") == CHECK and following != NOT_COVERED:
        return _to(at, CHECK)
    return _to(at, following)


def opened(at: Door) -> tuple[Desk, Answers]:
    """This will return where the worker stands in the form, and what the draft says."""
    desk = worker.desk(at.slug, user_id=at.user_id, draft_id=at.draft_id, now=at.now)
    at.enter(desk.fund)
    return desk, Answers(desk, at.today(desk.fund.time_zone))


def _worker(at: Door, desk: Desk) -> Actor | None:
    """The worker, or nobody: one of the staff who looks at the form is no worker of it."""
    return at.actor if desk.applicant else None


def _to(at: Door, page: str) -> HttpResponse:
    return at.dressed(HttpResponseRedirect(url_of(at, page)))


def _is_sent(at: Door, desk: Desk, found: Answers) -> bool:
    draft, by, once = desk.draft, at.actor, at.once()
    if draft is None or by is None:
        raise errors.NotFound
    ask, shown = found.ask(at.language), desk.odds.snapshot()
    return at.attempt(
        lambda: drafts.submit_draft(
            draft_id=draft.id,
            ask=ask,
            by=by,
            now=at.now,
            once=once,
            odds_shown=shown,
            version=at.version,
        )
    )


def show(at: Door, found: Answers, page: str, form: Question, **extra: Any) -> HttpResponse:
    """This will render one question with what is known of it."""
    return_to = at.request.POST.get("return_to") or at.request.GET.get("return_to")
    is_change = return_to == CHECK
    before = found.before(page)
    context: dict[str, Any] = {
        "form": form,
        "errors": form.extra_errors,
        "step": found.step(page),
        "helper": found.helper,
        "return_to": CHECK if is_change else "",
        "seen": draft_answers.mark_of(found.kept, page),
        "back_url": url_of(at, CHECK) if is_change else (url_of(at, before) if before else at.url("fund")),
        "saved_at": found.desk.draft.updated_at
        if found.kept.keys() & QUESTIONS.keys() and found.desk.draft
        else None,
        "shows": found.desk.shows if isinstance(form, ShowForm) else [],
        "cap_cents": found.desk.policy.award_cap_cents if found.desk.policy else None,
    }
    if page == "other-help":
        context["asked_cents"] = found.asked_cents
    if isinstance(form, NeedForm):
        context |= answers.need_rows(form)
    if page == PROOF:
        context |= documents_view.of_draft(at, found.desk)
    return at.page(f"applicant/{page.replace('-', '_')}.html", found.desk.fund, {**context, **extra})
