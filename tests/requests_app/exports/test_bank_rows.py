"""What each row of a bank's file comes to, as CSV."""

import csv
import io
from datetime import date

import pytest

from fundmgr.domain.bank_csv import BankRow, Outcome
from requests_app.exports import bank_rows


def lines_of(*rows):
    return list(csv.reader(io.StringIO(bank_rows.table(rows).decode(), newline="")))


def test_each_row_is_a_line():
    row = BankRow(2, Outcome.NEW, date(2023, 9, 18), 123_450, "R1", "Kenji Ōta", "Gift")
    wrong = BankRow(3, Outcome.ERROR, problem="The amount is zero.")

    assert lines_of(row, wrong) == [
        bank_rows.HEAD,
        ["2", "NEW", "2023-09-18", "1234.50", "R1", "Kenji Ōta", "Gift", ""],
        ["3", "ERROR", "", "", "", "", "", "The amount is zero."],
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "|", "%"])
def test_formula_cells_are_neutralised(start):
    cell = f"{start}1+1"
    row = BankRow(2, Outcome.NEW, date(2023, 9, 18), 1, cell, cell, cell)

    _, line = lines_of(row)

    assert all(text.startswith("'") for text in line[4:7])
