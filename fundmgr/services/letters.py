"""Letters that acknowledge gifts: issued, made void, replaced; the number series has no gap."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors, ids, letters
from fundmgr.domain.actors import Actor
from fundmgr.domain.canonical import digest
from fundmgr.domain.letters import Gift, Sender
from fundmgr.domain.lifecycle import LetterState, ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.models import Donor, Fund, Letter, LetterKind, Receipt
from fundmgr.ports import events, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services import entered
from fundmgr.services.use_case import use_case

EARLIEST_YEAR = 2000
STANDS_ALREADY = "A letter for this stands already. Replace it, or make it void first."


@use_case
def issue(*, receipt_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Letter:
    """This will acknowledge one receipt; a promise alone is never acknowledged.

    Errors: WrongState where the money is not reconciled, is gone again or has no donor; Duplicate.
    """
    receipt = entered.locked(Receipt, receipt_id)
    access.require(by, Action.COMMITMENT_WRITE, fund_id=receipt.fund_id)
    return _write(_kind_of(receipt), receipt=receipt, year=None, by=by, now=now)


@use_case
def issue_annual(*, donor_id: UUID, year: int, by: Actor, now: datetime, once: Once | None = None) -> Letter:
    """This will state what a donor gave in one year, by the days on which the money came in.

    Errors: InvalidInput for a year that has not ended or had no gift, Duplicate.
    """
    donor = entered.locked(Donor, donor_id)
    access.require(by, Action.COMMITMENT_WRITE, fund_id=donor.fund_id)
    if not EARLIEST_YEAR <= year < entered.today(donor.fund_id, now).year:
        problem = errors.Problem("year", "not_ended", "Choose a year that has ended.")
        raise errors.InvalidInput(problems=[problem])
    return _write(LetterKind.ANNUAL, donor=donor, year=year, by=by, now=now)


@use_case
def void(*, letter_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None) -> Letter:
    """This will make a letter void; it stays on file with the reason. Errors: NotFound, WrongState."""
    row = _locked(letter_id, by=by)
    _void(row, reason, by=by, now=now)
    return row


@use_case
def reissue(*, letter_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None) -> Letter:
    """This will make a letter void and write it anew from what is known now, under the next number.

    Errors: NotFound, WrongState where it is void, or its money is gone.
    """
    row = _locked(letter_id, by=by)
    _void(row, reason, by=by, now=now)
    if row.receipt_id is None:
        donor = entered.locked(Donor, row.donor_id)
        return _write(LetterKind.ANNUAL, donor=donor, year=row.year, replaces=row, by=by, now=now)
    receipt = entered.locked(Receipt, row.receipt_id)
    return _write(_kind_of(receipt), receipt=receipt, year=None, replaces=row, by=by, now=now)


def _kind_of(receipt: Receipt) -> LetterKind:
    if receipt.state != ReceiptState.RECONCILED or receipt.donor_id is None:
        raise errors.WrongState("Only money that is reconciled and whose donor is known is acknowledged.")
    return LetterKind.RECEIPT


def _locked(letter_id: UUID, *, by: Actor) -> Letter:
    row = Letter.objects.select_for_update().filter(id=letter_id).first()
    if row is None:
        raise errors.NotFound
    access.require(by, Action.COMMITMENT_WRITE, fund_id=row.fund_id)
    return row


def _void(row: Letter, reason: str, *, by: Actor, now: datetime) -> None:
    moves.move(row, LetterState.VOID, void_reason=reason, voided_by_id=by.person_id, voided_at=now)
    happening = Happening("letter.voided", "letter", row.id, {"number": row.number, "reason": reason})
    events.record(happening, fund_id=row.fund_id, by=by, now=now)


def _write(
    kind: LetterKind,
    *,
    by: Actor,
    now: datetime,
    year: int | None,
    receipt: Receipt | None = None,
    donor: Donor | None = None,
    replaces: Letter | None = None,
) -> Letter:
    giver = donor or entered.own(Donor, _donor_id(receipt), fund_id=_fund_id(receipt))
    # The series has no gap: whoever writes a letter waits for the one before.
    fund = Fund.objects.select_for_update(no_key=True).get(id=giver.fund_id)
    said = letters.content(
        _sender(fund),
        donor=giver.name,
        gifts=_gifts(giver, receipt=receipt, year=year),
        year=year,
        written_on=entered.today(fund.id, now),
    )
    row = Letter(
        id=ids.new_id(now),
        fund_id=fund.id,
        created_at=now,
        number=Letter.objects.filter(fund_id=fund.id).count() + 1,
        kind=kind,
        donor=giver,
        receipt=receipt,
        year=year,
        content=said,
        sha256=digest(said),
        replaces=replaces,
        state=LetterState.ISSUED,
        issued_by_id=by.person_id,
    )
    _save(row)
    facts = {"number": row.number, "sha256": row.sha256, "replaces": replaces.id if replaces else None}
    events.record(Happening("letter.issued", "letter", row.id, facts), fund_id=fund.id, by=by, now=now)
    return row


def _save(row: Letter) -> None:
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        if "one_standing" not in str(error):
            raise
        raise errors.Duplicate(STANDS_ALREADY) from error


def _gifts(donor: Donor, *, receipt: Receipt | None, year: int | None) -> list[Gift]:
    rows = Receipt.objects.filter(donor=donor, state=ReceiptState.RECONCILED).select_related("restriction")
    rows = rows.filter(id=receipt.id) if receipt else rows.filter(received_on__year=year)
    found = [_gift(row) for row in rows.order_by("received_on", "id")]
    if not found:
        problem = errors.Problem("year", "no_gift", "No money of this donor came in that year.")
        raise errors.InvalidInput(problems=[problem])
    return found


def _gift(row: Receipt) -> Gift:
    return Gift(
        amount_cents=row.amount_cents - row.refunded_cents,
        received_on=row.received_on,
        bank_reference=row.bank_reference,
        restriction="" if row.restriction.is_general else row.restriction.name,
    )


def _sender(fund: Fund) -> Sender:
    return Sender(fund.name, fund.legal_form, fund.sponsor, fund.ein, fund.currency)


def _donor_id(receipt: Receipt | None) -> UUID:
    if receipt is None or receipt.donor_id is None:
        raise errors.NotFound
    return receipt.donor_id


def _fund_id(receipt: Receipt | None) -> UUID:
    if receipt is None:
        raise errors.NotFound
    return receipt.fund_id
