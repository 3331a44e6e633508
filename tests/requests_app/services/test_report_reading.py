"""A report reads one moment of one fund, and changes nothing while it reads."""

import threading

import pytest
from builders import NOW, make_world, put_money_in
from django.db import connection
from waiting import make_requests

from fundmgr.domain import errors, ids
from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from requests_app.services import report_reading


def clock():
    return NOW


def test_everything_of_the_fund_is_read_and_nothing_of_another(committed_db):
    world, other = make_world(), make_world(name="Another Fund")
    put_money_in(world, 100_000)
    make_requests(world, [50_000, 60_000])
    put_money_in(other, 999_000)
    make_requests(other, [70_000])

    found = report_reading.read(world.fund.id, clock=clock)

    assert (found.as_of, found.fund.name, found.policy.number) == (NOW, "Lanternlight Crew Fund", 1)
    assert found.policy_id == world.policy.id
    assert (found.money.position.received_cents, found.money.pots_cents) == (100_000, [98_000])
    assert found.need.layers.requested.people == 2
    assert [one.verified_cents for one in found.need.waiting] == [50_000, 60_000]
    assert found.need.households_eligible == 2


def test_money_tied_to_a_purpose_stands_apart(committed_db):
    world = make_world()
    health = funds.add_restriction(
        fund_id=world.fund.id, name="Health", wording="", by=world.actor(Role.DIRECTOR), now=NOW
    )
    put_money_in(world, 7_000, restriction_id=health.id)

    found = report_reading.read(world.fund.id, clock=clock)

    assert (found.money.pots_cents, found.money.restricted_cents) == ([0], 7_000)


def test_what_changes_after_the_first_look_is_not_seen(committed_db):
    world = make_world()
    put_money_in(world, 100_000)

    def change():
        make_requests(world, [50_000])
        put_money_in(world, 1_000, bank_reference="WIRE-2")
        connection.close()

    def busy_clock():
        thread = threading.Thread(target=change)
        thread.start()
        thread.join()
        return NOW

    found = report_reading.read(world.fund.id, clock=busy_clock)

    assert found.need.layers.requested.people == 0
    assert found.money.position.received_cents == 100_000
    again = report_reading.read(world.fund.id, clock=clock)
    assert again.need.layers.requested.people == 1
    assert again.money.position.received_cents == 101_000


def test_a_fund_that_is_gone_or_has_no_policy_is_named(committed_db):
    from fundmgr.domain import actors

    bare = funds.found(terms=funds.FundTerms("Bare Fund", "fiscal_sponsored"), by=actors.SYSTEM, now=NOW)

    with pytest.raises(errors.NotFound):
        report_reading.read(ids.new_id(NOW), clock=clock)
    with pytest.raises(errors.WrongState):
        report_reading.read(bare.id, clock=clock)
