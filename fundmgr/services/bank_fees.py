"""What the bank charges: one step by a treasurer who releases payments, from the bank's statement."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors, ids, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.permissions import Action
from fundmgr.models import BankFee
from fundmgr.ports import events, ledger
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered
from fundmgr.services.use_case import use_case


@use_case
def record(
    *,
    fund_id: UUID,
    amount_cents: int,
    bank_reference: str,
    charged_on: date,
    by: Actor,
    now: datetime,
    restriction_id: UUID | None = None,
    once: Once | None = None,
) -> BankFee:
    """This will book what the bank charged; it comes out of what is available, of general money if not said.

    Errors: Duplicate for a bank reference in use, InsufficientFunds where all is promised, InvalidInput.
    """
    access.require(by, Action.BANK_FEE_RECORD, fund_id=fund_id)
    problems = entered.problems(amount_cents, charged_on, "charged_on", entered.window(fund_id, now))
    if not bank_reference.strip():
        problems.append(Problem("bank_reference", "missing", "Enter the bank's reference."))
    entered.refuse(problems)
    row = BankFee(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        restriction=entered.restriction(restriction_id, fund_id=fund_id),
        amount_cents=amount_cents,
        bank_reference=bank_reference,
        charged_on=charged_on,
        recorded_by_id=by.person_id,
    )
    _insert(row)
    _post(row, by=by, now=now)
    told = {"amount_cents": amount_cents, **row_facts.said(row)}
    happening = Happening("bank_fee.recorded", "bank_fee", row.id, told)
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return row


def _insert(row: BankFee) -> None:
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        if "bank_fee_bank_reference" not in str(error):
            raise
        raise errors.Duplicate("This bank reference was recorded already.") from error


def _post(row: BankFee, *, by: Actor, now: datetime) -> None:
    posting = postings.bank_fee(
        fee_id=row.id, restriction_id=row.restriction_id, amount_cents=row.amount_cents
    )
    try:
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    except errors.InsufficientFunds:
        sentence = "All of this money is promised or kept as the reserve; the fee does not fit."
        raise errors.InsufficientFunds(sentence) from None
