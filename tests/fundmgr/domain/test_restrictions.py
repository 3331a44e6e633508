"""A restriction's rule: what it names it asks for, what it does not name it leaves open."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import errors
from fundmgr.domain.eligibility import NeedCategory
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


NAMES = st.lists(st.text(min_size=1, max_size=120).map(str.strip).filter(bool), max_size=5, unique=True).map(
    tuple
)
DAYS = st.none() | st.dates()


@st.composite
def rules(draw):
    """A rule that can be written, with any of its parts open."""
    first, last = draw(DAYS), draw(DAYS)
    if first and last and last < first:
        first, last = last, first
    return Rule(
        categories=tuple(draw(st.lists(st.sampled_from(sorted(NeedCategory)), unique=True))),
        **{name: draw(NAMES) for name in ("crafts", "union_locals", "productions", "places")},
        worked_from=first,
        worked_to=last,
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
        ({"places": ["Austin", "Los Angeles"]}, 300_000),
        ({"places": ["Austin"]}, 0),
        ({"union_locals": ["IATSE 80"]}, 0),
        ({"crafts": ["Camera"], "productions": ["Northlight"], "places": ["Los Angeles"]}, 0),
        ({"worked_from": "2023-07-14", "worked_to": "2023-07-14"}, 300_000),
        ({"worked_from": "2023-07-14"}, 300_000),
        ({"worked_to": "2023-07-14"}, 300_000),
        ({"worked_from": "2023-07-15"}, 0),
        ({"worked_to": "2023-07-13"}, 0),
    ],
)
def test_each_part_of_a_rule_narrows_what_may_be_paid(rule, cents):
    assert Rule.from_json(rule).usable_cents(FACTS) == cents


def test_names_are_the_same_however_their_letters_are_written():
    rule = Rule.from_json({"productions": ["STRASSE"]})

    assert rule.usable_cents(replace(FACTS, production="Straße")) == 300_000


def test_a_rule_is_read_back_as_it_was_written():
    said = {"categories": ["HEALTH"], "crafts": ["Camera"], "worked_from": "2023-05-01"}

    assert Rule.from_json(said).to_json() == said
    assert Rule.from_json(said).binds


@given(rules())
def test_any_rule_is_read_back_as_it_was_written(rule):
    assert Rule.from_json(rule.to_json()) == rule


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"crafts": [" Camera ", "", "Grip", "  ", "Camera"]}, Rule(crafts=("Camera", "Grip"))),
        ({"crafts": ("Camera",), "places": None}, Rule(crafts=("Camera",))),
        ({"worked_from": "", "worked_to": None}, OPEN_RULE),
        ({"worked_from": date(2023, 5, 1)}, Rule(worked_from=date(2023, 5, 1))),
        (
            {"worked_from": "2023-05-01", "worked_to": "2023-05-01"},
            Rule(worked_from=date(2023, 5, 1), worked_to=date(2023, 5, 1)),
        ),
        ({"crafts": ["x" * 120]}, Rule(crafts=("x" * 120,))),
        ({"places": [str(number) for number in range(50)]}, Rule(places=tuple(map(str, range(50))))),
    ],
)
def test_a_rule_is_read_as_people_write_it(said, rule):
    assert Rule.from_json(said) == rule


NO_LIST = "Give a list of words."
TOO_LONG = "Give at most 50 names of 120 letters each."
NO_DAY = "Write the day like 2023-09-18."


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ({"category": ["HEALTH"]}, [("rule.category", "unknown_field", "A rule has no such part.")]),
        (
            {"categories": ["HEALTH", "YACHT"]},
            [("rule.categories", "unknown_category", "There is no kind of need called YACHT.")],
        ),
        ({"categories": "HEALTH"}, [("rule.categories", "not_a_list", NO_LIST)]),
        ({"crafts": "Camera"}, [("rule.crafts", "not_a_list", NO_LIST)]),
        ({"crafts": ["Camera", 7]}, [("rule.crafts", "not_a_list", NO_LIST)]),
        ({"crafts": ["x" * 121]}, [("rule.crafts", "too_long", TOO_LONG)]),
        ({"places": [str(number) for number in range(51)]}, [("rule.places", "too_long", TOO_LONG)]),
        ({"worked_from": "soon"}, [("rule.worked_from", "not_a_day", NO_DAY)]),
        ({"worked_to": 7}, [("rule.worked_to", "not_a_day", NO_DAY)]),
        (
            {"worked_from": "2023-08-01", "worked_to": "2023-07-31"},
            [("rule.worked_to", "before_start", "The last day is before the first.")],
        ),
        (
            {"zone": 1, "area": 2, "crafts": 3, "worked_to": "soon"},
            [
                ("rule.area", "unknown_field", "A rule has no such part."),
                ("rule.zone", "unknown_field", "A rule has no such part."),
                ("rule.crafts", "not_a_list", NO_LIST),
                ("rule.worked_to", "not_a_day", NO_DAY),
            ],
        ),
    ],
)
def test_what_cannot_be_a_rule_is_named(rule, found):
    with pytest.raises(errors.InvalidInput) as refused:
        Rule.from_json(rule)

    assert list(refused.value.problems) == [errors.Problem(*one) for one in found]


@given(st.lists(st.sampled_from(["HEALTH", "RENT", "FOOD"])), st.integers(0, 10**9))
def test_a_rule_never_pays_more_than_is_verified(categories, verified):
    facts = replace(FACTS, verified_cents=verified)

    assert 0 <= Rule(categories=tuple(categories)).usable_cents(facts) <= verified
