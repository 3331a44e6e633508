"""A sheet to draw bars and words on: fluid for pages, fixed and self-coloured for paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

PAPER_WIDTH = 720
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
# XML 1.0 has no way to write these characters, not even escaped.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# A page colours the same classes through its own variables, so that dark mode works there.
PAPER_STYLE = (
    "text{font:13px Inter,'Liberation Sans',Arial,sans-serif;fill:#1b1f24}"
    ".t-mut{fill:#565d66}.t-b{font-weight:600}.t-made{fill:#0b5a5e;font-weight:600}.t-in{font-weight:600}"
    ".t-big{font-size:15px}"
    ".a-e{text-anchor:end}.a-m{text-anchor:middle}"
    ".f-made{fill:#0b5a5e}.f-1{fill:#8a8f98}.f-2{fill:#b4b4b3}.f-3{fill:#d2d0cb}.f-4{fill:#e5e4df}"
    ".f-away{fill:#c9772b}.f-edge{fill:#fff;stroke:#8a8f98}"
    ".f-gap{fill:#e9e7e1}.f-had{fill:#cfe1df}.t-huge{font-size:20px;font-weight:700}"
    ".gap{stroke:#fff;stroke-width:2px}"
    ".s-axis{stroke:#8a8f98}.s-grid{stroke:#dddad2}.s-ink{stroke:#1b1f24;stroke-width:2px;fill:none}"
    ".s-made{stroke:#0b5a5e;stroke-width:2px;fill:none}.s-dash{stroke:#8a8f98;stroke-dasharray:2 2}"
    ".s-line-2{stroke-dasharray:7 4}.s-line-3{stroke-dasharray:2 3}.s-line-4{stroke-dasharray:9 3 2 3}"
    ".s-line-5{stroke-dasharray:1 5}"
)


class Row(NamedTuple):
    """One bar: what it is called, how much it is (cents or a count), and a few words more."""

    label: str
    amount: int
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A drawing, the sentence above it, the same figures as a table, and a drawing for a narrow screen."""

    title: str
    note: str
    svg: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    narrow: str = ""

    def __str__(self) -> str:
        return self.svg


@dataclass
class Canvas:
    """Marks in the order drawn. Across, a place is a share of the width from 0 to 1; down, it is pixels.

    On a page the width is unknown and shares become percentages; `start` and `end` keep room for words
    through the classes of the stylesheet. On paper every place is a number and the colours travel along.
    """

    height: int
    standalone: bool = False
    start: int = 0
    end: int = 0
    marks: list[str] = field(default_factory=list)

    def at(self, share: float) -> str:
        """This will write a place across the sheet, as a percentage or as paper pixels."""
        if self.standalone:
            return f"{share * (PAPER_WIDTH - self.start - self.end):.2f}"
        return f"{share * 100:.3f}%"

    def rect(self, across: float, down: float, share: float, height: float, css: str) -> None:
        """This will draw a bar; bars of no size are left out."""
        if share > 0 and height > 0:
            self.marks.append(
                f'<rect class="{css}" x="{self.at(across)}" y="{down:g}" '
                f'width="{self.at(share)}" height="{height:g}"/>'
            )

    def line(self, across: float, down: float, to_across: float, to_down: float, css: str) -> None:
        """This will draw a straight line."""
        self.marks.append(
            f'<line class="{css}" x1="{self.at(across)}" y1="{down:g}" '
            f'x2="{self.at(to_across)}" y2="{to_down:g}"/>'
        )

    def text(self, across: float, down: float, words: str, css: str = "", *, shift: int = 0) -> None:
        """This will write words; `shift` moves them by pixels along the line."""
        moved = f' dx="{shift}"' if shift else ""
        styled = f' class="{css}"' if css else ""
        self.marks.append(f'<text{styled} x="{self.at(across)}" y="{down:g}"{moved}>{plain(words)}</text>')

    def render(self, title: str) -> str:
        """This will return the finished drawing with its sentence as the accessible name."""
        name = f"<title>{plain(title)}</title>"
        body = "".join(self.marks)
        if self.standalone:
            return (
                f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{PAPER_WIDTH}" '
                f'height="{self.height}" viewBox="0 0 {PAPER_WIDTH} {self.height}">{name}'
                f'<style>{PAPER_STYLE}</style><g transform="translate({self.start} 0)">{body}</g></svg>'
            )
        room = f" ps-{self.start}" * bool(self.start) + f" pe-{self.end}" * bool(self.end)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart{room}" role="img" focusable="false" '
            f'height="{self.height}">{name}{body}</svg>'
        )


def plain(words: str) -> str:
    """This will make any words safe inside a drawing: escaped, and without what XML cannot hold."""
    return escape(UNWRITABLE.sub("", str(words)), quote=True)


def fit(words: str, limit: int) -> str:
    """This will shorten words that have no room; the table beside the drawing has them in full."""
    return words if len(words) <= limit else words[: limit - 1].rstrip() + ELLIPSIS


def wrap(words: str, limit: int) -> list[str]:
    """This will break words into at most two lines of about `limit` letters."""
    first, rest = "", words.split()
    while rest and len(f"{first} {rest[0]}".strip()) <= limit:
        first = f"{first} {rest.pop(0)}".strip()
    if not first and rest:
        first = fit(rest.pop(0), limit)
    return [first, fit(" ".join(rest), limit)] if rest else [first]


def letters(columns: int, *, is_wide: bool = False) -> int:
    """This will return how many letters fit under one of so many columns on half a page, or a whole one."""
    return max(5, (108 if is_wide else 72) // max(1, columns))


def share_of(amount: float, whole: float) -> float:
    """This will return amount / whole between 0 and 1; nothing of nothing is 0."""
    return min(1.0, max(0.0, amount / whole)) if whole > 0 else 0.0


def percent(part: int, whole: int) -> str:
    """This will write part of whole with one decimal, rounded half up on integers, like `17.8%`."""
    if whole <= 0:
        return "0.0%"
    tenths = (part * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"
