"""The one door to the books: every movement of money is written here and nowhere else.

The door opens no transaction. It lets one call of a fund in at a time, refuses what would take a guarded
account below zero, and draws a gap-free sequence under the audit lock, so that it follows commit order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError

from fundmgr.domain import errors, ids, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.chart import DEBIT_NORMAL, GUARDED, Code
from fundmgr.domain.holes import FIELDS, Standing
from fundmgr.domain.postings import Posting
from fundmgr.models import Restriction, prepared
from fundmgr.models.ledger import Account, Balance
from fundmgr.ports import disk, ledger_sql, locks
from fundmgr.queries import books

Place = tuple[Code, UUID]


class _Held(NamedTuple):
    """What a hold set aside. Shapes: `shares` are (restriction, cents)."""

    award_id: UUID
    shares: list[tuple[UUID, int]]
    restricted: frozenset[UUID]


_REFUSALS = {
    "balance_floor": errors.InsufficientFunds,
    "transfer_key": errors.AlreadyPosted,
    "transfer_resolves_once": errors.AlreadyResolved,
    "transfer_reverses_once": errors.AlreadyPosted,
    "transfer_fund_open": errors.WrongState,
    "transfer_reversal_signed": errors.WrongState,
    "transfer_release_once": errors.AlreadyPosted,
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


def post_many(made: Sequence[Posting], *, fund_id: UUID, by: Actor, now: datetime) -> list[UUID]:
    """This will enter all postings, or none, and return their transfers' ids in the same order.

    One statement, however many postings. Call it after the rows that the use case locks and before its
    events: the balance rows come late in the lock order. Between two calls come new rows alone.
    Errors: InsufficientFunds, AlreadyPosted, AlreadyResolved; WrongState for a closed fund, whose books
    take recoveries, unclaimed money and corrections alone.
    """
    locks.assert_transaction()
    if not made:
        return []
    changes = _changes(made)
    transfer_ids = ids.new_ids(now, len(made))
    parameters = [
        fund_id,
        now,
        by.key,
        *_change_columns(changes),
        prepared.uuids(transfer_ids),
        *_transfer_columns(made),
        *_entry_columns(made, changes, now),
        disk.is_rush(),
    ]
    try:
        ((has_waited, goes_ahead),) = prepared.rows(ledger_sql.ENTER, parameters)
    except IntegrityError as error:
        raise _refusal(error) from error
    if goes_ahead:
        disk.answer_after(has_waited=has_waited)
    return transfer_ids


def hold(
    *, award_id: UUID, shares: Sequence[tuple[UUID, int]], fund_id: UUID, by: Actor, now: datetime
) -> UUID:
    """This will set money aside for an award and return the hold's transfer id.

    Shapes: `shares` are (restriction, cents). Errors: InsufficientFunds, AlreadyPosted.
    """
    return post(postings.hold(award_id=award_id, shares=shares), fund_id=fund_id, by=by, now=now)


def post_hold(hold_id: UUID, *, fund_id: UUID, by: Actor, now: datetime) -> UUID:
    """This will turn all that a hold set aside into an obligation, once, and return its transfer id.

    Errors: AlreadyPosted, AlreadyResolved, NotFound where the fund has no such hold.
    """
    held = _held(hold_id, fund_id=fund_id)
    posting = postings.award(
        award_id=held.award_id, hold_id=hold_id, shares=held.shares, restricted=held.restricted
    )
    return post(posting, fund_id=fund_id, by=by, now=now)


def void_hold(hold_id: UUID, *, fund_id: UUID, by: Actor, now: datetime) -> UUID:
    """This will give back all that a hold set aside, once, and return its transfer id.

    It goes to promises that lack their money, and else is available again.
    Errors: AlreadyPosted, AlreadyResolved, NotFound where the fund has no such hold.
    """
    held = _held(hold_id, fund_id=fund_id)
    found = standings([key for key, _cents in held.shares], fund_id=fund_id)
    missing = {key: standing.uncovered_cents for key, standing in found.items()}
    posting = postings.hold_void(
        award_id=held.award_id, hold_id=hold_id, shares=held.shares, uncovered_cents=missing
    )
    return post(posting, fund_id=fund_id, by=by, now=now)


def reverse(transfer_id: UUID, *, fund_id: UUID, by: Actor, now: datetime) -> UUID:
    """This will undo a transfer with its mirror image, once, and return the new transfer's id.

    Errors: AlreadyPosted, InsufficientFunds where its money was used since, NotFound.
    """
    cause = books.cause_of(transfer_id, fund_id=fund_id)
    if cause is None:
        raise errors.NotFound
    cause_type, cause_id = cause
    posting = postings.reversal(
        transfer_id=transfer_id,
        cause_type=cause_type,
        cause_id=cause_id,
        lines=books.lines_of(transfer_id),
    )
    return post(posting, fund_id=fund_id, by=by, now=now)


def balance(code: Code, *, restriction_id: UUID, fund_id: UUID) -> int:
    """This will return what one account holds now, in cents, in its normal direction. It locks nothing."""
    found = prepared.one(ledger_sql.BALANCE, [fund_id, restriction_id, code.value])
    if found is None:
        raise errors.NotFound
    return int(found[0])


def standing(restriction_id: UUID, *, fund_id: UUID) -> Standing:
    """This will lock a restriction's balances and return what its cash and memo accounts hold, in cents.

    Call it just before `post`: a posting that fills or leaves a hole is worked out from these.
    """
    return standings([restriction_id], fund_id=fund_id)[restriction_id]


def standings(restriction_ids: Iterable[UUID], *, fund_id: UUID) -> dict[UUID, Standing]:
    """This will return what `standing` does for each of these restrictions.

    It locks the fund's books and all their balances, for the posting that follows may touch any of them.
    """
    locks.assert_transaction()
    prepared.rows(ledger_sql.QUEUE, [fund_id])
    wanted = list(set(restriction_ids))
    held: dict[UUID, dict[str, int]] = {restriction_id: {} for restriction_id in wanted}
    for restriction_id, code, cents in prepared.rows(ledger_sql.STANDINGS, [fund_id, wanted]):
        if code in FIELDS:
            held[restriction_id][FIELDS[Code(code)]] = cents
    return {restriction_id: Standing(**cents) for restriction_id, cents in held.items()}


def _held(hold_id: UUID, *, fund_id: UUID) -> _Held:
    rows = prepared.rows(ledger_sql.HELD, [hold_id, fund_id])
    if not rows:
        raise errors.NotFound
    return _Held(
        award_id=rows[0][0],
        shares=[(restriction_id, cents) for _, restriction_id, cents, _ in rows],
        restricted=frozenset(key for _, key, _, is_general in rows if not is_general),
    )


def _changes(made: Iterable[Posting]) -> dict[Place, int]:
    """Sum what each account's balance changes by, in its normal direction."""
    changes: defaultdict[Place, int] = defaultdict(int)
    for posting in made:
        for line in posting.lines:
            sign = 1 if line.code in DEBIT_NORMAL else -1
            changes[line.code, line.restriction_id] += sign * line.amount_cents
    return changes


