"""Releases of restricted money: those of a restriction, one of them, and what may stand behind one."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import Commitment, Restriction, RestrictionRelease, StoredFile
from fundmgr.queries import access, funds


def of_restriction(actor: Actor, *, restriction_id: UUID) -> QuerySet[RestrictionRelease]:
    """This will return the releases of a restriction. Errors: NotFound, Forbidden."""
    row = funds.visible_restriction(actor, restriction_id=restriction_id)
    return _rows().filter(restriction=row)


def visible_release(actor: Actor, *, release_id: UUID) -> RestrictionRelease:
    """This will return one release. Errors: NotFound, Forbidden."""
    row = _rows().filter(id=release_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def documents(restriction: Restriction) -> QuerySet[StoredFile]:
    """This will return the files that may stand behind a release: its own, and those of its commitments."""
    promised = Commitment.objects.filter(restriction=restriction).values("id")
    rows = StoredFile.objects.filter(fund_id=restriction.fund_id)
    return rows.filter(subject_id=restriction.id) | rows.filter(subject_id__in=promised)


def _rows() -> QuerySet[RestrictionRelease]:
    return RestrictionRelease.objects.select_related("restriction", "document", "proposed_by", "decided_by")
