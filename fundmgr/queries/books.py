"""What the books say: balances by account, what may be awarded, the fund's position, a transfer's lines."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from fundmgr.domain.chart import DEBIT_NORMAL, Code
from fundmgr.domain.lines import Line
from fundmgr.domain.move import Move
from fundmgr.domain.shortfall import Position
from fundmgr.models import Refund
from fundmgr.models.ledger import Account, Balance, Entry, Transfer
from fundmgr.queries import promises

_RECEIVING = {Move.RECEIPT, Move.SUSPENSE, Move.SUSPENSE_MATCHED, Move.BOUNCE, Move.REVERSAL}
_PAYING = {Move.SETTLEMENT, Move.RETURN_SETTLED, Move.ESCHEAT, Move.CLAWBACK_RECEIVED}
_BOOKING = {Move.RECEIPT, Move.SUSPENSE, Move.SUSPENSE_MATCHED}
Sums = dict[tuple[Code, Move], int]


def available_cents(fund_id: UUID) -> int:
    """This will return what may be awarded now over all restrictions, in cents."""
    return sum(available_by_restriction(fund_id).values())


def available_by_restriction(fund_id: UUID) -> dict[UUID, int]:
    """This will return what may be awarded now inside each restriction, in cents."""
    rows = Balance.objects.filter(fund_id=fund_id, account__code=Code.AVAILABLE)
    return dict(rows.values_list("account__restriction_id", "balance_cents"))


def reserve_cents(restriction_id: UUID) -> int:
    """This will return what is kept back of a restriction's receipts, in cents."""
    return Balance.objects.get(
        account__restriction_id=restriction_id, account__code=Code.RESERVE
    ).balance_cents


def held_cents(fund_id: UUID) -> int:
    """This will return what is promised to households and not paid yet, in cents."""
    held = Balance.objects.filter(fund_id=fund_id, account__code__in=[Code.RESERVED, Code.COMMITTED])
    return int(held.aggregate(total=Sum("balance_cents"))["total"] or 0)


def balances(fund_id: UUID) -> list[tuple[Code, str, int]]:
    """This will return (account, restriction, balance in cents) for the whole chart, by code."""
    rows = Balance.objects.filter(fund_id=fund_id).order_by("account__code", "account__restriction__name")
    found = rows.values_list("account__code", "account__restriction__name", "balance_cents")
    return [(Code(code), name, cents) for code, name, cents in found]


def last_sequence(fund_id: UUID) -> int:
    """This will return the newest transfer's sequence; 0 for empty books."""
    rows = Transfer.objects.filter(fund_id=fund_id).order_by("-sequence")
    return rows.values_list("sequence", flat=True).first() or 0


def last_held_sequence(fund_id: UUID) -> int | None:
    """This will return the sequence of the newest hold; None where nothing was ever held."""
    rows = Transfer.objects.filter(fund_id=fund_id, move=Move.HOLD).order_by("-sequence")
    return rows.values_list("sequence", flat=True).first()


def became_available(
    fund_id: UUID, *, after: int, restrictions: Iterable[UUID], by_cause: Collection[Move] = ()
) -> dict[tuple[Move, UUID | None], int]:
    """This will return by how much each move changed what may be awarded since a transfer, in cents.

    Shapes: the moves of `by_cause` stand there for each of their causes, all others as one with None.
    """
    rows = Entry.objects.filter(
        fund_id=fund_id,
        transfer__sequence__gt=after,
        account__code=Code.AVAILABLE,
        restriction_id__in=list(restrictions),
    ).order_by()
    apart = rows.filter(transfer__move__in=by_cause)
    by_move = rows.exclude(transfer__move__in=by_cause).values_list("transfer__move")
    found = apart.values_list("transfer__move", "transfer__cause_id").annotate(Sum("amount_cents"))
    # A credit stands in the entries with a minus.
    sums = {(Move(move), cause_id): -int(cents) for move, cause_id, cents in found}
    whole = {(Move(move), None): -int(cents) for move, cents in by_move.annotate(Sum("amount_cents"))}
    return sums | whole


def position(fund_id: UUID, *, upto_sequence: int | None = None) -> Position:
    """This will return where the fund's money stands, from the entries up to a sequence.

    Units: cents. Promises are read as they stand now; every other figure comes from the books.
    """
    sums = _sums(fund_id, upto_sequence)
    normal = _normal_balances(sums)
    received = _cash(sums, _RECEIVING)
    promised = promises.totals(fund_id)
    return Position(
        committed_cents=promised.committed_cents,
        committed_conditional_cents=promised.conditional_cents,
        received_cents=received,
        refunded_cents=-_cash(sums, {Move.REFUND}),
        outstanding_cents=promised.owed_cents,
        reserve_cents=normal[Code.RESERVE],
        reserved_cents=normal[Code.RESERVED],
        committed_unpaid_cents=normal[Code.AWARDS_PAYABLE],
        in_transit_cents=normal[Code.IN_TRANSIT],
        returned_cents=normal[Code.RETURNED_PAYABLE],
        unclaimed_cents=normal[Code.UNCLAIMED],
        paid_cents=-_cash(sums, _PAYING),
        refundable_advance_cents=normal[Code.REFUNDABLE_ADVANCE],
        suspense_cents=normal[Code.SUSPENSE],
        fees_cents=normal[Code.BANK_FEES],
        available_cents=normal[Code.AVAILABLE] - normal[Code.UNCOVERED],
    )


@dataclass(frozen=True)
class RestrictionMoney:
    """The money of one restriction. Units: cents; received is net of what bounced or went back."""

    received_cents: int
    held_cents: int
    paid_cents: int
    available_cents: int
    reserve_cents: int


