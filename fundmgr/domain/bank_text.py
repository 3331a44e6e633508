"""The bytes of a bank's file as text: which encoding, which sign between columns, which rows."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

MOST_BYTES = 30_000_000
MOST_ROWS = 100_000
MOST_COLUMNS = 60
_LOOKED_AT = 20
_DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 with a mark"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)


class NotReadable(ValueError):
    """The file cannot be read at all; the message says why and at which row."""


@dataclass(frozen=True)
class BankText:
    """A bank's file as text. Shapes: `columns` are the names of its first row, each once and none empty."""

    text: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """This will walk the rows below the names, each with its number as a spreadsheet shows it.

        Errors: NotReadable where quotes do not close, or for too many rows.
        """
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                if number == 1 or not any(cell.strip() for cell in cells):
                    continue
                if number > MOST_ROWS + 1:
                    raise NotReadable(f"This file has more than {MOST_ROWS:,} rows. Split it.")
                yield number, cells
        except csv.Error:
            raise NotReadable(
                f"Row {number + 1} cannot be split into columns: a quote does not close."
            ) from None


def read(content: bytes) -> BankText:
    """This will find out how a bank's file is written.

    Errors: NotReadable for a file that is empty, too large, in no known encoding, or without named columns.
    """
    if len(content) > MOST_BYTES:
        raise NotReadable(f"This file is larger than {MOST_BYTES // 1_000_000} megabytes. Split it.")
    text, encoding = _decoded(content)
    if not text.strip():
        raise NotReadable("This file is empty.")
    delimiter = _delimiter(text)
    first = _first_rows(text, delimiter, 1)[0]
    names = tuple(name.strip() or f"Column {place}" for place, name in enumerate(first, start=1))
    _check_names(names)
    return BankText(text, encoding, delimiter, names)


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, codec, name in _BOMS:
        if content.startswith(mark):
            return _strictly(content, codec), name
    half = content[:2000]
    if half[1::2].count(0) > len(half) // 4:
        return _strictly(content, "utf-16-le"), "UTF-16"
    if half[0::2].count(0) > len(half) // 4:
        return _strictly(content, "utf-16-be"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _strictly(content, "cp1252"), "Windows-1252"


def _strictly(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise NotReadable(
            f"Row {row} holds bytes that are no letters in UTF-8, UTF-16 or Windows-1252. "
            "Save the file as CSV in UTF-8 and send it again."
        ) from None


def _delimiter(text: str) -> str:
    """The sign that gives the most rows of the first ones as many columns as the row of names."""

    def fit(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for cells in _first_rows(text, delimiter, _LOOKED_AT)]
        alike = sum(width == widths[0] for width in widths) if widths[0] > 1 else 0
        return alike, widths[0]

    return max(_DELIMITERS, key=fit)


def _first_rows(text: str, delimiter: str, most: int) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return list(islice(reader, most)) or [[""]]
    except csv.Error:
        return [text.split("\n", 1)[0].split(delimiter)]


def _check_names(names: tuple[str, ...]) -> None:
    if len(names) > MOST_COLUMNS:
        raise NotReadable(f"This file has more than {MOST_COLUMNS} columns.")
    if len(names) <= 1:
        raise NotReadable("This file has one column only. Is it a CSV file with the names in its first row?")
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise NotReadable(
            f"Two columns have the same name, “{twice[:40]}”. Rename one and send the file again."
        )
