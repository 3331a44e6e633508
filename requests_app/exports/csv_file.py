"""Tables as CSV that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable, Sequence

from requests_app.exports.report_rows import Cell, Column, Kind, Table, plain

# A cell that starts with one of these is a formula to a spreadsheet, or hides one behind white space.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "|", "%")
MEDIA_TYPE = "text/csv; charset=utf-8"


class Number(str):
    """A number that we wrote as text ourselves, where a column holds several kinds."""


def one_table(table: Table) -> bytes:
    """This will write one table with its own columns; amounts like 420.00, shares in percent."""
    head = [_head(column) for column in table.columns]
    return _written([head, *_cells(table)])


def whole_report(tables: Sequence[Table]) -> bytes:
    """This will write all tables in one: a line a cell, so that the columns stay the same for each table."""
    lines = [
        [table.key, row[0], column.label, column.kind.value, cell]
        for table in tables
        for row in _cells(table)
        for column, cell in zip(table.columns[1:], row[1:], strict=True)
        if cell
    ]
    return _written([["table", "line", "column", "kind", "value"], *lines])


def guarded(text: str) -> str:
    """This will put an apostrophe before text that a spreadsheet would run."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _cells(table: Table) -> list[list[str]]:
    return [
        [_cell(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]


def _cell(cell: Cell, column: Column) -> str:
    # Numbers we wrote ourselves may start with a minus; words that people wrote may not.
    is_words = isinstance(cell, str) and not isinstance(cell, Number)
    return guarded(str(cell)) if is_words else plain(cell, column.kind)


def _head(column: Column) -> str:
    return f"{column.label}, %" if column.kind is Kind.SHARE else column.label


def _written(lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()
