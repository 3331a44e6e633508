"""Many receipts confirmed at once, such as all of a bank file: all of them or none."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from fundmgr.domain import errors, ids, receiving
from fundmgr.domain.actors import Actor
from fundmgr.domain.holes import Standing
from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.domain.pledges import Split
from fundmgr.domain.postings import Posting
from fundmgr.domain.receiving import Promise
from fundmgr.models import BankImport, Commitment, Receipt
from fundmgr.ports import events, ledger
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered, matching
from fundmgr.services import receiving as shared
from fundmgr.services.use_case import use_case

MOST = 2_000
_WRITE = """
UPDATE fundmgr_receipt r SET state = n.state, receivable_cents = n.receivable, advance_cents = n.advance,
    reserve_cents = n.reserve, reconciled_by_id = %s, reconciled_at = %s
FROM unnest(%s::uuid[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[])
    AS n(id, state, receivable, advance, reserve)
WHERE r.id = n.id AND r.state = 'RECEIVED'
"""


@use_case
def reconcile_many(
    *, fund_id: UUID, receipt_ids: Sequence[UUID], by: Actor, now: datetime, once: Once | None = None
) -> list[Receipt]:
    """This will confirm receipts against the bank, at most MOST at a time: all of them or none.

    Errors: SelfApproval where the person recorded one, WrongState where one was reconciled before.
    """
    access.require(by, Action.RECEIPT_RECONCILE, fund_id=fund_id)
    wanted = set(receipt_ids)
    if not 0 < len(wanted) <= MOST:
        raise errors.InvalidInput(f"Choose at least one receipt, and at most {MOST:,} at a time.")
    rows = list(_waiting(fund_id).filter(id__in=wanted))
    if len(rows) != len(wanted):
        raise errors.WrongState("Some of these receipts are not there to be reconciled any more.")
    _reconcile(rows, fund_id=fund_id, by=by, now=now)
    return rows


@use_case
def reconcile_import(*, import_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> BankImport:
    """This will confirm what waits of a bank file, its oldest MOST rows; a second call goes on.

    Errors: SelfApproval for the person who imported it, WrongState where nothing of it waits.
    """
    row = BankImport.objects.filter(id=import_id).first()
    if row is None:
        raise errors.NotFound
    access.require(by, Action.RECEIPT_RECONCILE, fund_id=row.fund_id)
    rows = list(_waiting(row.fund_id).filter(bank_import=row)[:MOST])
    if not rows:
        raise errors.WrongState("Nothing of this import waits to be reconciled.")
    _reconcile(rows, fund_id=row.fund_id, by=by, now=now)
    return row


def _waiting(fund_id: UUID) -> QuerySet[Receipt]:
    rows = Receipt.objects.select_for_update(of=("self",)).filter(fund_id=fund_id)
    return rows.filter(state=ReceiptState.RECEIVED).order_by("id")


def _reconcile(rows: Sequence[Receipt], *, fund_id: UUID, by: Actor, now: datetime) -> None:
    if any(row.recorded_by_id is not None and row.recorded_by_id == by.person_id for row in rows):
        raise errors.SelfApproval("You recorded some of these receipts. Another person must reconcile them.")
    commitments = _commitments(rows)
    splits = _splits(rows, commitments, fund_id=fund_id)
    _write(rows, splits, by=by, now=now)
    _count(rows, commitments, fund_id=fund_id, now=now)
    postings = _postings(rows, splits, fund_id=fund_id)
    made, counted = matching.recount(fund_id, occasion_id=ids.new_id(now), by=by, now=now, before=postings)
    ledger.post_many([*postings, *made], fund_id=fund_id, by=by, now=now)
    happenings = [
        Happening(
            "receipt.reconciled", "receipt", row.id, {"amount_cents": row.amount_cents, **row_facts.said(row)}
        )
        for row in rows
    ]
    events.record_many([*happenings, *counted], fund_id=fund_id, by=by, now=now)


def _commitments(rows: Sequence[Receipt]) -> dict[UUID, Commitment]:
    wanted = {row.commitment_id for row in rows if row.commitment_id is not None}
    locked = Commitment.objects.select_for_update(of=("self",)).filter(id__in=wanted).order_by("id")
    found = {row.id: row for row in locked}
    for commitment in found.values():
        shared.require_open(commitment)
    return found


def _splits(rows: Sequence[Receipt], commitments: dict[UUID, Commitment], *, fund_id: UUID) -> list[Split]:
    """What each one's money does, on promises that the receipts before it were counted on."""
    restricted = funds.restricted_ids(fund_id)
    reserve_bp = funds.policy_in_force(fund_id).reserve_bp
    promises = {key: shared.promise_of(row) for key, row in commitments.items()}
    splits = []
    for row in rows:
        if row.donor_id is None:
            splits.append(Split(row.amount_cents))
            continue
        promise: Promise | None = promises.get(row.commitment_id) if row.commitment_id else None
        kept = 0 if row.restriction_id in restricted else reserve_bp
        splits.append(receiving.came_in(row.amount_cents, promise, reserve_bp=kept))
        if promise is not None and row.commitment_id is not None:
            promises[row.commitment_id] = promise.after(row.amount_cents)
    return splits


def _write(rows: Sequence[Receipt], splits: Sequence[Split], *, by: Actor, now: datetime) -> None:
    for row, split in zip(rows, splits, strict=True):
        row.state = ReceiptState.UNMATCHED if row.donor_id is None else ReceiptState.RECONCILED
        row.reconciled_by_id, row.reconciled_at = by.person_id, now
        for name, cents in shared.parts(split).items():
            setattr(row, name, cents)
    with connection.cursor() as cursor:
        columns = [
            [getattr(row, name) for row in rows]
            for name in ("id", "state", "receivable_cents", "advance_cents", "reserve_cents")
        ]
        cursor.execute(_WRITE, [by.person_id, now, *columns])
        if cursor.rowcount != len(rows):
            raise errors.WrongState


def _count(
    rows: Sequence[Receipt], commitments: dict[UUID, Commitment], *, fund_id: UUID, now: datetime
) -> None:
    came: defaultdict[UUID, int] = defaultdict(int)
    for row in rows:
        if row.commitment_id is not None:
            came[row.commitment_id] += row.amount_cents
    today = entered.today(fund_id, now)
    for key, cents in came.items():
        shared.count(commitments[key], amount_cents=cents, today=today)


def _postings(rows: Sequence[Receipt], splits: Sequence[Split], *, fund_id: UUID) -> list[Posting]:
    """Each posting starts from where the one before it left the accounts of its restriction."""
    standings: dict[UUID, Standing] = ledger.standings({row.restriction_id for row in rows}, fund_id=fund_id)
    made = []
    for row, split in zip(rows, splits, strict=True):
        standing = standings[row.restriction_id]
        posting = shared.booking(row, split, general_id=row.restriction_id, standing=standing)
        standings[row.restriction_id] = standing.after(posting.lines, row.restriction_id)
        made.append(posting)
    return made
