"""Every fact of every row that the trail keeps, bent by the database's owner one by one: each is found.

The owner takes all constraints and triggers away first, so that nothing but the proof stands in the way.
"""

import json

import psycopg
import pytest
from builders import NOW
from psycopg import sql
from sound_books import make_books

from fundmgr.domain.canonical import canonical_bytes
from fundmgr.domain.permissions import Role
from fundmgr.models.ledger import Transfer
from fundmgr.queries import facts
from fundmgr.services import bank_fees, proof, proof_facts, reversals

OPEN_UP = """
DO $$ DECLARE it record; BEGIN
    FOR it IN SELECT conrelid::regclass AS place, conname FROM pg_constraint
        WHERE contype IN ('f', 'c', 'u') AND conrelid::regclass::text LIKE 'fundmgr_%' LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I', it.place, it.conname);
    END LOOP;
    FOR it IN SELECT indexrelid::regclass AS place FROM pg_index
        WHERE indisunique AND NOT indisprimary AND indrelid::regclass::text LIKE 'fundmgr_%' LOOP
        EXECUTE format('DROP INDEX %s', it.place);
    END LOOP;
    FOR it IN SELECT c.oid::regclass AS place FROM pg_class c
        WHERE c.relkind = 'r' AND c.oid::regclass::text LIKE 'fundmgr_%' LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', it.place);
    END LOOP;
END $$
"""
# What a column of each type is bent to.
BENT = {
    "uuid": lambda _: "gen_random_uuid()",
    "bigint": "COALESCE({}, 0) + 1".format,
    "integer": "COALESCE({}, 0) + 1".format,
    "date": "COALESCE({}, '2023-09-18') + 1".format,
    "boolean": "NOT {}".format,
    "jsonb": lambda _: """'{"crafts": ["grip"]}'""",
    "text": "{} || '!'".format,
    "character varying": "left({}, 20) || '!'".format,
}
_DIGESTS = {"said", "parts", "rows", "reserve_cents"}
NAMES = {kind: model._meta.db_table for kind, model in proof_facts.KINDS.items()}


@pytest.fixture
def owner(committed_db, servers):
    """The owner of books that hold a row of each kind, with every guard taken away."""
    world = make_books()
    fee = bank_fees.record(
        fund_id=world.fund.id,
        amount_cents=100,
        bank_reference="FEE-1",
        charged_on=NOW.date(),
        by=world.actor(Role.TREASURER_RELEASES),
        now=NOW,
    )
    reversals.propose(
        transfer_id=Transfer.objects.get(cause_id=fee.id).id,
        reason="Twice.",
        by=world.actor(Role.TREASURER_RELEASES),
        now=NOW,
    )
    with psycopg.connect(servers.url(servers.owner, committed_db), autocommit=True) as connection:
        connection.execute(OPEN_UP)
        yield connection


def found():
    return {finding.check for finding in proof_facts.check_facts()}


def columns_of(kind):
    """The columns whose facts the trail keeps of a kind, each with its type."""
    model = proof_facts.KINDS[kind]
    wanted = {"fund_id", *facts.FACTS[model]}
    return {field.column for field in model._meta.local_fields if field.column in wanted}


def bend(owner, statement, kind, *, column="id", to="NULL"):
    """One statement over the table of a kind."""
    named = {"table": sql.Identifier(NAMES[kind]), "column": sql.Identifier(column), "to": sql.SQL(to)}
    owner.execute(sql.SQL(statement).format(**named))


@pytest.mark.parametrize("kind", NAMES)
def test_every_fact_that_is_bent_is_found(owner, kind):
    assert proof.check_books() == []
    asked = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
    types = dict(owner.execute(asked, [NAMES[kind]]))
    bend(owner, "CREATE TABLE kept AS SELECT * FROM {table}", kind)

    missed = []
    for column in sorted(columns_of(kind)):
        bend(owner, "UPDATE {table} SET {column} = {to}", kind, column=column, to=BENT[types[column]](column))
        if f"{kind}_says_what_was_recorded" not in found():
            missed.append(column)
        undo = "UPDATE {table} t SET {column} = kept.{column} FROM kept WHERE kept.id = t.id"
        bend(owner, undo, kind, column=column)

    assert missed == []
    assert found() == set()


@pytest.mark.parametrize("kind", NAMES)
def test_a_row_that_is_gone_or_slipped_in_is_found(owner, kind):
    check = f"{kind}_says_what_was_recorded"
    first = "SELECT object_id FROM fundmgr_event WHERE object_type = %s ORDER BY id LIMIT 1"
    one = {"kind": kind, "to": f"'{owner.execute(first, [kind]).fetchone()[0]}'"}
    bend(owner, "CREATE TABLE kept AS SELECT * FROM {table} WHERE id = {to}", **one)

    bend(owner, "DELETE FROM {table} WHERE id = {to}", **one)
    assert check in found()
    bend(owner, "INSERT INTO {table} SELECT * FROM kept", kind)
    assert found() == set()

    owner.execute("UPDATE kept SET id = gen_random_uuid()")
    bend(owner, "INSERT INTO {table} SELECT * FROM kept", kind)
    assert check in found()


def test_a_reserve_that_is_bent_on_a_receipt_is_found(owner):
    """It changes when part of a gift goes back, so it stands in the events as a number, not in the digest."""
    changed = "UPDATE fundmgr_receipt SET reserve_cents = reserve_cents + %s"
    assert owner.execute(changed, [1]).rowcount
    assert found() == {"receipts_keep_what_was_kept"}

    owner.execute(changed, [-1])
    assert found() == set()


def test_events_of_before_there_were_digests_raise_no_alarm(owner):
    """The trail is append-only, so books that were begun earlier keep events without a digest."""
    for key, body in owner.execute("SELECT id, body FROM fundmgr_event").fetchall():
        said = json.loads(bytes(body))
        facts_of = {name: told for name, told in said["facts"].items() if name not in _DIGESTS}
        older = canonical_bytes({**said, "facts": facts_of})
        owner.execute("UPDATE fundmgr_event SET body = %s WHERE id = %s", [older, key])

    assert found() == set()
