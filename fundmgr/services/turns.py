"""What becomes of a promise that is late: new dates or a default, said by one person, signed by another."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from fundmgr.domain import errors, ids, schedules
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import CommitmentState, ProposalState, Turn, may_move
from fundmgr.domain.permissions import Action
from fundmgr.domain.schedules import Part
from fundmgr.models import Commitment, CommitmentTurn
from fundmgr.ports import events, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered, signed
from fundmgr.services.pledges import match_what_came, write_schedule
from fundmgr.services.use_case import use_case

BECOMES = {Turn.NEW_DATES: CommitmentState.RENEGOTIATED, Turn.DEFAULT: CommitmentState.DEFAULTED}


@use_case
def propose_dates(
    *,
    commitment_id: UUID,
    instalments: Sequence[Part],
    reason: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> CommitmentTurn:
    """This will propose new dates for what is still to come of a late promise; the old ones stay in force.

    Errors: WrongState where it is not late, InvalidInput naming each row, like `instalments.2.amount`,
    Duplicate while another turn waits.
    """
    row = _late(commitment_id, Turn.NEW_DATES, reason, by=by)
    _check_parts(row, instalments, now=now)
    return _propose(row, Turn.NEW_DATES, instalments, reason=reason, by=by, now=now)


@use_case
def propose_default(
    *, commitment_id: UUID, reason: str, by: Actor, now: datetime, once: Once | None = None
) -> CommitmentTurn:
    """This will propose that a donor will not pay; until another person signs, the money is planned on.

    Errors: WrongState where the promise is not late, Duplicate while another turn waits.
    """
    row = _late(commitment_id, Turn.DEFAULT, reason, by=by)
    return _propose(row, Turn.DEFAULT, [], reason=reason, by=by, now=now)


@use_case
def make(*, turn_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> CommitmentTurn:
    """This will sign a turn too: the new dates stand, or nobody plans on the money any more.

    Errors: SelfApproval for who proposed it, AlreadyDecided, WrongState or InvalidInput where the promise
    changed since.
    """
    known = CommitmentTurn.objects.filter(id=turn_id).values_list("commitment_id", flat=True).first()
    if known is None:
        raise errors.NotFound
    row = entered.locked(Commitment, known)
    turn = signed.locked(CommitmentTurn, turn_id, Action.PLEDGE_TURN_DECIDE, by=by)
    signed.decide(turn, ProposalState.MADE, by=by, now=now)
    if turn.turn == Turn.NEW_DATES:
        parts = _give_dates(row, turn, now=now)
        told: dict[str, object] = {"reason": turn.reason, "due_on": row.due_on, "turn": turn.id}
        told |= row_facts.schedule(row.schedule, parts)
        verb = "commitment.renegotiated"
    else:
        moves.move(
            row, CommitmentState.DEFAULTED, defaulted_by_id=turn.proposed_by_id, version=row.version + 1
        )
        told = {"reason": turn.reason, "owed_cents": row.owed_cents, "turn": turn.id}
        verb = "commitment.defaulted"
    happening = Happening(verb, "commitment", row.id, {**told, **row_facts.said(row)})
    # Gifts may have come while nobody planned on a match.
    counted = match_what_came(row, by=by, now=now) if turn.turn == Turn.NEW_DATES else []
    events.record_many([happening, *counted], fund_id=row.fund_id, by=by, now=now)
    return turn


@use_case
def refuse(*, turn_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> CommitmentTurn:
    """This will refuse a turn; the promise stays late. Errors: SelfApproval, AlreadyDecided."""
    turn = signed.locked(CommitmentTurn, turn_id, Action.PLEDGE_TURN_DECIDE, by=by)
    signed.decide(turn, ProposalState.REFUSED, by=by, now=now)
    facts = {"turn": turn.id, "kind": turn.turn}
    happening = Happening("commitment.turn_refused", "commitment", turn.commitment_id, facts)
    events.record(happening, fund_id=turn.fund_id, by=by, now=now)
    return turn


def _late(commitment_id: UUID, turn: Turn, reason: str, *, by: Actor) -> Commitment:
    row = entered.locked(Commitment, commitment_id)
    access.require(by, Action.PLEDGE_TURN_PROPOSE, fund_id=row.fund_id)
    signed.require_first(reason, by=by)
    if not may_move(CommitmentState(row.state), BECOMES[turn]):
        raise errors.WrongState("Only a promise that is late gets new dates or defaults.")
    if row.turns.filter(state=ProposalState.PROPOSED).exists():
        raise errors.Duplicate("New dates or a default of this promise wait for a second signature already.")
    return row


def _check_parts(row: Commitment, instalments: Sequence[Part], *, now: datetime) -> None:
    if not instalments:
        raise errors.InvalidInput(problems=[Problem("instalments", "missing", "Give at least one date.")])
    open_cents = row.amount_cents - row.received_cents - row.written_off_cents
    days = entered.window(row.fund_id, now)
    entered.refuse(schedules.problems(instalments, total_cents=open_cents, since=days.today, days=days))


def _propose(
    row: Commitment, turn: Turn, parts: Sequence[Part], *, reason: str, by: Actor, now: datetime
) -> CommitmentTurn:
    made = CommitmentTurn.objects.create(
        id=ids.new_id(now),
        fund_id=row.fund_id,
        created_at=now,
        commitment=row,
        turn=turn,
        parts=[[part.due_on.isoformat(), part.amount_cents] for part in parts],
        schedule=row.schedule + (turn is Turn.NEW_DATES),
        reason=reason,
        state=ProposalState.PROPOSED,
        proposed_by_id=by.person_id,
    )
    facts = {"turn": made.id, "kind": turn, "reason": reason}
    happening = Happening("commitment.turn_proposed", "commitment", row.id, facts)
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return made


def _give_dates(row: Commitment, turn: CommitmentTurn, *, now: datetime) -> list[Part]:
    parts = [Part(date.fromisoformat(day), cents) for day, cents in turn.parts]
    # Money may have come, or a day passed, while the turn waited.
    _check_parts(row, parts, now=now)
    moves.move(
        row,
        CommitmentState.RENEGOTIATED,
        schedule=turn.schedule,
        due_on=parts[-1].due_on,
        version=row.version + 1,
    )
    write_schedule(row, parts, now=now)
    return parts
