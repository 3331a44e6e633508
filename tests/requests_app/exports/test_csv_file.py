"""The report as CSV: every cell comes back to the cent, and a spreadsheet runs none of them."""

import csv
import io

import pytest
from example_report import body_of, empty_inputs

from fundmgr.domain import money
from requests_app.exports import csv_file, report_rows
from requests_app.exports.report_rows import Column, Kind, Table


def parsed(content):
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_the_whole_report_gives_back_every_amount(tables, amounts):
    rows = parsed(csv_file.whole_report(tables))

    assert rows[0] == ["table", "line", "column", "kind", "value"]
    found = [money.parse_wire_cents(row[4].lstrip("-")) for row in rows[1:] if row[3] == "cents"]
    assert found == [abs(cents) for cents in amounts]


def test_each_table_gives_back_its_cells(tables):
    for table in tables:
        rows = parsed(csv_file.one_table(table))

        assert len(rows) == len(table.rows) + 1
        for written, row in zip(rows[1:], table.rows, strict=True):
            for text, cell, column in zip(written, row, table.columns, strict=True):
                if isinstance(cell, int) and column.kind is Kind.COUNT:
                    assert int(text) == cell
                if isinstance(cell, int) and column.kind is Kind.CENTS:
                    assert text == money.wire(cell)


def test_shares_are_percent_and_say_so_in_the_head(tables):
    asks = next(table for table in tables if table.key == "asks")
    rows = parsed(csv_file.one_table(asks))

    place = rows[0].index("Share of people, %")
    assert rows[1][place] == money.wire(asks.rows[0][place])


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|cmd", "%0", "\0="]
)
def test_words_that_a_spreadsheet_would_run_are_guarded(text):
    assert csv_file.guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Grip", "", "'quoted'", "50% off", "a=b"])
def test_words_that_run_nothing_stay_as_they_are(text):
    assert csv_file.guarded(text) == text


def test_names_that_people_wrote_are_guarded_where_they_stand(tables):
    lines = {row[1] for row in parsed(csv_file.whole_report(tables))}

    assert "'=SUM(A1)" in lines
    assert "=SUM(A1)" not in lines


def test_an_amount_below_zero_stays_a_number():
    table = Table("t", "T", (Column("Name", Kind.TEXT), Column("Dollars", Kind.CENTS)), (("Less", -350),))

    assert parsed(csv_file.one_table(table))[1] == ["Less", "-3.50"]


def test_commas_quotes_and_line_breaks_in_names_come_back(tables):
    name = 'Saltwater "Court", part\n2'
    table = Table("t", "T", (Column("Name", Kind.TEXT), Column("People", Kind.COUNT)), ((name, 12),))

    assert parsed(csv_file.one_table(table))[1] == [name, "12"]


def test_a_fund_on_its_first_day_has_its_file():
    tables = report_rows.tables(body_of(empty_inputs()))

    assert parsed(csv_file.whole_report(tables))[0][0] == "table"
    assert all(csv_file.one_table(table) for table in tables)
