"""What the workbench does with a number or a rule that it cannot read."""

import re

import pytest
from builders import make_world, put_money_in
from console import Staff, text_of
from waiting import make_requests

from fundmgr.domain.permissions import Role

pytestmark = pytest.mark.django_db
OFFERS = ("Propose for approval", "Publish this rule", "Save scenario")


@pytest.fixture
def desk():
    made = make_world(reserve_bp=0)
    put_money_in(made, 200_000)
    make_requests(made, [240_000, 90_000, 30_000])
    return Staff(made, Role.DIRECTOR)


def test_a_faulty_number_leaves_the_choice_and_offers_nothing(desk):
    sent = {"rules": "equal_awards,proportional", "chosen": "equal_awards"}
    before = text_of(desk.get("rounds/workbench/", **sent))

    answer = desk.get("rounds/workbench/", **sent, **{"equal_awards-floor": "-5"})

    page = text_of(answer)
    assert answer.status_code == 422
    assert all(offer in before and offer not in page for offer in OFFERS)
    assert "Mend what is marked, then recalculate." in page
    assert "Then the rules can be saved." in page
    assert 'name="chosen" value="equal_awards"' in page
    assert 'name="chosen" value="proportional"' not in page
    (head,) = re.findall(r'id="equal_awards-head">(.*?)</div>', page)
    assert "Selected" in head


def test_a_fault_in_another_rule_leaves_the_chosen_one_to_propose(desk):
    page = text_of(
        desk.get(
            "rounds/workbench/",
            rules="equal_awards,proportional",
            chosen="proportional",
            **{"equal_awards-floor": "-5"},
        )
    )

    assert "Propose for approval" in page
    assert "Save scenario" not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-5", "must not be below zero"),
        ("−$1,200.50", "must not be below zero"),
        ("9" * 16, "too large"),
        ("9" * 60, "too large"),
        ("5-", "Write the amount"),
    ],
)
def test_a_fault_is_told_at_its_number(desk, typed, said):
    answer = desk.get("rounds/workbench/", rules="equal_awards", **{"equal_awards-floor": typed})

    page = text_of(answer)
    assert answer.status_code == 422
    (told,) = re.findall(r'id="equal_awards-floor-fault"><p class="error-text">(.*?)</p>', page)
    assert said in told
    assert "Digest of people" not in page


def test_rules_that_are_unknown_or_too_many_are_told(desk):
    many = "equal_awards,proportional,queue,draw,equal_losses,talmud,coin"

    page = text_of(desk.get("rounds/workbench/", rules=many))

    assert "There is no rule called “coin”, so it is not shown." in page
    assert "Only 5 rules stand side by side. Left out: " in page
    assert "There is no rule" not in text_of(desk.get("rounds/workbench/", rules="queue"))
