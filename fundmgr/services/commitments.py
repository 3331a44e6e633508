"""Money promised and money in: donors, commitments, receipts, and their entry in the books."""

from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError

from fundmgr.domain import errors, ids, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.models import Commitment, Donor, Fund, Receipt, Restriction
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.services.use_case import use_case

Row = TypeVar("Row", Donor, Restriction)


@use_case
def add_donor(
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
def change_donor(
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


@use_case
def pledge(
    *,
    fund_id: UUID,
    donor_id: UUID,
    amount_cents: int,
    pledged_on: date,
    by: Actor,
    now: datetime,
    due_on: date | None = None,
    is_conditional: bool = False,
    condition: str = "",
    restriction_id: UUID | None = None,
    once: Once | None = None,
) -> Commitment:
    """This will record a donor's promise; an unconditional one is a receivable at once.

    Errors: InvalidInput, NotFound for another fund's donor or restriction.
    """
    access.require(by, Action.COMMITMENT_WRITE, fund_id=fund_id)
    row = Commitment(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        donor=_own(Donor, donor_id, fund_id=fund_id),
        restriction=_restriction(restriction_id, fund_id=fund_id),
        amount_cents=amount_cents,
        is_conditional=is_conditional,
        condition=condition,
        pledged_on=pledged_on,
        due_on=due_on,
        state=CommitmentState.PLEDGED,
        recorded_by_id=by.person_id,
    )
    _check_pledge(row, today=_today(fund_id, now))
    row.save(force_insert=True)
    _book_pledge(row, by=by, now=now)
    return row


@use_case
def record_receipt(
    *,
    commitment_id: UUID,
    amount_cents: int,
    bank_reference: str,
    received_on: date,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Receipt:
    """This will record money that came in on a commitment; it counts only once it is reconciled.

    Errors: Duplicate for a bank reference in use, InvalidInput where more came than was promised.
    """
    commitment = Commitment.objects.select_for_update().filter(id=commitment_id).first()
    if commitment is None:
        raise errors.NotFound
    access.require(by, Action.RECEIPT_RECORD, fund_id=commitment.fund_id)
    _check_receipt(commitment, amount_cents, received_on, today=_today(commitment.fund_id, now))
    try:
        row = Receipt.objects.create(
            id=ids.new_id(now),
            fund_id=commitment.fund_id,
            created_at=now,
            commitment=commitment,
            restriction_id=commitment.restriction_id,
            amount_cents=amount_cents,
            bank_reference=bank_reference,
            received_on=received_on,
            state=ReceiptState.RECEIVED,
            recorded_by_id=by.person_id,
        )
    except IntegrityError as error:
        if "receipt_bank_reference" not in str(error):
            raise
        raise errors.Duplicate("This bank reference was recorded already.") from error
    facts = {"amount_cents": amount_cents, "commitment": commitment.id}
    happening = Happening("receipt.recorded", "receipt", row.id, facts)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def reconcile_receipt(*, receipt_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Receipt:
    """This will confirm a receipt against the bank: from now on its money may be awarded.

    Errors: SelfApproval for the person who recorded it, WrongState where it was reconciled before.
    """
    row = Receipt.objects.filter(id=receipt_id).select_related("commitment").first()
    if row is None:
        raise errors.NotFound
    access.require(by, Action.RECEIPT_RECONCILE, fund_id=row.fund_id)
    if row.recorded_by_id is not None and row.recorded_by_id == by.person_id:
        raise errors.SelfApproval("You recorded this receipt. Another person must reconcile it.")
    commitment = Commitment.objects.select_for_update().get(id=row.commitment_id)
    moves.move(row, ReceiptState.RECONCILED, reconciled_by_id=by.person_id, reconciled_at=now)
    _count_received(commitment, amount_cents=row.amount_cents)
    ledger.post(_posting(row, commitment), fund_id=row.fund_id, by=by, now=now)
    happening = Happening("receipt.reconciled", "receipt", row.id, {"amount_cents": row.amount_cents})
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def cancel(
    *, commitment_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None
) -> Commitment:
    """This will give up what a donor still owes; what was received stays. Errors: WrongState."""
    row = Commitment.objects.select_for_update().filter(id=commitment_id).first()
    if row is None:
        raise errors.NotFound
    access.require(by, Action.COMMITMENT_WRITE, fund_id=row.fund_id)
    if row.receipts.filter(state=ReceiptState.RECEIVED).exists():
        raise errors.WrongState("A receipt on this commitment waits to be reconciled.")
    owed_cents = row.amount_cents - row.received_cents
    moves.move(row, CommitmentState.CANCELLED)
    if owed_cents and not row.is_conditional:
        posting = postings.pledge_cancelled(
            commitment_id=row.id, restriction_id=row.restriction_id, amount_cents=owed_cents
        )
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    facts = {"owed_cents": owed_cents, "reason": reason}
    happening = Happening("commitment.cancelled", "commitment", row.id, facts)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


def _restriction(restriction_id: UUID | None, *, fund_id: UUID) -> Restriction:
    if restriction_id is None:
        return funds.general_restriction(fund_id)
    return _own(Restriction, restriction_id, fund_id=fund_id)


def _book_pledge(row: Commitment, *, by: Actor, now: datetime) -> None:
    if not row.is_conditional:
        posting = postings.pledge(
            commitment_id=row.id, restriction_id=row.restriction_id, amount_cents=row.amount_cents
        )
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    facts = {"amount_cents": row.amount_cents, "conditional": row.is_conditional}
    happening = Happening("commitment.pledged", "commitment", row.id, facts)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)


def _check_pledge(row: Commitment, *, today: date) -> None:
    problems = _entered(row.amount_cents, row.pledged_on, "pledged_on", today)
    if row.due_on is not None and row.due_on < row.pledged_on:
        problems.append(Problem("due_on", "before_pledge", "The money cannot be due before it was promised."))
    if row.is_conditional and not row.condition:
        problems.append(Problem("condition", "missing", "Write what must happen before the money is owed."))
    if problems:
        raise errors.InvalidInput(problems=problems)


def _entered(amount_cents: int, day: date, field: str, today: date) -> list[Problem]:
    problems = []
    if amount_cents <= 0:
        problems.append(Problem("amount", "not_positive", "Write an amount of at least one cent."))
    if day > today:
        problems.append(Problem(field, "in_future", "This day has not come yet."))
    return problems


def _today(fund_id: UUID, now: datetime) -> date:
    zone = Fund.objects.values_list("time_zone", flat=True).get(id=fund_id)
    return now.astimezone(ZoneInfo(zone)).date()


def _check_receipt(commitment: Commitment, amount_cents: int, received_on: date, *, today: date) -> None:
    if commitment.state == CommitmentState.CANCELLED:
        raise errors.WrongState("This commitment was cancelled.")
    waiting = sum(row.amount_cents for row in commitment.receipts.filter(state=ReceiptState.RECEIVED))
    problems = _entered(amount_cents, received_on, "received_on", today)
    if commitment.received_cents + waiting + amount_cents > commitment.amount_cents:
        problems.append(
            Problem("amount", "more_than_promised", "This is more than the commitment still owes.")
        )
    if received_on < commitment.pledged_on:
        problems.append(
            Problem("received_on", "before_pledge", "Money cannot arrive before it was promised.")
        )
    if problems:
        raise errors.InvalidInput(problems=problems)


def _count_received(commitment: Commitment, *, amount_cents: int) -> None:
    total = commitment.received_cents + amount_cents
    is_whole = total == commitment.amount_cents
    state = CommitmentState.FULFILLED if is_whole else CommitmentState.PARTIALLY_RECEIVED
    moves.move(commitment, state, received_cents=total)


def _posting(row: Receipt, commitment: Commitment) -> postings.Posting:
    reserve_bp = funds.policy_in_force(row.fund_id).reserve_bp
    return postings.receipt(
        receipt_id=row.id,
        restriction_id=row.restriction_id,
        amount_cents=row.amount_cents,
        receivable_cents=row.amount_cents,
        reserve_cents=row.amount_cents * reserve_bp // 10_000 if row.restriction.is_general else 0,
        conditional=commitment.is_conditional,
    )


def _own(model: type[Row], row_id: UUID, *, fund_id: UUID) -> Row:
    row = model._default_manager.filter(id=row_id, fund_id=fund_id).first()
    if row is None:
        raise errors.NotFound
    return row