def by_restriction(fund_id: UUID) -> dict[UUID, RestrictionMoney]:
    """This will return what each restriction received, holds, paid and has available, from the entries."""
    rows = Entry.objects.filter(fund_id=fund_id)
    found = rows.values_list("restriction_id", "account__code", "transfer__move").annotate(
        Sum("amount_cents")
    )
    sums: defaultdict[UUID, Sums] = defaultdict(dict)
    for restriction_id, code, move, cents in found.order_by():
        sums[restriction_id][Code(code), Move(move)] = int(cents)
    keys = Account.objects.filter(fund_id=fund_id, code=Code.CASH).values_list("restriction_id", flat=True)
    return {key: _money(sums[key]) for key in keys}


def _money(sums: Sums) -> RestrictionMoney:
    normal = _normal_balances(sums)
    return RestrictionMoney(
        received_cents=_cash(sums, _RECEIVING | {Move.REFUND, Move.RESTRICTION_RELEASE}),
        held_cents=normal[Code.RESERVED] + normal[Code.COMMITTED],
        paid_cents=-_cash(sums, _PAYING),
        available_cents=normal[Code.AVAILABLE] - normal[Code.UNCOVERED],
        reserve_cents=normal[Code.RESERVE],
    )


def transfers_of(cause_id: UUID) -> list[Transfer]:
    """This will return the transfers that one thing caused, in ledger order."""
    return list(Transfer.objects.filter(cause_id=cause_id).order_by("sequence"))


@dataclass(frozen=True)
class Booked:
    """One transfer of a receipt or of its refund, by its place in the books."""

    transfer_id: UUID
    sequence: int


def booked_of(receipt_ids: Collection[UUID]) -> dict[UUID, list[Booked]]:
    """This will return the transfers of each receipt and of its refunds, in ledger order."""
    refunded = dict(Refund.objects.filter(receipt_id__in=receipt_ids).values_list("id", "receipt_id"))
    rows = Transfer.objects.filter(cause_id__in=[*receipt_ids, *refunded]).order_by("sequence")
    found: dict[UUID, list[Booked]] = {key: [] for key in receipt_ids}
    for transfer_id, sequence, cause_id in rows.values_list("id", "sequence", "cause_id"):
        found[refunded.get(cause_id, cause_id)].append(Booked(transfer_id, sequence))
    return found


def booking_of(receipt_id: UUID) -> UUID:
    """This will return the newest transfer that booked a receipt: the one that a bounce undoes."""
    rows = Transfer.objects.filter(cause_id=receipt_id, move__in=[move.value for move in _BOOKING])
    return rows.order_by("-sequence").values_list("id", flat=True)[0]


def lines_of(transfer_id: UUID) -> list[Line]:
    """This will return a transfer's lines, debit positive, in cents."""
    rows = Entry.objects.filter(transfer_id=transfer_id).order_by("id")
    found = rows.values_list("account__code", "restriction_id", "amount_cents")
    return [Line(Code(code), restriction_id, cents) for code, restriction_id, cents in found]


def cause_of(transfer_id: UUID, *, fund_id: UUID) -> tuple[str, UUID] | None:
    """This will return a transfer's cause as (type, id), or None where the fund has no such transfer."""
    rows = Transfer.objects.filter(id=transfer_id, fund_id=fund_id)
    return rows.values_list("cause_type", "cause_id").first()


def _sums(fund_id: UUID, upto_sequence: int | None) -> Sums:
    rows = Entry.objects.filter(fund_id=fund_id)
    if upto_sequence is not None:
        rows = rows.filter(transfer__sequence__lte=upto_sequence)
    found = rows.values_list("account__code", "transfer__move").annotate(Sum("amount_cents"))
    return {(Code(code), Move(move)): int(cents) for code, move, cents in found.order_by()}


def _normal_balances(sums: Sums) -> defaultdict[Code, int]:
    normal: defaultdict[Code, int] = defaultdict(int)
    for (code, _), cents in sums.items():
        normal[code] += cents if code in DEBIT_NORMAL else -cents
    return normal


def _cash(sums: Sums, moves: set[Move]) -> int:
    bank = {Code.CASH, Code.BANK_OVERDRAFT}
    return sum(cents for (code, move), cents in sums.items() if code in bank and move in moves)


_TRANSFERS = """
SELECT concat_ws('|', t.sequence, t.id, t.created_at AT TIME ZONE 'UTC', t.move, t.key, t.cause_type,
    t.cause_id, t.actor, COALESCE(t.resolves_id::text, '-'), COALESCE(t.reverses_id::text, '-'), (
        SELECT string_agg(
            concat_ws(':', e.id, e.fund_id, e.created_at AT TIME ZONE 'UTC', a.code, a.id, e.restriction_id,
                e.amount_cents), ',' ORDER BY e.id
        ) FROM fundmgr_entry e JOIN fundmgr_account a ON a.id = e.account_id WHERE e.transfer_id = t.id
    ))
FROM fundmgr_transfer t WHERE t.fund_id = %s AND t.sequence > %s AND t.sequence <= %s ORDER BY t.sequence
"""
_ROWS_AT_ONCE = 2000


def digest(fund_id: UUID | str, *, after: int, upto: int) -> str:
    """This will return the SHA-256 of all that some transfers say, headers and entries, in hex."""
    whole = hashlib.sha256()
    with connection.cursor() as cursor:
        cursor.execute(_TRANSFERS, [fund_id, after, upto])
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            whole.update("".join(f"{text}\n" for (text,) in rows).encode())
    return whole.hexdigest()
