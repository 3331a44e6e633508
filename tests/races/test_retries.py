"""What the database refuses for a moment is tried again; what it goes on refusing is told and undone."""

import os

import psycopg
import pytest
from builders import make_commitment, make_donor, make_world

from fundmgr.domain import errors
from fundmgr.models import Commitment
from fundmgr.models.ledger import Transfer
from fundmgr.services import proof, use_case


def stumble(sqlstate, times):
    """Let the database refuse that many transfers; a sequence counts on where a transaction is undone."""
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
        owner.execute("CREATE SEQUENCE stumbles")
        owner.execute(
            f"""CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
                IF nextval('stumbles') <= {times} THEN
                    RAISE EXCEPTION 'told by the test' USING ERRCODE = '{sqlstate}';
                END IF;
                RETURN NULL;
            END $$"""
        )
        owner.execute(
            "CREATE TRIGGER stumble AFTER INSERT ON fundmgr_transfer FOR EACH STATEMENT"
            " EXECUTE FUNCTION stumble()"
        )


def tries():
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
        return owner.execute("SELECT last_value FROM stumbles").fetchone()[0]


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_posting_that_the_database_stops_is_entered_in_the_end_and_once(committed_db, sqlstate):
    world = make_world()
    donor = make_donor(world)
    stumble(sqlstate, times=use_case.MOST_TRIES - 1)

    make_commitment(world, donor, 5_000)

    assert tries() == use_case.MOST_TRIES
    assert Commitment.objects.count() == Transfer.objects.count() == 1
    assert proof.check_books() == []


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_where_it_goes_on_the_answer_is_busy_and_nothing_is_written(committed_db, sqlstate):
    world = make_world()
    donor = make_donor(world)
    stumble(sqlstate, times=1_000)

    with pytest.raises(errors.Busy):
        make_commitment(world, donor, 5_000)

    assert tries() == use_case.MOST_TRIES
    assert Commitment.objects.count() == Transfer.objects.count() == 0
    assert proof.check_books() == []
