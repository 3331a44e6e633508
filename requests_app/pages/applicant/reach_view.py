"""How far the money of a round went, for one whom it did not reach: by group, with one's own."""

from typing import Any

from django.utils.translation import gettext as _

from requests_app.exports.rule_text import rule_text
from requests_app.pages.applicant.door import Door
from requests_app.queries import public_rounds, published_rules
from requests_app.queries.public_rounds import Reached
from requests_app.queries.rounds import OTHER_TIER, URGENT_TIER
from requests_app.queries.worker import Case
from requests_app.templatetags.fund_ui import count, when


def groups(at: Door, case: Case) -> dict[str, Any] | None:
    """This will return the bars and how the money was shared; nothing where they would show a person."""
    shared = case.round
    found = public_rounds.reached(shared) if shared is not None else []
    if shared is None or not found:
        return None
    numbers = {"paid": count(shared.awarded_count), "all": count(shared.frozen_count)}
    return {
        "title": _("The money reached %(paid)s of %(all)s people") % numbers,
        "rows": [_row(one, is_urgent=bool(case.request.urgency)) for one in found],
        "widest": max(one.whole for one in found),
        "text": " ".join(one.text for one in rule_text(_promises(case)).steps),
        "note": _("Shared on %(day)s.") % {"day": when(shared.committed_at)},
        "url": at.url("rounds"),
        "url_label": _("How the money was shared"),
    }


def _promises(case: Case) -> dict[str, Any]:
    assert case.round is not None  # noqa: S101  # the caller looked
    return {**published_rules.of_round(case.round), "is_over": True, "common_cents": None}


def _row(one: Reached, *, is_urgent: bool) -> dict[str, Any]:
    labels = {URGENT_TIER: _("Urgent requests"), OTHER_TIER: _("Other requests")}
    numbers = {"paid": count(one.paid), "all": count(one.whole)}
    return {
        "label": labels.get(one.tier, _("People paid")),
        "part": one.paid,
        "whole": one.whole,
        "shown": _("%(paid)s of %(all)s") % numbers,
        "mine": one.tier == (URGENT_TIER if is_urgent else OTHER_TIER),
    }
