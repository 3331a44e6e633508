"""The launcher's commands, run as a person runs them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from launching import Launcher, outside_environment

from fundmgr.launcher import paths
from fundmgr.launcher.cli import asked_port, demo_asked
from fundmgr.launcher.errors import LauncherError


def command(data: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m fundmgr.launcher ...` on a data folder."""
    return subprocess.run(
        [sys.executable, "-m", "fundmgr.launcher", *words],
        env=outside_environment() | {"FUNDMGR_DATA_DIR": str(data)} | env,
        cwd=paths.PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a", "٨٠", "1e3", " 80"])
def test_a_port_that_is_no_port_is_refused_in_one_sentence(text, tmp_path):
    with pytest.raises(LauncherError, match="PORT must be a number from 1 to 65535"):
        asked_port(text)
    answer = command(tmp_path / "data", "up", PORT=text)
    assert answer.returncode == 1
    assert answer.stderr.startswith("fundmgr: PORT must be a number")
    assert not (tmp_path / "data").exists()


def test_asked_port_reads_a_number():
    assert asked_port("9000") == 9000


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"DEMO": "0"}, False),
        ({"DEMO": "no"}, False),
        ({"FUNDMGR_DEMO": "0"}, False),
        ({"DATABASE_URL": "postgresql://somewhere/real"}, False),
        ({"DATABASE_URL": "postgresql://somewhere/real", "DEMO": "1"}, True),
    ],
)
def test_the_demo_enters_a_named_database_only_when_asked_for_by_name(monkeypatch, environment, expected):
    for name in ("DEMO", "FUNDMGR_DEMO", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert demo_asked() is expected


def test_reset_deletes_the_data_and_nothing_beside_it(launcher: Launcher):
    one = launcher.start()
    assert one.ready(), one.text()
    refused = command(one.data, "reset")
    assert refused.returncode == 1
    assert "already runs" in refused.stderr
    one.end()
    beside = one.data.parent / "beside"
    beside.touch()
    assert command(one.data, "reset").returncode == 0
    assert [entry.name for entry in one.data.iterdir()] == ["launcher.lock"]
    assert beside.exists()


def test_reset_never_touches_a_folder_that_the_launcher_did_not_make(tmp_path):
    treasure = tmp_path / "holiday.jpg"
    treasure.touch()
    answer = command(tmp_path, "reset")
    assert answer.returncode == 1
    assert "holds files that fundmgr did not make" in answer.stderr
    assert treasure.exists()


def test_up_refuses_a_folder_with_files_of_somebody_else(tmp_path):
    (tmp_path / "holiday.jpg").touch()
    answer = command(tmp_path, "up", PORT="1")
    assert answer.returncode == 1
    assert "holds files that fundmgr did not make" in answer.stderr


def test_reset_of_no_folder_says_so(tmp_path):
    answer = command(tmp_path / "none", "reset")
    assert answer.returncode == 0
    assert "Nothing to delete" in answer.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused_in_one_sentence(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, 12345, 12345)
    answer = command(data, "up")
    assert answer.returncode == 1
    assert f"{data} belongs to user 12345" in answer.stderr


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path):
    answer = command(tmp_path / "data", "up", DATABASE_URL_FILE="/nowhere/address")
    assert answer.returncode == 1
    assert answer.stderr == "fundmgr: [Errno 2] No such file or directory: '/nowhere/address'\n"


def test_manage_starts_the_servers_for_one_command_where_nothing_runs(launcher: Launcher):
    data = launcher.folder / "data"
    answer = command(data, "manage", "migrate", "--plan")
    assert answer.returncode == 0, answer.stderr
    assert "fundmgr.0001_initial" in answer.stdout
    assert (data / "postgres" / "PG_VERSION").exists()


def test_a_backup_of_one_data_folder_is_restored_into_a_new_one(launcher: Launcher):
    old, new, key = (
        launcher.folder / "old",
        launcher.folder / "new",
        "a key for tests of forty characters long",
    )
    file = launcher.folder / "one.backup"
    # The role of another server, named in the shell, is not this one's.
    made = command(old, "manage", "backup", str(file), FUNDMGR_BACKUP_KEY=key, FUNDMGR_APP_ROLE="elsewhere")
    assert made.returncode == 0, made.stderr
    restored = command(new, "manage", "restore", str(file), "--verify", FUNDMGR_BACKUP_KEY=key)
    assert restored.returncode == 0, restored.stderr
    assert "equal their source, books and trail hold" in restored.stdout
    again = command(new, "manage", "restore", str(file), "--verify", FUNDMGR_BACKUP_KEY=key)
    assert again.returncode == 1
    assert "is not empty" in again.stderr
