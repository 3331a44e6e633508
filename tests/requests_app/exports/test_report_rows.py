"""The rows behind every format: all tables, each cell written one way for readers and one for programs."""

import pytest
from example_report import body_of, empty_inputs

from requests_app.exports import report_rows, report_words
from requests_app.exports.report_rows import Kind


def test_every_table_is_there_in_the_order_of_reading(tables):
    assert [table.key for table in tables] == [
        "figures",
        "position",
        "means",
        "restrictions",
        "layers",
        "targets",
        "asks",
        "categories",
        "crafts",
        "productions",
        "days",
        "scenarios",
        "proof",
    ]
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


def test_a_table_is_found_by_its_key_and_nothing_by_another(body):
    assert report_rows.table(body, "days").title == "Demand by day"
    assert report_rows.table(body, "secrets") is None


def test_a_figure_is_found_by_its_id(body):
    assert report_rows.figure(body, "F9")["amount_cents"] == 49_000_000
    with pytest.raises(KeyError):
        report_rows.figure(body, "F99")


@pytest.mark.parametrize(
    ("cell", "kind", "shown", "plain"),
    [
        (123_450, Kind.CENTS, "$1,234.50", "1234.50"),
        (0, Kind.CENTS, "$0.00", "0.00"),
        (-5, Kind.CENTS, "\N{MINUS SIGN}$0.05", "-0.05"),
        (1_700, Kind.COUNT, "1,700", "1700"),
        (1_192, Kind.SHARE, "11.9%", "11.92"),
        (10_000, Kind.SHARE, "100%", "100.00"),
        (9_250, Kind.INDEX, "0.9250", "0.9250"),
        (12, Kind.DAYS, "12", "12"),
        (None, Kind.CENTS, "", ""),
        ("Grip", Kind.TEXT, "Grip", "Grip"),
    ],
)
def test_a_cell_is_written_for_readers_and_for_programs(cell, kind, shown, plain):
    assert report_rows.shown(cell, kind) == shown
    assert report_rows.plain(cell, kind) == plain


@pytest.mark.parametrize(
    ("basis_points", "text"),
    [(0, "0%"), (490, "4.9%"), (500, "5%"), (1_195, "12%"), (4, "0%"), (5, "0.1%"), (None, "")],
)
def test_a_share_has_one_decimal_where_it_has_any(basis_points, text):
    assert report_rows.percent(basis_points) == text


def test_sizes_of_asks_have_short_names(body):
    assert [report_rows.bin_label(row) for row in body["asks"]["bins"]] == [
        "under $1k",
        "$1–1.5k",
        "$1.5–2.5k",
        "$2.5–5k",
        "$5–10k",
        "$10–25k",
        "$25k+",
    ]


def test_scenarios_are_named_by_what_they_do(body):
    names = [report_rows.scenario_name(row, body) for row in body["sharing"]["scenarios"]]

    assert names[:4] == [
        "First come, full verified need",
        "First come, cap $1,500",
        "Up to $1,000 each by lot, an example",
        "Pro rata to verified need",
    ]
    assert names[4].startswith("Equal cap of $")


def test_what_is_left_of_tied_money_stands_apart_where_there_is_any(body):
    tied = body | {"sharing": body["sharing"] | {"tied_cents": 5}}
    older = body | {
        "sharing": {name: value for name, value in body["sharing"].items() if name != "tied_cents"}
    }
    older["sharing"]["scenarios"] = [
        {name: value for name, value in row.items() if name not in ("general_left_cents", "tied_left_cents")}
        for row in older["sharing"]["scenarios"]
    ]

    heads = [
        [column.label for column in report_rows.table(one, "scenarios").columns]
        for one in (body, tied, older)
    ]

    assert heads[0] == heads[2]
    assert heads[0][4] == "Left over"
    assert heads[1][4:6] == ["General money left", "Tied money left"]
    assert "tied" in report_words.scenarios_note(tied)
    assert "tied" not in report_words.scenarios_note(older)


def test_an_equal_rule_that_pays_everybody_in_full_has_no_level(body):
    row = body["sharing"]["scenarios"][4] | {"level_cents": None}

    assert report_rows.scenario_name(row, body) == "Equal, cap $1,500"


def test_the_money_table_tells_of_tied_money_and_of_the_check_against_the_books(body):
    rows = dict(report_rows.table(body, "position").rows)

    assert rows["Available to award"] == 49_000_000
    assert rows["Available for a narrower purpose only"] == 0
    assert rows["Difference between books and report"] == 0


def test_an_empty_fund_has_all_tables():
    assert len(report_rows.tables(body_of(empty_inputs()))) == 13
