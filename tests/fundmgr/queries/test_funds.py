"""Funds, policies, donors and what they promised: each for those who may read it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from builders import NOW, make_commitment, make_donor, make_world, put_money_in

from fundmgr.domain import actors, errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Donor
from fundmgr.queries import funds
from fundmgr.services import funds as fund_services
from fundmgr.services.funds import FundTerms, PolicyTerms

pytestmark = pytest.mark.django_db

READERS = [Role.TREASURER_PREPARES, Role.TREASURER_RELEASES, Role.DIRECTOR, Role.BOARD, Role.AUDITOR]


def test_a_fund_is_found_by_its_address_and_the_oldest_is_the_only_one():
    world = make_world()
    make_world(name="Another fund", now=NOW + timedelta(days=1))

    assert funds.fund_by_slug(world.fund.slug) == world.fund
    assert funds.only_fund() == world.fund
    with pytest.raises(errors.NotFound):
        funds.fund_by_slug("nowhere")


def test_an_empty_site_has_no_fund():
    assert funds.only_fund() is None


def test_staff_see_their_own_funds():
    world, other = make_world(), make_world(name="Another fund")
    reviewer = world.actor(Role.REVIEWER)

    assert list(funds.visible_funds(reviewer)) == [world.fund]
    assert funds.visible_fund(reviewer, fund_id=world.fund.id) == world.fund
    with pytest.raises(errors.NotFound):
        funds.visible_fund(reviewer, fund_id=other.fund.id)


def test_the_chosen_fund_is_the_one_named_or_the_only_one():
    world = make_world()
    worker = actors.person(uuid4())
    assert funds.chosen_fund(worker, fund_id=None) == world.fund
    other = make_world(name="Another fund")

    assert funds.chosen_fund(worker, fund_id=None) is None
    assert funds.chosen_fund(world.actor(Role.REVIEWER), fund_id=None) == world.fund
    assert funds.chosen_fund(worker, fund_id=other.fund.id) == other.fund
    with pytest.raises(errors.NotFound):
        funds.chosen_fund(worker, fund_id=uuid4())


def test_the_newest_policy_is_in_force():
    world = make_world()
    terms = PolicyTerms(1_000, 500, 0, 10_000, "The board")
    second = fund_services.adopt_policy(fund_id=world.fund.id, terms=terms, by=actors.SYSTEM, now=NOW)

    assert funds.policy_in_force(world.fund.id) == second
    limits = funds.need_limits(second)
    assert (limits.need_ceiling_cents, limits.award_cap_cents) == (1_000, 500)
    assert funds.currency_of(world.fund.id) == "USD"


def test_a_fund_without_a_policy_says_so():
    fund = fund_services.found(terms=FundTerms("River Fund", "charity"), by=actors.SYSTEM, now=NOW)

    with pytest.raises(errors.WrongState):
        funds.policy_in_force(fund.id)


@pytest.mark.parametrize("role", READERS)
def test_money_is_read_by_those_who_watch_it(role):
    world = make_world()
    receipt = put_money_in(world, 1_000)
    actor, fund_id = world.actor(role), world.fund.id

    assert funds.visible_donors(actor, fund_id=fund_id).count() == 1
    assert [row.received_cents for row in funds.visible_commitments(actor, fund_id=fund_id)] == [1_000]
    assert list(funds.visible_receipts(actor, fund_id=fund_id)) == [receipt]
    assert funds.visible_receipt(actor, receipt_id=receipt.id) == receipt
    assert list(funds.receipts_of(actor, commitment_id=receipt.commitment_id)) == [receipt]
    donor_id = receipt.commitment.donor_id
    assert funds.visible_donor(actor, donor_id=donor_id).id == donor_id


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.INTAKE])
def test_money_is_closed_to_others_and_unknown_to_strangers(role):
    world = make_world()
    receipt = put_money_in(world, 1_000)
    stranger = make_world(name="Another fund").actor(Role.DIRECTOR)

    for actor, refusal in ((world.actor(role), errors.Forbidden), (stranger, errors.NotFound)):
        with pytest.raises(refusal):
            funds.visible_donors(actor, fund_id=world.fund.id)
        with pytest.raises(refusal):
            funds.visible_receipts(actor, fund_id=world.fund.id)
        with pytest.raises(refusal):
            funds.visible_commitment(actor, commitment_id=receipt.commitment_id)
    for read in (
        lambda: funds.visible_donor(stranger, donor_id=uuid4()),
        lambda: funds.visible_commitment(stranger, commitment_id=uuid4()),
        lambda: funds.visible_receipt(stranger, receipt_id=uuid4()),
    ):
        with pytest.raises(errors.NotFound):
            read()


def test_the_public_page_names_no_anonymous_donor():
    world = make_world()
    founder = make_donor(world, name="The founder")
    make_commitment(world, founder, 4_000)
    make_commitment(world, founder, 1_000)
    shy = make_donor(world, name="Somebody shy")
    Donor.objects.filter(id=shy.id).update(is_anonymous=True)
    make_commitment(world, shy, 9_000)

    assert funds.named_donors(world.fund.id) == [("", 9_000, 0), ("The founder", 5_000, 0)]


def test_members_are_those_who_have_a_role_now():
    world = make_world()

    assert {row.role for row in funds.members(world.fund.id)} == {role.value for role in Role}
