"""The one door to the books: every movement of money is written here and nowhere else.

The door opens no transaction. It locks the balance rows in one order, refuses what would take a guarded
account below zero, and draws a gap-free sequence under the audit lock, so that it follows commit order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.chart import DEBIT_NORMAL, GUARDED, Code
from fundmgr.domain.holes import FIELDS, Standing
from fundmgr.domain.postings import Posting
from fundmgr.models import Restriction
from fundmgr.models.ledger import Account, Balance, Entry, Transfer
from fundmgr.ports import locks
from fundmgr.queries import books

_REFUSALS = {
    "transfer_key": errors.AlreadyPosted,
    "fundmgr_transfer_resolves_id_key": errors.AlreadyResolved,
    "fundmgr_transfer_reverses_id_key": errors.AlreadyPosted,
}


def open_accounts(restriction: Restriction, *, now: datetime) -> None:
    """This will open the whole chart for a new restriction, every balance at zero."""
    locks.assert_transaction()
    accounts = [
        Account(
            id=ids.new_id(now),
            fund_id=restriction.fund_id,
            restriction=restriction,
            code=code,
            created_at=now,
        )
        for code in Code
    ]
    Account.objects.bulk_create(accounts)
    Balance.objects.bulk_create(
        Balance(account=account, fund_id=account.fund_id, is_guarded=account.code in GUARDED)
        for account in accounts
    )


def post(posting: Posting, *, fund_id: UUID, by: Actor, now: datetime) -> UUID:
    """This will enter one posting and return its transfer's id. Errors: as for post_many."""
    return post_many([posting], fund_id=fund_id, by=by, now=now)[0]


def post_many(postings: Sequence[Posting], *, fund_id: UUID, by: Actor, now: datetime) -> list[UUID]:
    """This will enter all postings, or none, and return their transfers' ids in the same order.

    Call it once in a transaction, after the use case's own rows and before its events: the balance
    rows come late in the lock order.
    Errors: InsufficientFunds, AlreadyPosted, AlreadyResolved.
    """
    locks.assert_transaction()
    if not postings:
        return []
    accounts = books.account_ids(fund_id)
    _move_balances(_changes(postings, accounts), fund_id=fund_id)
    locks.take_audit_lock()
    transfers = _transfers(postings, fund_id=fund_id, by=by, now=now)
    try:
        Transfer.objects.bulk_create(transfers, batch_size=1000)
    except IntegrityError as error:
        raise _refusal(error) from error
    Entry.objects.bulk_create(_entries(transfers, postings, accounts, now), batch_size=2000)
    return [transfer.id for transfer in transfers]


def standing(restriction_id: UUID, *, fund_id: UUID) -> Standing:
    """This will lock a restriction's memo and cash balances and return what they hold, in cents.

    Call it just before `post`: a posting that fills or leaves a hole is worked out from these.
    """
    locks.assert_transaction()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.code, b.balance_cents
            FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
            WHERE a.fund_id = %s AND a.restriction_id = %s AND a.code = ANY(%s)
            ORDER BY a.code = %s, b.account_id FOR UPDATE OF b
            """,
            [fund_id, restriction_id, [code.value for code in FIELDS], Code.AVAILABLE.value],
        )
        return Standing(**{FIELDS[Code(code)]: cents for code, cents in cursor.fetchall()})


def standings(restriction_ids: Iterable[UUID], *, fund_id: UUID) -> dict[UUID, Standing]:
    """This will return what `standing` does for each of these restrictions."""
    return {key: standing(key, fund_id=fund_id) for key in sorted(set(restriction_ids))}


def _changes(postings: Iterable[Posting], accounts: dict[tuple[Code, UUID], UUID]) -> dict[UUID, int]:
    """Sum what each account's balance changes by, in its normal direction."""
    changes: defaultdict[UUID, int] = defaultdict(int)
    for posting in postings:
        for line in posting.lines:
            sign = 1 if line.code in DEBIT_NORMAL else -1
            changes[accounts[line.code, line.restriction_id]] += sign * line.amount_cents
    return changes


def _move_balances(changes: dict[UUID, int], *, fund_id: UUID) -> None:
    account_ids = list(changes)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.account_id, b.balance_cents, b.is_guarded
            FROM fundmgr_balance b JOIN fundmgr_account a ON a.id = b.account_id
            WHERE b.account_id = ANY(%s) AND b.fund_id = %s
            ORDER BY a.code = %s, b.account_id FOR UPDATE OF b
            """,
            [account_ids, fund_id, Code.AVAILABLE.value],
        )
        for account_id, balance_cents, is_guarded in cursor.fetchall():
            if is_guarded and balance_cents + changes[account_id] < 0:
                raise errors.InsufficientFunds
        cursor.execute(
            """
            UPDATE fundmgr_balance b SET balance_cents = b.balance_cents + c.cents
            FROM unnest(%s::uuid[], %s::bigint[]) AS c(account_id, cents)
            WHERE b.account_id = c.account_id
            """,
            [account_ids, list(changes.values())],
        )


def _transfers(postings: Sequence[Posting], *, fund_id: UUID, by: Actor, now: datetime) -> list[Transfer]:
    first = books.last_sequence(fund_id) + 1
    return [
        Transfer(
            id=ids.new_id(now),
            fund_id=fund_id,
            created_at=now,
            sequence=sequence,
            move=posting.move,
            key=posting.key,
            cause_type=posting.cause_type,
            cause_id=posting.cause_id,
            actor=by.key,
            resolves_id=posting.resolves_id,
            reverses_id=posting.reverses_id,
        )
        for sequence, posting in enumerate(postings, start=first)
    ]


def _entries(
    transfers: Sequence[Transfer],
    postings: Sequence[Posting],
    accounts: dict[tuple[Code, UUID], UUID],
    now: datetime,
) -> list[Entry]:
    return [
        Entry(
            id=ids.new_id(now),
            fund_id=transfer.fund_id,
            created_at=now,
            transfer=transfer,
            account_id=accounts[line.code, line.restriction_id],
            restriction_id=line.restriction_id,
            amount_cents=line.amount_cents,
        )
        for transfer, posting in zip(transfers, postings, strict=True)
        for line in posting.lines
    ]


def _refusal(error: IntegrityError) -> Exception:
    named = next((refusal for name, refusal in _REFUSALS.items() if name in str(error)), None)
    return named() if named else error
