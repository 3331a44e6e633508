"""The end of a fund: winding down once all is decided, then closed by two people once nothing is left.

What is left is awarded, or goes back to donors, first. Who closes waits for the audit lock, which every
posting holds until its commit, so that no money comes in between the last look and the end.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import FundState, ProposalState
from fundmgr.domain.permissions import Action
from fundmgr.models import Fund, FundClosing
from fundmgr.ports import events, locks, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services import signed
from fundmgr.services.use_case import use_case
from requests_app.queries import closing as found


@use_case
def wind_down(*, fund_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Fund:
    """This will begin the end of a fund that takes no more requests.

    Errors: WrongState while it takes requests, or naming what nobody has decided yet.
    """
    access.require(by, Action.FUND_CONFIGURE, fund_id=fund_id)
    fund = Fund.objects.select_for_update().get(id=fund_id)
    _require_nothing(found.undecided(fund_id))
    moves.move(fund, FundState.WINDING_DOWN)
    events.record(Happening("fund.winding_down", "fund", fund.id), fund_id=fund.id, by=by, now=now)
    return fund


@use_case
def propose(*, fund_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None) -> FundClosing:
    """This will propose to close a fund that winds down; the board signs too.

    Errors: WrongState for another state, or naming what is left; Duplicate while a closing waits.
    """
    access.require(by, Action.FUND_CLOSE_PROPOSE, fund_id=fund_id)
    signed.require_first(reason, by=by)
    fund = Fund.objects.select_for_update().get(id=fund_id)
    _require_winding_down(fund)
    _require_nothing(found.obstacles(fund_id))
    if FundClosing.objects.filter(fund=fund, state=ProposalState.PROPOSED).exists():
        raise errors.Duplicate("A closing of this fund waits for its second signature already.")
    row = FundClosing.objects.create(
        id=ids.new_id(now),
        fund=fund,
        created_at=now,
        reason=reason,
        state=ProposalState.PROPOSED,
        proposed_by_id=by.person_id,
    )
    _record(row, "closing.proposed", {"reason": reason}, by=by, now=now)
    return row


@use_case
def close(*, closing_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> FundClosing:
    """This will sign a closing too and close the fund for good.

    Its books take recoveries, unclaimed money and corrections that two people sign, and nothing else.
    Errors: SelfApproval for who proposed it, AlreadyDecided, WrongState naming what is left by now.
    """
    row = signed.locked(FundClosing, closing_id, Action.FUND_CLOSE_DECIDE, by=by)
    locks.take_audit_lock()
    fund = Fund.objects.select_for_update().get(id=row.fund_id)
    _require_winding_down(fund)
    _require_nothing(found.obstacles(fund.id))
    signed.decide(row, ProposalState.MADE, by=by, now=now)
    moves.move(fund, FundState.CLOSED)
    _record(row, "closing.made", {}, by=by, now=now)
    return row


@use_case
def refuse(*, closing_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> FundClosing:
    """This will refuse a closing; the fund goes on winding down. Errors: SelfApproval, AlreadyDecided."""
    row = signed.locked(FundClosing, closing_id, Action.FUND_CLOSE_DECIDE, by=by)
    signed.decide(row, ProposalState.REFUSED, by=by, now=now)
    _record(row, "closing.refused", {}, by=by, now=now)
    return row


def _require_winding_down(fund: Fund) -> None:
    if fund.state != FundState.WINDING_DOWN:
        raise errors.WrongState("Only a fund that winds down can be closed.")


def _require_nothing(left: list[str]) -> None:
    if left:
        raise errors.WrongState(" ".join(left))


def _record(row: FundClosing, verb: str, facts: Mapping[str, object], *, by: Actor, now: datetime) -> None:
    events.record(Happening(verb, "closing", row.id, facts), fund_id=row.fund_id, by=by, now=now)
