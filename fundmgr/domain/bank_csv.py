"""A bank's CSV as receipts to be: which column means what, and what each row comes to.

A formula in a cell is text like any other here; whoever writes cells out for a spreadsheet guards them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from fundmgr.domain.bank_dates import DateFormat, NotADay, detect, parse_day
from fundmgr.domain.bank_text import BankText
from fundmgr.domain.days import Window
from fundmgr.domain.errors import Problem
from fundmgr.domain.money import MAX_CENTS
from fundmgr.domain.text import NotText, clean_line, clean_reference

MOST_REFERENCE_LETTERS = 80
MOST_PAYER_LETTERS = 160
MOST_TEXT_LETTERS = 500
_DATES_LOOKED_AT = 2000


class Style(StrEnum):
    """How a bank writes amounts; the value is its example."""

    POINT = "1,234.56"
    COMMA = "1.234,56"


class Outcome(StrEnum):
    """What a row of a file comes to."""

    NEW = "NEW"
    KNOWN = "KNOWN"
    DEBIT = "DEBIT"
    ERROR = "ERROR"


@dataclass(frozen=True)
class ColumnMapping:
    """Which column means what. Shapes: `amount`, or `credit` with or without `debit`; "" for none."""

    date: str = ""
    reference: str = ""
    amount: str = ""
    credit: str = ""
    debit: str = ""
    payer: str = ""
    text: str = ""
    currency: str = ""
    date_format: str = ""
    amount_format: str = Style.POINT.value

    def to_json(self) -> dict[str, str]:
        """This will return it as it is stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "ColumnMapping":
        """This will read it back; names that are not known are left out."""
        return cls(**{name: str(value) for name, value in said.items() if name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class BankRow:
    """One row of a file. Units: cents. `problem` says in words why an ERROR is one."""

    number: int
    outcome: Outcome
    received_on: date | None = None
    amount_cents: int = 0
    reference: str = ""
    payer: str = ""
    text: str = ""
    problem: str = ""


_WORDS = {
    "date": ("date", "booking date", "posting date", "value date", "posted", "received on", "buchungstag"),
    "reference": ("reference", "bank reference", "ref", "transaction id", "id", "check number", "trace"),
    "amount": ("amount", "amount usd", "value", "betrag"),
    "credit": ("credit", "credits", "deposit", "deposits", "money in"),
    "debit": ("debit", "debits", "withdrawal", "withdrawals", "money out"),
    "payer": ("payer", "name", "from", "payee", "counterparty", "sender", "originator"),
    "text": ("description", "details", "memo", "text", "purpose", "note"),
    "currency": ("currency", "currency code", "ccy", "cur", "währung"),
}
_ALONE = ("date", "reference", "amount", "credit", "debit", "currency")
_NEEDED = {"date": "the day", "reference": "the bank's reference"}


def guessed(columns: tuple[str, ...]) -> ColumnMapping:
    """This will guess from the names which column means what."""
    plain = {name.casefold().replace("_", " ").strip(): name for name in reversed(columns)}
    found = {
        field: next((plain[word] for word in words if word in plain), "") for field, words in _WORDS.items()
    }
    if found["credit"]:
        found["amount"] = ""
    return ColumnMapping(**found)


def problems_of(mapping: ColumnMapping, file: BankText) -> list[Problem]:
    """This will return what is wrong with a mapping for a file: columns that are not named, or not there."""
    said = mapping.to_json()
    found = [
        Problem(field, "missing", f"Choose the column that holds {words}.")
        for field, words in _NEEDED.items()
        if not said[field]
    ]
    if bool(mapping.amount) == bool(mapping.credit):
        found.append(Problem("amount", "one_of_two", "Choose one column of amounts, or one of credits."))
    if mapping.debit and not mapping.credit:
        found.append(Problem("debit", "alone", "A column of debits needs a column of credits beside it."))
    found += [
        Problem(field, "no_such_column", f"This file has no column “{said[field][:40]}”.")
        for field in _WORDS
        if said[field] and said[field] not in file.columns
    ]
    if mapping.amount_format not in {style.value for style in Style}:
        found.append(Problem("amount_format", "unknown_word", "Choose how the amounts are written."))
    # A column can tell both who paid and what for, but never two of the day, the reference and the money.
    return found or [
        Problem(field, "same_column", f"The column “{said[field][:40]}” is chosen twice.")
        for place, field in enumerate(_ALONE)
        if said[field] and said[field] in {said[earlier] for earlier in _ALONE[:place]}
    ]


def date_format_of(mapping: ColumnMapping, file: BankText) -> DateFormat | Problem:
    """This will return how the days of a file are written, or why that cannot be said."""
    if mapping.date_format:
        if mapping.date_format in {kind.value for kind in DateFormat}:
            return DateFormat(mapping.date_format)
        return Problem("date_format", "unknown_word", "Choose how the days are written.")
    place = file.columns.index(mapping.date)
    looked_at = [
        cells[place].strip()
        for (_, cells), _ in zip(file.rows(), range(_DATES_LOOKED_AT), strict=False)
        if place < len(cells)
    ]
    if not looked_at:
        return Problem("content", "no_rows", "This file has no rows below the names of its columns.")
    kinds = detect(looked_at)
    if not kinds:
        return Problem("date", "no_dates", f"The column “{mapping.date[:40]}” does not hold days.")
    if len(kinds) > 1:
        examples = " or ".join(kind.value for kind in kinds)
        sentence = f"The days could be written like {examples}. Choose which one."
        return Problem("date_format", "ambiguous", sentence)
    return kinds[0]


def with_currency(mapping: ColumnMapping, file: BankText) -> ColumnMapping:
    """This will add the column that names the currency, where a mapping leaves out one that the file has.

    Other money must not come in as the fund's own because nobody pointed at the column.
    """
    return mapping if mapping.currency else replace(mapping, currency=guessed(file.columns).currency)


def parse(
    file: BankText, mapping: ColumnMapping, date_format: DateFormat, *, days: Window, currency: str
) -> Iterator[BankRow]:
    """This will say of each row what it comes to, without looking at what was recorded before.

    Shapes: `currency` is the fund's, like USD; rows in another one are errors.
    Errors: NotReadable where the rows cannot be split.
    """
    reader = _Reader(file.columns, mapping, date_format, days, currency)
    for number, cells in file.rows():
        try:
            yield reader.read(number, cells)
        except _Wrong as error:
            yield BankRow(number, Outcome.ERROR, problem=str(error))


class _Wrong(ValueError):
    """Why a row cannot be used."""


class _Reader:
    """Reads one row after another, and remembers the references that it saw."""

    def __init__(
        self,
        columns: tuple[str, ...],
        mapping: ColumnMapping,
        date_format: DateFormat,
        days: Window,
        currency: str,
    ) -> None:
        said = mapping.to_json()
        self.places = {field: columns.index(said[field]) for field in _WORDS if said[field]}
        self.width, self.named = max(self.places.values()) + 1, len(columns)
        self.date_format, self.days = date_format, days
        self.style, self.currency = Style(mapping.amount_format), currency
        self.seen: dict[str, int] = {}

    def read(self, number: int, cells: list[str]) -> BankRow:
        """This will read one row. Errors: _Wrong."""
        if len(cells) < self.width:
            raise _Wrong(f"This row has {len(cells)} columns where {self.width} are needed.")
        # An amount like 1,234.56 that nobody put in quotes would come in as 1.
        if any(cell.strip() for cell in cells[self.named :]):
            sentence = f"This row has {len(cells)} columns where {self.named} have a name."
            raise _Wrong(f"{sentence} Put quotes around what holds the sign between columns.")
        self._check_currency(cells)
        cents = self._cents(cells)
        if cents < 0:
            return BankRow(number, Outcome.DEBIT, amount_cents=cents)
        try:
            day = parse_day(self._cell(cells, "date"), self.date_format, days=self.days)
            reference = clean_reference(self._cell(cells, "reference"), most=MOST_REFERENCE_LETTERS)
            payer = clean_line(self._cell(cells, "payer"), most=MOST_PAYER_LETTERS)
            text = clean_line(self._cell(cells, "text"), most=MOST_TEXT_LETTERS)
        except (NotADay, NotText) as error:
            raise _Wrong(str(error)) from None
        self._remember(reference, number)
        return BankRow(number, Outcome.NEW, day, cents, reference, payer, text)

    def _cell(self, cells: list[str], field: str) -> str:
        return cells[self.places[field]].strip() if field in self.places else ""

    def _check_currency(self, cells: list[str]) -> None:
        said = self._cell(cells, "currency").upper()
        if said not in {"", self.currency, _SIGNS.get(self.currency)}:
            raise _Wrong(f"This row is in “{said[:12]}”. The fund keeps its books in {self.currency}.")

    def _sum(self, cells: list[str], field: str) -> str:
        """The amount in a cell, without the sign of the fund's own currency."""
        text = self._cell(cells, field).removeprefix(self.currency).removesuffix(self.currency)
        return text.replace(_SIGNS.get(self.currency, self.currency), "")

    def _cents(self, cells: list[str]) -> int:
        if "amount" in self.places:
            return _amount(self._sum(cells, "amount"), self.style)
        credit, debit = self._sum(cells, "credit"), self._sum(cells, "debit")
        came = _amount(credit, self.style, zero=True) if credit else 0
        went = _amount(debit, self.style, zero=True) if debit else 0
        if came and went:
            raise _Wrong("This row holds both a credit and a debit.")
        if came < 0:
            raise _Wrong("The credit is negative.")
        if not came and not went:
            raise _Wrong("The amount is zero." if credit or debit else "The amount is missing.")
        return came or -abs(went)

    def _remember(self, reference: str, number: int) -> None:
        if not reference:
            raise _Wrong("The bank's reference is missing.")
        first = self.seen.setdefault(reference, number)
        if first != number:
            raise _Wrong(f"The bank's reference stands in row {first} already.")


_SIGNED = re.compile(r"(?P<open>\()?(?P<before>[+-])?(?P<digits>[0-9.,' ]+)(?P<after>-)?(?P<close>\))?\Z")
_PLAIN = {
    Style.POINT: re.compile(r"(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,2})?\Z"),
    Style.COMMA: re.compile(r"(?:[0-9]{1,12}|[0-9]{1,3}(?:[.' ][0-9]{3}){1,3})(?:,[0-9]{1,2})?\Z"),
}
_SIGNS = {"USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_LEFT_OUT = str.maketrans({"\xa0": " ", "\N{MINUS SIGN}": "-", "\u202f": " "})


def _amount(text: str, style: Style, *, zero: bool = False) -> int:
    """This will read an amount in cents, negative for money that left. Errors: _Wrong."""
    if not text:
        raise _Wrong("The amount is missing.")
    match = _SIGNED.match(text.translate(_LEFT_OUT).strip())
    if match is None:
        raise _Wrong(f"“{text[:40]}” is not an amount.")
    digits = match["digits"].strip()
    if not _PLAIN[style].match(digits):
        raise _Wrong(f"“{text[:40]}” is not an amount written like {style.value}.")
    point = "." if style is Style.POINT else ","
    whole, _, part = digits.partition(point)
    cents = int(re.sub(r"[^0-9]", "", whole)) * 100 + int(part.ljust(2, "0") or 0)
    if cents > MAX_CENTS:
        raise _Wrong("The amount is too large.")
    if not cents and not zero:
        raise _Wrong("The amount is zero.")
    is_negative = match["open"] or match["before"] == "-" or match["after"]
    return -cents if is_negative else cents
