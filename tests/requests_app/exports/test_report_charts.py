"""The report's charts: drawn from the same body, showing the same amounts as the tables."""

import re

import pytest
from example_report import body_of, empty_inputs

from fundmgr.domain import money
from requests_app.exports import report_charts

AMOUNT = re.compile("\N{MINUS SIGN}?" + r"\$[\d,]+(\.\d\d)?")


def test_charts_show_the_same_amounts_as_the_tables(body, amounts):
    signed = set(amounts) | {-cents for cents in amounts}
    allowed = {money.dollars(cents, whole=whole) for cents in signed for whole in (True, False)}

    for key, chart in report_charts.drawn(body).items():
        cells = {cell for row in chart.rows for cell in row if AMOUNT.fullmatch(cell)}
        assert cells <= allowed, key


def test_every_chart_has_a_finding_a_drawing_and_a_table(body):
    drawn = report_charts.drawn(body)

    assert set(drawn) == {
        "layers", "waterfall", "targets", "funnel", "histogram", "categories", "arrivals", "crafts",
        "productions",
    }  # fmt: skip
    assert all(chart.title and chart.svg.startswith("<svg") and chart.rows for chart in drawn.values())


def test_paper_gets_colours_and_a_page_does_not(body):
    page, paper = (report_charts.drawn(body, standalone=alone)["funnel"].svg for alone in (False, True))

    assert "<style>" in paper
    assert "<style>" not in page


def test_the_waterfall_walks_from_the_promise_to_what_is_available(body):
    position = body["position"]
    position |= {"outstanding_cents": 10_000_000, "received_cents": 41_000_000, "paid_cents": 100}

    rows = [row[0] for row in report_charts.drawn(body)["waterfall"].rows]

    assert rows == [
        "Committed",
        "Not yet received",
        "Received beside",
        "Received",
        "Reserve 2%",
        "Held for awards",
        "Paid",
        "Available",
    ]


def test_targets_stand_from_the_nearest_to_the_farthest(body):
    rows = [row[0] for row in report_charts.drawn(body)["targets"].rows]

    assert rows[0] == "Verified need, 25% met"
    assert rows[-1] == "Verified need, all met"


def test_the_funnel_counts_those_without_a_decision(body):
    unread = next(row for row in body["figures"] if row["id"] == "F2.unsorted")
    unread |= {"people": 9, "amount_cents": 900}

    assert "9 undecided" in report_charts.drawn(body)["funnel"].svg


def test_only_the_last_days_are_drawn_when_there_are_many(body):
    day = body["days"][0]
    body["days"] = [day | {"label": f"2023-10-{number:02d}"} for number in range(1, 31)]

    chart = report_charts.drawn(body)["arrivals"]

    assert len(chart.rows) == 14
    assert chart.note == "The last 14 days."


def test_the_usual_rule_is_marked_among_the_scenarios(body):
    rows = report_charts.scenarios(body)

    assert [row.scenario.chosen for row in rows] == [False, False, False, False, True]
    assert rows[4].scenario.note == "the fund's usual rule"
    assert rows[3].people_share_bp == 10_000


@pytest.mark.parametrize("standalone", [True, False])
def test_an_empty_fund_has_every_chart(standalone):
    body = body_of(empty_inputs())

    assert all(chart.svg for chart in report_charts.drawn(body, standalone=standalone).values())
    assert len(report_charts.scenarios(body)) == 5
