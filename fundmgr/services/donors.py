"""Those who give: record them, and change what is known of them."""

from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from fundmgr.domain import contacts, errors, ids, insiders
from fundmgr.domain.actors import Actor
from fundmgr.domain.insiders import InsiderRelation
from fundmgr.domain.languages import Language
from fundmgr.domain.permissions import Action
from fundmgr.models import Donor, DonorLink
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries import facts as row_facts
from fundmgr.queries.donor_links import contact_hash
from fundmgr.services import entered
from fundmgr.services.use_case import use_case


class DonorChanges(TypedDict, total=False):
    """What of a donor may change; what is not named stays, and None forgets an address."""

    name: str
    is_organisation: bool
    is_anonymous: bool
    is_substantial_contributor: bool
    relation: InsiderRelation
    relation_note: str
    contact: str | None
    address: str | None
    language: Language


def make(
    *,
    fund_id: UUID,
    name: str,
    is_organisation: bool,
    is_anonymous: bool,
    contact: str | None,
    by: Actor,
    now: datetime,
    is_substantial_contributor: bool = False,
    relation: InsiderRelation = InsiderRelation.NONE,
    relation_note: str = "",
    address: str | None = None,
    language: Language = Language.ENGLISH,
    once: Once | None = None,
) -> Donor:
    """This will record a donor, inside the caller's transaction; `add` is the same as a use case of its own.

    Errors: Forbidden for one who may not record commitments, InvalidInput.
    """
    access.require(by, Action.COMMITMENT_WRITE, fund_id=fund_id)
    entered.refuse([*insiders.problems(relation, relation_note), *contacts.problems(contact)])
    donor = Donor.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        name=name,
        is_organisation=is_organisation,
        is_anonymous=is_anonymous,
        is_substantial_contributor=is_substantial_contributor,
        relation=relation,
        relation_note=relation_note,
        contact=contact,
        contact_hash=contact_hash(contact),
        address=address,
        language=language,
    )
    happening = Happening("donor.added", "donor", donor.id, row_facts.said(donor))
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return donor


add = use_case(make)


@use_case
def change(
    *,
    donor_id: UUID,
    version: int,
    by: Actor,
    now: datetime,
    once: Once | None = None,
    **changes: Unpack[DonorChanges],
) -> Donor:
    """This will change what is known of a donor; another address ends the links to the donor's own view.

    Errors: NotFound, Forbidden, InvalidInput; StaleVersion where somebody changed the donor after `version`
    was read.
    """
    donor = Donor.objects.filter(id=donor_id).first()
    if donor is None:
        raise errors.NotFound
    access.require(by, Action.COMMITMENT_WRITE, fund_id=donor.fund_id)
    _update(donor, dict(changes), version=version, now=now)
    told = {"fields": sorted(changes), **row_facts.said(donor)}
    happening = Happening("donor.changed", "donor", donor.id, told)
    events.record(happening, fund_id=donor.fund_id, by=by, now=now)
    return donor


def _update(donor: Donor, changes: dict[str, Any], *, version: int, now: datetime) -> None:
    relation = changes.get("relation", donor.relation)
    note = changes.get("relation_note", donor.relation_note)
    entered.refuse([*insiders.problems(relation, note), *contacts.problems(changes.get("contact"))])
    hashed = {"contact_hash": contact_hash(changes["contact"])} if "contact" in changes else {}
    rows = Donor.objects.filter(id=donor.id, version=version)
    if rows.update(**changes, **hashed, version=version + 1) != 1:
        raise errors.StaleVersion
    donor.refresh_from_db()
    # Whoever reads the old address is not the donor any more.
    old = DonorLink.objects.filter(donor=donor, ended_at__isnull=True)
    old.exclude(contact_hash=donor.contact_hash).update(ended_at=now)
