"""What rules are called where they stand side by side: on the workbench and on a board's paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from fundmgr.domain import money
from requests_app.exports.paper_words import on_paper as _

TIER_NAMES = {1: gettext_noop("Urgent requests"), 2: gettext_noop("Other requests")}
GENERAL_LEFT, TIED_LEFT = gettext_noop("General money left"), gettext_noop("Tied money left")
TITLES = {
    "equal_awards": gettext_noop("Equal awards"),
    "proportional": gettext_noop("Proportional"),
    "queue": gettext_noop("First come"),
    "draw": gettext_noop("Draw"),
    "equal_losses": gettext_noop("Equal losses"),
    "talmud": gettext_noop("Talmud"),
}


def title_of(document: Mapping[str, Any]) -> str:
    """This will name the rule of a document, also one that is no longer offered."""
    code = str(document.get("rule", ""))
    title = _(TITLES.get(code) or code.replace("_", " ").capitalize())
    return f"{title}{tiers_of(document)}"


def covered_tiers(figures: Any) -> list[tuple[str, int]]:
    """This will say how far a rule covers urgent requests and others, in basis points of their need.

    Shapes: empty where all who wait are of one kind.
    """
    if len(figures.tiers) < len(TIER_NAMES):
        return []
    return [(_(TIER_NAMES[row.tier]), row.met_bp) for row in figures.tiers if row.tier in TIER_NAMES]


def left_over(row: Any) -> list[tuple[str, int]]:
    """This will say what a rule leaves, in cents; money tied to a purpose apart from the general.

    Shapes: `row` is what a rule would do; one line where there is one pot.
    """
    if len(row.pots_used_cents) == 1:
        return [(_("Left over"), row.general_left_cents)]
    return [(_(GENERAL_LEFT), row.general_left_cents), (_(TIED_LEFT), row.tied_left_cents)]


def tiers_of(document: Mapping[str, Any]) -> str:
    """This will say how a rule treats urgent requests, behind its name; empty for all alike."""
    if not document.get("tiers"):
        return ""
    shares = document.get("tier_shares_bp")
    if not shares:
        return _(", urgent requests first")
    return _(", %(share)s %% for urgent requests") % {"share": shares[0] // 100}


def titled(
    document: Mapping[str, Any], *, need_up_to_cents: int, cap_cents: int, says_cap: bool = False
) -> str:
    """This will name a tried rule by what sets it apart: another cap than the policy's, a smallest
    grant, and what becomes of the rest. With `says_cap` the policy's cap is named too."""
    title, floor_cents = title_of(document), document.get("floor_cents", 0)
    if says_cap or need_up_to_cents != cap_cents:
        title += _(", up to %(amount)s") % {"amount": money.dollars(need_up_to_cents, whole=True)}
    if not floor_cents:
        return title
    title += _(", from %(amount)s") % {"amount": money.dollars(floor_cents, whole=True)}
    return title + _(", the rest kept") if document.get("remainder") == "hold" else title


def titles(tried: Sequence[tuple[Mapping[str, Any], int]], *, cap_cents: int) -> list[str]:
    """This will name rules with what each counts up to, in cents, no two alike.

    Where one rule stands there with two caps, both are named: the one without would look uncapped.
    """
    found: list[str] = []
    for document, need_up_to_cents in tried:
        caps = {cents for other, cents in tried if title_of(other) == title_of(document)}
        title = titled(
            document, need_up_to_cents=need_up_to_cents, cap_cents=cap_cents, says_cap=len(caps) > 1
        )
        count = sum(other.partition(" (")[0] == title for other in found)
        found.append(f"{title} ({count + 1})" if count else title)
    return found
