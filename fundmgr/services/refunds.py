"""Money that goes back to a donor: the director proposes it, a treasurer makes or refuses it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors, ids, money, postings, receiving
from fundmgr.domain.actors import Actor
from fundmgr.domain.chart import Code
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import ProposalState, ReceiptState
from fundmgr.domain.lines import merged, pair
from fundmgr.domain.permissions import Action
from fundmgr.domain.postings import Posting
from fundmgr.models import Commitment, Receipt, Refund
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered, letter_rows, matching
from fundmgr.services import receiving as shared
from fundmgr.services.use_case import use_case

GAVE_ALL_BACK = "The money went back to the donor."
GAVE_PART_BACK = "A part of the money went back to the donor."
# Nobody was promised these, so nothing was kept back from them.
_LIABILITIES = frozenset({Code.REFUNDABLE_ADVANCE, Code.SUSPENSE})


@use_case
def propose(
    *,
    receipt_id: UUID,
    amount_cents: int,
    reason: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Refund:
    """This will propose that a receipt, or a part of it, goes back to its donor; another person decides.

    Errors: InvalidInput for more than is left of it, WrongState where the bank has not confirmed it,
    Duplicate while another refund of it waits.
    """
    receipt = entered.locked(Receipt, receipt_id)
    access.require(by, Action.REFUND_PROPOSE, fund_id=receipt.fund_id)
    _require_booked(receipt)
    _check(receipt, amount_cents, reason)
    row = Refund(
        id=ids.new_id(now),
        fund_id=receipt.fund_id,
        created_at=now,
        receipt=receipt,
        amount_cents=amount_cents,
        reason=reason,
        state=ProposalState.PROPOSED,
        proposed_by_id=by.person_id,
    )
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        if "one_open_refund" not in str(error):
            raise
        raise errors.Duplicate("A refund of this receipt waits for a decision already.") from error
    _record(row, "refund.proposed", {"reason": reason}, by=by, now=now)
    return row


@use_case
def make(*, refund_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Refund:
    """This will give the money back, out of the accounts it was booked to and never out of promised money.

    The letters that name it are made void with it; what is left of the gift is acknowledged anew.
    Errors: SelfApproval for the proposer, AlreadyDecided, InsufficientFunds where the money is promised.
    """
    row, receipt = _locked(refund_id, by=by)
    _require_booked(receipt)
    _check(receipt, row.amount_cents, row.reason)
    commitment = shared.locked_commitment(receipt.commitment_id)
    is_unmatched = receipt.state == ReceiptState.UNMATCHED
    sources = receiving.sources(row.amount_cents, shared.promise_of(commitment), is_unmatched=is_unmatched)
    moves.move(row, ProposalState.MADE, decided_by_id=by.person_id, decided_at=now)
    reserve_cents = _kept_back(receipt, sources)
    _count(receipt, row.amount_cents, _gift(sources))
    _count_early(commitment, sources)
    is_all = receipt.state == ReceiptState.REFUNDED
    counted = letter_rows.correct(receipt, GAVE_ALL_BACK if is_all else GAVE_PART_BACK, by=by, now=now)
    counted += _post(row, receipt, sources, reserve_cents=reserve_cents, by=by, now=now)
    told = {"receipt": receipt.id, "reserve_cents": receipt.reserve_cents}
    _record(row, "refund.made", told, counted, by=by, now=now)
    return row


@use_case
def refuse(*, refund_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Refund:
    """This will refuse a refund; the money stays. Errors: SelfApproval, AlreadyDecided."""
    row, _ = _locked(refund_id, by=by)
    moves.move(row, ProposalState.REFUSED, decided_by_id=by.person_id, decided_at=now)
    _record(row, "refund.refused", {}, by=by, now=now)
    return row


def _locked(refund_id: UUID, *, by: Actor) -> tuple[Refund, Receipt]:
    """Lock the receipt first: it stands before its refunds in the order of locks."""
    known = Refund.objects.filter(id=refund_id).first()
    if known is None:
        raise errors.NotFound
    receipt = entered.locked(Receipt, known.receipt_id)
    access.require(by, Action.REFUND_MAKE, fund_id=known.fund_id)
    row = Refund.objects.select_for_update().get(id=refund_id)
    if row.state != ProposalState.PROPOSED:
        raise errors.AlreadyDecided
    if row.proposed_by_id is not None and row.proposed_by_id == by.person_id:
        raise errors.SelfApproval
    return row, receipt


def _require_booked(receipt: Receipt) -> None:
    if receipt.state not in {ReceiptState.RECONCILED, ReceiptState.UNMATCHED}:
        raise errors.WrongState("Only money that the bank confirmed, and that is still here, can go back.")


def _check(receipt: Receipt, amount_cents: int, reason: str) -> None:
    problems, left_cents = [], shared.left_cents(receipt)
    if amount_cents <= 0:
        problems.append(Problem("amount", "not_positive", "Write an amount of at least one cent."))
    if amount_cents > left_cents:
        sentence = f"Only {money.dollars(left_cents)} of this receipt is left to give back."
        problems.append(Problem("amount", "more_than_left", sentence))
    if not reason.strip():
        problems.append(Problem("reason", "missing", "Write why the money goes back."))
    entered.refuse(problems)


def _count(receipt: Receipt, amount_cents: int, gift_cents: int) -> None:
    refunded = receipt.refunded_cents + amount_cents
    kept = receipt.reserve_cents - shared.booked(receipt).own_reserve_cents(gift_cents)
    if refunded == receipt.amount_cents:
        moves.move(receipt, ReceiptState.REFUNDED, refunded_cents=refunded, reserve_cents=kept)
        return
    receipt.refunded_cents, receipt.reserve_cents = refunded, kept
    receipt.save(update_fields=["refunded_cents", "reserve_cents"])


def _count_early(commitment: Commitment | None, sources: Mapping[Code, int]) -> None:
    """Money that came too early and went back may come again; what was owed and paid stays paid."""
    early_cents = sources.get(Code.REFUNDABLE_ADVANCE, 0)
    if commitment is not None and early_cents:
        commitment.received_cents -= early_cents
        commitment.save(update_fields=["received_cents"])


def _post(
    row: Refund,
    receipt: Receipt,
    sources: Mapping[Code, int],
    *,
    reserve_cents: int,
    by: Actor,
    now: datetime,
) -> list[Happening]:
    standing = ledger.standing(receipt.restriction_id, fund_id=row.fund_id)
    freed = min(reserve_cents, standing.reserve_cents)
    posting = _posting(row, receipt, sources, freed)
    made, counted = matching.recount(row.fund_id, occasion_id=row.id, by=by, now=now, before=[posting])
    try:
        ledger.post_many([posting, *made], fund_id=row.fund_id, by=by, now=now)
    except errors.InsufficientFunds:
        there = min(standing.available_cents + freed, standing.cash_cents)
        sentence = (
            f"Only {money.dollars(there)} of this money is free. The rest is promised to workers, kept as "
            "the reserve, or on its way."
        )
        raise errors.InsufficientFunds(sentence) from None
    return counted


def _posting(row: Refund, receipt: Receipt, sources: Mapping[Code, int], freed_cents: int) -> Posting:
    """The refund of each account it comes out of, and of the reserve that was kept back from it."""
    found = [
        postings.refund(
            refund_id=row.id, restriction_id=receipt.restriction_id, amount_cents=cents, source=code
        )
        for code, cents in sources.items()
    ]
    lines = [line for posting in found for line in posting.lines]
    freed = pair(Code.RESERVE, Code.AVAILABLE, receipt.restriction_id, freed_cents)
    return replace(found[0], lines=merged([*lines, *freed]))


def _gift(sources: Mapping[Code, int]) -> int:
    """What of the money could be promised to somebody."""
    return sum(cents for code, cents in sources.items() if code not in _LIABILITIES)


def _kept_back(receipt: Receipt, sources: Mapping[Code, int]) -> int:
    """What is in the reserve of the money that goes."""
    gift_cents, reserve_bp = _gift(sources), shared.reserve_bp(receipt)
    return shared.booked(receipt).kept_back_cents(gift_cents, reserve_bp=reserve_bp)


def _record(
    row: Refund,
    verb: str,
    facts: dict[str, object],
    further: Sequence[Happening] = (),
    *,
    by: Actor,
    now: datetime,
) -> None:
    said = {"amount_cents": row.amount_cents, **facts, **row_facts.said(row)}
    happenings = [Happening(verb, "refund", row.id, said), *further]
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
