"""How the fund's rule is told to everybody: only what the rule does, so that no sentence can promise more."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from requests_app.templatetags.fund_ui import money

Word = str | Promise
# What funds often say of themselves; a text that stands here is shown in the reader's language.
KNOWN_TEXTS = (
    gettext_noop("Help with rent, food and bills for cast and crew who lost work in the strikes"),
    gettext_noop("Monday to Friday, 9 am to 5 pm Pacific"),
)
_SHARES: dict[str, tuple[Word, Word]] = {
    "equal_awards": (
        gettext_lazy("Then the same for everyone."),
        gettext_lazy(
            "Each gets what they need, up to one amount that is the same for all. It depends on the money."
        ),
    ),
    "proportional": (
        gettext_lazy("Then the same share for everyone."),
        gettext_lazy("Each gets the same part of what they need."),
    ),
    "equal_losses": (
        gettext_lazy("Then the same gap for everyone."),
        gettext_lazy("What is missing is the same for all. Small needs may get nothing."),
    ),
    "talmud": (
        gettext_lazy("Then half first."),
        gettext_lazy("Small needs are met up to half before large ones get more."),
    ),
    "queue": (
        gettext_lazy("Then in the order of asking."),
        gettext_lazy("Each gets what they need until the money is gone."),
    ),
    "draw": (
        gettext_lazy("Then a draw."),
        gettext_lazy(
            "Each name drawn gets what they need until the money is gone. Anyone can check the draw."
        ),
    ),
}
# Rules under which a higher ask above the common amount gets nothing more, and rules that look at the order.
LEVEL_RULES = frozenset({"equal_awards"})
ORDER_RULES = frozenset({"queue"})


def rule_steps(rule: Mapping[str, Any], *, cap_cents: int) -> list[dict[str, Word]]:
    """This will return how the fund chooses, step by step."""
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
    if str(rule.get("rule")) in _SHARES:
        title, text = _SHARES[str(rule["rule"])]
        steps.append({"title": title, "text": text})
    return steps


def rule_notes(rule: Mapping[str, Any], *, cap_cents: int) -> list[str]:
    """This will say what does not help, as far as the rule declares it."""
    name = str(rule.get("rule"))
    notes = [_("Asking for more than %(cap)s does not get you more.") % {"cap": money(cap_cents, "whole")}]
    if name in _SHARES and name not in ORDER_RULES:
        notes.append(_("Asking early does not help."))
    return notes
