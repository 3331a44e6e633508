"""Letters that acknowledge gifts: issued, made void, replaced; the number series has no gap."""

from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.models import Donor, Letter, Receipt
from fundmgr.ports import events
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services import entered
from fundmgr.services import letter_rows as rows
from fundmgr.services.use_case import use_case

EARLIEST_YEAR = 2000


@use_case
def issue(*, receipt_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Letter:
    """This will acknowledge one receipt; a promise alone is never acknowledged.

    Errors: WrongState where the money is not reconciled, is gone again or has no donor; Duplicate.
    """
    receipt = entered.locked(Receipt, receipt_id)
    access.require(by, Action.COMMITMENT_WRITE, fund_id=receipt.fund_id)
    row, written = rows.write(receipt=receipt, by=by, now=now)
    events.record(written, fund_id=row.fund_id, by=by, now=now)
    return row


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
    row, written = rows.write(donor=donor, year=year, by=by, now=now)
    events.record(written, fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def void(*, letter_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None) -> Letter:
    """This will make a letter void; it stays on file with the reason. Errors: NotFound, WrongState."""
    row = _locked(_known(letter_id, by=by))
    events.record(rows.void(row, reason, by=by, now=now), fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def reissue(*, letter_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None) -> Letter:
    """This will make a letter void and write it anew from what is known now, under the next number.

    Errors: NotFound, WrongState where it is void, or its money is gone.
    """
    known = _known(letter_id, by=by)
    # Its subject stands before the letter in the order of locks: money that goes back takes them so too.
    receipt = entered.locked(Receipt, known.receipt_id) if known.receipt_id else None
    donor = None if receipt else entered.locked(Donor, known.donor_id)
    row = _locked(known)
    gone = rows.void(row, reason, by=by, now=now)
    new, written = rows.write(receipt=receipt, donor=donor, year=row.year, replaces=row, by=by, now=now)
    events.record_many([gone, written], fund_id=row.fund_id, by=by, now=now)
    return new


def _known(letter_id: UUID, *, by: Actor) -> Letter:
    row = Letter.objects.filter(id=letter_id).first()
    if row is None:
        raise errors.NotFound
    access.require(by, Action.COMMITMENT_WRITE, fund_id=row.fund_id)
    return row


def _locked(known: Letter) -> Letter:
    return Letter.objects.select_for_update().get(id=known.id)
