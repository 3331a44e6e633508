"""In a rush a posting commits before the disk has it, and is answered when the disk has it."""

import threading
from uuid import uuid4

from builders import NOW, make_world, put_money_in
from django.db import connections, transaction
from lasting import KEEPS, database_on

from fundmgr.domain import actors
from fundmgr.models import prepared
from fundmgr.models.ledger import Transfer
from fundmgr.ports import disk, ledger, ledger_sql
from fundmgr.queries import funds
from fundmgr.services import proof

# Nobody else writes to the disk what a commit left to others.
ALONE = (*KEEPS, "wal_writer_delay=10s")
AWARD_CENTS = 25


def posted_behind_another(world):
    """Post while somebody else has the fund's books, and return the transfer's id."""
    has_it = threading.Event()

    def keep():
        with transaction.atomic(durable=True):
            prepared.rows(ledger_sql.QUEUE, [world.fund.id])
            has_it.set()
            threading.Event().wait(0.3)
        connections.close_all()

    keeper = threading.Thread(target=keep)
    keeper.start()
    has_it.wait()
    shares = [(funds.general_restriction(world.fund.id).id, AWARD_CENTS)]
    with transaction.atomic(durable=True):
        made = ledger.hold(award_id=uuid4(), shares=shares, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)
    keeper.join()
    return made


def outlives_a_kill(blocker):
    with database_on(ALONE, blocker) as servers:
        world = make_world(reserve_bp=0)
        put_money_in(world, 1_000)
        made = posted_behind_another(world)
        servers.kill_postgres()
        connections.close_all()
        servers.start_again()
        assert proof.check_books() == []
        return Transfer.objects.filter(id=made).exists()


def test_what_was_answered_in_a_rush_outlives_a_killed_database(django_db_blocker):
    assert outlives_a_kill(django_db_blocker)


def test_the_control_that_answers_before_the_disk_has_it_loses_the_posting(django_db_blocker, monkeypatch):
    monkeypatch.setattr(disk, "flush", lambda: None)

    assert not outlives_a_kill(django_db_blocker)
