"""What waits for a second person: proposals, rounds, batches, receipts, and money or a fund that two sign."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, QuerySet, Sum

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import BatchState, ProposalState, ReceiptState, RoundState
from fundmgr.domain.permissions import Action
from fundmgr.models import (
    CommitmentTurn,
    FundClosing,
    Receipt,
    Refund,
    ReserveUse,
    RestrictionRelease,
    TransferReversal,
)
from fundmgr.queries import access
from requests_app.models import AllocationRound, Batch, Decision
from requests_app.queries import requests

# One form approves at most this many proposals: more would not be looked at.
GROUP_MOST = 200


class Kind(StrEnum):
    """What kind of thing waits."""

    DECISIONS = "decisions"
    ROUND = "round"
    BATCH = "batch"
    RECEIPTS = "receipts"
    REFUND = "refund"
    RELEASE = "release"
    RESERVE = "reserve"
    REVERSAL = "reversal"
    TURN = "turn"
    CLOSING = "closing"


@dataclass(frozen=True)
class Waiting:
    """One thing, or one group of them, that waits for another person than its maker. Units: cents."""

    kind: Kind
    count: int
    cents: int
    since: datetime
    maker_id: UUID | None
    maker_name: str
    is_mine: bool
    may_act: bool
    key: UUID | None = None
    number: int = 0
    is_eligible: bool = True


@dataclass(frozen=True)
class DecisionGroup:
    """Up to 200 proposals of one person and one outcome, the oldest first. Units: cents."""

    decisions: list[Decision]
    group_count: int
    cents: int
    maker_name: str
    is_mine: bool
    may_act: bool


def approvals(actor: Actor, *, fund_id: UUID) -> list[Waiting]:
    """This will return all that waits for a second person and that this person may look at.

    Errors: NotFound for one without a role.
    """
    access.require(actor, Action.FUND_READ, fund_id=fund_id)
    money = [_batches, _receipts, _refunds, _releases, _reserve_uses, _reversals, _turns]
    return [row for part in [_rounds, _decisions, *money, _closings] for row in part(actor, fund_id)]


def decision_group(actor: Actor, *, fund_id: UUID, maker_id: UUID, is_eligible: bool) -> DecisionGroup:
    """This will return one group of proposals. Errors: Forbidden, NotFound for an empty one."""
    rows = requests.open_decisions(actor, fund_id)
    rows = rows.filter(proposed_by_id=maker_id, is_eligible=is_eligible)
    found = list(rows.order_by("id")[:GROUP_MOST])
    if not found:
        raise errors.NotFound("Nothing of this group waits any more.")
    return DecisionGroup(
        decisions=found,
        group_count=rows.count(),
        cents=sum(row.verified_cents for row in found),
        maker_name=str(found[0].proposed_by),
        is_mine=maker_id == actor.person_id,
        may_act=access.may(actor, Action.DECISION_DECIDE, fund_id=fund_id),
    )


def _decisions(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    decides = access.may(actor, Action.DECISION_DECIDE, fund_id=fund_id)
    if not (decides or access.may(actor, Action.DECISION_PROPOSE, fund_id=fund_id)):
        return
    rows = requests.open_decisions(actor, fund_id).order_by()
    grouped = rows.values("proposed_by_id", "is_eligible").annotate(
        count=Count("id"), cents=Sum("verified_cents"), since=Min("created_at")
    )
    found = sorted(grouped, key=lambda row: row["since"])
    names = access.staff_names({row["proposed_by_id"] for row in found})
    for row in found:
        yield Waiting(
            kind=Kind.DECISIONS,
            count=row["count"],
            cents=int(row["cents"] or 0),
            since=row["since"],
            maker_id=row["proposed_by_id"],
            maker_name=names.get(row["proposed_by_id"], ""),
            is_mine=row["proposed_by_id"] == actor.person_id,
            may_act=decides,
            is_eligible=row["is_eligible"],
        )


def _rounds(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    if not access.may(actor, Action.ROUND_APPROVE, fund_id=fund_id):
        return
    rows = AllocationRound.objects.filter(fund_id=fund_id, state=RoundState.PROPOSED)
    for row in rows.select_related("proposed_by").order_by("number"):
        if row.proposed_at is None:
            continue
        has_approved = row.approvals.filter(approver_id=actor.person_id).exists()
        yield Waiting(
            kind=Kind.ROUND,
            count=row.awarded_count,
            cents=row.awarded_cents,
            since=row.proposed_at,
            maker_id=row.proposed_by_id,
            maker_name=str(row.proposed_by or "the system"),
            is_mine=actor.person_id in {row.proposed_by_id, row.created_by_id},
            may_act=not has_approved,
            key=row.id,
            number=row.number,
        )


def _batches(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    releases = access.may(actor, Action.BATCH_RELEASE, fund_id=fund_id)
    if not (releases or access.may(actor, Action.BATCH_BUILD, fund_id=fund_id)):
        return
    rows = Batch.objects.filter(fund_id=fund_id, state=BatchState.BUILT)
    for row in rows.select_related("prepared_by").order_by("number"):
        yield Waiting(
            kind=Kind.BATCH,
            count=row.payouts_count,
            cents=row.total_cents,
            since=row.created_at,
            maker_id=row.prepared_by_id,
            maker_name=str(row.prepared_by),
            is_mine=row.prepared_by_id == actor.person_id,
            may_act=releases,
            key=row.id,
            number=row.number,
        )


def _receipts(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    if not access.may(actor, Action.RECEIPT_RECONCILE, fund_id=fund_id):
        return
    rows = Receipt.objects.filter(fund_id=fund_id, state=ReceiptState.RECEIVED, recorded_by__isnull=False)
    grouped = rows.order_by().values("recorded_by_id", "recorded_by__name")
    for row in grouped.annotate(count=Count("id"), cents=Sum("amount_cents"), since=Min("created_at")):
        yield Waiting(
            kind=Kind.RECEIPTS,
            count=row["count"],
            cents=int(row["cents"]),
            since=row["since"],
            maker_id=row["recorded_by_id"],
            maker_name=row["recorded_by__name"],
            is_mine=row["recorded_by_id"] == actor.person_id,
            may_act=True,
        )


def _refunds(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    makes = access.may(actor, Action.REFUND_MAKE, fund_id=fund_id)
    if not (makes or access.may(actor, Action.REFUND_PROPOSE, fund_id=fund_id)):
        return
    rows = Refund.objects.filter(fund_id=fund_id)
    yield from _proposals(actor, rows, kind=Kind.REFUND, may_act=makes, key="receipt_id")


def _releases(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    decides = access.may(actor, Action.RELEASE_DECIDE, fund_id=fund_id)
    if not (decides or access.may(actor, Action.RELEASE_PROPOSE, fund_id=fund_id)):
        return
    rows = RestrictionRelease.objects.filter(fund_id=fund_id)
    yield from _proposals(actor, rows, kind=Kind.RELEASE, may_act=decides, key="restriction_id")


def _reserve_uses(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    decides = access.may(actor, Action.RELEASE_DECIDE, fund_id=fund_id)
    if not (decides or access.may(actor, Action.RELEASE_PROPOSE, fund_id=fund_id)):
        return
    rows = ReserveUse.objects.filter(fund_id=fund_id)
    yield from _proposals(actor, rows, kind=Kind.RESERVE, may_act=decides, key="restriction_id")


def _reversals(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    decides = access.may(actor, Action.REVERSAL_DECIDE, fund_id=fund_id)
    if not (decides or access.may(actor, Action.REVERSAL_PROPOSE, fund_id=fund_id)):
        return
    rows = TransferReversal.objects.filter(fund_id=fund_id)
    yield from _proposals(actor, rows, kind=Kind.REVERSAL, may_act=decides, key="transfer_id")


def _turns(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    decides = access.may(actor, Action.PLEDGE_TURN_DECIDE, fund_id=fund_id)
    if not (decides or access.may(actor, Action.PLEDGE_TURN_PROPOSE, fund_id=fund_id)):
        return
    rows = CommitmentTurn.objects.filter(fund_id=fund_id)
    yield from _proposals(actor, rows, kind=Kind.TURN, may_act=decides, key="commitment_id")


def _closings(actor: Actor, fund_id: UUID) -> Iterator[Waiting]:
    decides = access.may(actor, Action.FUND_CLOSE_DECIDE, fund_id=fund_id)
    if not (decides or access.may(actor, Action.FUND_CLOSE_PROPOSE, fund_id=fund_id)):
        return
    rows = FundClosing.objects.filter(fund_id=fund_id)
    yield from _proposals(actor, rows, kind=Kind.CLOSING, may_act=decides, key="fund_id")


def _proposals(
    actor: Actor, rows: QuerySet[Any], *, kind: Kind, may_act: bool, key: str
) -> Iterator[Waiting]:
    """What one person proposed and another decides; `key` names the column of the page that shows it."""
    waiting = rows.filter(state=ProposalState.PROPOSED, proposed_by__isnull=False)
    for row in waiting.select_related("proposed_by").order_by("id"):
        yield Waiting(
            kind=kind,
            count=1,
            cents=getattr(row, "amount_cents", 0),
            since=row.created_at,
            maker_id=row.proposed_by_id,
            maker_name=str(row.proposed_by),
            is_mine=row.proposed_by_id == actor.person_id,
            may_act=may_act,
            key=getattr(row, key),
        )
