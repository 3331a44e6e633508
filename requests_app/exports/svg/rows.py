"""Charts of lying bars: layers of demand, targets, the funnel, categories, and the two-number bar."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from fundmgr.domain.money import dollars
from requests_app.exports.svg.canvas import Canvas, Chart, Row, fit, percent, share_of

SHADES = ("f-1", "f-2", "f-3", "f-4")
# Two labels closer than this share of the width would touch; the second moves down a step.
CLOSE = 0.18
# A bar this wide has room for its figure inside.
ROOM = 0.17


class FunnelStep(NamedTuple):
    """One step: how many people and cents are left; people is None where only money counts."""

    label: str
    note: str
    people: int | None
    cents: int


class _Layer(NamedTuple):
    row: Row
    shade: str


def _money(cents: int) -> str:
    return dollars(cents, whole=True)


def _count(value: int) -> str:
    return f"{value:,}"


def row_bars(
    title: str,
    rows: Sequence[Row],
    *,
    point: int | None = None,
    shades: Sequence[str] = (),
    write: Callable[[int], str] = _money,
    standalone: bool = False,
) -> str:
    """This will draw one bar a row with its words above it: the form that fits any width."""
    pitch, canvas = 46, Canvas(height=max(1, len(rows)) * 46, standalone=standalone)
    widest = max((row.amount for row in rows), default=0)
    for place, row in enumerate(rows):
        top, mine = place * pitch, place == point
        label = fit(row.label, 26)
        canvas.text(0, top + 15, label, "t-made" if mine else "t-b")
        if row.note:
            # About seven pixels a letter; the note follows the label on its line.
            canvas.text(0, top + 15, fit(row.note, 18), "t-mut", shift=len(label) * 8 + 10)
        canvas.text(1, top + 15, write(row.amount), "a-e " + ("t-made" if mine else "t-b"))
        css = "f-made" if mine else (shades[place] if place < len(shades) else "f-1")
        canvas.rect(0, top + 22, share_of(row.amount, widest), 12, css)
    return canvas.render(title)


def layered_bar(
    *, title: str, available: Row, layers: Sequence[Row], note: str = "", standalone: bool = False
) -> Chart:
    """This will draw what can be awarded inside each layer of demand, all on one bar to scale.

    Shapes: layers from the narrowest demand to the widest, at most four.
    Units: integer cents.
    """
    shaded = [_Layer(row, shade) for row, shade in zip(layers, SHADES[-len(layers) :], strict=False)]
    widest = max([available.amount, *(row.amount for row in layers)], default=0)
    canvas = Canvas(height=150, standalone=standalone)
    for layer in sorted(shaded, key=lambda one: -one.row.amount):
        canvas.rect(0, 28, share_of(layer.row.amount, widest), 54, f"{layer.shade} gap")
    canvas.rect(0, 28, share_of(available.amount, widest), 54, "f-made gap")
    canvas.line(0, 2, 0, 82, "s-made")
    canvas.text(0, 14, f"{available.label}  {_money(available.amount)}", "t-made t-big", shift=9)
    _layer_labels(canvas, sorted(shaded, key=lambda one: one.row.amount), widest)
    rows = [*reversed(layers), available]
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Layer", "Dollars", "Share covered"],
        rows=[[row.label, _money(row.amount), percent(available.amount, row.amount)] for row in rows],
        narrow=row_bars(title, rows, point=len(rows) - 1, shades=list(reversed(SHADES[-len(layers) :]))),
    )


def _layer_labels(canvas: Canvas, layers: Sequence[_Layer], widest: int) -> None:
    edge, low = 0.0, False
    for layer in layers:
        share = share_of(layer.row.amount, widest)
        low = share - edge < CLOSE and not low and edge > 0
        edge, top = share, 144 if low else 92
        canvas.height = max(canvas.height, top + 58)
        starts = share < CLOSE / 1.5
        css = "" if starts else "a-e "
        place = 0.0 if starts else share
        canvas.line(share, 82, share, top - 2 if low else 93, "s-ink")
        canvas.text(place, top + 20, layer.row.label, f"{css}t-mut")
        canvas.text(place, top + 38, _money(layer.row.amount), f"{css}t-b t-big")
        canvas.text(place, top + 54, fit(layer.row.note, 22), f"{css}t-mut")


def target_bars(
    *, title: str, in_hand_cents: int, targets: Sequence[Row], note: str = "", standalone: bool = False
) -> Chart:
    """This will draw, for each target, the money in hand and what is still to raise, from one zero."""
    pitch, canvas = (
        46,
        Canvas(height=max(1, len(targets)) * 46 + 32, standalone=standalone, start=170, end=110),
    )
    widest = max((in_hand_cents + row.amount for row in targets), default=0)
    hand = share_of(in_hand_cents, widest)
    canvas.text(0, 14, f"In hand {_money(in_hand_cents)}", "t-made")
    canvas.text(0, 14, "Still to raise", "t-mut t-b", shift=160)
    for place, row in enumerate(targets):
        top, rest = 32 + place * pitch, share_of(row.amount, widest)
        canvas.text(0, top + 16, fit(row.label, 24), "a-e", shift=-14)
        canvas.rect(0, top, hand, 22, "f-made")
        canvas.rect(hand, top, rest, 22, "f-3")
        canvas.text(hand + rest, top + 16, dollars(row.amount), "t-b", shift=8)
    canvas.line(0, 22, 0, canvas.height, "s-axis")
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Target", "Still to raise"],
        rows=[[row.label, dollars(row.amount)] for row in targets],
        narrow=row_bars(title, targets, write=dollars),
    )


def category_bars(
    *, title: str, rows: Sequence[Row], whole_cents: int, note: str = "", standalone: bool = False
) -> Chart:
    """This will draw what the money is for: the first row is the point, the others the rest."""
    canvas = Canvas(height=max(1, len(rows)) * 46, standalone=standalone)
    widest = max((row.amount for row in rows), default=0)
    for place, row in enumerate(rows):
        top, css = place * 46, "t-made" if place == 0 else "t-b"
        width = share_of(row.amount, widest) * 0.86
        canvas.text(0, top + 15, fit(row.label, 34), "t-b" if place == 0 else "")
        canvas.text(1, top + 15, _money(row.amount), f"a-e {css}")
        canvas.rect(0, top + 22, width, 14, "f-made" if place == 0 else "f-1")
        canvas.text(width, top + 34, percent(row.amount, whole_cents).replace(".0%", "%"), "t-mut", shift=8)
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Need", "Dollars", "Share"],
        rows=[[row.label, _money(row.amount), percent(row.amount, whole_cents)] for row in rows],
    )


def funnel(*, title: str, steps: Sequence[FunnelStep], note: str = "", standalone: bool = False) -> Chart:
    """This will draw how many people and dollars are left after each step; the last step is the point."""
    pitch, canvas = 54, Canvas(height=max(1, len(steps)) * 54 + 24, standalone=standalone, start=310)
    most = max((step.people or 0 for step in steps), default=0)
    widest = max((step.cents for step in steps), default=0)
    canvas.text(0, 13, "People", "t-mut t-b")
    canvas.text(0.4, 13, "Dollars", "t-mut t-b")
    for place, step in enumerate(steps):
        top, last = 28 + place * pitch, place == len(steps) - 1
        canvas.text(0, top + 13, fit(step.label, 36), "t-made" if last else "t-b", shift=-310)
        canvas.text(0, top + 30, fit(step.note, 46), "t-mut", shift=-310)
        if step.people is not None:
            people = share_of(step.people, most) * 0.32
            _figure(canvas, 0.0, top, width=people, words=_count(step.people), room=0.12)
        width = share_of(step.cents, widest) * 0.6
        css = "f-made" if last else "f-1"
        _figure(canvas, 0.4, top, width=width, words=_money(step.cents), room=ROOM, css=css)
    for side in (0.0, 0.4):
        canvas.line(side, 22, side, canvas.height - 8, "s-axis")
    return Chart(
        title=title,
        note=note,
        svg=canvas.render(title),
        head=["Step", "People", "Dollars"],
        rows=[[s.label, "" if s.people is None else _count(s.people), _money(s.cents)] for s in steps],
        narrow=row_bars(
            title,
            [Row(s.label, s.cents, "" if s.people is None else f"{_count(s.people)} people") for s in steps],
            point=len(steps) - 1,
        ),
    )


def _figure(
    canvas: Canvas, start: float, top: int, *, width: float, words: str, room: float, css: str = "f-1"
) -> None:
    canvas.rect(start, top, width, 32, css)
    # Dark words inside read on grey only; on the point's colour they stand behind the bar.
    inside = width >= room and css != "f-made"
    if inside:
        canvas.text(start + width, top + 21, words, "t-in a-e", shift=-9)
    else:
        canvas.text(start + width, top + 21, words, "t-made" if css == "f-made" else "t-b", shift=9)


def two_number_bar(*, title: str, part: Row, whole: Row, note: str = "", standalone: bool = False) -> Chart:
    """This will draw the one comparison that everybody must see: what there is, inside what is asked for."""
    canvas, widest = Canvas(height=112, standalone=standalone), max(part.amount, whole.amount)
    canvas.text(0, 14, f"{_money(part.amount)} {part.label}", "t-made")
    canvas.rect(0, 24, share_of(whole.amount, widest), 56, "f-edge")
    canvas.rect(0, 24, share_of(part.amount, widest), 56, "f-made")
    canvas.text(1, 102, f"{_money(whole.amount)} {whole.label}", "a-e t-b")
    rows = [[row.label, _money(row.amount)] for row in (part, whole)]
    return Chart(title=title, note=note, svg=canvas.render(title), head=["Figure", "Dollars"], rows=rows)
