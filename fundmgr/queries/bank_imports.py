"""Bank files: those that were imported, those on their way in, and what of them is known already."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.bank_csv import ColumnMapping
from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.models import BankFile, BankImport, Receipt
from fundmgr.queries import access


def visible_imports(actor: Actor, *, fund_id: UUID) -> QuerySet[BankImport]:
    """This will return the fund's imports. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    return BankImport.objects.filter(fund_id=fund_id).select_related("imported_by")


def visible_import(actor: Actor, *, import_id: UUID) -> BankImport:
    """This will return one import. Errors: NotFound, Forbidden."""
    row = BankImport.objects.select_related("imported_by").filter(id=import_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def waiting_count(import_id: UUID) -> int:
    """This will return how many receipts of an import wait to be reconciled."""
    return Receipt.objects.filter(bank_import_id=import_id, state=ReceiptState.RECEIVED).count()


def uploaded(actor: Actor, *, file_id: UUID) -> BankFile:
    """This will return a file on its way in, for one who records receipts. Errors: NotFound, Forbidden."""
    row = BankFile.objects.filter(id=file_id).first()
    if row is None:
        raise errors.NotFound("This file is no longer here. Send it again.")
    access.require(actor, Action.RECEIPT_RECORD, fund_id=row.fund_id)
    return row


def last_mapping(fund_id: UUID) -> ColumnMapping | None:
    """This will return the mapping of the fund's last import, or None before the first."""
    found = BankImport.objects.filter(fund_id=fund_id).order_by("-id").values_list("mapping", flat=True)
    said: Any = found.first()
    return ColumnMapping.from_json(said) if said else None


def import_of(fund_id: UUID, sha256: str) -> BankImport | None:
    """This will return the first import of the same bytes, or None."""
    return BankImport.objects.filter(fund_id=fund_id, sha256=sha256).order_by("id").first()


def known(fund_id: UUID, references: Iterable[str]) -> dict[str, tuple[int, date]]:
    """This will return the amount in cents and the day of those references that were recorded before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bank_reference, amount_cents, received_on FROM fundmgr_receipt "
            "WHERE fund_id = %s AND bank_reference = ANY(%s)",
            [fund_id, list(references)],
        )
        return {reference: (int(cents), day) for reference, cents, day in cursor.fetchall()}
