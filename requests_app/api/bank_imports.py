"""Bank files: looked at row by row, then imported whole or not at all."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import errors, ids
from fundmgr.domain.bank_csv import BankRow, ColumnMapping, Outcome, Style
from fundmgr.domain.bank_dates import DateFormat
from fundmgr.domain.bank_text import MOST_BYTES
from fundmgr.domain.errors import Problem
from fundmgr.queries import bank_imports as found
from fundmgr.services import bank_imports, receipt_batches
from fundmgr.services.bank_rows import Read
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_or_null, stamp
from requests_app.api.doors import Door
from requests_app.api.paging import FundPageQuery, FundQuery
from requests_app.api.schema import KEY_NEEDED, KEY_OPTIONAL, Operation, page_sample, page_shape

READ, WRITE, TAG = "commitments:read", "commitments:write", "receipts"
MOST_NAME_LETTERS = 160
MOST_COLUMN_LETTERS = 200
# Base64 takes four letters for three bytes; the rest of the body is small.
MOST_LETTERS = MOST_BYTES * 4 // 3 + 4
MOST_BODY_BYTES = MOST_LETTERS + 20_000
MOST_ROWS_SHOWN = 200


@extend_schema_field({"type": "string", "contentEncoding": "base64"})
class Bytes(fields.StrictField):
    """A file as base64."""

    def to_internal_value(self, data: Any) -> bytes:
        if type(data) is not str:
            raise self.refuse("wrong_type", "Send the file's bytes as base64.")
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise self.refuse("not_base64", "This is not base64.") from None


def _column(words: str, *, required: bool = False) -> fields.Line:
    return fields.Line(most=MOST_COLUMN_LETTERS, required=required, help_text=words)


class MappingSent(fields.Sent):
    """Which column of the file means what, by its name."""

    date = _column("The day the money came in.", required=True)
    reference = _column("The bank's reference, different in each row.", required=True)
    amount = _column("Signed amounts; or say credit.")
    credit = _column("Money in.")
    debit = _column("Money out, where it has a column of its own.")
    payer = _column("Who paid.")
    text = _column("What the payer wrote; a commitment's id in it matches the receipt.")
    currency = _column("The row's currency; found by its name if not said. Rows in another one are errors.")
    date_format = fields.Word(DateFormat, required=False, help_text="By example; found out if not said.")
    amount_format = fields.Word(Style, required=False, help_text="By example; 1,234.56 if not said.")


class BankImportSent(fields.Sent):
    """A bank's file in CSV."""

    file_name = fields.Line(most=MOST_NAME_LETTERS)
    content = Bytes(help_text="The file's bytes as base64, at most 30 MB and 100,000 rows.")
    mapping = MappingSent(
        required=False, help_text="If not said, that of the last import, or one guessed from the names."
    )
    dry_run = fields.YesNo(required=False, default=True, help_text="True unless said: nothing is written.")


class RowOutcome(StrEnum):
    """What a row comes to."""

    NEW = Outcome.NEW.value
    KNOWN = Outcome.KNOWN.value
    DEBIT = Outcome.DEBIT.value
    ERROR = Outcome.ERROR.value


