"""The page of the money."""

import pytest
from builders import NOW, make_world, put_money_in
from console import Staff, text_of

from fundmgr.domain.permissions import Role
from fundmgr.models import Restriction
from fundmgr.services import funds

pytestmark = pytest.mark.django_db


def test_the_seven_figures_stand_together_with_the_waterfall_and_each_restriction():
    world = make_world()
    put_money_in(world, 36_000_000)
    health = funds.add_restriction(
        fund_id=world.fund.id,
        name="Health premiums",
        wording="For premiums.",
        rule={"categories": ["HEALTH"]},
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )
    put_money_in(world, 5_000_000, bank_reference="WIRE-2", restriction_id=health.id)

    page = text_of(Staff(world, Role.DIRECTOR).get("money/"))

    names = (
        "Cash",
        "Receivable",
        "Conditional",
        "Unrestricted available",
        "Stranded",
        "Usable now",
        "Expected",
    )
    assert all(name in page for name in [*names, "Usable now", "Expected"])
    assert "$410,000 was given and promised" in page
    assert "$352,800 of it can be awarded today" in page
    assert "Health premiums" in page
    assert "Of $410,000 received, $352,800 may be awarded to anyone" in page


def test_a_restriction_keeps_the_rule_that_was_chosen():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)
    sent = {"name": "LA grips", "wording": "For grips.", "categories": ["RENT"], "crafts": "Grip, Camera"}

    desk.post("money/restriction/", sent)
    refused = desk.post(
        "money/restriction/",
        {**sent, "name": "Late", "worked_from": "2023-08-01", "worked_to": "2023-07-01"},
    )

    assert Restriction.objects.get(name="LA grips").rule == {
        "categories": ["RENT"],
        "crafts": ["Grip", "Camera"],
    }
    assert refused.status_code == 422
    assert "The last day is before the first." in text_of(refused)
