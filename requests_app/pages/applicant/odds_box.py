"""The honest odds as a worker reads them, before starting and after sending."""

from typing import Any

from django.utils.translation import gettext as _

from requests_app.pages.public_words import rule_box
from requests_app.queries.honest_odds import LEAST_REQUESTS, Odds
from requests_app.queries.public import FundNumbers
from requests_app.queries.published_rules import from_snapshot
from requests_app.templatetags.fund_ui import money

HUNDRED = 100


def box(odds: Odds, *, tier: int | None = None) -> dict[str, Any]:
    """This will return the odds as components/my_odds.html reads them; nothing in it is guessed.

    Shapes: `tier` is the group of one who has asked, for a rule that shares group by group.
    """
    return {
        "too_early": odds.too_early,
        "is_stale": odds.is_stale,
        "covers_all": odds.covers_all,
        "in_fund_cents": odds.free_cents,
        "asked_cents": odds.asked_cents,
        "cents_per_dollar": cents_in_words(odds.cents_per_dollar),
        "range": "" if odds.too_early or odds.covers_all else _range(odds, tier),
        "updated_at": odds.moment,
        "rule": rule_box(from_snapshot(odds.rule)),
    }


def odds_of(numbers: FundNumbers) -> dict[str, Any]:
    """This will return the whole story of the money as components/odds.html shows it to everybody."""
    return {
        "too_early": numbers.too_early,
        "covers_all": numbers.covers_all,
        "in_fund_cents": numbers.received_cents,
        "asked_cents": numbers.asked_cents,
        "requests": numbers.requests_count,
        "cents_per_dollar": cents_in_words(numbers.cents_per_dollar),
        "updated_at": numbers.as_of,
        "rule": {},
    }


def cents_in_words(cents: int) -> str:
    """This will say how many cents there are for each dollar."""
    if cents == 0:
        return _("less than 1 cent")
    return _("1 cent") if cents == 1 else _("%(cents)s cents") % {"cents": cents}


def far_words(numbers: FundNumbers) -> str:
    """This will say in one sentence how far the money goes, as the fund's page says it."""
    if numbers.too_early:
        return _("It is too early to say")
    if numbers.covers_all:
        return _("The fund has enough for all that was asked so far")
    if not numbers.received_cents:
        return _("The fund has no money yet")
    said = {"cents": cents_in_words(numbers.cents_per_dollar)}
    return _("The fund has %(cents)s for each dollar asked for") % said


def _range(odds: Odds, tier: int | None) -> str:
    """What the rule's last dry run gave: of a draw how many are drawn, of others between which amounts."""
    run = odds.run
    if not run:
        return ""
    if odds.rule.get("rule", {}).get("rule") == "draw":
        drawn = HUNDRED * run["paid"] // run["people"]
        if not drawn:
            return _("If we drew names today, fewer than 1 of each 100 people would get money.")
        return _("If we drew names today, about %(n)s of each 100 people would get money.") % {"n": drawn}
    group = _group(odds, tier)
    low, high = (money(cents, "whole") for cents in group or (run["low_cents"], run["high_cents"]))
    return _said(is_one=low == high, is_group=group is not None) % {"low": low, "high": high}


def _said(*, is_one: bool, is_group: bool) -> str:
    if is_group and is_one:
        return _("If we paid today, most people in your group would get %(high)s.")
    if is_group:
        return _("If we paid today, most people in your group would get %(low)s to %(high)s.")
    if is_one:
        return _("If we paid today, most people would get %(high)s.")
    return _("If we paid today, most people would get %(low)s to %(high)s.")


def _group(odds: Odds, tier: int | None) -> tuple[int, int] | None:
    """Between which amounts most of one's own group lie; None where groups count nothing or are too small."""
    if tier is None or not odds.rule["promises"]["tiered"]:
        return None
    for of, people, _paid, low_cents, high_cents in odds.run.get("groups", ()):
        if of == tier and people >= LEAST_REQUESTS:
            return low_cents, high_cents
    return None
