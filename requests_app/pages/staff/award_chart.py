"""How many people get how much: one bar for each size of award, the fullest as the point."""

from collections.abc import Sequence
from itertools import pairwise

from fundmgr.domain import money
from requests_app.exports.charts import Chart, Row, row_bars

# Upper ends in cents; what is above the last has a bar of its own.
STEPS = (25_000, 50_000, 75_000, 100_000, 125_000, 150_000, 300_000, 500_000, 750_000)


def people_by_size(amounts_cents: Sequence[int], *, verb: str) -> Chart | None:
    """This will draw people by size of what they get or need, in cents; None where there is nobody."""
    if not amounts_cents:
        return None
    rows = [row for row in _rows(amounts_cents) if row.amount]
    most = max(range(len(rows)), key=lambda place: rows[place].amount)
    title = f"{rows[most].amount:,} of {len(amounts_cents):,} people {verb} {rows[most].label}"
    svg = row_bars(title, rows, point=most, write="{:,}".format)
    table = [[row.label, f"{row.amount:,}"] for row in rows]
    return Chart(title, "People by size of amount.", svg, ["Amount", "People"], table)


def _rows(amounts_cents: Sequence[int]) -> list[Row]:
    ends = [0, *STEPS]
    rows = []
    for low, high in pairwise(ends):
        count = sum(low < cents <= high for cents in amounts_cents)
        label = f"up to {_said(high)}" if low == 0 else f"{_said(low)} to {_said(high)}"
        rows.append(Row(label, count))
    rows.append(Row(f"over {_said(ends[-1])}", sum(cents > ends[-1] for cents in amounts_cents)))
    return rows


def _said(cents: int) -> str:
    return money.dollars(cents, whole=True)
