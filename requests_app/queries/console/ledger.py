"""Pages of the books: the chart of accounts, transfers, and what caused each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.chart import Code
from fundmgr.domain.permissions import Action
from fundmgr.models import Receipt, ReserveUse, RestrictionRelease, TransferReversal
from fundmgr.queries import access, reversals, statements, trail
from fundmgr.queries.statements import AccountBalance
from requests_app.models import Award, Payout
from requests_app.queries.console.trail import Line, lines
from requests_app.queries.paging import Page, keyset


@dataclass(frozen=True)
class ChartPage:
    """The chart: each account number with its accounts, one a restriction, and its total in cents."""

    restrictions: dict[UUID, str]
    rows: list[tuple[Code, dict[UUID, AccountBalance], int]]


@dataclass(frozen=True)
class TransfersPage:
    """One page of transfers, newest first, and how much each moved. Units: cents."""

    page: Page[Any]
    amounts_cents: Mapping[UUID, int]


@dataclass(frozen=True)
class Cause:
    """The thing that caused a transfer, the page where it is told, and what money did before and after it."""

    kind: str
    key: UUID
    page: str = ""
    page_key: UUID | None = None
    label: str = ""
    beside: tuple[tuple[str, UUID], ...] = ()


@dataclass(frozen=True)
class TransferPage:
    """One transfer with its entries, its cause, the transfers it is bound to, its cause's events, and its
    reversals: those proposed, made and refused, the newest first.
    """

    transfer: Any
    entries: list[Any]
    cause: Cause
    undone_by: list[Any]
    events: list[Line]
    reversals: list[TransferReversal]


def chart(actor: Actor, *, fund_id: UUID) -> ChartPage:
    """This will return the chart of accounts. Errors: Forbidden."""
    found = statements.chart(actor, fund_id=fund_id)
    codes: dict[Code, dict[UUID, AccountBalance]] = {}
    for one in found:
        codes.setdefault(one.code, {})[one.restriction_id] = one
    return ChartPage(
        restrictions={one.restriction_id: one.restriction for one in found},
        rows=[
            (code, accounts, sum(one.balance_cents for one in accounts.values()))
            for code, accounts in codes.items()
        ],
    )


def transfers(actor: Actor, *, fund_id: UUID, cause_id: UUID | None, cursor: str | None) -> TransfersPage:
    """This will return one page of transfers. Errors: Forbidden, InvalidInput for a wrong cursor."""
    page = keyset(
        statements.visible_transfers(actor, fund_id=fund_id, cause_id=cause_id), ("-sequence",), cursor
    )
    return TransfersPage(page, statements.amounts_of(page.rows))


def transfer(actor: Actor, *, fund_id: UUID, transfer_id: UUID) -> TransferPage:
    """This will return one transfer. Errors: NotFound, Forbidden."""
    row = statements.visible_transfer(actor, transfer_id=transfer_id)
    if row.fund_id != fund_id:
        raise errors.NotFound
    sees_trail = access.may(actor, Action.AUDIT_READ, fund_id=fund_id)
    reversed_by = list(reversals.of_transfer(actor, transfer_id=row.id).order_by("-id"))
    told = [row.cause_id, *(one.id for one in reversed_by)]
    events = trail.events_of(*told).select_related("link") if sees_trail else []
    return TransferPage(
        transfer=row,
        entries=statements.lines(row),
        cause=_cause(actor, row),
        undone_by=statements.undone_by(row),
        events=lines(list(events)),
        reversals=reversed_by,
    )


def _cause(actor: Actor, row: Any) -> Cause:
    finder = _FINDERS.get(row.cause_type)
    cause = (finder(row.cause_id) if finder else None) or Cause(row.cause_type, row.cause_id)
    if cause.page and not access.may(actor, _NEEDED[cause.page], fund_id=row.fund_id):
        return Cause(cause.kind, cause.key, beside=cause.beside)
    return cause


def _commitment(key: UUID) -> Cause:
    receipts = Receipt.objects.filter(commitment_id=key).order_by("id").values_list("id", flat=True)
    return Cause("commitment", key, "commitment", key, beside=_beside("receipt", receipts))


def _receipt(key: UUID) -> Cause | None:
    row = Receipt.objects.filter(id=key).first()
    if row is None:
        return None
    before = _beside("commitment", [row.commitment_id] if row.commitment_id else [])
    return Cause("receipt", key, "receipt", key, row.bank_reference, before)


def _award(key: UUID) -> Cause | None:
    row = Award.objects.select_related("request").filter(id=key).first()
    if row is None:
        return None
    after = _beside("payout", row.payouts.order_by("attempt").values_list("id", flat=True))
    return Cause("award", key, "request", row.request_id, row.request.reference, after)


def _payout(key: UUID) -> Cause | None:
    row = Payout.objects.select_related("batch").filter(id=key).first()
    if row is None:
        return None
    before = _beside("award", [row.award_id])
    return Cause("payout", key, "batch", row.batch_id, f"Batch {row.batch.number}", before)


def _release(key: UUID) -> Cause | None:
    row = RestrictionRelease.objects.select_related("restriction").filter(id=key).first()
    if row is None:
        return None
    return Cause("release", key, "restriction", row.restriction_id, row.restriction.name)


def _reserve_use(key: UUID) -> Cause | None:
    row = ReserveUse.objects.select_related("restriction").filter(id=key).first()
    if row is None:
        return None
    return Cause("reserve_use", key, "restriction", row.restriction_id, row.restriction.name)


def _beside(kind: str, keys: Iterable[UUID]) -> tuple[tuple[str, UUID], ...]:
    return tuple((kind, key) for key in keys)


_FINDERS = {
    "commitment": _commitment,
    "receipt": _receipt,
    "release": _release,
    "reserve_use": _reserve_use,
    "award": _award,
    "payout": _payout,
}
_NEEDED = {
    "commitment": Action.MONEY_READ,
    "receipt": Action.MONEY_READ,
    "restriction": Action.MONEY_READ,
    "request": Action.REQUEST_READ,
    "batch": Action.PAYOUT_READ,
}
