"""What one should know before choosing a rule, in words made from its figures alone."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from fundmgr.domain import money
from requests_app.exports.report_rows import percent

SMALL_CENTS = 5_000
# A step of coverage this high between neighbours is a cliff: fifty cents of each dollar.
CLIFF_BP = 5_000


def warnings(found: Any, pots: Sequence[Any]) -> list[str]:
    """This will say what stands against a rule, the weightiest first; nothing where nobody waits."""
    if not found.row.spread.people_count:
        return []
    return [*_left_out(found), *_unused(found, pots), *_sizes(found), *_bending(found)]


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
    if spread.unpaid_count:
        yield f"{_people(spread.unpaid_count)} nothing."
    if floor_cents * spread.people_count > row.estate_cents:
        yield (
            f"{money.dollars(floor_cents, whole=True)} for each of {spread.people_count:,} people is more "
            f"than the {money.dollars(row.estate_cents, whole=True)} to share."
        )
    if row.rule["rule"] == "queue":
        yield "Who asked first is paid first: hours of sending decide, not need."
    if row.rule["rule"] == "draw":
        yield "Chance decides. This order is an example from a public test seed: nobody is drawn by it."
    if 0 < spread.lowest_cents < SMALL_CENTS:
        yield f"Somebody gets only {money.dollars(spread.lowest_cents)}."


def _unused(found: Any, pots: Sequence[Any]) -> Iterator[str]:
    row, spread = found.row, found.row.spread
    for pot, used_cents in zip(pots[1:], row.pots_used_cents[1:], strict=True):
        if used_cents < pot.cents:
            yield f"{money.dollars(pot.cents - used_cents, whole=True)} for {pot.name} only stays unused."
    general_cents = row.general_left_cents
    if 0 < spread.median_cents < general_cents:
        yield f"{money.dollars(general_cents)} is left over, more than one usual grant."


def _sizes(found: Any) -> Iterator[str]:
    bands = found.figures.bands
    # A quarter more is a pattern; less may be chance.
    if len(bands) > 1 and 4 * bands[-1].met_bp > 5 * bands[0].met_bp:
        yield (
            f"The largest needs are met best: {percent(bands[-1].met_bp)}, "
            f"the smallest {percent(bands[0].met_bp)}."
        )
    steps = [abs(one.met_bp - other.met_bp) for one, other in pairwise(bands)]
    if steps and max(steps) >= CLIFF_BP:
        yield "There is a cliff between two sizes of need: cents for each dollar differ by half or more."


def _bending(found: Any) -> Iterator[str]:
    figures = found.figures
    if figures.inflating_gains_cents > 1:
        gain = money.dollars(figures.inflating_gains_cents)
        yield (
            "Larger needs get larger grants, so asking for more gets more: whoever doubles a usual need "
            f"gains {gain}."
        )
    elif found.row.rule["rule"] in {"proportional", "equal_losses"}:
        yield "Larger needs get larger grants, so asking for more gets more."
    if figures.splitting_gains_cents > 1:
        gain = money.dollars(figures.splitting_gains_cents)
        yield f"Asking twice for half gains {gain}: judge duplicates first."


def _people(count: int) -> str:
    return "1 person gets" if count == 1 else f"{count:,} people get"
