"""What one should know before choosing a rule, in words made from its figures alone."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from fundmgr.domain import money
from fundmgr.domain.ratios import tenths
from requests_app.exports import rule_words
from requests_app.exports.paper_words import on_paper as _
from requests_app.exports.report_rows import percent

SMALL_CENTS = 5_000
# A step of coverage this high between neighbours is a cliff: fifty cents of each dollar.
CLIFF_BP = 5_000
# Between tiers one that gets twice as much as the other is one too, from five cents of each dollar on.
TIER_CLIFF_BP = 500


def warnings(found: Any) -> list[str]:
    """This will say what stands against a rule, the weightiest first; nothing where nobody waits."""
    if not found.row.spread.people_count:
        return []
    return [
        *_left_out(found),
        *_unused(found),
        *_tiers(found),
        *_sizes(found),
        *_bending(found),
    ]


def band_name(band: int, edges: Sequence[int]) -> str:
    """This will name a size of need, like `$1,000 to $2,000`."""
    low = money.dollars(edges[band - 1], whole=True) if band else ""
    high = money.dollars(edges[band], whole=True) if band < len(edges) else ""
    if not low:
        return f"under {high}"
    return f"{low} to {high}" if high else f"{low} and more"


def _left_out(found: Any) -> Iterator[str]:
    row, spread = found.row, found.row.spread
    floor_cents = row.rule.get("floor_cents", 0)
    if spread.unpaid_count == 1:
        yield _("1 person gets nothing.")
    elif spread.unpaid_count:
        yield _("%(count)s people get nothing.") % {"count": f"{spread.unpaid_count:,}"}
    if floor_cents * spread.people_count > row.estate_cents:
        yield _("%(floor)s for each of %(people)s people is more than the %(money)s to share.") % {
            "floor": _whole(floor_cents),
            "people": f"{spread.people_count:,}",
            "money": _whole(row.estate_cents),
        }
    if row.rule["rule"] == "queue":
        yield _("Who asked first is paid first: hours of sending decide, not need.")
    if row.rule["rule"] == "draw":
        yield _("Chance decides. The order here is only an example: the draw itself comes later.")
    if 0 < spread.lowest_cents < SMALL_CENTS:
        yield _("Somebody gets only %(amount)s.") % {"amount": money.dollars(spread.lowest_cents)}


def _unused(found: Any) -> Iterator[str]:
    spread, general_cents = found.row.spread, found.row.general_left_cents
    for pot in found.tied:
        if pot.unused_cents:
            yield _("%(amount)s for %(pot)s only stays unused.") % {
                "amount": _whole(pot.unused_cents),
                "pot": pot.name,
            }
        if pot.unused_cents and pot.freed_pays_cents:
            yield _if_free(pot)
    if 0 < spread.median_cents < general_cents:
        amount = money.dollars(general_cents)
        yield _("%(amount)s is left over, more than one usual grant.") % {"amount": amount}


def _if_free(pot: Any) -> str:
    more = {"amount": _whole(pot.freed_pays_cents), "people": f"{pot.freed_people_count:,}"}
    if pot.freed_people_count == 1:
        return _("If it could go to anybody, %(amount)s more would be paid, to 1 person.") % more
    return _("If it could go to anybody, %(amount)s more would be paid, to %(people)s people.") % more


def _tiers(found: Any) -> Iterator[str]:
    """Two people whose needs are alike lie far apart where one is in the first tier."""
    covered = rule_words.covered_tiers(found.figures)
    if not covered:
        return
    (_urgent, urgent_bp), (_others, others_bp) = covered
    low, high = sorted((urgent_bp, others_bp))
    if high >= 2 * low and high - low >= TIER_CLIFF_BP:
        yield _(
            "There is a cliff between tiers: urgent requests get %(urgent)s cents for each dollar of need, "
            "others %(others)s."
        ) % {"urgent": tenths(urgent_bp), "others": tenths(others_bp)}


def _sizes(found: Any) -> Iterator[str]:
    bands = found.figures.bands
    if len(bands) > 1:
        smallest_bp, largest_bp = bands[0].met_bp, bands[-1].met_bp
        shares = {"largest": percent(largest_bp), "smallest": percent(smallest_bp)}
        # A quarter more is a pattern; less may be chance.
        if 4 * largest_bp > 5 * smallest_bp:
            yield _("The largest needs are met best: %(largest)s, the smallest %(smallest)s.") % shares
        elif 4 * smallest_bp > 5 * largest_bp:
            yield _("The largest needs are met least: %(largest)s, the smallest %(smallest)s.") % shares
    steps = [abs(one.met_bp - other.met_bp) for one, other in pairwise(bands)]
    if steps and max(steps) >= CLIFF_BP:
        yield _("There is a cliff between two sizes of need: cents for each dollar differ by half or more.")


def _bending(found: Any) -> Iterator[str]:
    figures = found.figures
    if figures.inflating_gains_cents > 1:
        yield _(
            "Larger needs get larger grants, so asking for more gets more: whoever doubles a usual need "
            "gains %(gain)s."
        ) % {"gain": money.dollars(figures.inflating_gains_cents)}
    elif found.row.rule["rule"] in {"proportional", "equal_losses"}:
        yield _("Larger needs get larger grants up to what counts, so asking for more gets more.")
    if figures.splitting_gains_cents > 1:
        gain = money.dollars(figures.splitting_gains_cents)
        yield _("Sending two requests for half each gains %(gain)s: look for duplicates first.") % {
            "gain": gain
        }


def _whole(cents: int) -> str:
    return money.dollars(cents, whole=True)
