"""A step over everybody of a round may take minutes; any other statement ends after seconds."""

import pytest
from builders import NOW, make_world, put_money_in
from django.db import OperationalError, connection, transaction
from waiting import make_requests

from fundmgr.domain.permissions import Role
from fundmgr.ports import patience
from requests_app.services import round_awards, rounds

EQUAL = {"version": 1, "rule": "equal_awards"}
SLOW = "SELECT pg_sleep(0.6)"


@pytest.fixture
def world(committed_db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 120_000)
    make_requests(made, [100_000, 50_000])
    return made


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def hasty():
    """A server that gives each statement four tenths of a second."""
    run("SET statement_timeout = '400ms'")
    yield
    run("RESET statement_timeout")


def approve_with_a_slow_step(world, monkeypatch):
    row = rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)
    lock = round_awards.lock_requests

    def slowly(of):
        run(SLOW)
        return lock(of)

    monkeypatch.setattr(round_awards, "lock_requests", slowly)
    return rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)


def test_a_step_of_a_round_outlasts_the_usual_time(world, hasty, monkeypatch):
    assert approve_with_a_slow_step(world, monkeypatch).state == "COMMITTED"


def test_control_without_it_the_same_step_is_cut_off(world, hasty, monkeypatch):
    monkeypatch.setattr(patience, "for_whole_set", lambda: None)

    with pytest.raises(OperationalError, match="statement timeout"):
        approve_with_a_slow_step(world, monkeypatch)


def test_the_time_ends_with_the_transaction(committed_db, hasty):
    with transaction.atomic():
        patience.for_whole_set()
        run(SLOW)

    with pytest.raises(OperationalError, match="statement timeout"):
        run(SLOW)
