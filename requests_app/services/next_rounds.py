"""The waiting list lives on: money that comes free is offered as the next round, which people decide.

The system proposes and tells the directors; it never approves. Run twice at once, or again, it does no more:
each step looks again under the fund's lock.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fundmgr.domain import actors, errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Fund
from fundmgr.ports import events, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from fundmgr.queries import funds
from fundmgr.services.use_case import use_case
from requests_app.models import AllocationRound
from requests_app.queries import free_money
from requests_app.queries import rounds as queries
from requests_app.queries.free_money import Due
from requests_app.services import round_steps, round_topups
from requests_app.services.round_steps import Origin


def run(*, clock: Callable[[], datetime]) -> dict[str, int]:
    """This will look at every fund's free money; returns how many rounds were given up and offered."""
    voided = offered = 0
    for fund_id in Fund.objects.order_by("id").values_list("id", flat=True):
        voided += withdraw(fund_id=fund_id, now=clock())
        try:
            offered += offer(fund_id=fund_id, now=clock()) is not None
        except (errors.WrongState, errors.InvalidInput):
            # The rule gives nobody anything now, or it cannot be applied: nothing was written.
            continue
    return {"voided": voided, "offered": offered}


@use_case
def withdraw(*, fund_id: UUID, now: datetime) -> int:
    """This will give up an offered round that no longer fits the money, the policy or the people; 0 or 1."""
    _lock(fund_id)
    found = free_money.offered(fund_id)
    if found is None:
        return 0
    rows = AllocationRound.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("policy").get(id=found.id)
    if row.state not in queries.OPEN:
        return 0
    reason = free_money.renewal_reason(row, now=now, void_reason=queries.void_reason(row))
    if not reason:
        return 0
    happenings = round_steps.void(row, reason, by=actors.SYSTEM, now=now)
    events.record_many(happenings, fund_id=fund_id, by=actors.SYSTEM, now=now)
    return 1


@use_case
def offer(*, fund_id: UUID, now: datetime) -> AllocationRound | None:
    """This will propose the next round where one is due and owe the directors one mail about it.

    Shapes: None where none is due, or the rule is a draw, which begins with two people. It tops up the last
    round where nobody came since and both are one big round; else it is among those who got nothing, and
    where there are none it tops up an older round.
    Errors: WrongState, InvalidInput where the rule cannot share what there is.
    """
    _lock(fund_id)
    due = free_money.due(fund_id, now=now)
    tops_up = _topped_up(due, now=now) if due else None
    if due is None or not (due.is_anybody_waiting or tops_up):
        return None
    _tell_directors(fund_id, due, now=now)
    if due.is_draw:
        return None
    origin = Origin(due.cause, due.freed_cents, tops_up)
    rule = tops_up.rule if tops_up else due.rule
    row, drafted = round_steps.draft(fund_id, rule, None, by=actors.SYSTEM, now=now, origin=origin)
    proposed = round_steps.propose(row, by=actors.SYSTEM, now=now)
    row.topup_note = round_topups.note(row)
    row.save(update_fields=["topup_note"])
    facts = {"cause": due.cause, "freed_cents": due.total_cents, "since": due.since_sequence}
    offered = Happening("round.offered", "round", row.id, facts)
    events.record_many([drafted, *proposed, offered], fund_id=fund_id, by=actors.SYSTEM, now=now)
    return row


def _topped_up(due: Due, *, now: datetime) -> AllocationRound | None:
    """The last round, where all who wait were in it and both together are one big round: then whoever got a
    part of the need is in the next one too. Where nobody waits who got nothing, an older round that left
    people with a part, the oldest first."""
    if due.last is None or due.is_draw:
        return None
    is_last_short = due.is_anybody_waiting or due.last in due.part_paid
    if is_last_short and not due.is_anybody_new and not round_topups.refusal(due.last, now=now):
        return due.last
    if due.is_anybody_waiting:
        return None
    return next((row for row in due.part_paid if not round_topups.refusal(row, now=now)), None)


def _lock(fund_id: UUID) -> None:
    """Whoever drafts a round takes this lock too, so there is never a second one."""
    Fund.objects.select_for_update(no_key=True).get(id=fund_id)


def _tell_directors(fund_id: UUID, due: Due, *, now: datetime) -> None:
    """One mail each until the round is decided or given up: an offer that is renewed is no news."""
    directors = funds.members(fund_id).filter(role=Role.DIRECTOR, user__is_active=True)
    effects = [
        Effect(
            "staff_notice",
            f"next_round:{fund_id}:{due.since_sequence}:{user_id}",
            {"kind": "next_round", "fund_id": str(fund_id), "user_id": str(user_id)},
        )
        for user_id in directors.order_by("user_id").values_list("user_id", flat=True)
    ]
    outbox.owe_many(effects, fund_id=fund_id, now=now)
