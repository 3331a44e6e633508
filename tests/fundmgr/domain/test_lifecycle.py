"""State machines as tables: only the edges that are written down exist."""

import itertools

import pytest

from fundmgr.domain import lifecycle
from fundmgr.domain.lifecycle import (
    FOUND_ELIGIBLE_STATES,
    LIVE_REQUEST_STATES,
    MOVES,
    UNDECIDED_REQUEST_STATES,
    AwardState,
    BatchState,
    PayoutState,
    RequestState,
    RoundState,
    may_move,
)

MACHINES = [
    lifecycle.FundState,
    lifecycle.CommitmentState,
    lifecycle.PledgeOfferState,
    lifecycle.ReceiptState,
    lifecycle.ProposalState,
    lifecycle.LetterState,
    lifecycle.RequestState,
    lifecycle.DocumentState,
    lifecycle.DecisionState,
    lifecycle.AppealState,
    lifecycle.RoundState,
    lifecycle.AwardState,
    lifecycle.PayoutState,
    lifecycle.BatchState,
    lifecycle.JobState,
]


def test_every_machine_has_a_table():
    assert set(MOVES) == set(MACHINES)


@pytest.mark.parametrize("machine", MACHINES)
def test_tables_stay_inside_their_machine(machine):
    for old, news in MOVES[machine].items():
        assert isinstance(old, machine)
        assert all(isinstance(new, machine) for new in news)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_state_can_be_reached_from_the_first(machine):
    first = next(iter(machine))
    reached, waiting = {first}, [first]
    while waiting:
        for new in MOVES[machine].get(waiting.pop(), set()) - reached:
            reached.add(new)
            waiting.append(new)

    assert reached == set(machine)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_move_is_allowed_exactly_where_the_table_says(machine):
    for old, new in itertools.product(machine, machine):
        assert may_move(old, new) == (new in MOVES[machine].get(old, set()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (RequestState.AWARDED, RequestState.WITHDRAWN),
        (RequestState.SUBMITTED, RequestState.ELIGIBLE),
        (RequestState.INELIGIBLE, RequestState.AWARDED),
        (RoundState.COMMITTED, RoundState.VOID),
        (AwardState.DECLINED, AwardState.COMMITTED),
        (AwardState.EXPIRED, AwardState.COMMITTED),
        (AwardState.COMMITTED, AwardState.EXPIRED),
        (PayoutState.RETURNED, PayoutState.SETTLED),
        (PayoutState.REMOVED, PayoutState.RELEASED),
        (BatchState.RELEASED, BatchState.CANCELLED),
        (BatchState.CANCELLED, BatchState.RELEASED),
    ],
)
def test_what_must_never_happen_has_no_edge(old, new):
    assert not may_move(old, new)


def test_equal_words_of_two_machines_do_not_mix():
    assert may_move(AwardState.RESERVED, AwardState.COMMITTED)
    assert not may_move(RoundState.COMMITTED, AwardState.PAID)


def test_a_live_request_is_one_that_still_waits_for_something():
    ended = set(RequestState) - LIVE_REQUEST_STATES

    assert ended == {"INELIGIBLE", "WITHDRAWN", "DUPLICATE_MERGED", "LAPSED", "CLOSED"}
    assert UNDECIDED_REQUEST_STATES < LIVE_REQUEST_STATES
    assert FOUND_ELIGIBLE_STATES < LIVE_REQUEST_STATES
    assert not UNDECIDED_REQUEST_STATES & FOUND_ELIGIBLE_STATES
