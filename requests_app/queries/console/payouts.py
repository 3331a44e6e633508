"""Pages of money going out: payouts, what a batch can pay now, one batch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import PayoutState
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import Award, Batch, Payout
from requests_app.queries import payouts
from requests_app.queries.paging import Page, keyset
from requests_app.queries.payouts import BatchPage, PayableTotals

MOST_PAYABLE = 200


@dataclass(frozen=True)
class PayoutsPage:
    """One page of payouts, newest first, and the newest batches."""

    page: Page[Payout]
    batches: list[Batch]
    totals: PayableTotals


@dataclass(frozen=True)
class PayablePage:
    """The awards that a batch can pay now, oldest first, and what waits beside them."""

    awards: list[Any]
    totals: PayableTotals


@dataclass(frozen=True)
class AwardsPage:
    """One page of awards, newest first."""

    page: Page[Award]
    shows_names: bool


def payouts_page(
    actor: Actor, *, fund_id: UUID, state: PayoutState | None, cursor: str | None, now: datetime
) -> PayoutsPage:
    """This will return one page of payouts. Errors: Forbidden, InvalidInput for a wrong cursor."""
    return PayoutsPage(
        page=payouts.payouts_page(actor, fund_id, state=state, cursor=cursor),
        batches=list(payouts.visible_batches(actor, fund_id).order_by("-number")[:10]),
        totals=payouts.payable_totals(actor, fund_id, now),
    )


def batch_list(actor: Actor, *, fund_id: UUID, cursor: str | None) -> Page[Batch]:
    """This will return one page of batches, newest first. Errors: Forbidden, InvalidInput."""
    return payouts.batches_page(actor, fund_id, cursor=cursor)


def payable(actor: Actor, *, fund_id: UUID, now: datetime) -> PayablePage:
    """This will return what a batch can pay now. Errors: Forbidden."""
    access.require(actor, Action.BATCH_BUILD, fund_id=fund_id)
    rows = payouts.payable_awards(actor, fund_id, now).order_by("id")
    return PayablePage(list(rows[:MOST_PAYABLE]), payouts.payable_totals(actor, fund_id, now))


def award_list(actor: Actor, *, fund_id: UUID, state: str, cursor: str | None) -> AwardsPage:
    """This will return one page of awards. Errors: Forbidden, InvalidInput for a wrong cursor."""
    rows = payouts.visible_awards(actor, fund_id)
    page = keyset(rows.filter(state=state) if state else rows, ("-id",), cursor)
    return AwardsPage(page, access.may(actor, Action.REQUEST_READ, fund_id=fund_id))


def batch_page(actor: Actor, *, fund_id: UUID, batch_id: UUID, cursor: str | None) -> BatchPage:
    """This will return one batch with a page of its payouts. Errors: NotFound, InvalidInput."""
    found = payouts.batch_page(actor, batch_id, cursor=cursor, limit=MOST_PAYABLE)
    if found.batch.fund_id != fund_id:
        raise errors.NotFound
    return found
