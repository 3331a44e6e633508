"""Magic links to donors' own views: how a donor is found, what a link's token is, who may see them."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.models import DonorLink
from fundmgr.models.encrypted import lookup_hash
from fundmgr.queries import funds


def contact_hash(contact: str | None) -> str:
    """One address is one donor's, however its letters were typed; the hash finds it without reading any."""
    return lookup_hash("donor_contact", contact.strip().casefold()) if contact else ""


def token_of(link_id: UUID) -> str:
    """This will return the token of a link: signed with the secret key, so that it is stored nowhere."""
    return salted_hmac("fundmgr.donor_link", link_id.hex, algorithm="sha256").hexdigest()


def token_hash(token: str) -> str:
    """This will return the keyed hash by which a token's link is found."""
    return lookup_hash("donor_link", token)


def standing(*, now: datetime) -> QuerySet[DonorLink]:
    """This will return the links that are not over, with their donors."""
    rows = DonorLink.objects.filter(ended_at__isnull=True, expires_at__gt=now)
    return rows.select_related("donor")


def is_current(link: DonorLink) -> bool:
    """This will say whether the donor still has the address that the link was sent to."""
    return link.contact_hash != "" and link.contact_hash == link.donor.contact_hash


def visible_links(actor: Actor, *, donor_id: UUID) -> QuerySet[DonorLink]:
    """This will return the links of a donor, for one who may read money. Errors: NotFound, Forbidden."""
    row = funds.visible_donor(actor, donor_id=donor_id)
    return DonorLink.objects.filter(donor=row)


def visible_link(actor: Actor, *, link_id: UUID) -> DonorLink:
    """This will return one link. Errors: NotFound, Forbidden."""
    row = DonorLink.objects.select_related("donor").filter(id=link_id).first()
    if row is None:
        raise errors.NotFound
    funds.visible_donor(actor, donor_id=row.donor_id)
    return row
