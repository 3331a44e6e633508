"""Pages of money in: the receipts, one of them, those that wait for a donor, and the bank files."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import ProposalState, ReceiptState
from fundmgr.domain.permissions import Action
from fundmgr.models import BankImport, Commitment, Donor, Letter, Receipt, Refund, Restriction
from fundmgr.queries import access, bank_imports, books, funds
from fundmgr.queries import receipts as money_in
from fundmgr.queries import suggestions as guesses
from fundmgr.queries import trail as events
from fundmgr.queries.receipts import Lacking
from fundmgr.queries.suggestions import Suggestion
from requests_app.queries.console import trail
from requests_app.queries.console.trail import Line
from requests_app.queries.paging import Page, keyset

NEWEST = ("-id",)
UNMATCHED = [ReceiptState.RECEIVED, ReceiptState.UNMATCHED]


@dataclass(frozen=True)
class ReceiptsPage:
    """The receipts, newest first, and how much waits to be reconciled or matched. Units: cents."""

    page: Page[Receipt]
    waiting_cents: int
    waiting_count: int
    unmatched_count: int
    bank_import: BankImport | None


@dataclass(frozen=True)
class Entered:
    """One transfer that a receipt or its refund caused, by its place in the books."""

    transfer_id: UUID
    sequence: int
    at: datetime
    move: str


@dataclass(frozen=True)
class ReceiptPage:
    """One receipt: its refunds, its way through the books, what happened, whose it could be.

    `letters` are its acknowledgements, the newest first; one of them at most stands.
    """

    receipt: Receipt
    refunds: list[Refund]
    open_refund: Refund | None
    transfers: list[Entered]
    lines: list[Line]
    suggestions: list[Suggestion]
    lacking: Lacking | None
    letters: list[Letter]


@dataclass(frozen=True)
class SuspensePage:
    """The receipts whose donor nobody knows, and whose they could be. Units: cents."""

    page: Page[Receipt]
    suggestions: dict[UUID, list[Suggestion]]
    cents: int
    count: int


@dataclass(frozen=True)
class MatchChoices:
    """What an unmatched receipt can be matched to."""

    commitments: list[Commitment]
    donors: list[Donor]
    restrictions: list[Restriction]


@dataclass(frozen=True)
class ImportPage:
    """One import, and how many of its receipts wait."""

    row: BankImport
    waiting_count: int


def receipts(
    actor: Actor,
    *,
    fund_id: UUID,
    cursor: str | None,
    states: list[ReceiptState] | None = None,
    import_id: UUID | None = None,
) -> ReceiptsPage:
    """This will return one page of receipts. Errors: Forbidden, NotFound, InvalidInput for a wrong cursor."""
    every = funds.visible_receipts(actor, fund_id=fund_id)
    waiting = every.filter(state=ReceiptState.RECEIVED)
    rows = money_in.chosen(actor, fund_id=fund_id, states=states, import_id=import_id)
    rows = rows.select_related("donor", "recorded_by", "reconciled_by")
    total = waiting.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    chosen = bank_imports.visible_import(actor, import_id=import_id) if import_id else None
    return ReceiptsPage(
        keyset(rows, NEWEST, cursor),
        int(total),
        waiting.count(),
        every.filter(state__in=UNMATCHED, donor__isnull=True).count(),
        chosen,
    )


def receipt(actor: Actor, *, fund_id: UUID, receipt_id: UUID) -> ReceiptPage:
    """This will return one receipt. Errors: NotFound, Forbidden."""
    rows = funds.visible_receipts(actor, fund_id=fund_id)
    rows = rows.select_related("donor", "recorded_by", "reconciled_by", "matched_by", "bank_import")
    row = rows.filter(id=receipt_id).first()
    if row is None:
        raise errors.NotFound
    refunds = list(row.refunds.select_related("proposed_by", "decided_by").order_by("-id"))
    waiting = next((refund for refund in refunds if refund.state == ProposalState.PROPOSED), None)
    causes = [row.id, *(refund.id for refund in refunds)]
    transfers = [
        Entered(one.id, one.sequence, one.created_at, one.move)
        for key in causes
        for one in books.transfers_of(key)
    ]
    letters = list(row.letters.order_by("-number"))
    is_open = row.donor_id is None and row.state in UNMATCHED
    return ReceiptPage(
        receipt=row,
        refunds=refunds,
        open_refund=waiting,
        transfers=sorted(transfers, key=lambda transfer: transfer.sequence),
        lines=trail.lines(events.events_of(row.id, *(letter.id for letter in letters))),
        suggestions=guesses.suggestions(fund_id, [row])[row.id] if is_open else [],
        lacking=money_in.lacking(fund_id).get(row.restriction_id),
        letters=letters,
    )


def suspense(actor: Actor, *, fund_id: UUID, cursor: str | None) -> SuspensePage:
    """This will return one page of receipts without a donor. Errors: Forbidden, InvalidInput."""
    rows = money_in.chosen(actor, fund_id=fund_id, states=UNMATCHED).filter(donor__isnull=True)
    page = keyset(rows.select_related("recorded_by"), NEWEST, cursor)
    total = rows.aggregate(cents=Sum("amount_cents"))["cents"] or 0
    return SuspensePage(page, guesses.suggestions(fund_id, page.rows), int(total), rows.count())


def match_choices(actor: Actor, *, fund_id: UUID) -> MatchChoices:
    """This will return what a receipt can be matched to. Errors: Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    donors = Donor.objects.filter(fund_id=fund_id).order_by("name", "id")
    restrictions = Restriction.objects.filter(fund_id=fund_id).order_by("-is_general", "name")
    return MatchChoices(guesses.open_commitments(fund_id), list(donors), list(restrictions))


def bank_import_list(actor: Actor, *, fund_id: UUID, cursor: str | None) -> Page[BankImport]:
    """This will return one page of imports. Errors: Forbidden, InvalidInput for a wrong cursor."""
    return keyset(bank_imports.visible_imports(actor, fund_id=fund_id), NEWEST, cursor)


def bank_import(actor: Actor, *, fund_id: UUID, import_id: UUID) -> ImportPage:
    """This will return one import. Errors: NotFound, Forbidden."""
    row = bank_imports.visible_import(actor, import_id=import_id)
    if row.fund_id != fund_id:
        raise errors.NotFound
    return ImportPage(row, bank_imports.waiting_count(row.id))
