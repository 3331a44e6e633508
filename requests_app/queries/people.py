"""Applicants: found by keyed hashes, for what is personal cannot be read by the database."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.domain.text import match_key
from fundmgr.models import prepared
from fundmgr.models.encrypted import lookup_hash
from fundmgr.queries import access
from requests_app.models import Applicant, AssistanceRequest, ContactChange


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
    found = prepared.found(Applicant, "user_id = $1 AND fund_id = $2", [user_id, fund_id])
    return found[0] if found else None


def own_applicant(rows: "QuerySet[Applicant]", applicant_id: UUID, by: Actor) -> Applicant:
    """This will return the worker that the actor is. Errors: NotFound for anyone else."""
    applicant = rows.filter(id=applicant_id).first()
    if applicant is None or by.person_id is None or applicant.user_id != by.person_id:
        raise errors.NotFound
    return applicant


def own_or_filed_applicant(rows: "QuerySet[Applicant]", applicant_id: UUID, by: Actor) -> Applicant:
    """This will return the worker for themselves, and for a program that filed for them.

    Staff who filed propose a handover, which two people sign.
    Errors: NotFound for anyone else, Forbidden for a program that may not file any more, WrongState for one
    who was erased.
    """
    if by.client_id is None:
        return own_applicant(rows, applicant_id, by)
    applicant = rows.filter(id=applicant_id).first()
    filed = AssistanceRequest.objects.filter(applicant_id=applicant_id, filed_by=by.key)
    if applicant is None or not filed.exists():
        raise errors.NotFound
    access.require(by, Action.REQUEST_FILE, fund_id=applicant.fund_id)
    refuse_erased(applicant)
    return applicant


def refuse_erased(applicant: Applicant) -> None:
    """This will keep a worker who was erased from being reached again. Errors: WrongState."""
    if not applicant.contact:
        raise errors.WrongState("This worker's data was erased, so nobody is reached any more.")


def contact_changes(applicant_id: UUID, *, since: datetime) -> list[UUID]:
    """This will return the changes of a worker's contact since then, the oldest first."""
    rows = ContactChange.objects.filter(applicant_id=applicant_id, created_at__gte=since)
    return list(rows.order_by("created_at", "id").values_list("id", flat=True))
