"""How far the money reaches: need by restriction in SQL, the same as the rule says it request by request."""

import random

import pytest
from builders import NOW, TODAY, make_donor, make_world, put_money_in
from waiting import make_requests

from fundmgr.domain import errors
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.permissions import Role
from fundmgr.domain.restrictions import Facts, Rule
from fundmgr.services import commitments, funds
from requests_app.models import AssistanceRequest, Production
from requests_app.queries import means

pytestmark = pytest.mark.django_db
HEALTH = {"categories": ["HEALTH"]}


def restrict(world, rule, *, name="Health premiums"):
    return funds.add_restriction(
        fund_id=world.fund.id,
        name=name,
        wording="As the donor wrote.",
        rule=rule,
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )


def pot_of(world, restriction):
    (pot,) = [pot for pot in means.pots(world.fund.id) if pot.restriction_id == restriction.id]
    return pot


def test_restricted_money_that_no_need_matches_is_stranded():
    world = make_world()
    put_money_in(world, 36_000_000)
    health = restrict(world, HEALTH)
    put_money_in(world, 5_000_000, bank_reference="WIRE-2", restriction_id=health.id)
    make_requests(
        world,
        [3_840_000],
        asked_cents=[5_000_000],
        need_lines=[(NeedCategory.HEALTH, 4_000_000), (NeedCategory.RENT, 1_000_000)],
    )

    found = means.read(world.fund.id)

    assert found.unrestricted_available_cents == 35_280_000
    assert pot_of(world, health).matching_need_cents == 3_840_000
    assert (found.stranded_cents, found.usable_cents) == (1_160_000, 39_120_000)


def test_promises_count_by_what_they_are_worth():
    world = make_world()
    donor = make_donor(world)
    said = {
        "fund_id": world.fund.id,
        "donor_id": donor.id,
        "pledged_on": TODAY,
        "by": world.actor(Role.TREASURER_PREPARES),
        "now": NOW,
    }
    commitments.pledge(amount_cents=20_000_000, **said)
    commitments.pledge(amount_cents=25_000_000, is_conditional=True, condition="A match.", **said)

    found = means.read(world.fund.id)

    assert (found.raised_cents, found.cash_cents) == (45_000_000, 0)
    assert (found.receivable_cents, found.conditional_cents) == (20_000_000, 25_000_000)
    assert found.expected_cents == 19_000_000
    assert found.usable_cents == 0


def test_the_need_in_sql_is_the_need_that_the_rule_says():
    world, dice = make_world(), random.Random(7)  # noqa: S311
    shows = [
        Production.objects.create(
            id=world.fund.id.__class__(int=number), fund=world.fund, created_at=NOW, name=name, place=place
        )
        for number, (name, place) in enumerate([("Badge 27", "LA"), ("Northlight", "Vancouver")], start=1)
    ]
    for number in range(40):
        lines = [(category, dice.randrange(100, 90_000)) for category in dice.sample(list(NeedCategory), 3)]
        (row,) = make_requests(
            world,
            [dice.randrange(100, 200_000)],
            asked_cents=[sum(cents for _, cents in lines)],
            need_lines=lines,
            craft=dice.choice(["Camera", "Grip"]),
            production_name="Elsewhere",
        )
        show = dice.choice([*shows, None])
        AssistanceRequest.objects.filter(id=row.id).update(
            production=show,
            production_name=show.name if show else "Elsewhere",
            union_local=dice.choice(["IATSE 600", "IATSE 80", ""]),
            last_worked_on=NOW.date().replace(day=1 + number % 28),
        )
    rules = [
        HEALTH,
        {"crafts": ["camera"]},
        {"union_locals": ["IATSE 600"], "categories": ["RENT", "FOOD"]},
        {"productions": ["northlight"]},
        {"productions": ["Elsewhere"]},
        {"places": ["la"]},
        {"worked_from": "2023-09-10", "worked_to": "2023-09-20"},
    ]

    for number, rule in enumerate(rules):
        restriction = restrict(world, rule, name=f"Rule {number}")
        assert pot_of(world, restriction).matching_need_cents == _by_hand(world, Rule.from_json(rule))


def _by_hand(world, rule):
    rows = AssistanceRequest.objects.filter(fund=world.fund).select_related("production")
    return sum(
        rule.usable_cents(
            Facts(
                verified_cents=row.verified_cents,
                lines_cents={line.category: line.amount_cents for line in row.need_lines.all()},
                craft=row.craft,
                union_local=row.union_local,
                production=row.production_name,
                place=row.production.place if row.production else "",
                worked_on=row.last_worked_on,
            )
        )
        for row in rows
    )


def test_only_those_who_read_money_see_the_means():
    world = make_world()

    with pytest.raises(errors.Forbidden):
        means.means(world.actor(Role.REVIEWER), fund_id=world.fund.id, now=NOW)
