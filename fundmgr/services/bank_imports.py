"""Bank files as receipts: looked at first, then imported whole or not at all, and never twice."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.bank_csv import BankRow, ColumnMapping, Outcome
from fundmgr.domain.errors import Problem
from fundmgr.domain.permissions import Action
from fundmgr.models import BankFile, BankImport, Commitment, Receipt
from fundmgr.ports import events, locks
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.queries import bank_imports as found
from fundmgr.queries import facts as row_facts
from fundmgr.services import bank_rows, entered
from fundmgr.services.bank_rows import Read
from fundmgr.services.use_case import use_case

MOST_PROBLEMS = 100
_ROWS_A_STATEMENT = 20_000
_INSERT = """
INSERT INTO fundmgr_receipt (id, fund_id, created_at, bank_import_id, recorded_by_id, state, method,
    amount_cents, bank_reference, payer, received_on, restriction_id, commitment_id, donor_id,
    receivable_cents, advance_cents, reserve_cents, refunded_cents)
SELECT n.id, %(fund)s, %(now)s, %(import)s, %(by)s, 'RECEIVED', 'BANK_TRANSFER',
    n.cents, n.reference, n.payer, n.day, n.restriction_id, n.commitment_id, n.donor_id, 0, 0, 0, 0
FROM unnest(%(ids)s::uuid[], %(cents)s::bigint[], %(references)s::text[], %(payers)s::bytea[],
    %(days)s::date[], %(restrictions)s::uuid[], %(commitments)s::uuid[], %(donors)s::uuid[])
    AS n(id, cents, reference, payer, day, restriction_id, commitment_id, donor_id)
