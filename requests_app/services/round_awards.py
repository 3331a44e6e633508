"""A round's rows, all at once: the frozen set, the moves of its requests, and the awards with their holds."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from fundmgr.domain import ids, postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.lifecycle import AwardState, RequestState, RoundState
from fundmgr.models import copied, prepared
from fundmgr.ports import ledger, moves, outbox
from fundmgr.ports.events import Happening
from fundmgr.ports.outbox import Effect
from requests_app.models import (
    AllocationRound,
    AssistanceRequest,
    Award,
    AwardShare,
    RequestTransition,
    RoundPot,
    RoundRequest,
    RoundSheet,
)
from requests_app.models.round_sheet import SHEET
from requests_app.queries.pots import PotMoney
from requests_app.queries.round_columns import members_of
from requests_app.queries.rounds import Claim
from requests_app.services import award_days, round_answers

# So many awards are made at once: a statement stays short, and a round of any size fits in memory.
_AT_ONCE = 20_000
_MEMBER_COLUMNS = (
    "id", "fund_id", "created_at", "round_id", "request_id", "request_version", "position",
    "capped_cents", "usable_cents", "tickets", "is_withdrawn", "tier", "before_cents", "verified_cents",
)  # fmt: skip
_TRANSITION_COLUMNS = (
    "id", "fund_id", "created_at", "request_id", "old_state", "new_state", "actor", "reason",
)  # fmt: skip
_SHEET_COLUMNS = (
    "id", "fund_id", "created_at", "round_id", "number", "awards_cents", "pots_count", "shares_cents",
)  # fmt: skip


@dataclass
class _Made:
    """What was made so far, as (award, request, cents): all of it, and what was accepted as before."""

    awards: list[tuple[UUID, UUID, int]] = field(default_factory=list)
    accepted: list[tuple[UUID, UUID, int]] = field(default_factory=list)


def freeze(row: AllocationRound, claims: Sequence[Claim], pots: Sequence[PotMoney], *, now: datetime) -> None:
    """This will write the frozen pots and the frozen set down, in the order of the claims."""
    RoundPot.objects.bulk_create(
        RoundPot(
            id=ids.new_id(now),
            fund_id=row.fund_id,
            created_at=now,
            round=row,
            restriction_id=pot.restriction_id,
            position=position,
            rule={} if pot.is_general else pot.rule.to_json(),
            available_cents=pot.cents,
        )
        for position, pot in enumerate(pots)
    )
    rows = (
        (
            member_id, row.fund_id, now, row.id, claim.request_id, claim.version, position,
            claim.capped_cents, prepared.numbers(map(int, claim.usable_cents)), 1, False, claim.tier,
            claim.before_cents, claim.verified_cents,
        )
        for position, (member_id, claim) in enumerate(zip(ids.new_ids(now, len(claims)), claims, strict=True))
    )  # fmt: skip
    copied.write(RoundRequest, _MEMBER_COLUMNS, rows)


def lock_requests(row: AllocationRound) -> dict[UUID, RequestState]:
    """This will lock the round's requests in the order of their ids and return their states."""
    frozen = RoundRequest.objects.filter(round=row).values("request_id")
    rows = AssistanceRequest.objects.select_for_update(no_key=True).filter(id__in=frozen).order_by("id")
    return {request_id: RequestState(state) for request_id, state in rows.values_list("id", "state")}


def store_awards(
    row: AllocationRound,
    awards_cents: Sequence[int],
    shares_cents: Sequence[Sequence[int]],
    pots_used_cents: Sequence[int],
    *,
    now: datetime,
) -> None:
    """This will write what the rule gives each frozen request, by position, and out of which pots."""
    pots_count = len(shares_cents[0]) if shares_cents else 0
    starts = range(0, len(awards_cents), SHEET)
    sheets = (
        (
            ids.new_id(now),
            row.fund_id,
            now,
            row.id,
            number,
            prepared.numbers(awards_cents[start : start + SHEET]),
            pots_count,
            prepared.numbers(cents for shares in shares_cents[start : start + SHEET] for cents in shares),
        )
        for number, start in enumerate(starts)
    )
    copied.write(RoundSheet, _SHEET_COLUMNS, sheets)
    for pot, used_cents in zip(row.pots.order_by("position"), pots_used_cents, strict=True):
        pot.used_cents = used_cents
        pot.save(update_fields=["used_cents"])