def _change_columns(changes: Mapping[Place, int]) -> tuple[str, str, str]:
    codes, restriction_ids = zip(*changes, strict=True)
    return (
        prepared.words(code.value for code in codes),
        prepared.uuids(restriction_ids),
        prepared.numbers(changes.values()),
    )


def _transfer_columns(made: Sequence[Posting]) -> tuple[str, ...]:
    return (
        prepared.words(posting.move.value for posting in made),
        prepared.words(posting.key for posting in made),
        prepared.words(posting.cause_type for posting in made),
        prepared.uuids(posting.cause_id for posting in made),
        prepared.uuids(posting.resolves_id for posting in made),
        prepared.uuids(posting.reverses_id for posting in made),
    )


def _entry_columns(made: Sequence[Posting], places: Iterable[Place], now: datetime) -> tuple[str, ...]:
    """Write each entry as its transfer's and its account's number among those of this call, from one."""
    number = {place: count for count, place in enumerate(places, start=1)}
    rows = [
        (count, number[line.code, line.restriction_id], line.amount_cents)
        for count, posting in enumerate(made, start=1)
        for line in posting.lines
    ]
    columns = map(prepared.numbers, zip(*rows, strict=True))
    return (prepared.uuids(ids.new_ids(now, len(rows))), *columns)


def _refusal(error: IntegrityError) -> Exception:
    named = next((refusal for name, refusal in _REFUSALS.items() if name in str(error)), None)
    return named() if named else error
