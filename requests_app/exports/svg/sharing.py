"""Charts of rules side by side: the Lorenz curves over each other, and what each size of need gets."""

from collections.abc import Sequence
from typing import NamedTuple

from requests_app.exports.svg.canvas import Canvas, Chart, Row, fit, share_of
from requests_app.exports.svg.lines import UNITS
from requests_app.exports.svg.rows import row_bars

TOP, PLOT = 12, 280
_WHOLE_BP = 10_000
_STROKES = ("s-line-1", "s-line-2", "s-line-3", "s-line-4")


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

    Shapes: all curves have the same number of points. No curve rises above the diagonal, so the names stand
    in the corner over it.
    """
    canvas = Canvas(height=TOP + PLOT + 46, standalone=standalone, start=56)
    for quarter in range(5):
        down = TOP + PLOT * (1 - quarter / 4)
        canvas.line(0, down, 1, down, "s-axis" if quarter == 0 else "s-grid")
        canvas.text(0, down + 5, f"{quarter * 25}%", "a-e t-mut", shift=-10)
        if quarter:
            canvas.text(quarter / 4, TOP + PLOT + 20, f"{quarter * 25}%", "a-e t-mut")
    canvas.text(0, TOP + PLOT + 40, "Share of people, from the least paid", "t-mut")
    canvas.marks.append(_lines(canvas, curves))
    for place, curve in enumerate(curves):
        down = TOP + 14 + place * 22
        canvas.line(0.02, down - 4, 0.1, down - 4, _stroke(place, curve))
        words = f"{fit(curve.label, 16)} {curve.gini_bp / _WHOLE_BP:.3f}"
        canvas.text(0.12, down, words, "t-made" if curve.is_chosen else "t-b")
    steps = max((len(curve.points_bp) for curve in curves), default=1) - 1
    rows = [
        [f"{100 * step // max(1, steps)}%", *(_percent(curve.points_bp[step]) for curve in curves)]
        for step in range(steps + 1)
    ]
    head = ["Least paid", *(curve.label for curve in curves)]
    return Chart(title=title, note=note, svg=canvas.render(title), head=head, rows=rows)


def _lines(canvas: Canvas, curves: Sequence[Curve]) -> str:
    drawn = f'<polyline class="s-grid" fill="none" points="0,{UNITS} {UNITS},0"/>'
    for place, curve in enumerate(curves):
        step = UNITS / max(1, len(curve.points_bp) - 1)
        points = " ".join(
            f"{at * step:.1f},{UNITS * (1 - share_of(value, _WHOLE_BP)):.1f}"
            for at, value in enumerate(curve.points_bp)
        )
        drawn += f'<polyline class="{_stroke(place, curve)}" points="{points}"/>'
    return (
        f'<svg x="{canvas.at(0)}" y="{TOP}" width="{canvas.at(1)}" height="{PLOT}" '
        f'viewBox="0 0 {UNITS} {UNITS}" preserveAspectRatio="none">{drawn}</svg>'
    )


def _stroke(place: int, curve: Curve) -> str:
    dashes = _STROKES[place % len(_STROKES)]
    return f"{dashes} {'s-made' if curve.is_chosen else 's-ink'}"


def coverage_bars(*, title: str, rules: Sequence[Covered], note: str = "", standalone: bool = False) -> Chart:
    """This will draw, rule by rule, how many cents of each dollar of need every group gets."""
    lines = [(rule, group, met) for rule in rules for group, met in rule.groups]
    canvas = Canvas(
        height=max(1, len(lines) * 22 + len(rules) * 34), standalone=standalone, start=170, end=48
    )
    widest, down = max((met for _, _, met in lines), default=0), 0
    for rule in rules:
        canvas.text(0, down + 16, rule.label, "a-e " + ("t-made" if rule.is_chosen else "t-b"), shift=-14)
        down += 24
        for group, met in rule.groups:
            share = share_of(met, widest)
            canvas.text(0, down + 14, group, "a-e t-mut", shift=-14)
            canvas.rect(0, down + 2, share, 16, "f-made" if rule.is_chosen else "f-1")
            canvas.text(share, down + 15, _cents(met), "t-b", shift=8)
            down += 22
        down += 10
    canvas.line(0, 0, 0, down - 10, "s-axis")
    chosen = next((place for place, (rule, _, _) in enumerate(lines) if rule.is_chosen), None)
    narrow = [Row(rule.label, met, group) for rule, group, met in lines]
    groups = list(dict.fromkeys(group for _, group, _ in lines))
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Rule", *groups],
        rows=[[rule.label, *(_met(rule, group) for group in groups)] for rule in rules],
        narrow=row_bars(title, narrow, point=chosen, write=_cents),
    )


def _met(rule: Covered, group: str) -> str:
    return next((_cents(met) for name, met in rule.groups if name == group), "")


def _cents(met_bp: int) -> str:
    return f"{met_bp / 100:.1f}"


def _percent(share_bp: int) -> str:
    return f"{share_bp / 100:.1f}%"
