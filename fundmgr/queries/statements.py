"""The ledger for a reader: the chart with its balances, transfers with their lines, an account's entries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.chart import DEBIT_NORMAL, Code
from fundmgr.domain.permissions import Action
from fundmgr.models.ledger import Account, Balance, Entry, Transfer
from fundmgr.queries import access


@dataclass(frozen=True)
class AccountBalance:
    """One account of the chart, in its normal direction. Units: cents."""

    account_id: UUID
    code: Code
    restriction_id: UUID
    restriction: str
    balance_cents: int


@dataclass(frozen=True)
class Line:
    """One entry: what it added to the balance, and the balance after it. Units: cents."""

    entry_id: UUID
    at: datetime
    transfer: Transfer
    change_cents: int
    balance_cents: int


@dataclass(frozen=True)
class Statement:
    """An account over whole days of its fund's calendar, with all of its entries or some. Units: cents."""

    account: Account
    first: date
    last: date
    opening_cents: int
    closing_cents: int
    lines: list[Line]


def chart(actor: Actor, *, fund_id: UUID) -> list[AccountBalance]:
    """This will return every account of a fund with its balance, by number, general money first.

    Errors: NotFound, Forbidden.
    """
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    rows = Balance.objects.filter(fund_id=fund_id).order_by(
        "account__code", "-account__restriction__is_general", "account__restriction__name", "account_id"
    )
    found = rows.values_list(
        "account_id",
        "account__code",
        "account__restriction_id",
        "account__restriction__name",
        "balance_cents",
    )
    return [AccountBalance(key, Code(code), tied, name, cents) for key, code, tied, name, cents in found]


def visible_account(actor: Actor, *, account_id: UUID) -> Account:
    """This will return an account with its restriction and fund. Errors: NotFound, Forbidden."""
    rows = Account.objects.select_related("restriction", "fund")
    account = rows.filter(id=account_id).first()
    if account is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=account.fund_id)
    return account


def entries(account: Account, *, start: datetime, end: datetime) -> QuerySet[Entry]:
    """This will return an account's entries from `start` until before `end`, with their transfers."""
    rows = Entry.objects.filter(account_id=account.id, created_at__gte=start, created_at__lt=end)
    return rows.select_related("transfer")


def sum_before(account: Account, *, moment: datetime, key: UUID | None = None) -> int:
    """This will return an account's balance before a moment, or before the entry of that moment and key.

    Units: cents, in the account's normal direction. The index of statements holds the amounts as well.
    """
    rows = Entry.objects.filter(account_id=account.id)
    total = rows.filter(created_at__lt=moment).aggregate(cents=Sum("amount_cents"))["cents"] or 0
    if key is not None:
        same = rows.filter(created_at=moment, id__lt=key)
        total += same.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    return normal_cents(account, int(total))


def normal_cents(account: Account, amount_cents: int) -> int:
    """This will turn an entry's amount, debit positive, into what it adds to the account's balance."""
    return amount_cents if account.code in DEBIT_NORMAL else -amount_cents


def visible_transfers(actor: Actor, *, fund_id: UUID, cause_id: UUID | None = None) -> QuerySet[Transfer]:
    """This will return a fund's transfers, or those that one thing caused. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    rows = Transfer.objects.filter(fund_id=fund_id)
    return rows if cause_id is None else rows.filter(cause_id=cause_id)


def visible_transfer(actor: Actor, *, transfer_id: UUID) -> Transfer:
    """This will return a transfer with what it resolves and reverses. Errors: NotFound, Forbidden."""
    rows = Transfer.objects.select_related("fund", "resolves", "reverses")
    transfer = rows.filter(id=transfer_id).first()
    if transfer is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=transfer.fund_id)
    return transfer


def lines(transfer: Transfer) -> list[Entry]:
    """This will return a transfer's entries with their accounts and restrictions, debits first."""
    rows = Entry.objects.filter(transfer_id=transfer.id).select_related("account", "restriction")
    return sorted(rows, key=lambda row: (row.account.code, row.amount_cents < 0, str(row.restriction)))


def amounts_of(transfers: list[Transfer]) -> Mapping[UUID, int]:
    """This will return how much each transfer moves in all: the sum of its debits, in cents."""
    rows = Entry.objects.filter(transfer_id__in=[row.id for row in transfers], amount_cents__gt=0)
    found = rows.values_list("transfer_id").annotate(Sum("amount_cents")).order_by()
    return {key: int(cents) for key, cents in found}


def undone_by(transfer: Transfer) -> list[Transfer]:
    """This will return the transfers that resolve or reverse this one."""
    resolving = Transfer.objects.filter(resolves_id=transfer.id)
    return [*resolving, *Transfer.objects.filter(reverses_id=transfer.id)]


def running_lines(account: Account, rows: list[Entry], balance_cents: int) -> list[Line]:
    """This will put entries, oldest first, on top of the balance before them. Units: cents."""
    lines = []
    for row in rows:
        change = normal_cents(account, row.amount_cents)
        balance_cents += change
        lines.append(Line(row.id, row.created_at, row.transfer, change, balance_cents))
    return lines
