"""The answers of a request that was sent: as boxes to fill in anew, and as rows to look at."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from fundmgr.domain import money
from requests_app.pages import worker_words as words
from requests_app.pages.applicant import answers
from requests_app.pages.applicant.door import Door
from requests_app.pages.forms import QUESTIONS, NeedForm, Question
from requests_app.queries.worker import Case
from requests_app.services import changes
from requests_app.services.asks import Ask

Boxes = dict[str, Any]


def form_of(page: str, case: Case, today: date, typed: Mapping[str, Any] | None) -> Question:
    """This will return a page's form, with what is typed now or with the answer that was sent."""
    known: dict[str, Any] = {"today": today}
    if QUESTIONS[page] is NeedForm:
        known["flat_cents"] = case.policy.flat_grant_cents
    if typed is None:
        known["initial"] = PAGES[page](changes.ask_of(case.request))
    form = QUESTIONS[page](typed, **known)
    # Whoever does not see the show was helped on by the form; here another answer is asked for.
    form.fields.pop("not_listed", None)
    return form


def summary(at: Door, ask: Ask, *, is_flat: bool) -> dict[str, Any]:
    """This will return what the page of all answers shows."""
    after = [
        _row(_("About to be lost"), answers.about_to_be_lost(ask), at.url("change-one", page="need")),
        _row(_("Anything else we should know"), ask.statement, at.url("change-one", page="anything-else")),
    ]
    if not is_flat:
        other = _row(_("Other help coming"), _other_help(ask), at.url("change-one", page="other-help"))
        after.insert(1, other)
    home = _row(
        _("People who count on your pay"), answers.household(ask), at.url("change-one", page="household")
    )
    return {
        "sections": [{"title": _("Your work"), "rows": [*_work(at, ask), home]}],
        "needs": [{"label": words.NEEDS[need], "amount_cents": cents} for need, cents in ask.need_lines],
        "needs_url": at.url("change-one", page="need"),
        "asked_cents": ask.asked_cents,
        "after_rows": after,
        "is_flat": is_flat,
    }


def _work(at: Door, ask: Ask) -> list[dict[str, Any]]:
    return answers.work_rows(
        ask, show_url=at.url("change-one", page="show"), job_url=at.url("change-one", page="job")
    )


def _other_help(ask: Ask) -> str:
    amount = money.dollars(ask.other_aid_cents, whole=True) if ask.other_aid_cents else ""
    return ", ".join(part for part in (amount, ask.other_aid_note) if part) or _("No")


def _row(label: str, value: Any, change_url: str) -> dict[str, Any]:
    return {"label": label, "value": value, "change_url": change_url}


def _show(ask: Ask) -> Boxes:
    return {"show": ask.production_name}


def _job(ask: Ask) -> Boxes:
    return {
        "department": ask.craft,
        "job_title": ask.job_title,
        "union": ask.union_local,
        "engagement": ask.engagement,
        "last_month": str(ask.last_worked_on.month),
        "last_year": str(ask.last_worked_on.year),
    }


def _household(ask: Ask) -> Boxes:
    return {"adults": str(ask.adults_count), "children": str(ask.children_count)}


def _need(ask: Ask) -> Boxes:
    boxes: Boxes = {
        "need": [need.value for need, _cents in ask.need_lines],
        "losing": "yes" if ask.loss_on or ask.urgency else "no",
        **{f"amount_{need.value}": _typed(cents) for need, cents in ask.need_lines},
    }
    if ask.loss_on:
        boxes |= {f"losing_{part}": str(getattr(ask.loss_on, part)) for part in ("month", "day", "year")}
    return boxes


def _other(ask: Ask) -> Boxes:
    has_told = bool(ask.other_aid_cents or ask.other_aid_note)
    return {
        "other_help": "yes" if has_told else "no",
        "other_from": ask.other_aid_note,
        "other_amount": _typed(ask.other_aid_cents) if ask.other_aid_cents else "",
    }


def _statement(ask: Ask) -> Boxes:
    return {"statement": ask.statement}


def _typed(cents: int) -> str:
    dollars, rest = divmod(cents, 100)
    return f"{dollars}.{rest:02d}" if rest else str(dollars)


PAGES: dict[str, Callable[[Ask], Boxes]] = {
    "show": _show,
    "job": _job,
    "household": _household,
    "need": _need,
    "other-help": _other,
    "anything-else": _statement,
}
