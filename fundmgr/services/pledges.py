"""The life of a promise after it was given: countersigned, its condition met, written off."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import CommitmentState, ProposalState
from fundmgr.domain.permissions import Action
from fundmgr.domain.schedules import Part
from fundmgr.models import Commitment, ConditionProof, Instalment, StoredFile, Subject
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries import facts as row_facts
from fundmgr.services import entered, matching
from fundmgr.services.use_case import use_case

OWN_PLEDGE = "You recorded this commitment. Another person must countersign it."


@use_case
def countersign(*, commitment_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Commitment:
    """This will let a large promise count, by a second person.

    Errors: SelfApproval for who recorded it, WrongState where it needs no second signature.
    """
    row = entered.locked(Commitment, commitment_id)
    access.require(by, Action.PLEDGE_COUNTERSIGN, fund_id=row.fund_id)
    if row.recorded_by_id is not None and row.recorded_by_id == by.person_id:
        raise errors.SelfApproval(OWN_PLEDGE)
    if row.state != CommitmentState.DRAFT:
        raise errors.WrongState("This commitment waits for no second signature.")
    state = CommitmentState.CONDITIONAL if row.is_conditional else CommitmentState.PLEDGED
    moves.move(row, state, countersigned_by_id=by.person_id, version=row.version + 1)
    if not row.is_conditional:
        posting = postings.pledge(
            commitment_id=row.id, restriction_id=row.restriction_id, amount_cents=row.amount_cents
        )
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    counted = match_what_came(row, by=by, now=now)
    happening = Happening("commitment.countersigned", "commitment", row.id, row_facts.said(row))
    events.record_many([happening, *counted], fund_id=row.fund_id, by=by, now=now)
    return row


@use_case
def propose_condition(
    *,
    commitment_id: UUID,
    amount_cents: int,
    proof: str,
    by: Actor,
    now: datetime,
    evidence_id: UUID | None = None,
    once: Once | None = None,
) -> ConditionProof:
    """This will say that the condition of a promise is met, for so many cents; another person confirms.

    Shapes: the evidence, where there is any, is a file that is kept with this commitment.
    Errors: WrongState where it has no condition or matches gifts by itself, InvalidInput, Duplicate.
    """
    row = entered.locked(Commitment, commitment_id)
    access.require(by, Action.COMMITMENT_WRITE, fund_id=row.fund_id)
    _require_condition(row)
    entered.refuse([*_too_much(row, amount_cents), *_not_its_own(row, evidence_id)])
    if row.proofs.filter(state=ProposalState.PROPOSED).exists():
        raise errors.Duplicate("Another proof of this condition waits to be confirmed.")
    made = ConditionProof.objects.create(
        id=ids.new_id(now),
        fund_id=row.fund_id,
        created_at=now,
        commitment=row,
        amount_cents=amount_cents,
        proof=proof,
        evidence_id=evidence_id,
        state=ProposalState.PROPOSED,
        proposed_by_id=by.person_id,
    )
    facts = {"amount_cents": amount_cents, "proof": made.id, "evidence": evidence_id}
    _record(row, "commitment.condition_proposed", facts, by=by, now=now)
    return made


@use_case
def decide_condition(
    *, proof_id: UUID, is_met: bool, by: Actor, now: datetime, once: Once | None = None
) -> ConditionProof:
    """This will confirm or refuse the proof of a condition; confirmed, that part of the promise is due.

    Errors: SelfApproval for the proposer, AlreadyDecided, WrongState, InvalidInput.
    """
    known = ConditionProof.objects.filter(id=proof_id).first()
    if known is None:
        raise errors.NotFound
    row = entered.locked(Commitment, known.commitment_id)
    access.require(by, Action.CONDITION_CONFIRM, fund_id=row.fund_id)
    made = ConditionProof.objects.select_for_update().get(id=proof_id)
    if made.state != ProposalState.PROPOSED:
        raise errors.AlreadyDecided
    if made.proposed_by_id is not None and made.proposed_by_id == by.person_id:
        raise errors.SelfApproval
    moves.move(
        made,
        ProposalState.MADE if is_met else ProposalState.REFUSED,
        decided_by_id=by.person_id,
        decided_at=now,
    )
    if is_met:
        _require_condition(row)
        entered.refuse(_too_much(row, made.amount_cents))
        posting = matching.meet(row, made.amount_cents, occasion_id=made.id)
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    facts = {"amount_cents": made.amount_cents, "is_met": is_met, "proof": made.id}
    _record(row, "commitment.condition_decided", facts, by=by, now=now)
    return made


@use_case
def write_off(
    *, commitment_id: UUID, board_note: str, by: Actor, now: datetime, once: Once | None = None
) -> Commitment:
    """This will give up what a donor in default owes; every figure that counted it follows at once.

    Errors: SelfApproval for who proposed the default, WrongState where there is none.
    """
    row = entered.locked(Commitment, commitment_id)
    access.require(by, Action.PLEDGE_WRITE_OFF, fund_id=row.fund_id)
    if row.defaulted_by_id is not None and row.defaulted_by_id == by.person_id:
        raise errors.SelfApproval("You proposed the default. Another person must write it off.")
    owed_cents = row.owed_cents
    moves.move(
        row,
        CommitmentState.WRITTEN_OFF,
        written_off_cents=row.written_off_cents + owed_cents,
        version=row.version + 1,
    )
    if owed_cents:
        posting = postings.write_off(
            commitment_id=row.id, restriction_id=row.restriction_id, amount_cents=owed_cents
        )
        ledger.post(posting, fund_id=row.fund_id, by=by, now=now)
    facts = {"owed_cents": owed_cents, "board_note": board_note}
    _record(row, "commitment.written_off", facts, by=by, now=now)
    return row


def match_what_came(row: Commitment, *, by: Actor, now: datetime) -> list[Happening]:
    """This will count the gifts that came since the day of a match pledge, and return what to record."""
    if row.match_percent is None or row.state == CommitmentState.DRAFT:
        return []
    made, counted = matching.recount(row.fund_id, occasion_id=row.id, by=by, now=now)
    ledger.post_many(made, fund_id=row.fund_id, by=by, now=now)
    row.refresh_from_db()
    return counted


def write_schedule(row: Commitment, parts: Sequence[Part], *, now: datetime) -> None:
    """This will write the dates of a promise's schedule, inside the caller's transaction."""
    Instalment.objects.bulk_create(
        Instalment(
            id=ids.new_id(now),
            fund_id=row.fund_id,
            created_at=now,
            commitment=row,
            schedule=row.schedule,
            number=number,
            due_on=part.due_on,
            amount_cents=part.amount_cents,
        )
        for number, part in enumerate(parts, start=1)
    )


def _require_condition(row: Commitment) -> None:
    if not row.is_conditional or row.match_percent is not None:
        raise errors.WrongState("Only a condition that a person must judge is confirmed by hand.")
    if row.state in {CommitmentState.DRAFT, CommitmentState.CANCELLED, CommitmentState.WRITTEN_OFF}:
        raise errors.WrongState("This commitment does not stand.")


def _too_much(row: Commitment, amount_cents: int) -> list[Problem]:
    if amount_cents <= 0:
        return [Problem("amount", "not_positive", "Write an amount of at least one cent.")]
    if amount_cents > row.amount_cents - row.met_cents:
        return [Problem("amount", "more_than_promised", "This is more than waits for the condition.")]
    return []


def _not_its_own(row: Commitment, evidence_id: UUID | None) -> list[Problem]:
    kept = StoredFile.objects.filter(fund_id=row.fund_id, subject_type=Subject.COMMITMENT, subject_id=row.id)
    if evidence_id is None or kept.filter(id=evidence_id).exists():
        return []
    sentence = "Choose a file that is kept with this commitment."
    return [Problem("evidence_id", "not_its_evidence", sentence)]


def _record(row: Commitment, verb: str, facts: dict[str, object], *, by: Actor, now: datetime) -> None:
    events.record(Happening(verb, "commitment", row.id, facts), fund_id=row.fund_id, by=by, now=now)
