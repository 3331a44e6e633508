"""Charts of standing bars: the waterfall, the paired histogram, and requests by day."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from fundmgr.domain.money import dollars
from requests_app.exports.svg.canvas import Canvas, Chart, Row, letters, percent, share_of, wrap

# Share of its slot that a standing bar fills.
FILL = 0.68


class Step(NamedTuple):
    """One step of a waterfall: a total that stands on zero, or a change that hangs from the last step."""

    label: str
    amount: int
    is_total: bool = False


class Bin(NamedTuple):
    """One size of ask: how many people, and how many cents they ask for together."""

    label: str
    people: int
    cents: int


class _Column(NamedTuple):
    step: Step
    low: int
    high: int
    level: int


def _stack(steps: Sequence[Step]) -> list[_Column]:
    columns, level = [], 0
    for step in steps:
        before, level = (0, step.amount) if step.is_total else (level, level + step.amount)
        columns.append(_Column(step, min(before, level), max(before, level), level))
    return columns


def waterfall(
    *, title: str, steps: Sequence[Step], note: str = "", standalone: bool = False, is_wide: bool = False
) -> Chart:
    """This will draw how one amount becomes another, step by step; the last total is the point.

    Units: integer cents; a change below zero takes away.
    """
    columns, plot, top = _stack(steps), 240, 28
    high = max([0, *(column.high for column in columns)])
    low = min([0, *(column.low for column in columns)])
    canvas = Canvas(height=plot + top + 48, standalone=standalone)

    def down(level: int) -> float:
        return round(top + plot * (1 - share_of(level - low, high - low)), 1)

    slot = 1 / max(1, len(columns))
    for share in (0, 0.5, 1):
        level = low + round((high - low) * share)
        canvas.line(0, down(level), 1, down(level), "s-grid")
    for place, (column, following) in enumerate(pairwise(columns)):
        ends = down(column.level)
        if following.step.is_total or following.low <= column.level <= following.high:
            canvas.line((place + 0.84) * slot, ends, (place + 1.16) * slot, ends, "s-dash")
    for place, column in enumerate(columns):
        last = place == len(columns) - 1
        top_at, foot_at = down(column.high), down(column.low)
        _draw_step(canvas, column, left=place * slot, slot=slot, top=top_at, foot=foot_at, last=last)
    canvas.line(0, down(0), 1, down(0), "s-axis")
    for place, column in enumerate(columns):
        css = "a-m t-made" if place == len(columns) - 1 else "a-m t-mut"
        for line, words in enumerate(wrap(column.step.label, letters(len(columns), is_wide=is_wide))):
            canvas.text((place + 0.5) * slot, top + plot + 20 + line * 16, words, css)
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Step", "Dollars"],
        rows=[[step.label, dollars(step.amount, whole=True)] for step in steps],
    )


def _draw_step(
    canvas: Canvas, column: _Column, *, left: float, slot: float, top: float, foot: float, last: bool
) -> None:
    inset, css = slot * (1 - FILL) / 2, "f-made" if last else "f-1"
    if not column.step.is_total and column.step.amount < 0:
        css = "f-away"
    if column.high == column.low:
        canvas.line(left + inset, top, left + slot - inset, top, "s-ink")
    else:
        # A change of a few dollars in a million must still be seen.
        canvas.rect(left + inset, top, slot * FILL, max(4.0, foot - top), css)
    words = dollars(column.step.amount, whole=True)
    canvas.text(left + slot / 2, top - 8, words, "a-m " + ("t-made" if last else "t-b"))


def histogram(
    *, title: str, bins: Sequence[Bin], point_from: int, note: str = "", standalone: bool = False
) -> Chart:
    """This will draw people by size of ask, and under it the dollars added up from the smallest ask.

    Shapes: bins from `point_from` on are the point of the title and get the accent.
    Units: people are counts, cents are integers.
    """
    people, cents = sum(one.people for one in bins), sum(one.cents for one in bins)
    canvas = Canvas(height=470, standalone=standalone, end=48)
    _people_panel(canvas, bins, point_from, people)
    _dollar_panel(canvas, bins, point_from, cents)
    running = list(accumulate(one.cents for one in bins))
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Size of ask", "People", "Share of people", "Dollars", "Share added up"],
        rows=[
            [
                one.label,
                f"{one.people:,}",
                percent(one.people, people),
                dollars(one.cents, whole=True),
                percent(sofar, cents),
            ]
            for one, sofar in zip(bins, running, strict=True)
        ],
    )


def _people_panel(canvas: Canvas, bins: Sequence[Bin], point_from: int, people: int) -> None:
    slot, foot, plot = 1 / max(1, len(bins)), 236, 150
    most = max((one.people for one in bins), default=0)
    canvas.text(0, 14, "People in each size of ask", "t-mut t-b")
    for place, one in enumerate(bins):
        middle, high = (place + 0.5) * slot, share_of(one.people, most) * plot
        point = place >= point_from
        canvas.rect(place * slot + slot * 0.08, foot - high, slot * 0.84, high, "f-made" if point else "f-1")
        canvas.text(middle, foot - high - 21, f"{one.people:,}", "a-m " + ("t-made" if point else "t-b"))
        canvas.text(middle, foot - high - 6, percent(one.people, people), "a-m t-mut")
        canvas.text(middle, foot + 19, one.label, "a-m")
    if 0 < point_from < len(bins):
        tallest = max(one.people for one in bins[point_from:])
        top = foot - share_of(tallest, most) * plot - 48
        canvas.line(point_from * slot + slot * 0.08, top, 1 - slot * 0.08, top, "s-made")
        for side in (point_from * slot + slot * 0.08, 1 - slot * 0.08):
            canvas.line(side, top, side, top + 7, "s-made")
        words = f"{percent(sum(one.people for one in bins[point_from:]), people)} of people"
        canvas.text((point_from * slot + 1) / 2, top - 8, words, "a-m t-made")
    canvas.line(0, foot, 1, foot, "s-axis")


def _dollar_panel(canvas: Canvas, bins: Sequence[Bin], point_from: int, cents: int) -> None:
    slot, foot, plot, before = 1 / max(1, len(bins)), 464, 150, 0
    canvas.text(0, 288, "Dollars asked, added up from the smallest ask", "t-mut t-b")
    for place, one in enumerate(bins):
        left, point, last = place * slot + slot * 0.08, place >= point_from, place == len(bins) - 1
        base, high = share_of(before, cents) * plot, share_of(one.cents, cents) * plot
        canvas.rect(left, foot - base, slot * 0.84, base, "f-4")
        canvas.rect(left, foot - base - high, slot * 0.84, high, "f-made" if point else "f-1")
        before += one.cents
        words = dollars(cents, whole=True) if last else percent(before, cents)
        css = "a-e " if last else "a-m "
        middle = left + slot * 0.84 if last else (place + 0.5) * slot
        canvas.text(middle, foot - base - high - 7, words, css + ("t-made" if point else ""))
    if 0 < point_from < len(bins):
        part = sum(one.cents for one in bins[point_from:])
        top, low = foot - plot, foot - plot + share_of(part, cents) * plot
        canvas.line(0.995, top, 0.995, low, "s-made")
        canvas.text(0.995, (top + low) / 2 + 5, percent(part, cents), "t-made", shift=7)
    canvas.line(0, foot, 1, foot, "s-axis")


def arrivals(*, title: str, days: Sequence[Row], note: str = "", standalone: bool = False) -> Chart:
    """This will draw requests by day, with the count above each bar; the fullest day is the point."""
    canvas, plot, foot = Canvas(height=230, standalone=standalone), 160, 188
    most = max((day.amount for day in days), default=0)
    slot = 1 / max(1, len(days))
    for place, day in enumerate(days):
        high, point = share_of(day.amount, most) * plot, day.amount == most > 0
        canvas.rect(place * slot + slot * 0.16, foot - high, slot * FILL, high, "f-made" if point else "f-1")
        words = f"{day.amount:,}"
        canvas.text((place + 0.5) * slot, foot - high - 7, words, "a-m " + ("t-made" if point else "t-b"))
        for line, part in enumerate(wrap(day.label, letters(len(days)))):
            canvas.text((place + 0.5) * slot, foot + 18 + line * 15, part, "a-m t-mut")
    canvas.line(0, foot, 1, foot, "s-axis")
    rows = [[day.label, f"{day.amount:,}"] for day in days]
    return Chart(title=title, note=note, svg=canvas.render(title), head=["Day", "Requests"], rows=rows)
