"""Pages of bank files: send one, choose what its columns mean, look at each row, import it whole."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.bank_csv import BankRow, Outcome
from fundmgr.domain.errors import FundError
from fundmgr.domain.permissions import Action
from fundmgr.services import bank_imports, receipt_batches
from requests_app.exports import bank_rows
from requests_app.pages.staff import doors, grid, lists
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.receipt_forms import COLUMNS, FileForm, MappingForm
from requests_app.queries import console
from requests_app.templatetags.fund_ui import when

HERE = "donors"
MOST_SHOWN = 200
TAGS = {
    Outcome.NEW: {"kind": "ok", "text": "New"},
    Outcome.KNOWN: {"kind": "neutral", "text": "Recorded before"},
    Outcome.DEBIT: {"kind": "neutral", "text": "Money out, left out"},
    Outcome.ERROR: {"kind": "bad", "text": "Cannot be used"},
}


@doors.page
def listing(door: Door) -> HttpResponse:
    """Show the files that were imported, newest first."""
    page = console.bank_import_list(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    send = {"label": "Send a file", "url": door.url("bank_import_new")}
    shown = {
        "title": "Bank files",
        "note": "Each file is imported whole or not at all, and no row twice.",
        "back_url": door.url("receipts"),
        "back_label": "Receipts",
        "actions": [send] if door.may(Action.RECEIPT_RECORD) else [],
        "columns": grid.columns("File", "When", "By", "Rows#", "New#", "Recorded before#"),
        "rows": [_file_row(door, row) for row in page.rows],
        "pager": lists.pager(door, page),
        "caption": "Bank files, newest first",
        "empty": {"title": "No file yet", "text": "Save the bank's list of transactions as CSV and send it."},
    }
    return door.page("staff/money_list.html", shown, current=HERE)


@doors.form
def upload(door: Door) -> HttpResponse:
    """Send a bank's file; nothing is recorded yet."""
    door.require(Action.RECEIPT_RECORD)
    form = FileForm(door.posted, door.request.FILES if door.is_post else None)
    done = door.attempt(
        form,
        lambda once: bank_imports.upload(
            fund_id=door.fund_id,
            name=form.cleaned_data["file"].name,
            content=form.cleaned_data["file"].read(),
            by=door.actor,
            now=door.now,
            once=once,
        ),
        named={"content": "file"},
    )
    if done:
        return door.to("bank_file", file_id=done.row_id)
    return door.page("staff/bank_file_new.html", {"form": form}, current=HERE)


@doors.form
def look(door: Door, file_id: UUID) -> HttpResponse:
    """Choose what the columns mean, look at each row, import the file."""
    door.require(Action.RECEIPT_RECORD)
    found = _looked(door, file_id)
    if not door.is_post:
        return _look(door, found)
    form = MappingForm(door.posted, columns=found.columns)
    done = door.attempt(
        form,
        lambda once: bank_imports.take_in_kept(
            file_id=file_id, mapping=form.mapping(), by=door.actor, now=door.now, once=once
        ),
    )
    if done is None:
        return _look(door, found)
    if done.row is not None and done.row.created_at != door.now:
        said = "This file was imported before. Nothing changed."
    else:
        said = "The file is imported. Another treasurer must reconcile its receipts before they count."
    return door.to("bank_import", import_id=done.row_id, said=said)


