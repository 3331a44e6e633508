"""Files of evidence by what they prove, for one who may read money."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import StoredFile
from fundmgr.queries import access, funds


def of_commitment(actor: Actor, *, commitment_id: UUID) -> QuerySet[StoredFile]:
    """This will return the files of a commitment. Errors: NotFound, Forbidden."""
    return _of(funds.visible_commitment(actor, commitment_id=commitment_id).id)


def of_restriction(actor: Actor, *, restriction_id: UUID) -> QuerySet[StoredFile]:
    """This will return the files of a restriction: letters and orders. Errors: NotFound, Forbidden."""
    return _of(funds.visible_restriction(actor, restriction_id=restriction_id).id)


def visible_file(actor: Actor, *, file_id: UUID) -> StoredFile:
    """This will return what is known of a file, not its bytes. Errors: NotFound, Forbidden."""
    row = StoredFile.objects.select_related("added_by").filter(id=file_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def _of(subject_id: UUID) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(subject_id=subject_id).select_related("added_by")
