"""Promises from the public page, as far as a test needs them."""

from datetime import datetime
from typing import Any

from builders import World

from fundmgr.models import PledgeOffer
from fundmgr.queries import pledge_offers as queries
from requests_app.services import pledge_offers
from requests_app.services.pledge_offers import Said


def make_offer(world: World, *, now: datetime, **said: Any) -> PledgeOffer:
    """Promise money on the public page of a fund, unproved."""
    told = Said(**{"name": "Ana Rivera", "contact": "ana@example.org", "amount_cents": 5_000, **said})
    before = [*PledgeOffer.objects.values_list("id", flat=True)]
    pledge_offers.offer(fund_id=world.fund.id, said=told, language="es", now=now)
    return PledgeOffer.objects.exclude(id__in=before).get()


def prove_offer(world: World, *, now: datetime, **said: Any) -> PledgeOffer:
    """Promise money and open the link of the letter."""
    token = queries.token_of(make_offer(world, now=now, **said).id)
    return pledge_offers.prove(fund_id=world.fund.id, token=token, now=now)
