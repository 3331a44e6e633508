"""Charts of rules side by side: the Lorenz curves over each other, and what each size of need gets."""

from collections.abc import Sequence
from typing import NamedTuple

from fundmgr.domain.ratios import tenths
from requests_app.exports.svg.canvas import Canvas, Chart, fit, share_of
from requests_app.exports.svg.lines import UNITS

TOP, PLOT, NAME = 12, 280, 22
_WHOLE_BP = 10_000
# Room for the names of groups before the bars.
START = 170
_DASHES = ("s-line-2", "s-line-3", "s-line-4", "s-line-5")


class Curve(NamedTuple):
    """One rule's curve: its name, its points from nobody to everybody, its Gini; in basis points."""

    label: str
    points_bp: Sequence[int]
    gini_bp: int
    is_chosen: bool = False


class Covered(NamedTuple):
    """One rule's bars: (group, basis points met) each."""

    label: str
    groups: Sequence[tuple[str, int]]
    is_chosen: bool = False


def lorenz(*, title: str, curves: Sequence[Curve], note: str = "", standalone: bool = False) -> Chart:
    """This will draw what share of the money the least paid hold together, one line a rule.

    Shapes: all curves have the same number of points. The names stand below, where long ones have room.
    """
    canvas = Canvas(height=TOP + PLOT + 46 + len(curves) * NAME, standalone=standalone, start=56)
    for quarter in range(5):
        down = TOP + PLOT * (1 - quarter / 4)
        canvas.line(0, down, 1, down, "s-axis" if quarter == 0 else "s-grid")
        canvas.text(0, down + 5, f"{quarter * 25}%", "a-e t-mut", shift=-10)
        if quarter:
            canvas.text(quarter / 4, TOP + PLOT + 20, f"{quarter * 25}%", "a-e t-mut")
    canvas.text(0, TOP + PLOT + 40, "Share of people, from the least paid", "t-mut")
    canvas.marks.append(_lines(canvas, curves))
    for place, (curve, stroke) in enumerate(zip(curves, _strokes(curves), strict=True)):
        down = TOP + PLOT + 46 + place * NAME + 14
        canvas.line(0, down - 4, 0.08, down - 4, stroke)
        words = f"{fit(curve.label, 28)} {curve.gini_bp / _WHOLE_BP:.3f}"
        canvas.text(0.1, down, words, "t-made" if curve.is_chosen else "t-b")
    steps = max((len(curve.points_bp) for curve in curves), default=1) - 1
    rows = [
        [f"{100 * step // max(1, steps)}%", *(_percent(curve.points_bp[step]) for curve in curves)]
        for step in range(steps + 1)
    ]
    head = ["Least paid", *(curve.label for curve in curves)]
    return Chart(title=title, note=note, svg=canvas.render(title), head=head, rows=rows)


def _lines(canvas: Canvas, curves: Sequence[Curve]) -> str:
    drawn = f'<polyline class="s-grid" fill="none" points="0,{UNITS} {UNITS},0"/>'
    for curve, stroke in zip(curves, _strokes(curves), strict=True):
        step = UNITS / max(1, len(curve.points_bp) - 1)
        points = " ".join(
            f"{at * step:.1f},{UNITS * (1 - share_of(value, _WHOLE_BP)):.1f}"
            for at, value in enumerate(curve.points_bp)
        )
        drawn += f'<polyline class="{stroke}" points="{points}"/>'
    return (
        f'<svg x="{canvas.at(0)}" y="{TOP}" width="{canvas.at(1)}" height="{PLOT}" '
        f'viewBox="0 0 {UNITS} {UNITS}" preserveAspectRatio="none">{drawn}</svg>'
    )


def _strokes(curves: Sequence[Curve]) -> list[str]:
    """The chosen line is whole, each other has dashes of its own; without a choice the first is whole."""
    chosen = next((place for place, curve in enumerate(curves) if curve.is_chosen), 0)
    others = [place for place in range(len(curves)) if place != chosen]
    dashes = {place: _DASHES[at % len(_DASHES)] for at, place in enumerate(others)}
    return [
        f"{dashes.get(place, 's-line-1')} {'s-made' if curve.is_chosen else 's-ink'}"
        for place, curve in enumerate(curves)
    ]


def coverage_bars(*, title: str, rules: Sequence[Covered], note: str = "", standalone: bool = False) -> Chart:
    """This will draw, rule by rule, how many cents of each dollar of need every group gets."""
    lines = [(rule, group, met) for rule in rules for group, met in rule.groups]
    canvas = Canvas(
        height=max(1, len(lines) * 22 + len(rules) * 34), standalone=standalone, start=START, end=48
    )
    widest, down = max((met for _, _, met in lines), default=0), 0
    for rule in rules:
        # From the sheet's edge, as it may be longer than the names of groups have room.
        canvas.text(0, down + 16, rule.label, "t-made" if rule.is_chosen else "t-b", shift=-START)
        down += 24
        canvas.line(0, down, 0, down + len(rule.groups) * 22, "s-axis")
        for group, met in rule.groups:
            share = share_of(met, widest)
            canvas.text(0, down + 14, group, "a-e t-mut", shift=-14)
            canvas.rect(0, down + 2, share, 16, "f-made" if rule.is_chosen else "f-1")
            canvas.text(share, down + 15, tenths(met), "t-b", shift=8)
            down += 22
        down += 10
    groups = list(dict.fromkeys(group for _, group, _ in lines))
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Rule", *groups],
        rows=[[rule.label, *(_met(rule, group) for group in groups)] for rule in rules],
    )


def _met(rule: Covered, group: str) -> str:
    return next((tenths(met) for name, met in rule.groups if name == group), "")


def _percent(share_bp: int) -> str:
    return f"{tenths(share_bp)}%"
