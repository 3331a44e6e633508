"""Money in: recorded by one person, reconciled with the bank by another; matched, or taken back by the bank.

A receipt pays a commitment, or is the gift of a donor, or waits unmatched until somebody knows whose it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors, ids, postings, receiving, suspense
from fundmgr.domain.actors import Actor
from fundmgr.domain.chart import Code
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import CommitmentState, ProposalState, ReceiptState
from fundmgr.domain.lines import merged, pair
from fundmgr.domain.permissions import Action
from fundmgr.domain.pledges import Split
from fundmgr.domain.postings import Posting
from fundmgr.models import Commitment, Donor, Receipt, ReceiptMethod
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, books
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered, letter_rows, matching
from fundmgr.services import receiving as shared
from fundmgr.services.use_case import use_case

NOT_THERE = "The general accounts do not hold that much cash now, so this money cannot move."
TAKEN_BACK = "The bank took the money back."


@use_case
def record(
    *,
    amount_cents: int,
    bank_reference: str,
    received_on: date,
    by: Actor,
    now: datetime,
    commitment_id: UUID | None = None,
    fund_id: UUID | None = None,
    donor_id: UUID | None = None,
    restriction_id: UUID | None = None,
    payer: str = "",
    method: ReceiptMethod = ReceiptMethod.BANK_TRANSFER,
    once: Once | None = None,
) -> Receipt:
    """This will record money that came in; it counts only once it is reconciled.
    Shapes: on a commitment; or, with `fund_id`, a donor's gift or unmatched.
    Errors: Duplicate for a bank reference in use, InvalidInput, WrongState for a commitment that ended.
    """
    row = Receipt(
        id=ids.new_id(now),
        created_at=now,
        amount_cents=amount_cents,
        bank_reference=bank_reference,
        received_on=received_on,
        payer=payer or None,
        method=method,
        state=ReceiptState.RECEIVED,
        recorded_by_id=by.person_id,
    )
    _one_or_the_other(commitment_id, donor_id, restriction_id)
    if commitment_id:
        _on_commitment(row, commitment_id, fund_id, now=now, by=by)
    elif fund_id:
        _without_commitment(row, fund_id, donor_id, restriction_id, now=now, by=by)
    else:
        raise errors.NotFound
    _insert(row)
    _record(row, "receipt.recorded", _whose(row), by=by, now=now)
    return row


@use_case
def reconcile(*, receipt_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Receipt:
    """This will confirm a receipt against the bank: its money may be awarded, or waits unmatched.

    Errors: SelfApproval for the person who recorded it, WrongState where it was reconciled before.
    """
    row = entered.locked(Receipt, receipt_id)
    access.require(by, Action.RECEIPT_RECONCILE, fund_id=row.fund_id)
    if row.recorded_by_id is not None and row.recorded_by_id == by.person_id:
        raise errors.SelfApproval("You recorded this receipt. Another person must reconcile it.")
    commitment = shared.locked_commitment(row.commitment_id)
    if commitment is not None:
        shared.require_open(commitment)
    is_known = row.donor_id is not None
    split = shared.split_of(row, commitment) if is_known else Split(row.amount_cents)
    state = ReceiptState.RECONCILED if is_known else ReceiptState.UNMATCHED
    moves.move(row, state, reconciled_by_id=by.person_id, reconciled_at=now, **shared.parts(split))
    shared.count(commitment, amount_cents=row.amount_cents, today=shared.day_of(row, now))
    standing = ledger.standing(row.restriction_id, fund_id=row.fund_id)
    posting = shared.booking(row, split, general_id=row.restriction_id, standing=standing)
    counted = _enter(row, posting, by=by, now=now)
    _record(row, "receipt.reconciled", {"amount_cents": row.amount_cents}, counted, by=by, now=now)
    return row


@use_case
def match(
    *,
    receipt_id: UUID,
    by: Actor,
    now: datetime,
    commitment_id: UUID | None = None,
    donor_id: UUID | None = None,
    restriction_id: UUID | None = None,
    once: Once | None = None,
) -> Receipt:
    """This will say whose an unmatched receipt is: it pays a commitment, or is the gift of a donor.

    Reconciled money moves to the accounts of what it is for; money that waits for the bank is only named.
    Errors: SelfApproval for the person who recorded it, WrongState where somebody matched it first,
    InvalidInput where it is more than the commitment still owes, InsufficientFunds.
    """
    row = entered.locked(Receipt, receipt_id)
    access.require(by, Action.RECEIPT_MATCH, fund_id=row.fund_id)
    if row.recorded_by_id is not None and row.recorded_by_id == by.person_id:
        raise errors.SelfApproval("You recorded this receipt. Another person must match it.")
    _require_unmatched(row)
    general_id, was = row.restriction_id, row.commitment_id
    commitment = _name(row, commitment_id, donor_id, restriction_id)
    row.matched_by_id, row.matched_at = by.person_id, now
    row.save(update_fields=["donor", "commitment", "restriction", "matched_by", "matched_at"])
    counted: list[Happening] = []
    if row.state == ReceiptState.UNMATCHED:
        counted = _book_match(row, commitment, general_id=general_id, by=by, now=now)
    _record(row, "receipt.matched", {**_whose(row), "was": was}, counted, by=by, now=now)
    return row


@use_case
def bounce(*, receipt_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None) -> Receipt:
    """This will record that the bank took a receipt back; where its money was promised, that leaves a hole.

    The letters that name it are made void with it. What went back to the donor before is not taken twice.
    Errors: WrongState where it is over already.
    """
    row = entered.locked(Receipt, receipt_id)
    access.require(by, Action.RECEIPT_BOUNCE, fund_id=row.fund_id)
    was = ReceiptState(row.state)
    commitment = shared.locked_commitment(row.commitment_id)
    moves.move(row, ReceiptState.REVERSED)
    row.refunds.filter(state=ProposalState.PROPOSED).update(state=ProposalState.REFUSED, decided_at=now)
    is_booked = was is not ReceiptState.RECEIVED
    counted = _book_bounce(row, commitment, was=was, by=by, now=now) if is_booked else []
    # Last, for what the commitment holds now says what of the rest is a gift.
    counted += letter_rows.correct(row, TAKEN_BACK, by=by, now=now)
    facts = {"amount_cents": shared.left_cents(row), "reason": reason, "was": was.value}
    _record(row, "receipt.bounced", facts, counted, by=by, now=now)
    return row


def _one_or_the_other(commitment_id: UUID | None, donor_id: UUID | None, restriction_id: UUID | None) -> None:
    if commitment_id is not None and (donor_id is not None or restriction_id is not None):
        sentence = "A commitment names its donor and restriction itself. Send it alone."
        raise errors.InvalidInput(problems=[Problem("commitment_id", "not_both", sentence)])


def _on_commitment(
    row: Receipt, commitment_id: UUID, fund_id: UUID | None, *, now: datetime, by: Actor
) -> None:
    commitment = entered.locked(Commitment, commitment_id)
    if fund_id not in {None, commitment.fund_id}:
        raise errors.NotFound(keys=[commitment_id])
    access.require(by, Action.RECEIPT_RECORD, fund_id=commitment.fund_id)
    shared.require_open(commitment)
    row.fund_id = commitment.fund_id
    row.commitment, row.donor_id = commitment, commitment.donor_id
    row.restriction_id = commitment.restriction_id
    problems = _problems(row, now=now)
    if row.amount_cents > 0:
        problems += shared.too_much(commitment, row.amount_cents)
    if commitment.pledged_on > row.received_on and not any(one.field == "received_on" for one in problems):
        problems.append(
            Problem("received_on", "before_pledge", "Money cannot arrive before it was promised.")
        )
    entered.refuse(problems)


def _without_commitment(
    row: Receipt,
    fund_id: UUID,
    donor_id: UUID | None,
    restriction_id: UUID | None,
    *,
    now: datetime,
    by: Actor,
) -> None:
    access.require(by, Action.RECEIPT_RECORD, fund_id=fund_id)
    row.fund_id = fund_id
    problems = _problems(row, now=now)
    if donor_id is not None:
        row.donor = entered.own(Donor, donor_id, fund_id=fund_id)
    elif restriction_id is not None:
        sentence = "Name the donor who tied the money, or leave this empty until the donor is known."
        problems.append(Problem("restriction_id", "donor_missing", sentence))
    entered.refuse(problems)
    row.restriction = entered.restriction(restriction_id, fund_id=fund_id)


def _problems(row: Receipt, *, now: datetime) -> list[Problem]:
    days = entered.window(row.fund_id, now)
    found = entered.problems(row.amount_cents, row.received_on, "received_on", days)
    if not row.bank_reference.strip():
        found.append(Problem("bank_reference", "missing", "Enter the bank's reference."))
    return found


def _insert(row: Receipt) -> None:
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        if "receipt_bank_reference" not in str(error):
            raise
        raise errors.Duplicate("This bank reference was recorded already.") from error


def _require_unmatched(row: Receipt) -> None:
    is_open = row.state in {ReceiptState.RECEIVED, ReceiptState.UNMATCHED}
    # A promise may end while its money waits for the bank; then the donor gave it as a gift.
    has_ended = row.commitment is not None and row.commitment.state in shared.OVER
    if not is_open or (row.donor_id is not None and not has_ended):
        raise errors.WrongState("This receipt is matched already. Load it again.")


def _name(
    row: Receipt, commitment_id: UUID | None, donor_id: UUID | None, restriction_id: UUID | None
) -> Commitment | None:
    """Set whose the receipt is, and return its commitment, locked."""
    _one_or_the_other(commitment_id, donor_id, restriction_id)
    if commitment_id is not None:
        commitment = entered.locked(Commitment, commitment_id)
        if commitment.fund_id != row.fund_id:
            raise errors.NotFound(keys=[commitment_id])
        shared.require_open(commitment)
        entered.refuse(shared.too_much(commitment, shared.left_cents(row)))
        row.commitment, row.donor_id = commitment, commitment.donor_id
        row.restriction = commitment.restriction
        return commitment
    if donor_id is None:
        problem = Problem("donor_id", "missing", "Choose the commitment or the donor that this is from.")
        raise errors.InvalidInput(problems=[problem])
    row.commitment = None
    row.donor = entered.own(Donor, donor_id, fund_id=row.fund_id)
    row.restriction = entered.restriction(restriction_id, fund_id=row.fund_id)
    return None


def _book_match(
    row: Receipt, commitment: Commitment | None, *, general_id: UUID, by: Actor, now: datetime
) -> list[Happening]:
    split = shared.split_of(row, commitment)
    moves.move(row, ReceiptState.RECONCILED, **shared.parts(split))
    shared.count(commitment, amount_cents=split.amount_cents, today=shared.day_of(row, now))
    # Both restrictions' balances are locked together, in the one order.
    standings = ledger.standings([general_id, row.restriction_id], fund_id=row.fund_id)
    posting = postings.suspense_matched(
        receipt_id=row.id,
        general_id=general_id,
        restriction_id=row.restriction_id,
        split=split,
        standing=standings[row.restriction_id],
    )
    try:
        return _enter(row, posting, by=by, now=now)
    except errors.InsufficientFunds:
        raise errors.InsufficientFunds(NOT_THERE) from None


def _book_bounce(
    row: Receipt, commitment: Commitment | None, *, was: ReceiptState, by: Actor, now: datetime
) -> list[Happening]:
    amount_cents = shared.left_cents(row)
    reverses_id = books.booking_of(row.id)
    if was is ReceiptState.UNMATCHED:
        posting = suspense.bounced(
            receipt_id=row.id,
            reverses_id=reverses_id,
            general_id=row.restriction_id,
            amount_cents=amount_cents,
            standing=ledger.standing(row.restriction_id, fund_id=row.fund_id),
        )
    else:
        promise = shared.promise_of(commitment)
        booked, kept = shared.booked(row), shared.reserve_bp(row)
        split = receiving.went_back(amount_cents, promise, booked, reserve_bp=kept)
        shared.count(commitment, amount_cents=-amount_cents, today=shared.day_of(row, now))
        posting = postings.bounce(
            receipt_id=row.id,
            reverses_id=reverses_id,
            restriction_id=row.restriction_id,
            split=split,
            standing=ledger.standing(row.restriction_id, fund_id=row.fund_id),
        )
        posting = _given_up_too(posting, commitment, split.receivable_cents)
    return _enter(row, posting, by=by, now=now)


def _given_up_too(posting: Posting, commitment: Commitment | None, owed_cents: int) -> Posting:
    """A promise that was given up owes nothing again when its earlier money bounces."""
    if commitment is None or CommitmentState(commitment.state) not in shared.OVER or not owed_cents:
        return posting
    if commitment.state == CommitmentState.WRITTEN_OFF:
        written_off = commitment.written_off_cents + owed_cents
        Commitment.objects.filter(id=commitment.id).update(written_off_cents=written_off)
    lines = pair(Code.PLEDGES_WRITTEN_OFF, Code.PLEDGES_RECEIVABLE, commitment.restriction_id, owed_cents)
    return replace(posting, lines=merged([*posting.lines, *lines]))


def _enter(row: Receipt, posting: Posting, *, by: Actor, now: datetime) -> list[Happening]:
    """Enter a receipt's posting, and with it what it does to the promises that match gifts.

    Money on a promise is no gift, but a match in default that is paid after all follows the gifts again.
    """
    made: list[Posting] = []
    happenings: list[Happening] = []
    if row.donor_id is not None:
        made, happenings = matching.recount(row.fund_id, occasion_id=row.id, by=by, now=now, before=[posting])
    ledger.post_many([posting, *made], fund_id=row.fund_id, by=by, now=now)
    return happenings


def _whose(row: Receipt) -> dict[str, object]:
    return {"amount_cents": row.amount_cents, "commitment": row.commitment_id, "donor": row.donor_id}


def _record(
    row: Receipt,
    verb: str,
    facts: Mapping[str, object],
    further: Sequence[Happening] = (),
    *,
    by: Actor,
    now: datetime,
) -> None:
    told = {**facts, **row_facts.said(row)}
    happenings = [Happening(verb, "receipt", row.id, told), *further]
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
