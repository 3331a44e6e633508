"""The strip of a smallest grant: step by step, how many people it would leave with nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from fundmgr.domain.money import dollars
from requests_app.exports.svg.canvas import Canvas, Chart, Row, share_of
from requests_app.exports.svg.rows import row_bars

PLOT, PITCH = 64, 116
_FILL = 0.68


class Strip(NamedTuple):
    """One rule's strip: (smallest grant in cents, people with nothing) each, rising; and the one typed."""

    label: str
    losing: Sequence[tuple[int, int]]
    floor_cents: int = 0
    is_chosen: bool = False


def break_even(*, title: str, strips: Sequence[Strip], note: str = "", standalone: bool = False) -> Chart:
    """This will draw one strip a rule, all to one scale, with a line at the smallest grant typed now.

    Shapes: all strips have the same steps, at least one.
    Units: cents, and people.
    """
    canvas = Canvas(height=len(strips) * PITCH + 20, standalone=standalone)
    most = max(people for strip in strips for _, people in strip.losing)
    slot = 1 / len(strips[0].losing)
    for row, strip in enumerate(strips):
        top = row * PITCH
        canvas.text(0, top + 14, strip.label, "t-made" if strip.is_chosen else "t-b")
        _bars(canvas, strip, top=top + 38, slot=slot, most=most)
    for place, (floor_cents, _) in enumerate(strips[0].losing):
        words = dollars(floor_cents, whole=True)
        canvas.text((place + 0.5) * slot, len(strips) * PITCH + 8, words, "a-m t-mut")
    chosen = next((strip for strip in strips if strip.is_chosen), strips[0])
    steps = [Row(dollars(floor_cents, whole=True), people) for floor_cents, people in chosen.losing]
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Smallest grant", *(strip.label for strip in strips)],
        rows=[
            [step.label, *(f"{strip.losing[place][1]:,}" for strip in strips)]
            for place, step in enumerate(steps)
        ],
        narrow=row_bars(title, steps, write=lambda people: f"{people:,}"),
    )


def _bars(canvas: Canvas, strip: Strip, *, top: int, slot: float, most: int) -> None:
    foot, inset = top + PLOT, slot * (1 - _FILL) / 2
    for place, (_, people) in enumerate(strip.losing):
        high = round(PLOT * share_of(people, most), 1)
        css = "f-made" if strip.is_chosen else "f-1"
        canvas.rect(place * slot + inset, foot - high, slot * _FILL, high, css)
        canvas.text((place + 0.5) * slot, foot - high - 5, f"{people:,}", "a-m t-b")
    canvas.line(0, foot, 1, foot, "s-axis")
    if strip.floor_cents:
        below = sum(floor_cents <= strip.floor_cents for floor_cents, _ in strip.losing)
        canvas.line(below * slot, top - 12, below * slot, foot, "s-dash")
