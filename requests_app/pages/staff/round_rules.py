"""The rules that the workbench offers, their knobs, and what each says of itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fundmgr.domain import money
from requests_app.exports import rule_words
from requests_app.services.tried_rules import NEED
from requests_app.templatetags.fund_ui import percent_bp

# As many as the usual ways of a report, so that they stand side by side.
MOST_SHOWN = 5


@dataclass(frozen=True)
class Knob:
    """One parameter: an amount in dollars, or a choice."""

    name: str
    label: str
    start: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rule:
    """One rule as a card; `engine` is its word in a rule's document."""

    code: str
    text: str
    knobs: tuple[Knob, ...]
    engine: str = ""

    @property
    def word(self) -> str:
        """The engine's word for the rule."""
        return self.engine or self.code

    @property
    def title(self) -> str:
        """What the rule is called."""
        return rule_words.TITLES[self.word]


FLOOR = Knob("floor", "Smallest grant, $", "0")
REMAINDER = Knob(
    "remainder",
    "What smallest grants leave",
    "distribute",
    (("distribute", "is added to them"), ("hold", "stays in the fund")),
)
# It starts at the policy's cap, which is what a round counts.
COUNTED = Knob("need", "Need counted up to, $", "")
LAST = Knob(
    "last",
    "The one that does not fit",
    "partial",
    (("partial", "gets what is left"), ("skip", "is skipped"), ("stop", "ends the list")),
)
# A part for the urgent in whole percent; the others have the rest.
PARTS = ("50", "60", "70", "80", "90")
TIERS = Knob(
    "tiers",
    "Urgent requests",
    "alike",
    (
        ("alike", "like any other"),
        ("first", "before any other"),
        *((part, f"have {part} % for them") for part in PARTS),
    ),
)
_RULES = (
    Rule("equal_awards", "The same for everyone, up to their need.", (FLOOR, REMAINDER, COUNTED, TIERS)),
    Rule("proportional", "Everyone gets the same share of their need.", (FLOOR, REMAINDER, COUNTED, TIERS)),
    Rule("queue", "Paid in the order of asking until the money is used.", (LAST, COUNTED, TIERS)),
    Rule("draw", "Paid in an order drawn by lot; here, in an example of one.", (LAST, COUNTED, TIERS)),
    Rule("equal_losses", "Everyone goes without the same amount.", (FLOOR, REMAINDER, COUNTED, TIERS)),
    Rule(
        "talmud",
        "Like equal awards up to half of each need, then equal losses.",
        (FLOOR, REMAINDER, COUNTED, TIERS),
    ),
)
# Each rule may stand there a second time with other numbers.
SECONDS = {f"{rule.code}2": rule.code for rule in _RULES}
RULES = {rule.code: rule for rule in _RULES} | {
    f"{rule.code}2": replace(rule, code=f"{rule.code}2", engine=rule.code) for rule in _RULES
}
START = ("equal_awards", "proportional", "queue")
# An amount with its sign, and one with more digits than an amount is read with: numbers, but not usable ones.
_BELOW_ZERO = re.compile(r"\$?\s*[-−]\s*\$?\s*[0-9][0-9,.]*")
_HUGE = re.compile(r"\$?\s*[0-9]{13,}(\.[0-9]{0,2})?")


@dataclass(frozen=True)
class Setting:
    """One rule with its knobs as they were typed, and what was wrong with them. Units: cents."""

    rule: Rule
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    cap_cents: int

    @property
    def need_cents(self) -> int:
        """Up to what each need counts; only for a setting without errors."""
        return money.parse_cents(self.typed["need"])

    @property
    def counts_as_policy(self) -> bool:
        """Whether each need counts as a round would count it."""
        return self.need_cents == self.cap_cents

    def document(self) -> dict[str, Any]:
        """This will return the rule as the engine reads it; only for a setting without errors."""
        found: dict[str, Any] = {"version": 1, "rule": self.rule.word}
        if "floor" in self.typed:
            found["floor_cents"] = money.parse_cents(self.typed["floor"])
        if found.get("floor_cents") and self.typed["remainder"] != REMAINDER.start:
            found["remainder"] = self.typed["remainder"]
        if "last" in self.typed:
            found["last"] = self.typed["last"]
        return found | _tiers(self.typed.get("tiers", TIERS.start))

    def tried(self) -> dict[str, Any]:
        """This will return the rule as the workbench tries it, with what counts where no round counts so."""
        return self.document() | ({} if self.counts_as_policy else {NEED: self.need_cents})


def _tiers(choice: str) -> dict[str, Any]:
    if choice == TIERS.start:
        return {}
    whole: dict[str, Any] = {"tiers": "urgency"}
    if choice in PARTS:
        urgent_bp = int(choice) * 100
        whole["tier_shares_bp"] = [urgent_bp, 10_000 - urgent_bp]
    return whole


def read(code: str, sent: Mapping[str, Any], *, cap_cents: int) -> Setting:
    """This will read one rule's knobs from a form or a query string, named like `queue-last`."""
    rule = RULES[code]
    cap = typed_cents(cap_cents)
    typed = {knob.name: str(sent.get(f"{code}-{knob.name}", knob.start or cap))[:40] for knob in rule.knobs}
    wrong = {knob.name: _fault(knob, typed[knob.name]) for knob in rule.knobs}
    return Setting(rule, typed, {name: sentence for name, sentence in wrong.items() if sentence}, cap_cents)


def shown(text: str) -> list[str]:
    """This will read which rules stand side by side, from words with commas; the usual ones for none."""
    asked = [code for code in dict.fromkeys(text.split(",")) if code in RULES]
    return asked[:MOST_SHOWN] or list(START)


