"""Charts over time: what was asked and what was received, with the gap between them shaded."""

from collections.abc import Sequence

from fundmgr.domain.money import dollars
from requests_app.exports.svg.canvas import Canvas, Chart, share_of

TOP, PLOT = 16, 250
# Lines are drawn in a square of this many units and stretched; strokes keep their width.
UNITS = 1000


def gap_over_time(
    *,
    title: str,
    labels: Sequence[str],
    asked_cents: Sequence[int],
    received_cents: Sequence[int],
    note: str = "",
    standalone: bool = False,
) -> Chart:
    """This will draw dollars asked and dollars received so far, moment by moment, and shade the gap.

    Shapes: the three lists have one entry a moment, in order.
    Units: integer cents, added up since the start.
    """
    canvas = Canvas(height=TOP + PLOT + 34, standalone=standalone, start=56, end=110)
    high = max([0, *asked_cents, *received_cents])
    for quarter in range(5):
        down = TOP + PLOT * (1 - quarter / 4)
        canvas.line(0, down, 1, down, "s-axis" if quarter == 0 else "s-grid")
        canvas.text(0, down + 5, _short(high * quarter // 4), "a-e t-mut", shift=-10)
    canvas.marks.append(_area(canvas, asked_cents, high, "f-gap", "s-ink"))
    canvas.marks.append(_area(canvas, received_cents, high, "f-had", "s-made"))
    _ends(canvas, asked_cents, received_cents, high)
    # Seven dates fit side by side on a phone too.
    every = max(1, -(-len(labels) // 7))
    for place, label in enumerate(labels):
        if place % every == 0:
            canvas.text(place / max(1, len(labels) - 1), TOP + PLOT + 22, label, "a-m t-mut")
    rows = [
        [
            label,
            dollars(asked, whole=True),
            dollars(received, whole=True),
            dollars(asked - received, whole=True),
        ]
        for label, asked, received in zip(labels, asked_cents, received_cents, strict=True)
    ]
    head = ["Moment", "Asked", "Received", "Gap"]
    return Chart(title=title, note=note, svg=canvas.render(title), head=head, rows=rows)


def _area(canvas: Canvas, cents: Sequence[int], high: int, fill: str, stroke: str) -> str:
    step = UNITS / max(1, len(cents) - 1)
    points = " ".join(
        f"{place * step:.1f},{UNITS * (1 - share_of(value, high)):.1f}" for place, value in enumerate(cents)
    )
    shape = f'<polygon class="{fill}" points="0,{UNITS} {points} {UNITS},{UNITS}"/>' if cents else ""
    edge = f'<polyline class="{stroke}" points="{points}"/>' if cents else ""
    return (
        f'<svg x="{canvas.at(0)}" y="{TOP}" width="{canvas.at(1)}" height="{PLOT}" '
        f'viewBox="0 0 {UNITS} {UNITS}" preserveAspectRatio="none">{shape}{edge}</svg>'
    )


def _ends(canvas: Canvas, asked_cents: Sequence[int], received_cents: Sequence[int], high: int) -> None:
    asked, received = (values[-1] if values else 0 for values in (asked_cents, received_cents))
    upper, lower = (TOP + PLOT * (1 - share_of(value, high)) for value in (asked, received))
    # Two ends that meet would print over each other.
    if abs(upper - lower) < 44:  # noqa: PLR2004 the height of two lines of words
        upper, lower = min(upper, lower) - 22, min(upper, lower) + 22
    canvas.text(1, upper + 5, "Asked", "t-b", shift=10)
    canvas.text(1, upper + 22, dollars(asked, whole=True), "t-b", shift=10)
    canvas.text(1, lower - 12, "Received", "t-made", shift=10)
    canvas.text(1, lower + 5, dollars(received, whole=True), "t-made", shift=10)
    if asked > received and lower - upper > PLOT / 3:
        canvas.text(
            0.56, (upper + lower) / 2, f"Shortfall {dollars(asked - received, whole=True)}", "a-m t-huge"
        )


def _short(cents: int) -> str:
    units = cents // 100
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if units >= size:
            tenths = units * 10 // size
            return (
                f"${tenths // 10}{letter}" if tenths % 10 == 0 else f"${tenths // 10}.{tenths % 10}{letter}"
            )
    return f"${units}"
