"""The web server is killed between any two statements of a call that moves money, and around its COMMIT.

The caller sends the same call with the same key until it is answered. What changed in the end is what one
call changes that nobody disturbed: each row once, each cent once.
"""

import failpoints
import pytest
from failpoints import Order
from fault_ground import ground_of
from fault_moves import MOVES
from fault_runs import orders, run

from fundmgr.services.use_case import MOST_TRIES

QUICK = ("receipts.reconcile", "rounds.approve", "payouts.release", "intake.submit")
AT_COMMIT = ("receipts.record", "payouts.settle", "commitments.make")


@pytest.fixture
def ground(servers, committed_db, tmp_path):
    with ground_of(servers, committed_db, tmp_path, "web") as one:
        yield one


def kill(every=1):
    return lambda name, steps: orders(name, steps, failpoints.KILL_ALL, every)


def sever(name, steps):
    """Before each statement; behind COMMIT a line may break too, but then its answer was heard."""
    return orders(name, steps, failpoints.SEVER)[:-1]


def unheard(name, steps):
    return [Order(name, steps, failpoints.UNHEARD, after=True)]


def refuse(sqlstate):
    """Before each statement and before COMMIT, for the database refuses nothing that it has done."""
    return lambda name, steps: orders(name, steps, sqlstate)[:-1]


def refuse_on(sqlstate):
    """In the middle, as often as the product tries."""
    return lambda name, steps: [Order(name, (steps + 1) // 2, sqlstate, times=MOST_TRIES)]


def codes(answers):
    return {code for _order, answer in answers for code in answer.before}


def test_a_call_whose_server_is_killed_is_done_once_and_answered(ground):
    run(ground, QUICK, "web killed", kill(every=7))

    # The same server, for its start is what takes time.
    unsure = run(ground, AT_COMMIT, "line dead after COMMIT", unheard)
    assert [(answer.before, answer.replayed) for _, answer in unsure] == [(["outcome_unknown"], True)] * 3
    busy = run(ground, AT_COMMIT, "40001 to the last try", refuse_on("40001"))
    assert [(answer.before, answer.replayed) for _, answer in busy] == [(["try_again"], False)] * 3


@pytest.mark.slow
@pytest.mark.timeout(1200)
class TestEveryStepOfEveryCall:
    def test_survives_a_kill(self, ground):
        assert codes(run(ground, MOVES, "web killed", kill())) <= {"", "idempotency_in_flight"}

    def test_survives_a_line_that_breaks(self, ground):
        assert codes(run(ground, MOVES, "line broken", sever)) == {"outcome_unknown"}

    def test_survives_a_line_that_breaks_after_commit(self, ground):
        answers = run(ground, MOVES, "line dead after COMMIT", unheard)

        assert codes(answers) == {"outcome_unknown"}
        assert all(answer.replayed for _order, answer in answers)

    @pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
    def test_is_tried_again_where_the_database_asks_for_it(self, ground, sqlstate):
        assert codes(run(ground, MOVES, f"{sqlstate} once", refuse(sqlstate))) == set()

    @pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
    def test_is_told_to_come_again_where_the_database_goes_on(self, ground, sqlstate):
        answers = run(ground, MOVES, f"{sqlstate} to the last try", refuse_on(sqlstate))

        assert {tuple(answer.before) for _order, answer in answers} == {("try_again",)}
