"""What stands in the way of closing a fund, and its closings."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import chart, errors, money
from fundmgr.domain.actors import Actor
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import OPEN_APPEAL_STATES, UNDECIDED_REQUEST_STATES, ReceiptState, RoundState
from fundmgr.domain.permissions import Action
from fundmgr.models import FundClosing, Receipt
from fundmgr.queries import access, books
from requests_app.models import AllocationRound, Appeal, AssistanceRequest

# Unclaimed money and money asked back go on after the end; all else must have come to nothing.
_MUST_BE_NOTHING = (
    Code.IN_TRANSIT,
    Code.PLEDGES_RECEIVABLE,
    Code.AWARDS_PAYABLE,
    Code.BANK_OVERDRAFT,
    Code.SUSPENSE,
    Code.REFUNDABLE_ADVANCE,
    Code.RETURNED_PAYABLE,
    Code.AVAILABLE,
    Code.RESERVE,
    Code.UNCOVERED,
    Code.DEFICIT,
    Code.RESERVED,
)


def closings(actor: Actor, *, fund_id: UUID) -> QuerySet[FundClosing]:
    """This will return the closings of a fund, also those refused. Errors: NotFound, Forbidden."""
    access.require(actor, Action.MONEY_READ, fund_id=fund_id)
    return _rows().filter(fund_id=fund_id)


def visible_closing(actor: Actor, *, closing_id: UUID) -> FundClosing:
    """This will return one closing. Errors: NotFound, Forbidden."""
    row = _rows().filter(id=closing_id).first()
    if row is None:
        raise errors.NotFound
    access.require(actor, Action.MONEY_READ, fund_id=row.fund_id)
    return row


def undecided(fund_id: UUID) -> list[str]:
    """This will say which requests and rounds nobody has decided yet; nothing where none is left."""
    requests = AssistanceRequest.objects.filter(fund_id=fund_id, state__in=UNDECIDED_REQUEST_STATES).count()
    rounds = AllocationRound.objects.filter(
        fund_id=fund_id, state__in=[RoundState.DRAFT, RoundState.PROPOSED]
    ).count()
    found = [_said(requests, "request waits", "requests wait", "for a decision.")] if requests else []
    looks = Appeal.objects.filter(fund_id=fund_id, state__in=OPEN_APPEAL_STATES).count()
    again = [_said(looks, "worker waits", "workers wait", "for a second look.")] if looks else []
    left = [_said(rounds, "round is", "rounds are", "neither approved nor void.")] if rounds else []
    return [*found, *again, *left]


def obstacles(fund_id: UUID) -> list[str]:
    """This will say what must be settled before the fund can be closed; nothing where it can."""
    waiting = Receipt.objects.filter(fund_id=fund_id, state=ReceiptState.RECEIVED).count()
    found = [_said(waiting, "receipt waits", "receipts wait", "for the bank.")] if waiting else []
    sums: dict[Code, int] = {}
    for code, _name, cents in books.balances(fund_id):
        sums[code] = sums.get(code, 0) + cents
    left = [
        f"{chart.NAMES[code]}: {money.dollars(sums[code])} is left."
        for code in _MUST_BE_NOTHING
        if sums.get(code)
    ]
    return [*undecided(fund_id), *found, *left]


def _said(count: int, one: str, many: str, rest: str) -> str:
    return f"{count:,} {one if count == 1 else many} {rest}"


def _rows() -> QuerySet[FundClosing]:
    return FundClosing.objects.select_related("fund", "proposed_by", "decided_by")
