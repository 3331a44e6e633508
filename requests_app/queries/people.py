"""Applicants: found by keyed hashes, for what is personal cannot be read by the database."""

from datetime import datetime
from uuid import UUID

from fundmgr.domain.text import match_key
from fundmgr.models.encrypted import lookup_hash
from requests_app.models import Applicant, ContactChange


def contact_hash(contact: str) -> str:
    """This will return the keyed hash by which a contact is found; `contact` is normalised already."""
    return lookup_hash("contact", contact)


def name_hashes(*names: str) -> list[str]:
    """This will return one keyed hash per word of the names, accents and case folded, without repeats."""
    words = sorted({word for name in names for word in match_key(name).split()})
    return [lookup_hash("name", word) for word in words]


def applicant_of(*, user_id: UUID | None, fund_id: UUID) -> Applicant | None:
    """This will return the applicant that a signed-in worker is in this fund, or None."""
    if user_id is None:
        return None
    return Applicant.objects.filter(user_id=user_id, fund_id=fund_id).first()


def contact_changes(applicant_id: UUID, *, since: datetime) -> list[UUID]:
    """This will return the changes of a worker's contact since then, the oldest first."""
    rows = ContactChange.objects.filter(applicant_id=applicant_id, created_at__gte=since)
    return list(rows.order_by("created_at", "id").values_list("id", flat=True))
