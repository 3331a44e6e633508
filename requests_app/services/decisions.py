"""The shared steps of eligibility decisions, for one request or for many in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from fundmgr.domain import eligibility, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import NeedLimits, Reason
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import DecisionState, RequestState
from fundmgr.domain.permissions import Action
from fundmgr.models import PolicyVersion
from fundmgr.ports import events, moves, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from fundmgr.queries import access, funds
from requests_app.models import AssistanceRequest, Decision
from requests_app.services import cases

_DUPLICATES = frozenset({Reason.DUPLICATE_PERSON, Reason.DUPLICATE_HOUSEHOLD})


@dataclass(frozen=True)
class Proposal:
    """What a reviewer proposes for one request. Units: cents; None takes what the policy makes of it."""

    request_id: UUID
    is_eligible: bool
    verified_cents: int | None = None
    reasons: Sequence[Reason] = ()
    note: str = ""


@dataclass(frozen=True)
class Verdict:
    """What an approver makes of one proposal: final, or back to the reviewer."""

    decision_id: UUID
    approve: bool
    note: str = ""


def propose(items: Sequence[Proposal], *, by: Actor, now: datetime) -> list[Decision]:
    """This will propose on locked requests; the use cases in `reviews` stand before it.

    Errors: as for reviews.propose.
    """
    if not items:
        return []
    locked = cases.locked([item.request_id for item in items], by=by, action=Action.DECISION_PROPOSE)
    requests = {row.id: row for row in locked}
    fund_id = locked[0].fund_id
    _refuse_filer(locked, by, "You filed this request. Another person must review it.")
    fresh = [row for row in locked if row.state == RequestState.SUBMITTED]
    cases.move_requests(fresh, RequestState.IN_REVIEW, by=by, now=now, assignee_id=by.person_id)
    if any(row.state != RequestState.IN_REVIEW for row in locked):
        raise errors.WrongState
    if Decision.objects.filter(request__in=locked, state=DecisionState.PROPOSED).exists():
        raise errors.WrongState("A proposal on this request waits for a decision already.")
    policy = funds.policy_in_force(fund_id)
    rows = [_decision(item, requests[item.request_id], policy, by=by, now=now) for item in items]
    Decision.objects.bulk_create(rows, batch_size=1000)
    _record_decisions("decision.proposed", rows, fund_id=fund_id, by=by, now=now)
    return rows


def _decision(
    item: Proposal, request: AssistanceRequest, policy: PolicyVersion, *, by: Actor, now: datetime
) -> Decision:
    limits = funds.need_limits(policy)
    verified = _verified(item, request, limits) if item.is_eligible else 0
    if item.is_eligible == bool(item.reasons):
        sentence = (
            "Give at least one reason why not." if not item.reasons else "An eligible request has none."
        )
        raise errors.InvalidInput(problems=[Problem("reasons", "invalid_reasons", sentence)])
    return Decision(
        id=ids.new_id(now),
        fund_id=request.fund_id,
        created_at=now,
        request=request,
        request_version=request.version,
        policy=policy,
        is_eligible=item.is_eligible,
        verified_cents=verified,
        reasons=[Reason(reason).value for reason in item.reasons],
        note=cases.plain_note(item.note) or None,
        state=DecisionState.PROPOSED,
        proposed_by_id=access.person_id(by),
    )


def _verified(item: Proposal, request: AssistanceRequest, limits: NeedLimits) -> int:
    default = eligibility.verified_cents(
        asked_cents=request.asked_cents, other_aid_cents=request.other_aid_cents, limits=limits
    )
    cents = default if item.verified_cents is None else item.verified_cents
    most = min(request.asked_cents, limits.need_ceiling_cents)
    sentence = ""
    if cents > most:
        sentence = "The verified need cannot be more than was asked, nor more than the policy's ceiling."
    elif cents <= 0:
        sentence = "No need is left. Propose that the request is not eligible, with the reason."
    if sentence:
        raise errors.InvalidInput(problems=[Problem("verified", "out_of_range", sentence)])
    return cents


def decide(items: Sequence[Verdict], *, by: Actor, now: datetime) -> list[Decision]:
    """This will decide on locked proposals; the use cases in `reviews` stand before it.

    Errors: as for reviews.decide.
    """
    if not items:
        return []
    rows = _locked_proposals(items, by=by)
    for approve, note in {(item.approve, item.note) for item in items}:
        chosen = [rows[item.decision_id] for item in items if (item.approve, item.note) == (approve, note)]
        _close_proposals(chosen, approve=approve, note=note, by=by, now=now)
    finals = [rows[item.decision_id] for item in items if item.approve]
    _move_decided(finals, by=by, now=now)
    fund_id = next(iter(rows.values())).fund_id
    refused = [row for row in finals if not row.is_eligible]
    outbox.owe_many([_refusal_notice(row) for row in refused], fund_id=fund_id, now=now)
    _record_decisions("decision.final", finals, fund_id=fund_id, by=by, now=now)
    sent_back = [rows[item.decision_id] for item in items if not item.approve]
    _record_decisions("decision.sent_back", sent_back, fund_id=fund_id, by=by, now=now)
    return [rows[item.decision_id] for item in items]


def _locked_proposals(items: Sequence[Verdict], *, by: Actor) -> dict[UUID, Decision]:
    wanted = {item.decision_id for item in items}
    request_ids = Decision.objects.filter(id__in=wanted).values_list("request_id", flat=True)
    requests = {row.id: row for row in cases.locked(list(request_ids), by=by, action=Action.DECISION_DECIDE)}
    # The requests are locked, so nobody else decides on them now.
    rows = {row.id: row for row in Decision.objects.filter(id__in=wanted).select_related("policy")}
    if len(rows) != len(wanted):
        raise errors.NotFound
    for row in rows.values():
        row.request = requests[row.request_id]
        if row.proposed_by_id == by.person_id:
            raise errors.SelfApproval
        if row.state != DecisionState.PROPOSED:
            raise errors.AlreadyDecided
        if row.request_version != row.request.version:
            raise errors.StaleVersion
    _refuse_filer(list(requests.values()), by, "You filed this request. Another person must decide on it.")
    return rows


def _close_proposals(rows: Sequence[Decision], *, approve: bool, note: str, by: Actor, now: datetime) -> None:
    columns = {
        "decided_by_id": access.person_id(by),
        "decided_at": now,
        "decided_note": cases.plain_note(note) or None,
    }
    new_state = DecisionState.FINAL if approve else DecisionState.SENT_BACK
    moves.move_all(
        Decision.objects.filter(id__in=[row.id for row in rows]),
        old_states=[DecisionState.PROPOSED],
        new_state=new_state,
        expected=len(rows),
        **columns,
    )
    for row in rows:
        for name, value in {"state": new_state, **columns}.items():
            setattr(row, name, value)


def _move_decided(finals: Sequence[Decision], *, by: Actor, now: datetime) -> None:
    eligible = [row for row in finals if row.is_eligible]
    merged = [
        row for row in finals if not row.is_eligible and not _DUPLICATES.isdisjoint(map(Reason, row.reasons))
    ]
    refused = [row.request for row in finals if not row.is_eligible and row not in merged]
    _make_eligible(eligible, by=by, now=now)
    cases.move_requests([row.request for row in merged], RequestState.DUPLICATE_MERGED, by=by, now=now)
    cases.move_requests(refused, RequestState.INELIGIBLE, by=by, now=now)


def _make_eligible(decisions: Sequence[Decision], *, by: Actor, now: datetime) -> None:
    """Move in one statement: each request gets amounts of its own."""
    if any(row.request.state != RequestState.IN_REVIEW for row in decisions):
        raise errors.WrongState
    for row in decisions:
        row.request.verified_cents = row.verified_cents
        row.request.capped_cents = eligibility.capped_cents(
            verified_need_cents=row.verified_cents, limits=funds.need_limits(row.policy)
        )
    requests = [row.request for row in decisions]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE requests_app_assistancerequest r
            SET state = %s, state_since = %s, verified_cents = c.verified, capped_cents = c.capped
            FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS c(id, verified, capped)
            WHERE r.id = c.id AND r.state = %s
            """,
            [
                RequestState.ELIGIBLE.value,
                now,
                [row.id for row in requests],
                [row.verified_cents for row in requests],
                [row.capped_cents for row in requests],
                RequestState.IN_REVIEW.value,
            ],
        )
        if cursor.rowcount != len(requests):
            raise errors.WrongState
    cases.keep_transitions(requests, RequestState.ELIGIBLE, by=by, now=now)


def _refusal_notice(row: Decision) -> Effect:
    payload = {"kind": "ineligible", "request_id": str(row.request_id), "decision_id": str(row.id)}
    return Effect("notice", f"ineligible:{row.id}", payload)


def _record_decisions(
    verb: str, rows: Sequence[Decision], *, fund_id: UUID, by: Actor, now: datetime
) -> None:
    if not rows:
        return
    happenings = [
        Happening(
            verb,
            "decision",
            row.id,
            {
                "request": row.request_id,
                "eligible": row.is_eligible,
                "verified_cents": row.verified_cents,
                "reasons": row.reasons,
                "policy": row.policy_id,
            },
        )
        for row in rows
    ]
    events.record_many(happenings, fund_id=fund_id, by=by, now=now)


def _refuse_filer(requests: Sequence[AssistanceRequest], by: Actor, sentence: str) -> None:
    if by.person_id in cases.people_behind({row.filed_by for row in requests}).values():
        raise errors.SelfApproval(sentence)
