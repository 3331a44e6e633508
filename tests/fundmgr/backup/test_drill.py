"""The drill: a real backup goes into a fresh database, and every way to spoil it is refused."""

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from builders import make_world, put_money_in
from calling import make_file
from casework import ACCOUNT, LATER, accepted_awards, build, release
from own_servers import Servers
from psycopg import sql

from fundmgr.backup.manifest import DATABASE
from fundmgr.backup.sealed import Reader, Writer
from fundmgr.launcher import binaries, paths

KEY = "one key of the drill, long enough to be one"
NAME = "River Stone"
BOOKS = ("fundmgr_transfer", "fundmgr_entry", "fundmgr_event", "fundmgr_eventlink")


class Drill(NamedTuple):
    """A database with a story, a fresh empty one, and folders for their files."""

    servers: Servers
    source: str
    fresh: str
    folder: Path

    def manage(self, database: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run manage.py on one of the databases, with a files folder of its own."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            env={
                **os.environ,
                **self.servers.environment(database),
                "FUNDMGR_FILES_DIR": str(self.folder / database),
                "FUNDMGR_BACKUP_KEY": KEY,
                **env,
            },
            cwd=paths.PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )

    def back_up(self, name: str = "one.backup") -> Path:
        """Make a backup of the source as the app role."""
        path = self.folder / name
        answer = self.manage(self.source, "backup", str(path))
        assert answer.returncode == 0, answer.stderr
        return path

    def restore(self, path: Path, **env: str) -> subprocess.CompletedProcess[str]:
        """Restore into the fresh database as its owner."""
        return self.manage(
            self.fresh, "restore", str(path), "--verify", **{"FUNDMGR_DB_ROLE": "owner", **env}
        )

    def asked(self, database: str, role: str, statement: str) -> list[tuple]:
        """Ask one of the databases as a role."""
        with psycopg.connect(self.servers.url(role, database)) as connection:
            return connection.execute(statement).fetchall()

    def refused(self, path: Path, sentence: str, **env: str) -> None:
        """Prove that a restore fails with one sentence and leaves nothing."""
        answer = self.restore(path, **env)
        assert answer.returncode != 0
        assert re.search(sentence, answer.stderr), answer.stderr
        assert answer.stderr.count("\n") == 1
        assert "Traceback" not in answer.stderr
        tables = self.asked(
            self.fresh, self.servers.owner, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"
        )
        assert tables == [(0,)]
        assert not (self.folder / self.fresh).exists()


@pytest.fixture
def drill(servers: Servers, committed_db: str, tmp_path: Path, settings: Any) -> Iterator[Drill]:
    """A paid award with a name and a bank account, a signed pledge, and an empty database beside it."""
    settings.FILES_DIR = tmp_path / committed_db
    world = make_world()
    receipt = put_money_in(world, 10_000_000)
    make_file(world, receipt.commitment)
    accepted_awards(world, [120_000, 90_000])
    release(world, build(world, now=LATER), now=LATER)
    letter = tmp_path / committed_db / "2023" / "letter.bin"
    letter.parent.mkdir(parents=True)
    letter.write_bytes(b"a sealed letter")
    fresh = f"{committed_db}_fresh"
    with servers.admin() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0").format(
                sql.Identifier(fresh), sql.Identifier(servers.owner)
            )
        )
    yield Drill(servers, committed_db, fresh, tmp_path)
    servers.drop(fresh)


def members(path: Path, key: str = KEY) -> dict[str, bytes]:
    """Open a backup."""
    found: dict[str, bytes] = {}
    with path.open("rb") as file:
        for name, part in Reader(file, key).parts():
            found[name] = found.get(name, b"") + part
    return found


def sealed_again(path: Path, content: dict[str, bytes]) -> Path:
    """Seal members under the same key, as somebody who has it could."""
    with path.open("wb") as file:
        writer = Writer(file, KEY, salt=os.urandom(32))
        for name, part in content.items():
            writer.add(name, iter([part]))
        writer.finish()
    return path


def test_a_backup_restores_to_its_equal_and_the_copy_proves_itself(drill: Drill):
    path = drill.back_up()
    answer = drill.restore(path)

    assert answer.returncode == 0, answer.stderr
    assert "equal their source, books and trail hold" in answer.stdout
    assert "The books hold" in answer.stdout
    assert "The chain holds" in answer.stdout
    assert (drill.folder / drill.fresh / "2023" / "letter.bin").read_bytes() == b"a sealed letter"
    count = "SELECT COUNT(*), SUM(balance_cents) FROM fundmgr_balance"
    app = drill.servers.app
    assert drill.asked(drill.fresh, app, count) == drill.asked(drill.source, app, count)
    the_app_role_may_what_it_may_in_the_source(drill)


def test_a_copy_whose_file_is_not_the_one_that_was_kept_is_taken_out_again(drill: Drill):
    content = members(drill.back_up())
    name = next(name for name in content if name.startswith("files/") and "letter" not in name)
    manifest = json.loads(content["manifest.json"])
    content[name] = content[name][::-1]
    for member in manifest["members"]:
        if member["name"] == name:
            member["sha256"] = hashlib.sha256(content[name]).hexdigest()
    forged = sealed_again(
        drill.folder / "forged", {**content, "manifest.json": json.dumps(manifest).encode()}
    )

    drill.refused(forged, "check_books finds a fault in the copy")


