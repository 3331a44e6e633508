"""What people promised on the public page: how a link finds it, and who may see it."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import PledgeOfferState
from fundmgr.domain.permissions import Action
from fundmgr.models import Donor, PledgeOffer
from fundmgr.models.encrypted import lookup_hash
from fundmgr.queries import access
from fundmgr.queries.donor_links import contact_hash


def token_of(offer_id: UUID) -> str:
    """This will return the token of an offer's link: signed with the secret key, so it is stored nowhere."""
    return salted_hmac("fundmgr.pledge_offer", offer_id.hex, algorithm="sha256").hexdigest()


def token_hash(token: str) -> str:
    """This will return the keyed hash by which a token's offer is found."""
    return lookup_hash("pledge_offer", token)


def by_link(*, fund_id: UUID, token: str, now: datetime) -> PledgeOffer:
    """This will return the offer that a link is for.

    Errors: NotFound for a link that never was, ran out before it was used, or whose offer was turned down.
    """
    row = PledgeOffer.objects.filter(fund_id=fund_id, token_hash=token_hash(token)).first()
    if row is None or not stands(row, now=now):
        raise errors.NotFound
    return row


def stands(row: PledgeOffer, *, now: datetime) -> bool:
    """This will say whether an offer's link still opens something."""
    if row.state == PledgeOfferState.WAITING_FOR_MAIL:
        return row.expires_at > now
    return row.state != PledgeOfferState.TURNED_DOWN


def visible_offers(actor: Actor, *, fund_id: UUID) -> QuerySet[PledgeOffer]:
    """This will return the offers whose givers read their mail. Errors: NotFound, Forbidden.

    The others may be anybody's words about anybody, so nobody is shown them.
    """
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    return PledgeOffer.objects.filter(fund_id=fund_id).exclude(state=PledgeOfferState.WAITING_FOR_MAIL)


def visible_offer(actor: Actor, *, offer_id: UUID) -> PledgeOffer:
    """This will return one offer whose giver reads their mail. Errors: NotFound, Forbidden."""
    row = PledgeOffer.objects.filter(id=offer_id).first()
    if row is None or row.state == PledgeOfferState.WAITING_FOR_MAIL:
        raise errors.NotFound(keys=[offer_id])
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def waiting_count(*, fund_id: UUID) -> int:
    """This will return how many offers wait for somebody to take or turn them down."""
    return PledgeOffer.objects.filter(fund_id=fund_id, state=PledgeOfferState.PROVED).count()


def known_donor(offer: PledgeOffer) -> Donor | None:
    """This will return the donor who has the offer's address already, the oldest of several."""
    rows = Donor.objects.filter(fund_id=offer.fund_id, contact_hash=contact_hash(offer.contact))
    return rows.order_by("id").first()
