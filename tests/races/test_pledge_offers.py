"""A promise of the public page, sent and taken at one moment by several: one row, one commitment."""

import builders
from django.utils import timezone
from offering import prove_offer
from racing import in_processes

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Donor, PledgeOffer
from requests_app.services import pledge_offers
from requests_app.services.pledge_offers import Said

SAID = Said("Ana Rivera", "ana@example.org", 5_000, mark="t" * 24)


def _send(_number, fund_id):
    pledge_offers.offer(fund_id=fund_id, said=SAID, language="en", now=timezone.now())
    return "sent"


def _take(_number, offer_id, by):
    try:
        pledge_offers.take(offer_id=offer_id, by=by, now=timezone.now())
    except errors.AlreadyDecided:
        return "late"
    return "taken"


def test_a_form_sent_by_several_taps_is_one_promise(committed_db):
    world = builders.make_world()

    in_processes(_send, world.fund.id, processes=4)

    assert PledgeOffer.objects.count() == 1


def test_a_promise_taken_by_several_is_one_commitment_of_one_donor(committed_db):
    world = builders.make_world()
    offer = prove_offer(world, now=timezone.now())

    found = in_processes(_take, offer.id, world.actor(Role.DIRECTOR), processes=4)

    assert sorted(found) == ["late", "late", "late", "taken"]
    assert (Commitment.objects.count(), Donor.objects.count()) == (1, 1)
