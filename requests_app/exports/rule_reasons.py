"""What speaks for a rule beside the others, in words made from its figures and declared promises alone."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fundmgr.domain import money
from fundmgr.domain.ratios import tenths
from requests_app.exports import paper_words
from requests_app.exports.paper_words import on_paper as _

# What a rule may promise that a board looks for; each is a sentence of `allocation.properties`.
GOOD = (
    "Asking for more than the common amount does not get you more.",
    "Sending early does not help.",
    "Sending early does not help: the order is drawn by lot, and anybody can check the draw.",
)


def reasons(found: Any, rules: Sequence[Any]) -> list[str]:
    """This will say what speaks for a rule among those beside it, the weightiest first.

    Shapes: `rules` are all that stand side by side, `found` among them; nothing where nobody is paid.
    """
    if not found.row.spread.paid_count:
        return []
    promised = (one for one in GOOD if one in found.figures.promises)
    return [*_best(found, rules), *(paper_words.promise(one) for one in promised)]


def _best(found: Any, rules: Sequence[Any]) -> Iterator[str]:
    """In what a rule is ahead of another and behind none."""
    spread = found.row.spread
    if not spread.unpaid_count:
        yield _("Everybody gets something.")
    elif _leads(found, rules, lambda one: int(one.row.spread.paid_count)):
        yield _("It pays the most people: %(count)s.") % {"count": f"{spread.paid_count:,}"}
    if _leads(found, rules, lambda one: int(one.figures.poorest_tenth_bp)):
        share = {"share": f"{tenths(found.figures.poorest_tenth_bp)}%"}
        yield _("It meets the largest part of the need of the worst-off tenth: %(share)s.") % share
    # A rule that treats all alike is ahead here by who happens to ask, which is no reason to choose it.
    if found.row.rule.get("tiers") and _leads(found, rules, _urgent_bp):
        cents = {"cents": tenths(_urgent_bp(found))}
        yield _("It meets urgent requests best: %(cents)s cents for each dollar of need.") % cents
    if _leads(found, rules, lambda one: int(one.row.spread.median_cents)):
        yield _("Those whom it pays get the most: half of them %(amount)s or more.") % {
            "amount": money.dollars(spread.median_cents)
        }


def _leads(found: Any, rules: Sequence[Any], figure: Callable[[Any], int]) -> bool:
    figures = [figure(one) for one in rules]
    return figure(found) == max(figures) > min(figures)


def _urgent_bp(one: Any) -> int:
    return next((int(row.met_bp) for row in one.figures.tiers if row.tier == 1), 0)