def the_app_role_may_what_it_may_in_the_source(drill: Drill) -> None:
    """Compare every privilege and owner, and that the guards came along."""
    rights = """SELECT c.relname, v, has_table_privilege(c.oid, v), pg_get_userbyid(c.relowner)
        FROM pg_class c, unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE']) v
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2"""
    app = drill.servers.app
    copied = drill.asked(drill.fresh, app, rights)

    assert copied == drill.asked(drill.source, app, rights)
    assert {owner for *_, owner in copied} == {drill.servers.owner}
    assert not [
        row for row in copied if row[0] in BOOKS and row[1] in {"UPDATE", "DELETE", "TRUNCATE"} and row[2]
    ]
    answer = drill.manage(drill.fresh, "check", "--database", "default")
    assert "fundmgr.E001" not in answer.stderr
    with pytest.raises(psycopg.errors.CheckViolation):
        drill.asked(drill.fresh, drill.servers.owner, "DELETE FROM fundmgr_entry RETURNING 1")


def test_neither_the_backup_nor_the_plain_dump_gives_a_name_or_an_account_away(drill: Drill):
    path = drill.back_up()
    (drill.folder / "plain.dump").write_bytes(members(path)[DATABASE])
    plain = subprocess.run(
        [
            binaries.client("pg_restore", binaries.postgres().major),
            "--file=-",
            str(drill.folder / "plain.dump"),
        ],
        capture_output=True,
        check=True,
    ).stdout

    assert b"COPY public.requests_app_payeeaccount" in plain
    for secret in (NAME, ACCOUNT, "river@example.org"):
        assert plain.count(secret.encode()) == 0
        assert path.read_bytes().count(secret.encode()) == 0


def test_a_backup_is_private_and_never_written_over(drill: Drill):
    path = drill.back_up()
    before = path.read_bytes()
    again = drill.manage(drill.source, "backup", str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert again.returncode != 0
    assert "exists already and is never overwritten" in again.stderr
    assert path.read_bytes() == before
    assert [file.name for file in drill.folder.iterdir() if file.is_file()] == ["one.backup"]


def test_a_folder_gets_a_backup_named_by_its_time(drill: Drill):
    target = drill.folder / "kept"
    target.mkdir()
    answer = drill.manage(drill.source, "backup", str(target))

    assert answer.returncode == 0, answer.stderr
    assert re.fullmatch(r"fundmgr-\d{8}T\d{6}Z\.backup", next(target.iterdir()).name)
    the_reasons_are_one_sentence(drill)


def the_reasons_are_one_sentence(drill: Drill) -> None:
    """Try a backup without a key and into no folder."""
    none = drill.manage(drill.source, "backup", str(drill.folder / "x"), FUNDMGR_BACKUP_KEY="")
    nowhere = drill.manage(drill.source, "backup", str(drill.folder / "no" / "x"))

    assert none.stderr == "CommandError: No backup key: give --key-file FILE or set FUNDMGR_BACKUP_KEY.\n"
    assert "cannot be written" in nowhere.stderr
    assert "Traceback" not in nowhere.stderr


def test_every_spoilt_backup_is_refused_and_leaves_the_database_empty(drill: Drill):
    path = drill.back_up()
    whole = path.read_bytes()
    drill.refused(path, "made with another key", FUNDMGR_BACKUP_KEY=KEY[::-1])
    (drill.folder / "cut").write_bytes(whole[: len(whole) * 2 // 3])
    drill.refused(drill.folder / "cut", "cut off")
    flipped = bytearray(whole)
    flipped[len(flipped) // 2] ^= 1
    (drill.folder / "flipped").write_bytes(flipped)
    drill.refused(drill.folder / "flipped", "changed or damaged")
    drill.refused(drill.folder / "nowhere", "No such file")


def test_a_backup_of_another_ground_is_refused(drill: Drill):
    content = members(drill.back_up())
    major = int(re.search(rb'"postgresql_major": (\d+)', content["manifest.json"])[1])
    older = content["manifest.json"].replace(
        f'"postgresql_major": {major}'.encode(), b'"postgresql_major": 14'
    )
    drill.refused(
        sealed_again(drill.folder / "older", content | {"manifest.json": older}),
        f"comes from PostgreSQL 14 and this server is {major}",
    )
    less = {name: part for name, part in content.items() if name != "files/2023/letter.bin"}
    drill.refused(sealed_again(drill.folder / "less", less), "lacks its member files/2023/letter.bin")


def test_a_copy_that_differs_from_its_source_is_taken_out_again(drill: Drill):
    content = members(drill.back_up())
    manifest = re.sub(rb'("fundmgr_donor": \[\s*)1', rb"\g<1>2", content["manifest.json"])
    assert manifest != content["manifest.json"]
    drill.refused(
        sealed_again(drill.folder / "other", content | {"manifest.json": manifest}),
        "differs from its source in the table fundmgr_donor",
    )


def test_a_source_whose_books_were_bent_is_found_by_the_copy(drill: Drill):
    with psycopg.connect(drill.servers.url(drill.servers.owner, drill.source)) as connection:
        connection.execute(
            "UPDATE fundmgr_balance SET balance_cents = balance_cents + 1 WHERE balance_cents > 0"
        )
    path = drill.back_up()
    answer = drill.restore(path)

    assert answer.returncode != 0
    assert "check_books finds a fault in the copy" in answer.stderr
    left = drill.asked(
        drill.fresh, drill.servers.owner, "SELECT 1 FROM pg_tables WHERE schemaname = 'public'"
    )
    assert left == []


def test_a_filled_database_and_the_app_role_are_refused(drill: Drill):
    path = drill.back_up()
    filled = drill.manage(drill.source, "restore", str(path), FUNDMGR_DB_ROLE="owner")
    as_app = drill.manage(drill.fresh, "restore", str(path))

    assert filled.returncode != 0
    assert re.search(r"The database \S+ is not empty, it holds \d+ tables", filled.stderr)
    assert as_app.returncode != 0
    assert "never as the app role" in as_app.stderr
    assert drill.asked(drill.source, drill.servers.app, "SELECT COUNT(*) > 0 FROM fundmgr_entry") == [(True,)]
