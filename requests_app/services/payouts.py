"""Payouts: put them in a batch, release it with a second treasurer, book what the bank did."""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from fundmgr.domain import errors, ids, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import AwardState, BatchState, PayoutState
from fundmgr.domain.permissions import Action
from fundmgr.models import Fund
from fundmgr.ports import events, ledger, moves, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.ports.outbox import Effect
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import Award, Batch, Payout
from requests_app.queries import payouts as queries
from requests_app.queries.requests import household_ids
from requests_app.rails.base import Payment, Rail
from requests_app.rails.manual import ManualRail
from requests_app.services import batches, cases

RAIL: Rail = ManualRail()
_RETURN_CODE = re.compile(r"[A-Z0-9_]{2,8}\Z")


@dataclass(frozen=True)
class PaymentList:
    """The list as it was written at the release, with the hash that was kept then."""

    number: int
    text: str
    sha256: str


@use_case
def build_batch(
    *,
    fund_id: UUID,
    by: Actor,
    now: datetime,
    award_ids: Sequence[UUID] | None = None,
    once: Once | None = None,
) -> Batch:
    """This will put awards that can be paid now in a batch; None takes all of them.

    Errors: Forbidden, NotFound, PayeeHeld where payment details are fresh, WrongState where an award
    cannot be paid or there is nothing to pay.
    """
    access.require(by, Action.BATCH_BUILD, fund_id=fund_id)
    # One batch of a fund is built at a time: so numbers have no gap and no award is taken twice.
    Fund.objects.select_for_update(no_key=True).get(id=fund_id)
    awards = _payable(fund_id, award_ids, by=by, now=now)
    batch = Batch.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        number=(Batch.objects.filter(fund_id=fund_id).aggregate(top=Max("number"))["top"] or 0) + 1,
        state=BatchState.BUILT,
        payouts_count=len(awards),
        total_cents=sum(award.amount_cents for award in awards),
        prepared_by_id=access.person_id(by),
    )
    Payout.objects.bulk_create([_payout(award, batch, now=now) for award in awards], batch_size=1000)
    return _recorded("batch.built", batch, by=by, now=now)


