"""The body of a report: the worked example to the cent, whole numbers only, the same bytes each time."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from example_report import body_of, claim, empty_inputs, example_inputs, group, stored

from requests_app.queries.demand import CategoryNeed
from requests_app.services import report_body


@pytest.fixture(scope="module")
def body():
    return body_of(example_inputs())


def figure(body, figure_id):
    return next(row for row in body["figures"] if row["id"] == figure_id)


def test_the_worked_example_comes_out_to_the_cent(body):
    amounts = {
        key: figure(body, key)["amount_cents"] for key in ("F9", "F10", "F12.25", "F12.100", "F12.capped")
    }

    assert amounts == {
        "F9": 49_000_000,
        "F10": 950_000_000,
        "F12.25": 53_776_725,
        "F12.100": 362_106_900,
        "F12.capped": 113_105_800,
    }
    assert figure(body, "F11.verified")["share_bp"] == 1_192
    assert figure(body, "F11.headline")["share_bp"] == 500


def test_every_scenario_pays_out_and_leaves_exactly_what_there_is(body):
    rows = {row["key"]: row for row in body["sharing"]["scenarios"]}

    assert list(rows) == [
        "first_come_verified",
        "first_come_capped",
        "flat_by_draw",
        "pro_rata",
        "equal_awards",
    ]
    assert all(row["paid_cents"] + row["leftover_cents"] == 49_000_000 for row in rows.values())
    assert rows["pro_rata"]["paid_count"] == rows["equal_awards"]["paid_count"] == 1_205
    assert rows["pro_rata"]["need_met_bp"] in range(1_190, 1_194)
    assert (
        rows["equal_awards"]["gini_bp"] < rows["pro_rata"]["gini_bp"] < rows["first_come_verified"]["gini_bp"]
    )
    assert rows["first_come_verified"]["unpaid_count"] > rows["first_come_capped"]["unpaid_count"]
    assert body["sharing"]["usual"] == "equal_awards"


def test_tied_money_is_shared_by_the_rules_that_can_keep_to_it():
    full = example_inputs()
    waiting = [
        claim(place, cents, pots=(cents // 10,)) for place, cents in enumerate([90_000, 200_000, 50_000])
    ]
    money = replace(full.money, pots_cents=[60_000, 500_000])
    body = body_of(replace(full, money=money, need=replace(full.need, waiting=waiting)))

    rows = {row["key"]: row for row in body["sharing"]["scenarios"]}
    assert (body["sharing"]["to_share_cents"], body["sharing"]["tied_cents"]) == (60_000, 500_000)
    assert rows["pro_rata"]["paid_cents"] == 60_000 + 9_000 + 20_000 + 5_000
    assert rows["pro_rata"]["tied_left_cents"] == 500_000 - 34_000
    assert (rows["first_come_capped"]["tied_left_cents"], rows["pro_rata"]["general_left_cents"]) == (
        500_000,
        0,
    )


def test_the_same_inputs_give_the_same_bytes():
    assert stored(example_inputs()) == stored(example_inputs())


def test_no_float_is_anywhere_in_the_body(body):
    def walk(value):
        assert not isinstance(value, float)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(item)

    walk(json.loads(stored(example_inputs())))


def test_category_cents_sum_to_the_verified_need(body):
    assert sum(row["verified_cents"] for row in body["categories"]) == 411_106_900


def test_spare_cents_go_to_the_largest_remainders():
    rows = [CategoryNeed(name, 1, 100, 100, Decimal(cents)) for name, cents in
            [("CAR", "10.2"), ("FOOD", "10.5"), ("RENT", "10.3")]]  # fmt: skip

    found = report_body._categories(rows, verified_cents=31)

    assert {row["category"]: row["verified_cents"] for row in found} == {"CAR": 10, "FOOD": 11, "RENT": 10}


def test_groups_too_small_to_name_stand_together(body):
    labels = [row["label"] for row in body["crafts"]]

    # Six wig makers alone could be known, so the next smallest group joins them.
    assert labels == ["Grip", report_body.SMALL_GROUPS]
    assert body["crafts"][1]["people_count"] == 800
    assert sum(row["asked_cents"] for row in body["crafts"]) == 1_000_000_000


def test_several_small_groups_that_are_many_together_leave_the_rest_alone():
    inputs = example_inputs()
    crafts = [group("Grip", 20, 100), *(group(f"Craft {place}", 6, 10) for place in range(2))]
    changed = replace(inputs, need=replace(inputs.need, crafts=crafts))

    assert [row["people_count"] for row in body_of(changed)["crafts"]] == [20, 12]


def test_a_fund_on_its_first_day_has_a_report():
    body = body_of(empty_inputs())

    assert figure(body, "F11.verified")["share_bp"] is None
    assert body["sharing"]["people_count"] == 0
    assert body["asks"]["median_cents"] is None