def left_out(text: str) -> list[str]:
    """This will say, a sentence each, which of the rules asked for with commas do not stand there."""
    asked = list(dict.fromkeys(word for word in text.split(",") if word))
    known = [code for code in asked if code in RULES]
    # A word may be anything that somebody typed into an address, so only its start is repeated.
    unknown = [word[:40] for word in asked if word not in RULES]
    said = [f"There is no rule called “{word}”, so it is not shown." for word in unknown]
    more = [RULES[code].title for code in known[MOST_SHOWN:]]
    if more:
        said.append(f"Only {MOST_SHOWN} rules stand side by side. Left out: {', '.join(more)}.")
    return said[:MOST_SHOWN]


def refusal(setting: Setting) -> str:
    """This will say why no round may carry a rule as it is tried; empty where one may."""
    if setting.rule.word == "draw":
        return "This order is an example. A draw is prepared on a page of its own, from the list of rounds."
    if not setting.counts_as_policy:
        cap = money.dollars(setting.cap_cents, whole=True)
        return f"A round counts each need up to the policy's {cap}. This is for comparison only."
    return ""


def typed_cents(cents: int) -> str:
    """This will write an amount as it stands in a number box."""
    return money.wire(cents).removesuffix(".00")


def query_of(documents: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """This will return the query string that loads tried rules; a third of one kind is left out."""
    found: dict[str, str] = {}
    codes: list[str] = []
    for document in documents:
        code = str(document["rule"])
        code = f"{code}2" if code in codes else code
        if code in codes or code not in RULES:
            continue
        codes.append(code)
        knobs = {knob.name for knob in RULES[code].knobs}
        found |= {f"{code}-{name}": value for name, value in _typed(document).items() if name in knobs}
    return {"rules": ",".join(codes), **found}


def _typed(document: Mapping[str, Any]) -> dict[str, str]:
    typed = {name: str(document[name]) for name in ("last", "remainder") if name in document}
    if document.get("tiers"):
        shares = document.get("tier_shares_bp")
        typed["tiers"] = str(shares[0] // 100) if shares else "first"
    amounts = (("floor", "floor_cents"), ("need", NEED))
    return typed | {name: typed_cents(document[key]) for name, key in amounts if key in document}


def titles(settings: Sequence[Setting], *, cap_cents: int) -> dict[str, str]:
    """This will name each setting by what sets it apart; only settings without errors."""
    tried = [(setting.document(), setting.need_cents) for setting in settings]
    codes = [setting.rule.code for setting in settings]
    return dict(zip(codes, rule_words.titles(tried, cap_cents=cap_cents), strict=True))


def _fault(knob: Knob, typed: str) -> str:
    if knob.options:
        return "" if typed in dict(knob.options) else "Choose one from the list."
    if _BELOW_ZERO.fullmatch(typed.strip()):
        return "The amount must not be below zero."
    if _HUGE.fullmatch(typed.strip()):
        return "That amount is too large."
    try:
        money.parse_cents(typed)
    except money.NotMoney as error:
        return str(error)
    return ""


def headline(row: Any) -> tuple[str, str]:
    """This will return the one figure of a rule's card, and what it is."""
    spread, code = row.spread, row.rule["rule"]
    if not spread.people_count:
        return "–", "nobody waits"
    if code == "equal_awards" and row.level_cents is not None and spread.paid_count:
        return _equal(row)
    if code in {"queue", "draw"}:
        return f"{spread.paid_count:,}", f"of {spread.people_count:,} people are paid"
    if code == "proportional" and not row.rule.get("floor_cents") and not row.rule.get("tiers"):
        return percent_bp(row.capped_met_bp), "of each need that counts is met"
    return percent_bp(row.capped_met_bp), "of all need that counts is met"


def _equal(row: Any) -> tuple[str, str]:
    """The equal award, or in words from what to what people get where several pots or tiers level apart."""
    spread = row.spread
    # Where there is a smallest grant, the equal part comes on top of it.
    equal_cents = row.level_cents + row.rule.get("floor_cents", 0)
    # A level is cut to whole cents, so one award may be a cent above it.
    if spread.highest_cents <= equal_cents + 1:
        more = "; the last cents make it a cent more for some" if spread.highest_cents > equal_cents else ""
        return money.dollars(equal_cents), f"is the equal award{more}"
    lowest, highest = money.dollars(spread.lowest_cents), money.dollars(spread.highest_cents)
    why = "by need and by what each pot or tier may pay"
    if lowest == highest:
        return highest, f"for each who is paid, {why}"
    return f"From {lowest} to {highest}", f"for each who is paid, {why}"


def lines(row: Any) -> list[dict[str, str]]:
    """This will return the figures of a rule's card, in the same order for each rule."""
    spread = row.spread
    found = (
        ("People paid", f"{spread.paid_count:,}"),
        ("Get nothing", f"{spread.unpaid_count:,}"),
        ("Need met, mean", percent_bp(spread.need_met_bp)),
        ("Median paid", money.dollars(spread.median_cents)),
        ("Lowest paid", money.dollars(spread.lowest_cents)),
        ("Highest paid", money.dollars(spread.highest_cents)),
        ("Gini (0: all alike)", f"{spread.gini_bp / 10_000:.3f}"),
        ("Paid out", money.dollars(spread.paid_cents)),
        *((label, money.dollars(cents)) for label, cents in rule_words.left_over(row)),
    )
    return [{"label": label, "value": value} for label, value in found]
