"""The figures under the report's bar, and the words around them."""

import hashlib
from types import SimpleNamespace

import pytest
from example_report import AS_OF, body_of, empty_inputs, example_inputs

from fundmgr.domain.permissions import Action
from requests_app.pages.staff import report_context
from requests_app.queries.reports import ReportPage


class Door:
    """A person at the desk who may do only what is named."""

    def __init__(self, *actions):
        self.actions = actions

    def may(self, action):
        return action in self.actions

    def url(self, name, **keys):
        return "/".join([name, *(str(value) for value in keys.values())])


@pytest.fixture
def body():
    return body_of(example_inputs())


def page_of(body):
    row = SimpleNamespace(
        id="r1", as_of=AS_OF, ledger_sequence=41, content_hash=hashlib.sha256(b"").hexdigest()
    )
    return ReportPage(row, body)


def pairs(head):
    return {row["label"]: row["value"] for row in head["rows"]}


def test_four_heads_carry_the_figures_of_the_example(body):
    heads = report_context.heads(body)

    assert [(head["title"], head["figure"]) for head in heads] == [
        ("Available to award", "$490,000"),
        ("Verified need", "$4,111,069"),
        ("Coverage of verified need", "11.9%"),
        ("People waiting", "1,460"),
    ]
    assert pairs(heads[0]) == {
        "Received in cash": "$500,000",
        "Reserve, 2%": "\N{MINUS SIGN}$10,000",
        "Held for awards": "$0",
    }
    assert pairs(heads[2]) == {"Of all asked": "4.9%", "Of eligible asks": "7%", "Of capped need": "30.2%"}
    assert pairs(heads[3])["A paper missing"] == "255"


def test_money_paid_gets_a_line_once_there_is_any(body):
    paid = next(row for row in body["figures"] if row["id"] == "F9.paid")
    paid["amount_cents"] = 12_345

    assert pairs(report_context.heads(body)[0])["Paid"] == "\N{MINUS SIGN}$123.45"


def test_a_share_of_nothing_is_a_dash():
    heads = report_context.heads(body_of(empty_inputs()))

    assert heads[2]["figure"] == "\N{EN DASH}"


def test_amounts_stand_out_in_the_opening_and_nothing_else_does(body):
    words = report_context.context(Door(), page_of(body))["standfirst"]

    assert "<strong>$10,000,000</strong>" in words
    assert words.count("<strong>") == 4


def test_every_chart_has_the_table_behind_it(body):
    found = report_context.context(Door(), page_of(body))

    keys = {url.rpartition("/")[2] for url in found["chart_csv"].values()}
    assert set(found["chart_csv"]) == set(found["charts"]) - {"more"}
    assert keys <= {table["csv_url"].rpartition("/")[2] for table in found["tables"]}


@pytest.mark.parametrize("may", [True, False])
def test_building_and_the_workbench_are_offered_to_those_who_may(body, may):
    door = Door(Action.REPORT_BUILD, Action.ROUND_PROPOSE) if may else Door()

    found = report_context.context(door, page_of(body))

    assert bool(found["renew"]["url"]) is may
    assert bool(found["scenarios"]["workbench_url"]) is may


def test_the_proof_names_moment_ledger_policy_and_hash(body):
    proof = report_context.context(Door(), page_of(body))["proof"]

    assert [row["value"] for row in proof[:3]] == [
        "2023-09-18 16:00:00 UTC",
        "41",
        "Version 3, adopted 2023-09-07",
    ]
    assert len(proof[3]["value"]) == 64
