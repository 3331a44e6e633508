"""What a worker's status page says of a second look: the way to ask, where it is, how it ended."""

from typing import Any

from django.utils.translation import gettext as _

from fundmgr.domain.appeals import Standing
from fundmgr.domain.lifecycle import AppealState
from requests_app.pages.applicant.door import Door
from requests_app.queries.worker import Case
from requests_app.templatetags.fund_ui import when

Shown = dict[str, Any]


def refused(at: Door, case: Case, shown: Shown) -> Shown:
    """This will add to the page of a refused request what can be done, or what was done, about it."""
    look = case.second_look
    if look.standing is Standing.READING:
        return {**shown, **_reading(at, case)}
    if look.standing is Standing.ANSWERED:
        return {**shown, **_answered(case, shown["reason"])}
    if look.standing is Standing.OPEN:
        return {**shown, "look_again": _offer(at, case)}
    if look.standing is Standing.TOO_LATE:
        day = when(look.until)
        sentence = _("The last day to ask us to look again was %(day)s.") % {"day": day}
        return {**shown, "now_facts": [{"title": sentence, "text": _call_us()}]}
    return {
        **shown,
        "now_facts": [{"title": _("If you think we missed something, call us."), "text": _call_us()}],
    }


def overturned(case: Case) -> list[dict[str, str]]:
    """This will say that a second look helped, while the request is read anew; else nothing."""
    appeal = case.second_look.appeal
    if appeal is None or appeal.state != AppealState.OVERTURNED:
        return []
    title = _("A different person read your request again. They found that the first answer was wrong.")
    return [{"title": title, "text": appeal.answer or ""}]


def links(at: Door, case: Case) -> list[dict[str, str]]:
    """This will return the way to ask where the money was short: the page says why it cannot help."""
    if case.second_look.standing is not Standing.NO_MONEY:
        return []
    return [{"label": _("Ask us to look again"), "url": at.url("look-again")}]


def _offer(at: Door, case: Case) -> dict[str, str]:
    day = when(case.second_look.until)
    return {
        "title": _("Do you think we missed something?"),
        "text": _("Ask us by %(day)s. A different person reads your request.") % {"day": day},
        "url": at.url("look-again"),
        "button": _("Ask us to look again"),
    }


def _reading(at: Door, case: Case) -> Shown:
    appeal = case.second_look.appeal
    assert appeal is not None  # noqa: S101  # the caller looked
    day = when(appeal.answer_by)
    asked = _("You asked us to look again on %(day)s.") % {"day": when(appeal.created_at)}
    is_late = appeal.answer_by < at.today(case.fund.time_zone)
    late = _("We said %(day)s. We are late. You do not need to do anything.") % {"day": day}
    promise = _("You get an answer by %(day)s.") % {"day": day}
    return {
        "tag": {"kind": "info", "text": _("Being read again")},
        "title": _("A different person reads your request"),
        "reason": asked if is_late else f"{asked} {promise}",
        "late_note": late if is_late else "",
        "now_facts": [
            {
                "title": _("You can still show us something."),
                "text": _("Add a photo or a paper below. The new reader sees it."),
            }
        ],
        "elsewhere": [],
    }


def _answered(case: Case, reason: str) -> Shown:
    appeal = case.second_look.appeal
    if appeal is None or appeal.state == AppealState.OVERTURNED:
        return {"reason": f"{reason} {_('We decided twice. This answer is final.')}".strip()}
    final = _("A different person read it again. The answer stays the same, and it is final.")
    found = {"title": _("What the second reader found"), "text": appeal.answer or ""}
    return {"reason": f"{reason} {final}".strip(), "now_facts": [found]}


def _call_us() -> str:
    return _("The number is at the bottom of this page.")
