"""Those who give: record them, and change what is known of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import Donor
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services.use_case import use_case


@use_case
def add(
    *,
    fund_id: UUID,
    name: str,
    is_organisation: bool,
    is_anonymous: bool,
    contact: str | None,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Donor:
    """This will record a donor. Errors: Forbidden for one who may not record commitments."""
    access.require(by, Action.COMMITMENT_WRITE, fund_id=fund_id)
    donor = Donor.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        name=name,
        is_organisation=is_organisation,
        is_anonymous=is_anonymous,
        contact=contact,
    )
    events.record(Happening("donor.added", "donor", donor.id), fund_id=fund_id, by=by, now=now)
    return donor


@use_case
def change(
    *,
    donor_id: UUID,
    version: int,
    by: Actor,
    now: datetime,
    name: str | None = None,
    is_anonymous: bool | None = None,
    once: Once | None = None,
) -> Donor:
    """This will change a donor's name or whether it is shown; None leaves a field as it is.

    Errors: NotFound, Forbidden; StaleVersion where somebody changed the donor after `version` was read.
    """
    donor = Donor.objects.filter(id=donor_id).first()
    if donor is None:
        raise errors.NotFound
    access.require(by, Action.COMMITMENT_WRITE, fund_id=donor.fund_id)
    sent: dict[str, Any] = {"name": name, "is_anonymous": is_anonymous}
    changes = {column: value for column, value in sent.items() if value is not None}
    rows = Donor.objects.filter(id=donor_id, version=version)
    if rows.update(**changes, version=version + 1) != 1:
        raise errors.StaleVersion
    donor.refresh_from_db()
    happening = Happening("donor.changed", "donor", donor.id, {"fields": sorted(changes)})
    events.record(happening, fund_id=donor.fund_id, by=by, now=now)
    return donor