"""
_KEPT = timedelta(days=1)
_KEPT_FACTS = ("ids", "cents", "references", "days", "commitments")


@use_case
def upload(
    *, fund_id: UUID, name: str, content: bytes, by: Actor, now: datetime, once: Once | None = None
) -> BankFile:
    """This will keep a file between the steps of its import; those of yesterday are removed.

    Errors: InvalidInput for a file that cannot be read.
    """
    access.require(by, Action.RECEIPT_RECORD, fund_id=fund_id)
    bank_rows.opened(content)
    BankFile.objects.filter(fund_id=fund_id, created_at__lt=now - _KEPT).delete()
    return BankFile.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=base64.b64encode(content).decode(),
        uploaded_by_id=by.person_id,
    )


def content_of(file: BankFile) -> bytes:
    """This will return the bytes of a file that is kept."""
    return base64.b64decode(file.content)


def preview(
    *, fund_id: UUID, content: bytes, mapping: ColumnMapping | None, by: Actor, now: datetime
) -> Read:
    """This will say what each row of a file comes to, and write nothing.

    Errors: Forbidden, InvalidInput for a file or a mapping that cannot be used.
    """
    access.require(by, Action.RECEIPT_RECORD, fund_id=fund_id)
    return bank_rows.read(fund_id, content, mapping, days=entered.window(fund_id, now))


@dataclass(frozen=True)
class Looked:
    """A kept file as it was looked at. Shapes: `read` is None where `problems` say why it cannot be read."""

    file_id: UUID
    name: str
    encoding: str
    columns: tuple[str, ...]
    mapping: ColumnMapping
    read: Read | None
    problems: tuple[Problem, ...] = ()


def look_at(*, file_id: UUID, said: Mapping[str, str] | None, by: Actor, now: datetime) -> Looked:
    """This will look at a kept file with the mapping said, or the remembered one; it writes nothing.

    Errors: NotFound, Forbidden.
    """
    kept = found.uploaded(by, file_id=file_id)
    content = content_of(kept)
    file = bank_rows.opened(content)
    mapping = ColumnMapping.from_json(said) if said else bank_rows.mapping_for(kept.fund_id, file)
    shown = Looked(kept.id, kept.name, file.encoding, file.columns, mapping, None)
    try:
        read = preview(fund_id=kept.fund_id, content=content, mapping=mapping, by=by, now=now)
    except errors.InvalidInput as error:
        return replace(shown, problems=tuple(error.problems))
    return replace(shown, read=read, mapping=read.mapping)


@use_case
def take_in(
    *,
    fund_id: UUID,
    name: str,
    content: bytes,
    by: Actor,
    now: datetime,
    mapping: ColumnMapping | None = None,
    once: Once | None = None,
) -> BankImport:
    """This will record every new row of a file as a receipt, or none where any row is wrong.

    The same file again gives the first import; a file with known rows only gives an import of nothing.
    Errors: InvalidInput with a problem for each wrong row, Duplicate where somebody recorded one just now.
    """
    return _take_in(fund_id, name, content, mapping, by=by, now=now)


@use_case
def take_in_kept(
    *, file_id: UUID, mapping: ColumnMapping | None, by: Actor, now: datetime, once: Once | None = None
) -> BankImport:
    """This will record every new row of a kept file; the file is gone then. Errors: as for take_in."""
    kept = found.uploaded(by, file_id=file_id)
    return _take_in(kept.fund_id, kept.name, content_of(kept), mapping, by=by, now=now)


def _take_in(
    fund_id: UUID, name: str, content: bytes, mapping: ColumnMapping | None, *, by: Actor, now: datetime
) -> BankImport:
    access.require(by, Action.RECEIPT_RECORD, fund_id=fund_id)
    locks.take_named_lock(f"bank-import:{fund_id}")
    digest = hashlib.sha256(content).hexdigest()
    first = found.import_of(fund_id, digest)
    if first is not None:
        return first
    read = bank_rows.read(fund_id, content, mapping, days=entered.window(fund_id, now))
    _refuse_errors(read)
    row = _import(fund_id, name, digest, read, by=by, now=now)
    came = _insert(row, read, by=by, now=now)
    BankFile.objects.filter(fund_id=fund_id, sha256=digest).delete()
    told = {"count": row.new_count, "amount_cents": read.new_cents, "known": row.known_count, "rows": came}
    happening = Happening("bank_import.done", "bank_import", row.id, told)
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return row


def _refuse_errors(read: Read) -> None:
    wrong = read.of(Outcome.ERROR)
    if wrong:
        problems = [
            Problem(f"rows.{row.number}", "row_unusable", f"Row {row.number}: {row.problem}")
            for row in wrong[:MOST_PROBLEMS]
        ]
        sentence = f"{len(wrong):,} of {len(read.rows):,} rows cannot be used. Nothing was imported."
        raise errors.InvalidInput(sentence, problems=problems)


def _import(fund_id: UUID, name: str, digest: str, read: Read, *, by: Actor, now: datetime) -> BankImport:
    return BankImport.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        file_name=name,
        sha256=digest,
        mapping=read.mapping.to_json(),
        rows_count=len(read.rows),
        new_count=read.counts[Outcome.NEW],
        known_count=read.counts[Outcome.KNOWN],
        imported_by_id=by.person_id,
    )


def _insert(row: BankImport, read: Read, *, by: Actor, now: datetime) -> str:
    """Write the receipts, and return the digest of them all."""
    fresh = read.of(Outcome.NEW)
    owned = bank_rows.owners(row.fund_id, fresh)
    general = funds.general_restriction(row.fund_id).id
    came: list[tuple[Any, ...]] = []
    same: dict[str, Any] = {"fund": row.fund_id, "now": now, "import": row.id, "by": by.person_id}
    try:
        with connection.cursor() as cursor:
            for first in range(0, len(fresh), _ROWS_A_STATEMENT):
                part = fresh[first : first + _ROWS_A_STATEMENT]
                columns = _columns(part, owned, general, now=now)
                cursor.execute(_INSERT, same | columns)
                came += zip(*(columns[name] for name in _KEPT_FACTS), strict=True)
    except IntegrityError as error:
        if "receipt_bank_reference" not in str(error):
            raise
        sentence = "Somebody recorded one of these rows just now. Look at the file again."
        raise errors.Duplicate(sentence) from error
    return row_facts.imported(came)


def _columns(
    rows: Sequence[BankRow], owned: Mapping[int, Commitment], general_id: UUID, *, now: datetime
) -> dict[str, list[Any]]:
    """The rows as columns: a statement takes a few long lists faster than many short rows."""
    sealed = Receipt._meta.get_field("payer").get_prep_value
    owners = [owned.get(row.number) for row in rows]
    return {
        "ids": [ids.new_id(now) for _ in rows],
        "cents": [row.amount_cents for row in rows],
        "references": [row.reference for row in rows],
        "payers": [sealed(row.payer or None) for row in rows],
        "days": [row.received_on for row in rows],
        "restrictions": [owner.restriction_id if owner else general_id for owner in owners],
        "commitments": [owner.id if owner else None for owner in owners],
        "donors": [owner.donor_id if owner else None for owner in owners],
    }
