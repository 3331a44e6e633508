"""The rows of letters as several use cases write them: new ones, void ones, those whose money went back.

A letter says what came in and stayed. So the transaction that takes money back makes void each standing
letter that names it, and writes anew what is still true: the smaller gift, the rest of the year.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Q, QuerySet

from fundmgr.domain import errors, ids, letters
from fundmgr.domain.actors import Actor
from fundmgr.domain.canonical import digest
from fundmgr.domain.letters import Gift, Sender
from fundmgr.domain.lifecycle import LetterState, ReceiptState
from fundmgr.models import Commitment, Donor, Fund, Letter, LetterKind, Receipt
from fundmgr.ports import moves
from fundmgr.ports.events import Happening
from fundmgr.queries import advances
from fundmgr.services import entered

EARLY_AGAIN = "A gift that the donor matched went back, so this money waits for its condition again."
STANDS_ALREADY = "A letter for this stands already. Replace it, or make it void first."


def write(
    *,
    by: Actor,
    now: datetime,
    receipt: Receipt | None = None,
    donor: Donor | None = None,
    year: int | None = None,
    replaces: Letter | None = None,
) -> tuple[Letter, Happening]:
    """This will write the letter of a receipt, or of a donor's year, under the fund's next number.

    Errors: WrongState for a receipt that is not reconciled or has no donor, NotYetGift for money that came
    before its condition was met, InvalidInput for a year without a gift, Duplicate.
    """
    giver = donor or _donor_of(receipt)
    gifts = _gifts(giver, receipt=receipt, year=year)
    # The series has no gap: whoever writes a letter waits for the one before.
    fund = Fund.objects.select_for_update(no_key=True).get(id=giver.fund_id)
    today = entered.today(fund.id, now)
    said = letters.content(_sender(fund), donor=giver.name, gifts=gifts, year=year, written_on=today)
    row = Letter(
        id=ids.new_id(now),
        fund_id=fund.id,
        created_at=now,
        number=Letter.objects.filter(fund_id=fund.id).count() + 1,
        kind=LetterKind.RECEIPT if receipt else LetterKind.ANNUAL,
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
    return row, Happening("letter.issued", "letter", row.id, facts)


def void(row: Letter, reason: str, *, by: Actor, now: datetime) -> Happening:
    """This will make a letter void and return what to record. Errors: WrongState where it is void."""
    moves.move(row, LetterState.VOID, void_reason=reason, voided_by_id=by.person_id, voided_at=now)
    return Happening("letter.voided", "letter", row.id, {"number": row.number, "reason": reason})


def correct(receipt: Receipt, reason: str, *, by: Actor, now: datetime) -> list[Happening]:
    """This will make void the letters that name a receipt whose money went back, write anew what is left of
    each, and return what to record. The receipt stands in its new state already.
    """
    happenings = []
    for row in _naming(receipt):
        happenings += _corrected(row, receipt, reason, by=by, now=now)
    return happenings


def correct_early(commitment: Commitment, *, by: Actor, now: datetime) -> list[Happening]:
    """This will correct the letters of a promise's receipts that name as a gift what is none any more, and
    return what to record. The promise stands in its new state already.
    """
    paid = Receipt.objects.filter(commitment=commitment, state=ReceiptState.RECONCILED)
    happenings = []
    # Locked, so that a letter that is being written waits, or is found.
    for receipt in paid.select_for_update(of=("self",)).order_by("id"):
        for row in _naming(receipt):
            if _says_too_much(row, receipt):
                happenings += _corrected(row, receipt, EARLY_AGAIN, by=by, now=now)
    return happenings


def _naming(receipt: Receipt) -> list[Letter]:
    """The standing letters that name a receipt, locked: its own, and that of its year."""
    if receipt.donor_id is None:
        return []
    of_year = Q(receipt=None, donor_id=receipt.donor_id, year=receipt.received_on.year)
    standing = Letter.objects.filter(Q(receipt=receipt) | of_year, state=LetterState.ISSUED)
    rows = standing.select_for_update(of=("self",)).select_related("donor").order_by("id")
    return [row for row in rows if _said_cents(row, receipt)]


def _said_cents(row: Letter, receipt: Receipt) -> int:
    named = [
        one["amount_cents"] for one in row.content["gifts"] if one["bank_reference"] == receipt.bank_reference
    ]
    return sum(named)


def _says_too_much(row: Letter, receipt: Receipt) -> bool:
    return _said_cents(row, receipt) > sum(gift.amount_cents for gift in _given([receipt]))


def _corrected(row: Letter, receipt: Receipt, reason: str, *, by: Actor, now: datetime) -> list[Happening]:
    happenings = [void(row, reason, by=by, now=now)]
    named = None if row.receipt_id is None else receipt
    if _given(_rows(row.donor, receipt=named, year=row.year)):
        subject: dict[str, Any] = {"receipt": named} if named else {"donor": row.donor, "year": row.year}
        happenings.append(write(**subject, replaces=row, by=by, now=now)[1])
    return happenings


def _donor_of(receipt: Receipt | None) -> Donor:
    if receipt is None or receipt.state != ReceiptState.RECONCILED or receipt.donor_id is None:
        raise errors.WrongState("Only money that is reconciled and whose donor is known is acknowledged.")
    return entered.own(Donor, receipt.donor_id, fund_id=receipt.fund_id)


def _save(row: Letter) -> None:
    try:
        row.save(force_insert=True)
    except IntegrityError as error:
        if "one_standing" not in str(error):
            raise
        raise errors.Duplicate(STANDS_ALREADY) from error


def _reconciled(donor: Donor) -> QuerySet[Receipt]:
    return Receipt.objects.filter(donor=donor, state=ReceiptState.RECONCILED)


def _gifts(donor: Donor, *, receipt: Receipt | None, year: int | None) -> list[Gift]:
    """What is acknowledged. Errors: InvalidInput for a year without money, NotYetGift where all is early."""
    rows = _rows(donor, receipt=receipt, year=year)
    if not rows:
        problem = errors.Problem("year", "no_gift", "No money of this donor came in that year.")
        raise errors.InvalidInput(problems=[problem])
    found = _given(rows)
    if not found:
        raise errors.NotYetGift
    return found


def _rows(donor: Donor, *, receipt: Receipt | None, year: int | None) -> list[Receipt]:
    """Locked: money that goes back meanwhile waits, and finds the letter to correct."""
    rows = _reconciled(donor).select_for_update(of=("self",)).select_related("restriction")
    rows = rows.filter(id=receipt.id) if receipt else rows.filter(received_on__year=year)
    return sorted(rows.order_by("id"), key=lambda row: (row.received_on, row.id))


def _given(rows: Sequence[Receipt]) -> list[Gift]:
    """What of the money is a gift: what came before its condition was met may still have to go back."""
    early = advances.of_receipts(rows)
    return [gift for row in rows if (gift := _gift(row, early.get(row.id, 0))).amount_cents]


def _gift(row: Receipt, early_cents: int) -> Gift:
    return Gift(
        amount_cents=row.amount_cents - row.refunded_cents - early_cents,
        received_on=row.received_on,
        bank_reference=row.bank_reference,
        restriction="" if row.restriction.is_general else row.restriction.name,
    )


def _sender(fund: Fund) -> Sender:
    return Sender(fund.name, fund.legal_form, fund.sponsor, fund.ein, fund.currency)
