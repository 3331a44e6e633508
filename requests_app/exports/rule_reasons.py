"""What speaks for a rule beside the others, in words made from its figures and declared promises alone."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from fundmgr.domain import money
from fundmgr.domain.ratios import tenths
from requests_app.exports import paper_words
from requests_app.exports.paper_words import on_paper as _

# A quarter more is a pattern; less may be chance, where the rule does not look at what is led in.
PATTERN = Fraction(5, 4)
# What a rule may promise that a board looks for; each is a sentence of `allocation.properties`.
GOOD = (
    "Each need that counts is paid in full in the order of the list until the money is gone.",
    "Each need that counts is paid in full in an order drawn by lot until the money is gone.",
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
    floor_cents = found.row.rule.get("floor_cents", 0)
    if floor_cents:
        least = {"amount": money.dollars(floor_cents)}
        yield _("Nobody who is paid gets less than %(amount)s, or all of a need below it.") % least
    if _leads(found, rules, lambda one: int(one.figures.poorest_tenth_bp)):
        share = {"share": f"{tenths(found.figures.poorest_tenth_bp)}%"}
        yield _("The tenth who get the least of their need get the most of it here: %(share)s.") % share
    if _leads(found, rules, _urgent_bp, by=PATTERN):
        cents = {"cents": tenths(_urgent_bp(found))}
        yield _("It meets urgent requests best: %(cents)s cents for each dollar of need.") % cents
    if _leads(found, rules, lambda one: int(one.row.spread.median_cents)):
        yield _("Whoever is paid gets the most here: usually %(amount)s.") % {
            "amount": money.dollars(spread.median_cents)
        }


def _leads(
    found: Any, rules: Sequence[Any], figure: Callable[[Any], int], *, by: Fraction = Fraction(1)
) -> bool:
    """Behind none, and ahead of one by more than so many times its figure."""
    figures = [figure(one) for one in rules]
    return figure(found) == max(figures) > by * min(figures)


def _urgent_bp(one: Any) -> int:
    return next((int(row.met_bp) for row in one.figures.tiers if row.tier == 1), 0)
