"""How the fund's rule is told to everybody: only what the rule does, so that no sentence can promise more."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from requests_app.exports.rule_text import asking_text, rule_text
from requests_app.queries.published_rules import ROUND, PublishedRule
from requests_app.templatetags.fund_ui import money, when

Word = str | Promise
# What funds often say of themselves; a text that stands here is shown in the reader's language.
KNOWN_TEXTS = (
    gettext_noop("Help with rent, food and bills for cast and crew who lost work in the strikes"),
    gettext_noop("Monday to Friday, 9 am to 5 pm Pacific"),
)


def rule_steps(told: PublishedRule | None, *, cap_cents: int) -> list[dict[str, Word]]:
    """This will return how the fund chooses, step by step; of the rule only where one is told."""
    steps: list[dict[str, Word]] = [
        {
            "title": _("A person reads each request."),
            "text": _("A second person decides. Nobody decides alone."),
        },
        {
            "title": _("We count what you need."),
            "text": _("We count it less other help, up to %(cap)s for one household.")
            % {"cap": money(cap_cents, "whole")},
        },
    ]
    return [*steps, *shared_steps(told.promises)] if told else steps


def shared_steps(promises: Mapping[str, Any]) -> list[dict[str, Word]]:
    """This will return the steps of the rule alone."""
    return [{"title": one.title, "text": one.text} for one in rule_text(promises).steps]


def rule_notes(told: PublishedRule | None) -> list[str]:
    """This will say what helps and what does not, as far as the rule declares it."""
    return [one.text for one in rule_text(told.promises).notes] if told else []


def asking_note(told: PublishedRule | None, *, needed_cents: int) -> str:
    """This will say what asking for more would do by the rule that is told; empty where none is."""
    return asking_text(told.promises, needed_cents=needed_cents) if told else ""


def rule_source(told: PublishedRule | None) -> str:
    """This will say where the rule comes from, and since when."""
    if told is None:
        return ""
    found = {"number": told.round_number, "day": when(told.since, "full")}
    if told.source == ROUND:
        return _("Round %(number)s was shared like this on %(day)s.") % found
    return _("The fund will share its next money like this. It said so on %(day)s.") % found


def rule_box(told: PublishedRule | None) -> dict[str, Any]:
    """This will return the rule as the box of the odds shows it; empty where nothing is told."""
    if told is None:
        return {}
    found = rule_text(told.promises)
    return {
        "source": rule_source(told),
        "steps": [one.text for one in found.steps],
        "notes": [one.text for one in found.notes],
    }
