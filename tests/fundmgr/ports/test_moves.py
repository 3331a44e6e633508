"""Moves between states: compare and swap, along the table's edges only."""

import threading

import pytest
from builders import NOW, make_world
from django.db import connections, transaction

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import FundState
from fundmgr.models import Fund
from fundmgr.ports import moves
from fundmgr.ports.locks import NoTransaction


@pytest.fixture
def fund(db):
    return make_world().fund


def state_of(fund):
    return Fund.objects.get(id=fund.id).state


def test_a_move_changes_the_row_and_the_one_in_hand(fund):
    moves.move(fund, FundState.PAUSED, purpose="A rest", version=7)

    row = Fund.objects.get(id=fund.id)
    assert (row.state, row.purpose, row.version) == (FundState.PAUSED, "A rest", 7)
    assert (fund.state, fund.purpose) == (FundState.PAUSED, "A rest")


def test_a_move_without_an_edge_is_refused(fund):
    with pytest.raises(errors.WrongState):
        moves.move(fund, FundState.CLOSED)

    assert state_of(fund) == FundState.OPEN


def test_a_row_read_before_another_move_does_not_move(fund):
    stale = Fund.objects.get(id=fund.id)
    moves.move(fund, FundState.INTAKE_CLOSED)

    with pytest.raises(errors.WrongState):
        moves.move(stale, FundState.PAUSED)

    assert state_of(fund) == FundState.INTAKE_CLOSED


def test_a_set_moves_together_or_is_refused(fund):
    other = make_world(name="Another fund").fund
    both = Fund.objects.filter(id__in=[fund.id, other.id])

    moves.move_all(both, old_states=[FundState.OPEN], new_state=FundState.PAUSED, expected=2)
    assert {state_of(fund), state_of(other)} == {FundState.PAUSED}
    with pytest.raises(errors.WrongState):
        moves.move_all(both, old_states=[FundState.PAUSED], new_state=FundState.CLOSED, expected=2)
    with pytest.raises(errors.WrongState), transaction.atomic():
        moves.move_all(both, old_states=[FundState.PAUSED], new_state=FundState.OPEN, expected=3)
    assert {state_of(fund), state_of(other)} == {FundState.PAUSED}


def test_an_empty_set_moves_nothing(fund):
    moves.move_all(Fund.objects.none(), old_states=[], new_state=FundState.PAUSED, expected=0)

    assert state_of(fund) == FundState.OPEN


def test_outside_a_transaction_nothing_moves(committed_db):
    fund = make_world().fund

    with pytest.raises(NoTransaction):
        moves.move(fund, FundState.PAUSED)


def test_of_many_movers_at_one_moment_exactly_one_wins(committed_db):
    fund = make_world(now=NOW).fund
    barrier, outcomes = threading.Barrier(8), []

    def attempt(number):
        row = Fund.objects.get(id=fund.id)
        target = FundState.PAUSED if number % 2 else FundState.INTAKE_CLOSED
        barrier.wait()
        try:
            with transaction.atomic():
                moves.move(row, target)
            outcomes.append(target)
        except errors.WrongState:
            outcomes.append(None)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = [outcome for outcome in outcomes if outcome]
    assert state_of(fund) == winner
