"""What every console page shows around itself: the fund, the roles, the money, the work that waits."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, Sum

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import (
    UNDECIDED_REQUEST_STATES,
    BatchState,
    DecisionState,
    ProposalState,
    ReceiptState,
    RoundState,
)
from fundmgr.domain.permissions import Action, Role, allows
from fundmgr.models import (
    CommitmentTurn,
    Fund,
    FundClosing,
    Receipt,
    Refund,
    ReserveUse,
    RestrictionRelease,
    TransferReversal,
)
from fundmgr.queries import access, books, funds
from requests_app.models import AllocationRound, AssistanceRequest, Batch, Decision


@dataclass(frozen=True)
class Ribbon:
    """The money at a glance. Units: cents."""

    available_cents: int
    held_cents: int
    asked_cents: int


@dataclass(frozen=True)
class Desk:
    """One person's place in one fund."""

    actor: Actor
    fund: Fund
    roles: frozenset[Role]
    ribbon: Ribbon
    open_requests: int
    to_approve: int

    def may(self, action: Action) -> bool:
        """This will say whether one of the person's roles includes the action."""
        return allows(self.roles, action)


def desk(actor: Actor, *, slug: str) -> Desk:
    """This will return a person's place in the fund of an address.

    Errors: NotFound where there is no such fund, or the person has no role in it.
    """
    fund = funds.fund_by_slug(slug)
    roles = access.roles_of(actor, fund_id=fund.id)
    if not roles:
        raise errors.NotFound
    return Desk(
        actor=actor,
        fund=fund,
        roles=roles,
        ribbon=_ribbon(fund.id),
        open_requests=_open_requests(fund.id) if allows(roles, Action.REQUEST_READ) else 0,
        to_approve=_to_approve(actor, fund.id, roles),
    )


def staff_funds(actor: Actor) -> list[Fund]:
    """This will return the funds where the person has a role, oldest first.

    Errors: NotFound for one who has a role in none.
    """
    found = list(funds.visible_funds(actor).order_by("created_at", "id"))
    if not found:
        raise errors.NotFound
    return found


def _ribbon(fund_id: UUID) -> Ribbon:
    asked = AssistanceRequest.objects.filter(fund_id=fund_id).aggregate(total=Sum("asked_cents"))
    return Ribbon(
        available_cents=books.available_cents(fund_id),
        held_cents=books.held_cents(fund_id),
        asked_cents=int(asked["total"] or 0),
    )


def _open_requests(fund_id: UUID) -> int:
    states = [state.value for state in UNDECIDED_REQUEST_STATES]
    return AssistanceRequest.objects.filter(fund_id=fund_id, state__in=states).count()


def _to_approve(actor: Actor, fund_id: UUID, roles: frozenset[Role]) -> int:
    """Only what this person may approve: own proposals wait for somebody else."""
    mine = actor.person_id
    waiting = 0
    if allows(roles, Action.DECISION_DECIDE):
        proposed = Decision.objects.filter(fund_id=fund_id, state=DecisionState.PROPOSED)
        waiting += proposed.exclude(proposed_by_id=mine).count()
    if allows(roles, Action.ROUND_APPROVE):
        rounds = AllocationRound.objects.filter(fund_id=fund_id, state=RoundState.PROPOSED)
        waiting += rounds.exclude(Q(proposed_by_id=mine) | Q(approvals__approver_id=mine)).count()
    if allows(roles, Action.BATCH_RELEASE):
        built = Batch.objects.filter(fund_id=fund_id, state=BatchState.BUILT)
        waiting += built.exclude(prepared_by_id=mine).count()
    if allows(roles, Action.RECEIPT_RECONCILE):
        receipts = Receipt.objects.filter(fund_id=fund_id, state=ReceiptState.RECEIVED)
        waiting += receipts.exclude(recorded_by_id=mine).count()
    if allows(roles, Action.REFUND_MAKE):
        refunds = Refund.objects.filter(fund_id=fund_id, state=ProposalState.PROPOSED)
        waiting += refunds.exclude(proposed_by_id=mine).count()
    for action, model in (
        (Action.RELEASE_DECIDE, RestrictionRelease),
        (Action.RELEASE_DECIDE, ReserveUse),
        (Action.REVERSAL_DECIDE, TransferReversal),
        (Action.PLEDGE_TURN_DECIDE, CommitmentTurn),
        (Action.FUND_CLOSE_DECIDE, FundClosing),
    ):
        if allows(roles, action):
            signed = model._default_manager.filter(fund_id=fund_id, state=ProposalState.PROPOSED)
            waiting += signed.exclude(proposed_by_id=mine).count()
    return waiting
