"""Tied money on the workbench, the API and the paper: what is left of it, what it would pay if free."""

import pytest
from builders import NOW, make_world, put_money_in
from console import Staff, text_of
from waiting import make_requests

from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from requests_app.exports import board_words
from requests_app.services import workbench

pytestmark = pytest.mark.django_db
EQUAL = {"version": 1, "rule": "equal_awards"}
QUEUE = {"version": 1, "rule": "queue"}


@pytest.fixture
def world(db):
    """$1,000 for anybody, $2,000 for grips, one grip and two editors who each need $1,500."""
    made = make_world(reserve_bp=0, award_cap_cents=150_000)
    put_money_in(made, 100_000)
    director = made.actor(Role.DIRECTOR)
    grips = funds.add_restriction(
        fund_id=made.fund.id, name="Grips", wording="", rule={"crafts": ["grip"]}, by=director, now=NOW
    )
    put_money_in(made, 200_000, bank_reference="WIRE-2", restriction_id=grips.id)
    make_requests(made, [150_000], craft="Grip")
    make_requests(made, [150_000, 150_000], craft="Editor")
    return made


def compared(world, *rules):
    return workbench.compare(fund_id=world.fund.id, rules=rules, by=world.actor(Role.DIRECTOR), now=NOW)


def test_what_a_rule_over_pots_cannot_use_would_raise_the_others(world):
    ((pot,),) = (one.tied for one in compared(world, EQUAL).rules)

    assert (pot.name, pot.available_cents, pot.used_cents, pot.unused_cents) == (
        "Grips",
        200_000,
        150_000,
        50_000,
    )
    assert (pot.freed_cents, pot.freed_pays_cents, pot.freed_people_count) == (50_000, 50_000, 2)
    assert pot.freed_dollar_pays_cents == 100


def test_a_rule_without_pots_would_have_all_of_it_more_to_share(world):
    ((pot,),) = (one.tied for one in compared(world, QUEUE).rules)

    assert (pot.used_cents, pot.unused_cents, pot.freed_cents) == (0, 200_000, 200_000)
    assert (pot.freed_pays_cents, pot.freed_people_count) == (200_000, 2)


def test_money_that_nobody_misses_would_pay_nobody():
    rich = make_world(name="Rich", reserve_bp=0, award_cap_cents=150_000)
    put_money_in(rich, 900_000, bank_reference="WIRE-3")
    director = rich.actor(Role.DIRECTOR)
    grips = funds.add_restriction(
        fund_id=rich.fund.id, name="Grips", wording="", rule={"crafts": ["grip"]}, by=director, now=NOW
    )
    put_money_in(rich, 20_000, bank_reference="WIRE-4", restriction_id=grips.id)
    make_requests(rich, [150_000], craft="Editor")

    for one in compared(rich, EQUAL, QUEUE).rules:
        (pot,) = one.tied
        assert (pot.unused_cents, pot.freed_pays_cents, pot.freed_dollar_pays_cents) == (20_000, 0, 0)


def test_a_fund_without_tied_money_says_nothing_of_it():
    plain = make_world(name="Plain", reserve_bp=0)
    put_money_in(plain, 10_000, bank_reference="WIRE-5")
    make_requests(plain, [150_000])

    assert compared(plain, EQUAL).rules[0].tied == ()
    assert "Tied money" not in text_of(Staff(plain, Role.BOARD).get("rounds/workbench/"))


def test_the_workbench_sets_it_side_by_side_in_plain_words(world):
    page = text_of(Staff(world, Role.BOARD).get("rounds/workbench/", rules="equal_awards,queue"))

    assert "Money that donors tied to something" in page
    for words in (
        "Grips: unused of $2,000",
        "Grips: paid more if that were free",
        "$500 to 2 people",
        "$2,000 to 2 people",
        "Grips: paid more for one freed dollar",
        "If it could go to anybody, $500 more would be paid, to 2 people.",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "If it could go to anybody, $500 more would be paid, to 2 people."),
        ("es", "Si pudiera ir a cualquiera, se pagarían $500 más, a 2 personas."),
    ],
)
def test_the_boards_paper_says_it_in_both_languages(world, language, said):
    found = compared(world, EQUAL)

    paper = board_words.paper(found, fund="A", time_zone="UTC", chosen=None, language=language)

    assert said in paper["warnings"][0]["text"]