@doors.page
def rows(door: Door, file_id: UUID) -> HttpResponse:
    """Hand out what each row comes to, as a file."""
    door.require(Action.RECEIPT_RECORD)
    found = _looked(door, file_id)
    if found.read is None:
        return _look(door, found)
    answer = HttpResponse(bank_rows.table(found.read.rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="bank-file-rows.csv"'
    return answer


@doors.page
def one(door: Door, import_id: UUID) -> HttpResponse:
    """Show one import."""
    return _one(door, import_id)


@doors.act
def reconcile(door: Door, import_id: UUID) -> HttpResponse:
    """Confirm what waits of an import against the bank."""
    door.require(Action.RECEIPT_RECONCILE)
    done = door.attempt(
        None,
        lambda once: receipt_batches.reconcile_import(
            import_id=import_id, by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to("bank_import", import_id=import_id, said="Its receipts are reconciled.")
    return _one(door, import_id)


def _looked(door: Door, file_id: UUID) -> Any:
    """The file with the mapping of the address, or the one that was sent, or the one that is remembered."""
    said = door.request.POST if door.is_post else door.asked
    chosen = {name: said.get(name, "") for name in (*COLUMNS, "date_format", "amount_format") if name in said}
    return bank_imports.look_at(file_id=file_id, said=chosen or None, by=door.actor, now=door.now)


def _look(door: Door, found: Any) -> HttpResponse:
    for problem in found.problems:
        door.refused(FundError(problem.sentence))
    door.status = 422 if found.problems else door.status
    mapping = found.mapping.to_json()
    read = found.read
    counts = read.counts if read else {}
    shown = {
        "title": found.name,
        "encoding": found.encoding,
        "mapping_form": MappingForm(None, columns=found.columns, initial=mapping),
        "hidden": list(mapping.items()),
        "read": read,
        "figures": [{"label": tag["text"], "value": f"{counts.get(one, 0):,}"} for one, tag in TAGS.items()],
        "columns": grid.columns(
            "Row#", "What it comes to", "Received on", "Amount, $#", "Reference", "Payer"
        ),
        "rows": [_row(row) for row in _errors_first(read)] if read else [],
        "more": max(0, len(read.rows) - MOST_SHOWN) if read else 0,
        "new_count": counts.get(Outcome.NEW, 0),
        "new_cents": read.new_cents if read else 0,
        "may_import": bool(read) and not counts.get(Outcome.ERROR) and bool(counts.get(Outcome.NEW)),
        "rows_url": door.url("bank_file_rows", file_id=found.file_id, query=mapping),
    }
    return door.page("staff/bank_file.html", shown, current=HERE)


def _errors_first(read: Any) -> list[BankRow]:
    return sorted(read.rows, key=lambda row: row.outcome is not Outcome.ERROR)[:MOST_SHOWN]


def _row(row: BankRow) -> Any:
    said: Any = grid.tagged(TAGS[row.outcome])
    if row.problem:
        said = {"text": "Cannot be used:", "note": row.problem}
    return grid.row(
        f"{row.number:,}",
        said,
        when(row.received_on, "full") if row.received_on else "–",
        money.dollars(row.amount_cents).replace("$", "") if row.amount_cents else "–",
        row.reference or "–",
        row.payer or "–",
    )


def _file_row(door: Door, row: Any) -> Any:
    return grid.row(
        grid.link(row.file_name, door.url("bank_import", import_id=row.id)),
        when(row.created_at, "stamp"),
        str(row.imported_by or "–"),
        f"{row.rows_count:,}",
        f"{row.new_count:,}",
        f"{row.known_count:,}",
    )


def _one(door: Door, import_id: UUID) -> HttpResponse:
    found = console.bank_import(door.actor, fund_id=door.fund_id, import_id=import_id)
    row = found.row
    own = row.imported_by_id is not None and row.imported_by_id == door.actor.person_id
    may = door.may(Action.RECEIPT_RECONCILE) and found.waiting_count and not own
    confirm = {
        "url": door.url("bank_import_reconcile", import_id=row.id),
        "label": f"Reconcile {min(found.waiting_count, receipt_batches.MOST):,}",
        "form": [],
        "note": "The bank's statement shows all of them.",
    }
    said = {
        "Rows": row.rows_count,
        "New": row.new_count,
        "Recorded before": row.known_count,
        "To reconcile": found.waiting_count,
    }
    shown = {
        "title": row.file_name,
        "note": f"Imported {when(row.created_at, 'stamp')} by {row.imported_by or 'the system'}.",
        "back_url": door.url("bank_imports"),
        "back_label": "Bank files",
        "actions": [
            {
                "label": "Its receipts",
                "kind": "line",
                "url": door.url("receipts", query={"import": f"imp_{row.id.hex}"}),
            }
        ],
        "figures": [{"label": label, "value": f"{value:,}"} for label, value in said.items()],
        "facts": [
            {"label": COLUMNS.get(name, name), "value": value} for name, value in row.mapping.items() if value
        ],
        "facts_title": "What its columns mean",
        "moves": [confirm] if may else [],
        "locked": "You imported this. Another person must reconcile it."
        if own and found.waiting_count
        else "",
    }
    return door.page("staff/detail.html", shown, current=HERE)
