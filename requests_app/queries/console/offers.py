"""Pages of promises from the public page: what waits for staff, and what became of it."""

from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain import contacts, errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import PledgeOfferState
from fundmgr.models import Donor, PledgeOffer
from fundmgr.queries import pledge_offers
from requests_app.queries.paging import Page, keyset

NEWEST = ("-id",)


@dataclass(frozen=True)
class OfferPage:
    """One offer; `contact` is all that is shown of the address, `known` the donor who has it already."""

    offer: PledgeOffer
    contact: str
    known: Donor | None
    waits: bool


def offers(actor: Actor, *, fund_id: UUID, cursor: str | None) -> Page[PledgeOffer]:
    """This will return one page of proved offers. Errors: Forbidden, InvalidInput for a wrong cursor."""
    return keyset(pledge_offers.visible_offers(actor, fund_id=fund_id), NEWEST, cursor)


def offer(actor: Actor, *, fund_id: UUID, offer_id: UUID) -> OfferPage:
    """This will return one proved offer. Errors: NotFound, Forbidden."""
    row = pledge_offers.visible_offers(actor, fund_id=fund_id).filter(id=offer_id).first()
    if row is None:
        raise errors.NotFound
    return OfferPage(
        offer=row,
        contact=contacts.masked(row.contact),
        known=pledge_offers.known_donor(row),
        waits=row.state == PledgeOfferState.PROVED,
    )