class BankRowShown(fields.Shown):
    """One row of the file."""

    row = serializers.IntegerField(help_text="As a spreadsheet counts them.")
    outcome = fields.Word(RowOutcome)
    bank_reference = serializers.CharField()
    amount = fields.MoneyOut(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    problem = serializers.CharField()


class BankImport(fields.Shown):
    """A file that was looked at or imported."""

    id = fields.Id("imp", allow_null=True, help_text="Null for a dry run.")
    file_name = serializers.CharField()
    is_dry_run = serializers.BooleanField()
    is_repeat = serializers.BooleanField(help_text="The same file was imported before; nothing changed.")
    rows_count = serializers.IntegerField()
    new_count = serializers.IntegerField()
    known_count = serializers.IntegerField()
    debit_count = serializers.IntegerField(allow_null=True, help_text="Null for an import of the past.")
    error_count = serializers.IntegerField()
    waiting_count = serializers.IntegerField(help_text="Receipts that wait to be reconciled.")
    mapping = serializers.DictField(child=serializers.CharField(allow_blank=True))
    rows = BankRowShown(
        many=True, help_text="Of a dry run the first 200, those with errors before the others."
    )
    created_at = fields.MomentOut()


_MAPPING = {"date": "Date", "reference": "Reference", "amount": "Amount", "payer": "Name"}
SENT_SAMPLE = {
    "file_name": "september.csv",
    "content": "RGF0ZSxSZWZlcmVuY2UsQW1vdW50LE5hbWUKMjAyMy0wOS0xOCxGRUQtMSw1MC4wMCxKLiBEb2UK",
    "mapping": _MAPPING,
    "dry_run": True,
}
SAMPLE = {
    "id": None,
    "file_name": "september.csv",
    "is_dry_run": True,
    "is_repeat": False,
    "rows_count": 1,
    "new_count": 1,
    "known_count": 0,
    "debit_count": 0,
    "error_count": 0,
    "waiting_count": 0,
    "mapping": {**_MAPPING, "date_format": "2026-12-31", "amount_format": "1,234.56"},
    "rows": [
        {
            "row": 2,
            "outcome": "NEW",
            "bank_reference": "FED-1",
            "amount": {"amount": "50.00", "currency": "USD"},
            "received_on": "2023-09-18",
            "problem": "",
        }
    ],
    "created_at": "2023-09-18T17:00:00Z",
}
DONE_SAMPLE = {
    **SAMPLE,
    "id": "imp_018aa9d5e0007c3a9d0f6b1c2e4a5d68",
    "is_dry_run": False,
    "debit_count": None,
    "rows": [],
}


class ImportDoor(Door):
    """What the addresses of bank imports share."""

    def row(self, import_id: UUID) -> Any:
        """This will return an import that the caller may see."""
        return found.visible_import(self.actor, import_id=import_id)

    def body(self, row: Any) -> Body:
        """This will write an import that was done."""
        return {
            "id": ids.public("imp", row.id),
            "file_name": row.file_name,
            "is_dry_run": False,
            "is_repeat": self.request.method == "POST" and row.created_at != self.now,
            "rows_count": row.rows_count,
            "new_count": row.new_count,
            "known_count": row.known_count,
            "debit_count": None,
            "error_count": 0,
            "waiting_count": found.waiting_count(row.id),
            "mapping": row.mapping,
            "rows": [],
            "created_at": stamp(row.created_at),
        }


class BankImports(ImportDoor):
    """The fund's bank files."""

    @Operation(
        "list_bank_imports",
        "List imports of bank files, newest first",
        tag=TAG,
        scope=READ,
        query=FundPageQuery,
        gives=page_shape(BankImport),
        sample=page_sample(DONE_SAMPLE),
        refusals=["forbidden"],
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        fund_id, _ = self.fund()
        return self.page(found.visible_imports(self.actor, fund_id=fund_id), ("-id",), self.body)

    @Operation(
        "import_bank_file",
        "Look at a bank's file, or import it",
        tag=TAG,
        scope=WRITE,
        description="A dry run unless `dry_run` is false. Every new row becomes a receipt, or none where any "
        "row is wrong; the same file or row a second time changes nothing.",
        query=FundQuery,
        sends=BankImportSent,
        sample_sent=SENT_SAMPLE,
        gives=BankImport,
        sample=SAMPLE,
        key=KEY_OPTIONAL,
        refusals=["forbidden", "duplicate"],
        most_bytes=MOST_BODY_BYTES,
    )
    def post(self, request: Request) -> HttpResponse:
        """This will look at one or import it."""
        try:
            return self.looked_at_or_taken_in(self.read(BankImportSent))
        except errors.InvalidInput as error:
            raise errors.InvalidInput(error.sentence, problems=[*map(_placed, error.problems)]) from None

    def looked_at_or_taken_in(self, said: Mapping[str, Any]) -> HttpResponse:
        """This will do what the body says. Errors: InvalidInput that names columns as the mapping does."""
        fund_id, currency = self.fund()
        mapping = _mapping(said.get("mapping"))
        if said["dry_run"]:
            read = bank_imports.preview(
                fund_id=fund_id, content=said["content"], mapping=mapping, by=self.actor, now=self.now
            )
            return json_answer(self.looked_at(read, said["file_name"], currency))
        return self.act(
            lambda once: bank_imports.take_in(
                fund_id=fund_id,
                name=said["file_name"],
                content=said["content"],
                mapping=mapping,
                by=self.actor,
                now=self.now,
                once=once,
            ),
            again=self.row,
            body_of=self.body,
        )

    def looked_at(self, read: Read, name: str, currency: str) -> Body:
        """This will write what a dry run found."""
        rows = sorted(read.rows, key=lambda row: row.outcome is not Outcome.ERROR)
        return {
            "id": None,
            "file_name": name,
            "is_dry_run": True,
            "is_repeat": False,
            "rows_count": len(read.rows),
            "new_count": read.counts[Outcome.NEW],
            "known_count": read.counts[Outcome.KNOWN],
            "debit_count": read.counts[Outcome.DEBIT],
            "error_count": read.counts[Outcome.ERROR],
            "waiting_count": 0,
            "mapping": read.mapping.to_json(),
            "rows": [_row_body(row, currency) for row in rows[:MOST_ROWS_SHOWN]],
            "created_at": stamp(self.now),
        }


class OneBankImport(ImportDoor):
    """One import."""

    @Operation(
        "get_bank_import",
        "Read an import of a bank file",
        tag=TAG,
        scope=READ,
        gives=BankImport,
        sample=DONE_SAMPLE,
        refusals=["forbidden"],
    )
    def get(self, request: Request, import_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(self.body(self.row(import_id)))


class ImportReconciliation(ImportDoor):
    """All of a bank file confirmed."""

    @Operation(
        "reconcile_bank_import",
        "Confirm what waits of a bank file",
        tag=TAG,
        scope=WRITE,
        description="The oldest 2,000 receipts of it that wait; `waiting_count` says how many are left. "
        "Another person than the one who imported it.",
        gives=BankImport,
        sample=DONE_SAMPLE,
        key=KEY_NEEDED,
        refusals=["forbidden", "self_approval", "wrong_state"],
    )
    def post(self, request: Request, import_id: UUID) -> HttpResponse:
        """This will confirm them."""
        self.read_nothing()
        return self.act(
            lambda once: receipt_batches.reconcile_import(
                import_id=import_id, by=self.actor, now=self.now, once=once
            ),
            again=self.row,
            body_of=lambda row: {**self.body(row), "is_repeat": False},
        )


def _mapping(said: Mapping[str, Any] | None) -> ColumnMapping | None:
    return ColumnMapping.from_json(said) if said else None


def _placed(problem: Problem) -> Problem:
    """The use case names a column; in the body it stands inside the mapping."""
    is_column = problem.field in ColumnMapping.__dataclass_fields__
    return replace(problem, field=f"mapping.{problem.field}") if is_column else problem


def _row_body(row: BankRow, currency: str) -> Body:
    return {
        "row": row.number,
        "outcome": row.outcome.value,
        "bank_reference": row.reference,
        "amount": money_or_null(row.amount_cents or None, currency),
        "received_on": row.received_on.isoformat() if row.received_on else None,
        "problem": row.problem,
    }
