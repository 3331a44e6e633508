"""Donors' links when many come at one moment: no opening and no ask beyond the limit."""

import time

import pytest
from builders import NOW, World, make_donor, make_world
from giving import ADDRESS, give_address
from racing import in_processes

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import DonorLink, DonorLinkAsk, OutboxMessage
from fundmgr.queries import donor_links as queries
from requests_app.services import donor_links

MOST_OPENS = 3


@pytest.fixture
def world(committed_db: str) -> World:
    return make_world()


@pytest.fixture
def link(world: World, settings) -> DonorLink:
    settings.DONOR_LINK_OPENS = MOST_OPENS
    donor = give_address(world, make_donor(world))
    return donor_links.send(donor_id=donor.id, by=world.actor(Role.DIRECTOR), now=NOW)


def opened(_number: int, link: DonorLink) -> bool:
    try:
        donor_links.open_link(fund_id=link.fund_id, token=queries.token_of(link.id), now=NOW)
    except errors.NotFound:
        return False
    return True


def opened_without_a_lock(_number: int, link: DonorLink) -> bool:
    row = DonorLink.objects.get(id=link.id)
    if row.opens >= row.most_opens:
        return False
    time.sleep(0.5)
    row.opens += 1
    row.save(update_fields=["opens"])
    return True


def asked(_number: int, world: World) -> bool:
    try:
        donor_links.ask(fund_id=world.fund.id, contact=ADDRESS, now=NOW)
    except errors.TooMany:
        return False
    return True


def test_eight_at_once_open_a_link_as_often_as_it_may_be(link):
    assert sum(in_processes(opened, link)) == MOST_OPENS
    assert DonorLink.objects.get().opens == MOST_OPENS


def test_control_without_the_lock_more_would_come_in(link):
    assert sum(in_processes(opened_without_a_lock, link)) > MOST_OPENS


def test_eight_asks_at_once_are_five(world):
    assert sum(in_processes(asked, world)) == donor_links.MOST_ASKS
    assert DonorLinkAsk.objects.count() == donor_links.MOST_ASKS
    assert OutboxMessage.objects.filter(kind="donor_link_ask").count() == donor_links.MOST_ASKS
