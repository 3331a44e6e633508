"""The rules that the workbench offers, their knobs, and what each says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fundmgr.domain import money
from requests_app.templatetags.fund_ui import percent_bp

MOST_SHOWN = 4


@dataclass(frozen=True)
class Knob:
    """One parameter: an amount in dollars, or a choice."""

    name: str
    label: str
    start: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule as a card."""

    code: str
    title: str
    text: str
    knobs: tuple[Knob, ...]


FLOOR = Knob("floor", "Smallest grant, $", "0")
LAST = Knob(
    "last",
    "The one that does not fit",
    "partial",
    (("partial", "gets what is left"), ("skip", "is skipped"), ("stop", "ends the list")),
)
RULES = {
    rule.code: rule
    for rule in (
        Rule("equal_awards", "Equal awards", "The same for everyone, up to their need.", (FLOOR,)),
        Rule("proportional", "Proportional", "Everyone gets the same share of their need.", (FLOOR,)),
        Rule("queue", "First come", "Paid in the order of asking until the money is used.", (LAST,)),
        Rule("equal_losses", "Equal losses", "Everyone goes without the same amount.", (FLOOR,)),
        Rule("talmud", "Talmud", "Like equal awards up to half of each need, then equal losses.", (FLOOR,)),
    )
}
START = ("equal_awards", "proportional", "queue")


@dataclass(frozen=True)
class Setting:
    """One rule with its knobs as they were typed, and what was wrong with them."""

    rule: Rule
    typed: Mapping[str, str]
    errors: Mapping[str, str]

    def document(self) -> dict[str, Any]:
        """This will return the rule as the engine reads it; only for a setting without errors."""
        found: dict[str, Any] = {"version": 1, "rule": self.rule.code}
        if "floor" in self.typed:
            found["floor_cents"] = money.parse_cents(self.typed["floor"])
        if "last" in self.typed:
            found["last"] = self.typed["last"]
        return found


def read(code: str, sent: Mapping[str, Any]) -> Setting:
    """This will read one rule's knobs from a form or a query string, named like `queue-last`."""
    rule = RULES[code]
    typed = {knob.name: str(sent.get(f"{code}-{knob.name}", knob.start))[:40] for knob in rule.knobs}
    wrong = {knob.name: _fault(knob, typed[knob.name]) for knob in rule.knobs}
    return Setting(rule, typed, {name: sentence for name, sentence in wrong.items() if sentence})


def _fault(knob: Knob, typed: str) -> str:
    if knob.options:
        return "" if typed in dict(knob.options) else "Choose one from the list."
    try:
        money.parse_cents(typed)
    except money.NotMoney as error:
        return str(error)
    return ""


def title_of(document: Mapping[str, Any]) -> str:
    """This will name the rule of a stored document."""
    code = str(document.get("rule", ""))
    return RULES[code].title if code in RULES else code.replace("_", " ").capitalize()


def headline(row: Any) -> tuple[str, str]:
    """This will return the one figure of a rule's card, and what it is."""
    spread, code = row.spread, row.rule["rule"]
    if not spread.people_count:
        return "–", "nobody waits"
    if code == "equal_awards" and row.level_cents is not None and spread.paid_count:
        # Where there is a smallest grant, the equal part comes on top of it.
        return money.dollars(row.level_cents + row.rule.get("floor_cents", 0)), "is the equal award"
    if code == "queue":
        return f"{spread.paid_count:,}", f"of {spread.people_count:,} people are paid"
    return percent_bp(row.capped_met_bp), "of the need that counts is met"


def lines(row: Any) -> list[dict[str, str]]:
    """This will return the figures of a rule's card, in the same order for each rule."""
    spread = row.spread
    found = (
        ("People paid", f"{spread.paid_count:,}"),
        ("Get nothing", f"{spread.unpaid_count:,}"),
        ("Need met, mean", percent_bp(spread.need_met_bp)),
        ("Median grant", money.dollars(spread.median_cents)),
        ("Lowest", money.dollars(spread.lowest_cents)),
        ("Highest", money.dollars(spread.highest_cents)),
        ("Gini", f"{spread.gini_bp / 10_000:.3f}"),
        ("Paid out", money.dollars(spread.paid_cents)),
        ("Left over", money.dollars(row.leftover_cents)),
    )
    return [{"label": label, "value": value} for label, value in found]