@use_case
def cancel_batch(*, batch_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Batch:
    """This will give up a batch before its release; its awards can be put in another one.

    Errors: NotFound, Forbidden, WrongState.
    """
    _require(batch_id, Action.BATCH_BUILD, by=by)
    batch = batches.lock(batch_id)
    moves.move(batch, BatchState.CANCELLED, version=batch.version + 1)
    batch.payouts.filter(state=PayoutState.BATCHED).update(state=PayoutState.REMOVED)
    return _recorded("batch.cancelled", batch, by=by, now=now)


@use_case
def release(*, batch_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Batch:
    """This will send a batch's payments on their way and write the payment list, once.

    Errors: NotFound, PersonRequired for a program, Forbidden; SelfApproval for the one who prepared it,
    changed payment details in it or would be paid by it; WrongState; PayeeHeld where details changed.
    """
    _require(batch_id, Action.BATCH_RELEASE, by=by, is_person=True)
    batch = batches.lock(batch_id)
    if batch.state != BatchState.BUILT:
        raise errors.WrongState
    rows = list(
        batch.payouts.filter(state=PayoutState.BATCHED).select_related(
            "award__request__applicant", "payee", "fund"
        )
    )
    _refuse_self(batch, rows, by)
    _refuse_changed(batch, rows, now=now)
    content = RAIL.payment_list([_payment(row) for row in rows])
    moves.move(
        batch,
        BatchState.RELEASED,
        released_by_id=by.person_id,
        released_at=now,
        payment_list=content.decode(),
        payment_list_sha256=hashlib.sha256(content).hexdigest(),
        version=batch.version + 1,
    )
    _move_payouts(rows, PayoutState.RELEASED, released_at=now)
    ledger.post_many(_releases(rows), fund_id=batch.fund_id, by=by, now=now)
    outbox.owe_many([_notice("payment_sent", row) for row in rows], fund_id=batch.fund_id, now=now)
    happenings = [_happening("payout.released", row) for row in rows]
    return _recorded("batch.released", batch, *happenings, by=by, now=now, sha256=batch.payment_list_sha256)


@use_case
def settle(*, payout_ids: Sequence[UUID], by: Actor, now: datetime, once: Once | None = None) -> Batch:
    """This will book that the bank paid payouts of one batch; the batch settles with its last one.

    Returns the batch. Errors: NotFound also for payouts of several batches, Forbidden, WrongState.
    """
    batch, rows = _locked_payouts(set(payout_ids), by=by)
    _move_payouts(rows, PayoutState.SETTLED, settled_at=now)
    moves.move_all(
        Award.objects.filter(id__in=[row.award_id for row in rows]),
        old_states=[AwardState.COMMITTED],
        new_state=AwardState.PAID,
        expected=len(rows),
    )
    is_settled = batches.finish(batch)
    shares = batches.shares_by_award([row.award_id for row in rows])
    restrictions = [key for found in shares.values() for key, _cents in found]
    settled = postings.settlements(
        [(row.id, shares[row.award_id]) for row in rows],
        ledger.standings(restrictions, fund_id=batch.fund_id),
    )
    ledger.post_many(settled, fund_id=batch.fund_id, by=by, now=now)
    happenings = [_happening("payout.settled", row) for row in rows]
    if is_settled:
        happenings.append(_settled(batch))
    events.record_many(happenings, fund_id=batch.fund_id, by=by, now=now)
    return batch


@use_case
def record_return(
    *, payout_id: UUID, code: str, by: Actor, now: datetime, once: Once | None = None
) -> Payout:
    """This will book that a payment came back: the award is owed again and can be paid anew.

    Errors: NotFound, Forbidden, WrongState, InvalidInput (field `code`).
    """
    if not _RETURN_CODE.match(code):
        sentence = "Give the bank's code for the return, like R03."
        raise errors.InvalidInput(problems=[errors.Problem("code", "invalid_code", sentence)])
    batch, (row,) = _locked_payouts({payout_id}, by=by)
    was_settled = row.state == PayoutState.SETTLED
    moves.move(row, PayoutState.RETURNED, returned_at=now, return_code=code)
    if was_settled:
        moves.move(row.award, AwardState.COMMITTED)
    is_settled = batches.finish(batch)
    shares = batches.shares_of(row.award)
    posting = postings.payment_return(payout_id=row.id, shares=shares, settled=was_settled)
    outbox.owe(_notice("payment_returned", row), fund_id=row.fund_id, now=now)
    ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    happenings = [_happening("payout.returned", row, code=code, was_settled=was_settled)]
    if is_settled:
        happenings.append(_settled(batch))
    events.record_many(happenings, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def read_payment_list(*, batch_id: UUID, by: Actor, now: datetime) -> PaymentList:
    """This will return the payment list to a treasurer, and record who read it.

    Errors: NotFound, PersonRequired for a program, Forbidden, WrongState before the release.
    """
    _require(batch_id, Action.PAYOUT_SETTLE, by=by, is_person=True)
    batch = Batch.objects.get(id=batch_id)
    if batch.payment_list is None:
        raise errors.WrongState("The list is written when the batch is released.")
    _recorded("batch.list_read", batch, by=by, now=now)
    return PaymentList(batch.number, batch.payment_list, batch.payment_list_sha256)


def _require(batch_id: UUID, action: Action, *, by: Actor, is_person: bool = False) -> None:
    fund_id = Batch.objects.filter(id=batch_id).values_list("fund_id", flat=True).first()
    if fund_id is None or not access.roles_of(by, fund_id=fund_id):
        raise errors.NotFound
    if is_person:
        access.require_person(by)
    access.require(by, action, fund_id=fund_id)


def _payable(fund_id: UUID, award_ids: Sequence[UUID] | None, *, by: Actor, now: datetime) -> list[Award]:
    """Lock the awards to pay, then look again: the worker may have changed something a moment before."""
    wanted = None if award_ids is None else set(award_ids)
    candidates = queries.payable_awards(by, fund_id, now).values_list("id", flat=True)
    chosen = set(candidates) if wanted is None else wanted
    locked = Award.objects.select_for_update(no_key=True).filter(id__in=chosen, fund_id=fund_id)
    list(locked.order_by("id").values_list("id", flat=True))
    awards = list(queries.payable_awards(by, fund_id, now).filter(id__in=chosen).order_by("id"))
    if wanted is not None and len(awards) != len(wanted):
        raise _why_not(wanted - {award.id for award in awards}, fund_id, by=by, now=now)
    if not awards:
        raise errors.WrongState("There is nothing to pay now.")
    return awards


def _why_not(award_ids: Collection[UUID], fund_id: UUID, *, by: Actor, now: datetime) -> errors.FundError:
    seen = queries.visible_awards(by, fund_id).filter(id__in=award_ids).values_list("id", flat=True)
    unseen = set(award_ids) - set(seen)
    if unseen:
        return errors.NotFound(keys=unseen)
    held = queries.unpaid_awards(by, fund_id).filter(id__in=award_ids, payee_usable_at__gt=now)
    held_ids = set(held.values_list("id", flat=True))
    if held_ids:
        return errors.PayeeHeld(keys=held_ids)
    return errors.WrongState("One of these awards cannot be paid now.", keys=award_ids)


def _payout(award: Award, batch: Batch, *, now: datetime) -> Payout:
    return Payout(
        id=ids.new_id(now),
        fund_id=award.fund_id,
        created_at=now,
        award=award,
        batch=batch,
        payee_id=award.payee_id,  # type: ignore[attr-defined]  # annotated by payable_awards
        amount_cents=award.amount_cents,
        attempt=award.attempts + 1,  # type: ignore[attr-defined]  # as above
        state=PayoutState.BATCHED,
    )


def _refuse_self(batch: Batch, rows: Sequence[Payout], by: Actor) -> None:
    if batch.prepared_by_id == by.person_id:
        raise errors.SelfApproval("You prepared this batch. Another treasurer must release it.")
    if by.person_id in cases.people_behind({row.payee.changed_by for row in rows}).values():
        raise errors.SelfApproval("You entered payment details in this batch. Another must release it.")
    own = set(household_ids(by, batch.fund_id))
    if any(row.award.request.household_id in own for row in rows):
        raise errors.SelfApproval("This batch pays your own household. Another treasurer must release it.")


def _refuse_changed(batch: Batch, rows: Sequence[Payout], *, now: datetime) -> None:
    if (len(rows), sum(row.amount_cents for row in rows)) != (batch.payouts_count, batch.total_cents):
        raise errors.WrongState("The batch's total does not fit its payouts. Cancel it and build it again.")
    applicants = {row.award.request.applicant_id for row in rows}
    newest = queries.newest_payee_ids(applicants)
    for row in rows:
        if row.award.state != AwardState.COMMITTED:
            raise errors.WrongState("An award in this batch changed. Cancel the batch and build it again.")
        if newest[row.award.request.applicant_id] != row.payee_id or row.payee.usable_at > now:
            raise errors.PayeeHeld("Payment details changed. Cancel the batch and build it again.")


def _locked_payouts(payout_ids: Collection[UUID], *, by: Actor) -> tuple[Batch, list[Payout]]:
    """Lock awards, then the batch, then return its payouts as they stand now."""
    found = Payout.objects.filter(id__in=payout_ids)
    places = set(found.values_list("fund_id", "batch_id"))
    if len(places) != 1:
        raise errors.NotFound
    ((fund_id, batch_id),) = places
    access.require(by, Action.PAYOUT_SETTLE, fund_id=fund_id)
    award_ids = set(found.values_list("award_id", flat=True))
    awards = Award.objects.select_for_update(no_key=True).filter(id__in=award_ids).order_by("id")
    awards_by_id = {award.id: award for award in awards}
    batch = batches.lock(batch_id)
    rows = list(queries.visible_payouts(by, fund_id).filter(id__in=payout_ids).order_by("id"))
    if len(rows) != len(payout_ids):
        raise errors.NotFound
    for row in rows:
        row.award = awards_by_id[row.award_id]
    return batch, rows


def _move_payouts(rows: Sequence[Payout], new_state: PayoutState, **columns: datetime) -> None:
    olds = {PayoutState(row.state) for row in rows}
    same = Payout.objects.filter(id__in=[row.id for row in rows])
    moves.move_all(same, old_states=olds, new_state=new_state, expected=len(rows), **columns)
    for row in rows:
        row.state = new_state


def _releases(rows: Sequence[Payout]) -> list[postings.Posting]:
    award_ids = [row.award_id for row in rows]
    shares = batches.shares_by_award(award_ids)
    # What the bank sent back is owed on another account than what was never sent.
    sent_back = Payout.objects.filter(award_id__in=award_ids, state=PayoutState.RETURNED)
    again = set(sent_back.values_list("award_id", flat=True))
    return [
        postings.release(payout_id=row.id, shares=shares[row.award_id], reissue=row.award_id in again)
        for row in rows
    ]


def _payment(row: Payout) -> Payment:
    request, payee = row.award.request, row.payee
    return Payment(
        payout_id=row.id,
        reference=request.reference,
        method=payee.method,
        name=payee.name_on_account or request.applicant.full_name,
        routing_number=payee.routing_number or "",
        account_number=payee.account_number or "",
        address=payee.address or "",
        amount_cents=row.amount_cents,
        currency=row.fund.currency,
    )


def _notice(kind: str, row: Payout) -> Effect:
    payload = {"kind": kind, "request_id": str(row.award.request_id), "payout_id": str(row.id)}
    return Effect("notice", f"{kind}:{row.id}", payload)


def _happening(verb: str, row: Payout, **facts: object) -> Happening:
    return Happening(
        verb, "payout", row.id, {"award": row.award_id, "amount_cents": row.amount_cents, **facts}
    )


def _settled(batch: Batch) -> Happening:
    return Happening("batch.settled", "batch", batch.id, {"payouts": batch.payouts_count})


def _recorded(
    verb: str, batch: Batch, *others: Happening, by: Actor, now: datetime, **facts: object
) -> Batch:
    """Record what happened to the payouts, then to their batch."""
    told = {"payouts": batch.payouts_count, "total_cents": batch.total_cents, **facts}
    happening = Happening(verb, "batch", batch.id, told)
    events.record_many([*others, happening], fund_id=batch.fund_id, by=by, now=now)
    return batch
