"""The one figure of a rule's card: true also where pots or tiers level apart."""

import pytest

from requests_app.pages.staff import round_rules
from requests_app.services import round_sharing
from requests_app.services.round_sharing import Pots

EQUAL = {"version": 1, "rule": "equal_awards"}
WHY = "for each who is paid, by need and by what each pot or tier may pay"


def headline_of(claims, pots_cents, usable_cents, rule=EQUAL):
    """What the card says of people with these claims, and of money tied to some of them."""
    found = round_sharing.share(
        capped_cents=claims,
        verified_cents=claims,
        estate_cents=pots_cents[0],
        rule=rule,
        pots=Pots(pots_cents, usable_cents),
    )
    return round_rules.headline(found.row)


@pytest.mark.parametrize("floor_cents", [0, 10_000])
def test_one_level_is_the_equal_award(floor_cents):
    found = round_sharing.share(
        capped_cents=[30_000, 90_000, 150_000],
        verified_cents=[30_000, 90_000, 150_000],
        estate_cents=200_000,
        rule=EQUAL | {"floor_cents": floor_cents},
    )

    assert round_rules.headline(found.row) == ("$850.00", "is the equal award")


def test_pots_that_level_apart_are_told_from_the_least_to_the_most_paid():
    usable = [[100_000, 0], [100_000, 100_000], [50_000, 50_000]]

    assert headline_of([100_000, 100_000, 50_000], [0, 130_000], usable) == ("From $500.00 to $800.00", WHY)


def test_pots_that_pay_everybody_the_same_or_nothing_are_told_as_one_amount():
    usable = [[150_000, 0], [150_000, 150_000]]

    assert headline_of([150_000, 150_000], [0, 150_000], usable) == ("$1,500.00", WHY)
