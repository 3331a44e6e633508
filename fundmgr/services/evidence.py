"""Evidence of what was promised or allowed: a signed pledge, a mail as PDF, a photo, a court's order."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors, evidence, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.permissions import Action
from fundmgr.models import Commitment, Restriction, StoredFile, Subject
from fundmgr.ports import events, files
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries.evidence import visible_file
from fundmgr.services import entered
from fundmgr.services.use_case import use_case

KEPT_ALREADY = "This very file is kept here already."


@dataclass(frozen=True)
class Opened:
    """A file that somebody reads: what is known of it, and its bytes."""

    row: StoredFile
    content: bytes


@use_case
def add_to_commitment(
    *,
    commitment_id: UUID,
    name: str,
    content: bytes,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> StoredFile:
    """This will keep a file that proves a promise.

    Errors: InvalidInput for bytes that are no whole PDF, PNG or JPEG, or more than 10 MB; Duplicate.
    """
    return _add(entered.locked(Commitment, commitment_id), Subject.COMMITMENT, name, content, by=by, now=now)


@use_case
def add_to_restriction(
    *,
    restriction_id: UUID,
    name: str,
    content: bytes,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> StoredFile:
    """This will keep a letter or an order that says what restricted money may be used for.

    Errors: as for a commitment.
    """
    row = entered.locked(Restriction, restriction_id)
    return _add(row, Subject.RESTRICTION, name, content, by=by, now=now)


@use_case
def read(*, file_id: UUID, by: Actor, now: datetime, fund_id: UUID | None = None) -> Opened:
    """This will return a file's bytes and record who read them.

    Errors: NotFound, also for a file of another fund than the one named; Forbidden; FileDamaged where the
    disk no longer holds what was sent.
    """
    row = visible_file(by, file_id=file_id)
    if fund_id not in {None, row.fund_id}:
        raise errors.NotFound
    access.require(by, Action.EVIDENCE_READ, fund_id=row.fund_id)
    content = files.read(row.place, sha256=row.sha256)
    happening = Happening("evidence.read", "file", row.id, {"subject": row.subject_id})
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return Opened(row, content)


def _add(
    subject: Commitment | Restriction,
    kind: Subject,
    name: str,
    content: bytes,
    *,
    by: Actor,
    now: datetime,
) -> StoredFile:
    access.require(by, Action.COMMITMENT_WRITE, fund_id=subject.fund_id)
    found = _examined(content)
    _require_room(subject.id)
    place = files.keep(found.content)
    row = StoredFile(
        id=ids.new_id(now),
        fund_id=subject.fund_id,
        created_at=now,
        subject_type=kind,
        subject_id=subject.id,
        place=place,
        name=evidence.kept_name(name, found.media_type),
        media_type=found.media_type,
        size_bytes=len(found.content),
        sha256=files.digest(found.content),
        added_by_id=by.person_id,
    )
    try:
        _enter(row, by=by, now=now)
    except BaseException:
        files.remove(place)
        raise
    return row


def _enter(row: StoredFile, *, by: Actor, now: datetime) -> None:
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        if "stored_file_once" not in str(error):
            raise
        raise errors.Duplicate(KEPT_ALREADY) from error
    facts = {"subject": row.subject_id, "sha256": row.sha256, "size_bytes": row.size_bytes}
    events.record(Happening("evidence.added", "file", row.id, facts), fund_id=row.fund_id, by=by, now=now)


def _examined(content: bytes) -> evidence.Evidence:
    try:
        return evidence.examined(content)
    except evidence.NotEvidence as error:
        raise errors.InvalidInput(problems=[Problem("file", error.code, str(error))]) from error


def _require_room(subject_id: UUID) -> None:
    if StoredFile.objects.filter(subject_id=subject_id).count() >= evidence.MOST_FILES:
        sentence = f"{evidence.MOST_FILES} files are kept here already, and that is the most."
        raise errors.InvalidInput(problems=[Problem("file", "too_many_files", sentence)])
