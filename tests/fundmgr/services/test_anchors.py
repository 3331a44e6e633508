"""What the database's owner can bend is found: by the proofs, or by the anchor that lies elsewhere."""

# ruff: noqa: S608  # every statement is made of the tables' own names

import hashlib
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from builders import NOW, make_world, put_money_in
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, connection, connections, transaction

from fundmgr.domain import ids, postings
from fundmgr.domain.permissions import Role
from fundmgr.ports import ledger
from fundmgr.queries import trail
from fundmgr.queries.funds import general_restriction
from fundmgr.services import anchors, funds, proof
from fundmgr.services.use_case import use_case

BOOKS = ("fundmgr_transfer", "fundmgr_entry", "fundmgr_account", "fundmgr_balance")
TRAIL = ("fundmgr_event", "fundmgr_eventlink")
UNPROVED = 15


@use_case
def hold(world, cents):
    general = general_restriction(world.fund.id).id
    posting = postings.hold(award_id=ids.new_id(NOW), shares=[(general, cents)])
    ledger.post(posting, fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)
    return world.fund


@pytest.fixture
def lines(committed_db, settings, tmp_path):
    """Books and trail with a history, and the lines of two anchors of it."""
    settings.ANCHOR_FILE = str(tmp_path / "anchor.jsonl")
    world = make_world()
    put_money_in(world, 100_000)
    for cents in (1_000, 2_000, 3_000):
        hold(world, cents)
    first = anchors.export(now=NOW)
    put_money_in(world, 50_000, bank_reference="WIRE-2")
    hold(world, 4_000)
    # The newest events tell of things that no proof of the books holds to them.
    for number in range(UNPROVED):
        funds.describe(
            fund_id=world.fund.id, sponsor=f"Sponsor {number}", by=world.actor(Role.DIRECTOR), now=NOW
        )
    return [first, anchors.export(now=NOW + timedelta(hours=1))]


@pytest.fixture
def owner(lines, servers):
    """The tests' connection as the server's superuser, with every trigger off."""
    usual = dict(connections.settings["default"])
    admin = urlsplit(servers.admin_url)
    connections.close_all()
    connections.settings["default"].update(USER=admin.username, PASSWORD=admin.password or "")
    yield lines
    connections.close_all()
    connections.settings["default"].update(usual)


def found_after(lines, *statements):
    """Bend the database, ask every proof, and put it back; returns what was found.

    What a constraint refuses even to the owner counts as found.
    """
    try:
        return _found_after(lines, statements)
    except (IntegrityError, DataError) as refused:
        return True, str(refused), None


def _found_after(lines, statements):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                cursor.execute(statement)
                assert cursor.rowcount != 0, statement
        found = (bool(proof.check_books()), trail.verify_chain().problem, anchors.first_fault(lines))
        transaction.set_rollback(True)
    return found


def columns(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_name = %s AND table_schema = 'public' ORDER BY ordinal_position",
            [table],
        )
        return cursor.fetchall()


def bent(name, kind):
    """An expression that gives another value of the column's type."""
    if name == "move":
        return "CASE WHEN move = 'HOLD' THEN 'RELEASE' ELSE 'HOLD' END"
    return {
        "uuid": "'00000000-0000-7000-8000-000000000001'",
        "bigint": f"COALESCE({name}, 0) + 1000000",
        "integer": f"COALESCE({name}, 0) + 7",
        "smallint": f"COALESCE({name}, 0) + 7",
        "timestamp with time zone": f"{name} + interval '1 hour'",
        "bytea": f"'\\x00'::bytea || {name}",
        "boolean": f"NOT {name}",
    }.get(kind, f"'X' || COALESCE({name}, '')")