def move_requests(
    old_states: Mapping[UUID, RequestState],
    new_state: RequestState,
    *,
    fund_id: UUID,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """This will move requests from the states they were locked in, and keep a transition of each.

    Errors: WrongState where one moved on.
    """
    if not old_states:
        return
    rows = AssistanceRequest.objects.filter(id__in=list(old_states))
    moves.move_all(
        rows,
        old_states=set(old_states.values()),
        new_state=new_state,
        expected=len(old_states),
        state_since=now,
    )
    keys = ids.new_ids(now, len(old_states))
    transitions = (
        (key, fund_id, now, request_id, old_state.value, new_state.value, by.key, reason)
        for key, (request_id, old_state) in zip(keys, old_states.items(), strict=True)
    )
    copied.write(RequestTransition, _TRANSITION_COLUMNS, transitions)


def states_before(row: AllocationRound) -> dict[UUID, RequestState]:
    """This will return the state that each request of a proposed round came from."""
    frozen = RoundRequest.objects.filter(round=row).values("request_id")
    rows = RequestTransition.objects.filter(
        request_id__in=frozen, new_state=RequestState.IN_ROUND, created_at=row.proposed_at
    )
    return {
        request_id: RequestState(state) for request_id, state in rows.values_list("request_id", "old_state")
    }


def commit(row: AllocationRound, *, by: Actor, now: datetime) -> Iterator[Happening]:
    """This will make every award of an approved round with its hold, or nothing; returns what to record.

    The requests are locked already. Awards and shares are new rows that nobody else can hold, so they are
    written after the ledger gave the holds their ids: some at once, so that any round fits in memory.
    Errors: InsufficientFunds, WrongState.
    """
    standing = members_of(row).filter(is_withdrawn=False).order_by("position")
    members = list(standing.values_list("request_id", "award_cents", "share_cents", "before_cents"))
    left = [request_id for request_id, cents, _, before in members if not cents and not before]
    first = [request_id for request_id, cents, _, before in members if cents and not before]
    _move(first, RequestState.AWARDED, row=row, by=by, now=now)
    _move(left, RequestState.WAITLISTED, row=row, by=by, now=now, reason=Reason.NOT_FUNDED_BUDGET)
    moves.move(row, RoundState.COMMITTED, committed_at=now, version=row.version + 1)
    until = award_days.last_moment(row, now=now)
    outbox.owe_many(_left_notices(row, left), fund_id=row.fund_id, now=now)
    pots = list(row.pots.order_by("position").values_list("restriction_id", flat=True))
    given, made = iter([member for member in members if member[1]]), _Made()
    while some := list(islice(given, _AT_ONCE)):
        _award_some(some, made, row=row, pots=pots, until=until, by=by, now=now)
    return _happenings(row, made, left)


def _award_some(
    members: Sequence[tuple[UUID, int, Sequence[int], int]],
    made: _Made,
    *,
    row: AllocationRound,
    pots: Sequence[UUID],
    until: datetime,
    by: Actor,
    now: datetime,
) -> None:
    """Make the awards of some members with their holds, and remember what to tell of them."""
    awards = [_award(row, request_id, cents, until, now=now) for request_id, cents, _, _ in members]
    kept = round_answers.known(row, [award.request_id for award in awards])
    accepted = [award for award in awards if award.request_id in kept]
    outbox.owe_many(_award_notices(awards, kept), fund_id=row.fund_id, now=now)
    shares = _shares(pots, {request_id: shares for request_id, _, shares, _ in members})
    holds = [postings.hold(award_id=award.id, shares=shares(award)) for award in awards]
    hold_ids = ledger.post_many(holds, fund_id=row.fund_id, by=by, now=now)
    for award, hold_id in zip(awards, hold_ids, strict=True):
        award.hold_transfer_id = hold_id
    round_answers.accept(accepted, shares, fund_id=row.fund_id, by=by, now=now)
    copied.insert(awards)
    copied.insert([_share(award, key, cents, now=now) for award in awards for key, cents in shares(award)])
    made.awards += [(award.id, award.request_id, award.amount_cents) for award in awards]
    made.accepted += [(award.id, award.request_id, award.amount_cents) for award in accepted]


def _shares(
    keys: Sequence[UUID], share_cents: Mapping[UUID, Sequence[int]]
) -> Callable[[Award], list[tuple[UUID, int]]]:
    """The restrictions that pay an award, each with its cents; without shares the general one pays all."""

    def of(award: Award) -> list[tuple[UUID, int]]:
        by_pot = share_cents[award.request_id] or [award.amount_cents]
        return [(key, cents) for key, cents in zip(keys, by_pot, strict=False) if cents]

    return of


def _move(
    request_ids: Sequence[UUID] | Mapping[UUID, int],
    state: RequestState,
    *,
    row: AllocationRound,
    by: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    olds = dict.fromkeys(request_ids, RequestState.IN_ROUND)
    move_requests(olds, state, fund_id=row.fund_id, by=by, now=now, reason=reason)


def _award(row: AllocationRound, request_id: UUID, cents: int, until: datetime, *, now: datetime) -> Award:
    return Award(
        id=ids.new_id(now),
        fund_id=row.fund_id,
        created_at=now,
        request_id=request_id,
        round=row,
        amount_cents=cents,
        state=AwardState.RESERVED,
        accept_by=until,
    )


def _share(award: Award, restriction_id: UUID, cents: int, *, now: datetime) -> AwardShare:
    return AwardShare(
        id=ids.new_id(now),
        fund_id=award.fund_id,
        created_at=now,
        award=award,
        restriction_id=restriction_id,
        amount_cents=cents,
    )


def _award_notices(awards: Sequence[Award], kept: Collection[UUID]) -> Iterator[Effect]:
    for award in awards:
        kind = "award_added" if award.request_id in kept else "award_made"
        yield _notice(kind, f"{award.id}", request_id=award.request_id, award_id=award.id)


def _left_notices(row: AllocationRound, left: Sequence[UUID]) -> Iterator[Effect]:
    for request_id in left:
        yield _notice("not_this_time", f"{row.id}:{request_id}", request_id=request_id, round_id=row.id)


def _notice(kind: str, key: str, **things: UUID) -> Effect:
    payload = {"kind": kind} | {name: str(thing) for name, thing in things.items()}
    return Effect("notice", f"{kind}:{key}", payload)


def _happenings(row: AllocationRound, made: _Made, left: Sequence[UUID]) -> Iterator[Happening]:
    """What to record, told one by one: a round of any size is never written out in memory."""
    for award_id, request_id, cents in made.awards:
        facts = {"request": request_id, "round": row.id, "amount_cents": cents}
        yield Happening("award.reserved", "award", award_id, facts)
    for request_id in left:
        yield Happening("request.waitlisted", "request", request_id, {"round": row.id})
    whole = {"awards": len(made.awards), "awarded_cents": row.awarded_cents, "result": row.result_digest}
    yield Happening("round.committed", "round", row.id, whole)
    for award_id, request_id, cents in made.accepted:
        facts = {"request": request_id, "amount_cents": cents, "as_before": True}
        yield Happening("award.accepted", "award", award_id, facts)
