"""A manifest vouches for exactly the members beside it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fundmgr.backup import manifest
from fundmgr.backup.errors import BackupError, DamagedBackup
from fundmgr.backup.sealed import Member

DUMP, FILE = Member("database.dump", 7, "a" * 64), Member("files/letter.bin", 3, "b" * 64)
SAID = manifest.Manifest(
    made_at=datetime(2023, 9, 18, 16, tzinfo=UTC),
    product_version="0.1.0",
    postgresql="18.4",
    postgresql_major=18,
    migrations=["fundmgr.0001_initial"],
    members=[DUMP, FILE],
    digest={"tables": {}},
)


def test_a_manifest_reads_as_it_was_written():
    assert manifest.read(SAID.as_json(), [DUMP, FILE, Member("manifest.json", 1, "c")]) == SAID


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ([DUMP], "lacks its member files/letter.bin"),
        ([FILE], "lacks its member database.dump"),
        ([DUMP, replace(FILE, sha256="d" * 64)], "lacks its member files/letter.bin, or holds another"),
        ([DUMP, FILE, Member("files/more", 1, "e")], "holds files/more, which its manifest does not name"),
    ],
)
def test_members_that_differ_are_named(found: list[Member], sentence: str):
    with pytest.raises(DamagedBackup, match=sentence):
        manifest.read(SAID.as_json(), found)


def test_a_backup_without_a_manifest_is_refused():
    with pytest.raises(DamagedBackup, match="no manifest"):
        manifest.read(b"", [DUMP])


@pytest.mark.parametrize("name", ["files/../keys", "files//etc/passwd", "files/", "elsewhere"])
def test_a_file_outside_its_folder_is_refused(name: str):
    with pytest.raises(BackupError, match="outside its folder"):
        manifest.place_of(name)


def test_another_major_is_refused_with_both_numbers():
    with pytest.raises(BackupError, match="PostgreSQL 18 and this server is 17"):
        manifest.refuse_other_ground(SAID, major=17, migrations=SAID.migrations)


def test_other_tables_are_refused_by_their_first_difference():
    with pytest.raises(BackupError, match=r"other tables than this one's \(fundmgr\.0002_more\)"):
        manifest.refuse_other_ground(SAID, major=18, migrations=[*SAID.migrations, "fundmgr.0002_more"])
