"""A restriction's rule: what it names it asks for, what it does not name it leaves open."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import errors
from fundmgr.domain.restrictions import OPEN_RULE, Facts, Rule

FACTS = Facts(
    verified_cents=300_000,
    lines_cents={"HEALTH": 120_000, "RENT": 240_000},
    craft="Camera",
    union_local="IATSE 600",
    production="Badge 27",
    place="Los Angeles",
    worked_on=date(2023, 7, 14),
)


def test_money_tied_to_nothing_may_pay_the_whole_verified_need():
    assert OPEN_RULE.usable_cents(FACTS) == 300_000
    assert not OPEN_RULE.binds


@pytest.mark.parametrize(
    ("rule", "cents"),
    [
        ({"categories": ["HEALTH"]}, 120_000),
        ({"categories": ["HEALTH", "RENT"]}, 300_000),
        ({"categories": ["FOOD"]}, 0),
        ({"crafts": ["camera"]}, 300_000),
        ({"crafts": ["Grip"]}, 0),
        ({"union_locals": ["IATSE 600", "IATSE 80"], "categories": ["HEALTH"]}, 120_000),
        ({"productions": ["Northlight"]}, 0),
        ({"places": ["LOS ANGELES"]}, 300_000),
        ({"worked_from": "2023-07-14", "worked_to": "2023-07-14"}, 300_000),
        ({"worked_from": "2023-07-15"}, 0),
        ({"worked_to": "2023-07-13"}, 0),
    ],
)
def test_each_part_of_a_rule_narrows_what_may_be_paid(rule, cents):
    assert Rule.from_json(rule).usable_cents(FACTS) == cents


def test_a_rule_is_read_back_as_it_was_written():
    said = {"categories": ["HEALTH"], "crafts": ["Camera"], "worked_from": "2023-05-01"}

    assert Rule.from_json(said).to_json() == said
    assert Rule.from_json(said).binds


@pytest.mark.parametrize(
    ("rule", "field", "code"),
    [
        ({"category": ["HEALTH"]}, "rule.category", "unknown_field"),
        ({"categories": ["YACHT"]}, "rule.categories", "unknown_category"),
        ({"crafts": "Camera"}, "rule.crafts", "not_a_list"),
        ({"crafts": [7]}, "rule.crafts", "not_a_list"),
        ({"crafts": ["x" * 121]}, "rule.crafts", "too_long"),
        ({"places": [str(number) for number in range(51)]}, "rule.places", "too_long"),
        ({"worked_from": "soon"}, "rule.worked_from", "not_a_day"),
        ({"worked_from": "2023-08-01", "worked_to": "2023-07-01"}, "rule.worked_to", "before_start"),
    ],
)
def test_what_cannot_be_a_rule_is_named(rule, field, code):
    with pytest.raises(errors.InvalidInput) as refused:
        Rule.from_json(rule)

    assert [(problem.field, problem.code) for problem in refused.value.problems] == [(field, code)]


@given(st.lists(st.sampled_from(["HEALTH", "RENT", "FOOD"])), st.integers(0, 10**9))
def test_a_rule_never_pays_more_than_is_verified(categories, verified):
    facts = replace(FACTS, verified_cents=verified)

    assert 0 <= Rule(categories=tuple(categories)).usable_cents(facts) <= verified
