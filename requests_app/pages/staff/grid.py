"""Tables of the plain lists: columns and cells as components/grid.html draws them."""

from collections.abc import Sequence
from typing import Any

Cell = dict[str, Any]


def columns(*labels: str) -> list[dict[str, Any]]:
    """This will return columns; a label that ends with `#` is a column of numbers."""
    return [{"label": label.rstrip("#"), "number": label.endswith("#")} for label in labels]


def row(*cells: Cell | str) -> dict[str, Sequence[Cell]]:
    """This will return one row; plain text stands for a plain cell."""
    return {"cells": [cell if isinstance(cell, dict) else {"text": cell} for cell in cells]}


def link(text: str, url: str) -> Cell:
    """This will return a cell that leads somewhere, or plain text where it leads nowhere."""
    return {"text": text, "url": url} if url else {"text": text, "strong": True}


def tagged(tag: dict[str, str]) -> Cell:
    """This will return a cell that holds a tag."""
    return {"tag": tag}