def edits():
    """Every column of every table of books and trail, in its first, two middle and its last row."""
    for table in (*BOOKS, *TRAIL):
        key = columns(table)[0][0]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {key} FROM {table} ORDER BY 1")
            keys = [str(row[0]) for row in cursor.fetchall()]
        rows = [keys[0], keys[len(keys) // 3], keys[2 * len(keys) // 3], keys[-1]]
        for name, kind in columns(table):
            for row in dict.fromkeys(rows):
                yield f"UPDATE {table} SET {name} = {bent(name, kind)} WHERE {key} = '{row}'"
        yield from (f"DELETE FROM {table} WHERE {key} = '{row}'" for row in dict.fromkeys(rows))


# What no proof needs to see: when an account was opened says nothing about money.
HARMLESS = ("UPDATE fundmgr_account SET created_at",)


def test_every_edit_and_deletion_by_the_owner_is_found(owner):
    tried = [edit for edit in edits() if not edit.startswith(HARMLESS)]

    missed = [edit for edit in tried if not any(found_after(owner, edit))]

    assert not missed, "\n".join(missed)
    assert len(tried) >= 170


def test_healthy_books_raise_no_alarm(owner):
    assert found_after(owner) == (False, None, None)


SWAP = """
UPDATE fundmgr_entry e SET amount_cents = CASE WHEN e.amount_cents > 0 THEN e.amount_cents + {more}
    ELSE e.amount_cents - {more} END
WHERE e.transfer_id = (SELECT id FROM fundmgr_transfer WHERE move = 'HOLD' AND sequence = {place})
"""
BALANCES = """
UPDATE fundmgr_balance b SET balance_cents = n.cents FROM (
    SELECT a.id, COALESCE(SUM(e.amount_cents), 0) * CASE WHEN a.code IN
        ('1000','1100','1200','3100','5000','5100','5300','9000','9120') THEN 1 ELSE -1 END AS cents
    FROM fundmgr_account a LEFT JOIN fundmgr_entry e ON e.account_id = a.id GROUP BY a.id, a.code
) n WHERE n.id = b.account_id
"""


@pytest.mark.parametrize("more", range(1, 26))
def test_entries_that_still_balance_are_found_through_the_anchor_alone(owner, more):
    edit = SWAP.format(more=more, place=3 + more % 3)

    in_books, in_chain, by_anchor = found_after(owner, edit, BALANCES)

    assert (in_books, in_chain) == (False, None)
    assert "are not as they were" in by_anchor.sentence


def cut_tail(owner, cut):
    """Remove the newest events with their links, and return what was found."""
    events = f"(SELECT event_id FROM fundmgr_eventlink ORDER BY sequence DESC LIMIT {cut})"
    statements = [
        f"DELETE FROM fundmgr_event WHERE id IN {events}",
        "DELETE FROM fundmgr_eventlink WHERE event_id NOT IN (SELECT id FROM fundmgr_event)",
    ]

    return found_after(owner, *statements)


@pytest.mark.parametrize("cut", range(1, UNPROVED + 1))
def test_a_cut_tail_is_found_through_the_anchor_alone(owner, cut):
    in_books, in_chain, by_anchor = cut_tail(owner, cut)

    assert (in_books, in_chain) == (False, None)
    assert "the end of the chain was cut" in by_anchor.sentence


@pytest.mark.parametrize("cut", range(1, 4))
def test_rows_that_outlive_their_events_are_found_by_the_books_too(owner, cut):
    in_books, in_chain, by_anchor = cut_tail(owner, UNPROVED + cut)

    assert (in_books, in_chain) == (True, None)
    assert "the end of the chain was cut" in by_anchor.sentence


@pytest.mark.parametrize("place", range(1, 13))
def test_a_chain_that_was_built_anew_is_found_through_the_anchor_alone(owner, place):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(
                "DELETE FROM fundmgr_event WHERE id = "
                "(SELECT event_id FROM fundmgr_eventlink WHERE sequence = %s)",
                [place],
            )
            cursor.execute(
                "SELECT l.event_id, e.body FROM fundmgr_eventlink l "
                "JOIN fundmgr_event e ON e.id = l.event_id ORDER BY l.sequence"
            )
            rows = cursor.fetchall()
            cursor.execute("DELETE FROM fundmgr_eventlink")
            previous = trail.GENESIS
            for sequence, (event_id, body) in enumerate(rows, start=1):
                fresh = trail.chain_hash(version=1, sequence=sequence, previous=previous, body=bytes(body))
                cursor.execute(
                    "INSERT INTO fundmgr_eventlink (sequence, event_id, version, previous_hash, hash) "
                    "VALUES (%s, %s, 1, %s, %s)",
                    [sequence, event_id, previous, fresh],
                )
                previous = fresh
        chain, fault = trail.verify_chain(), anchors.first_fault(owner)
        transaction.set_rollback(True)

    assert chain.problem is None
    assert "the chain was rebuilt" in fault.sentence or "was cut" in fault.sentence


def test_a_line_cannot_be_changed_dropped_or_forged(lines, settings):
    first, second = lines
    assert anchors.verify(lines) is None

    assert "changed" in anchors.verify([{**first, "head": "00"}, second]).sentence
    assert "missing" in anchors.verify([second]).sentence
    settings.ANCHOR_KEY = hashlib.sha256(b"another").hexdigest()
    assert "another key" in anchors.verify(lines).sentence


def test_the_command_holds_the_database_to_the_file(lines, settings, tmp_path, capsys):
    call_command("verify_audit", "--anchor", settings.ANCHOR_FILE, "--json")
    assert '"anchor_fault": null' in capsys.readouterr().out
    forged = tmp_path / "forged.jsonl"
    text = Path(settings.ANCHOR_FILE).read_text()
    forged.write_text(text.replace('"sequence":', '"sequence":1', 1))

    with pytest.raises(SystemExit) as refused:
        call_command("verify_audit", "--anchor", str(forged))

    assert refused.value.code == 3
    assert "of the anchor disagrees" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["1\n", "not json\n", "[]\n", ""])
def test_a_file_that_is_no_anchor_is_refused_in_words(committed_db, tmp_path, text):
    path = tmp_path / "anchor.jsonl"
    path.write_text(text)

    with pytest.raises(CommandError, match=r"cannot be read|holds no line"):
        call_command("verify_audit", "--anchor", str(path))
