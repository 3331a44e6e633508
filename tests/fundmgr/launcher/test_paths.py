"""Folders: private, short enough for sockets, and never somebody else's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from fundmgr.launcher import paths
from fundmgr.launcher.errors import LauncherError


def test_sockets_lie_in_the_data_folder_where_its_path_is_short_and_plain():
    assert paths.places_of(Path("/srv/fund/var")).sockets == Path("/srv/fund/var/run")


@pytest.mark.parametrize("folder", ["/srv/" + "x" * 100, "/srv/a b", "/srv/a,b", "/srv/ñ", "/srv/a'b"])
def test_sockets_move_to_a_short_folder_that_is_the_same_each_time(folder):
    first, second = paths.places_of(Path(folder)), paths.places_of(Path(folder))
    assert first.sockets == second.sockets
    assert len(os.fsencode(first.sockets / ".s.PGSQL.5432")) < 107
    assert paths.PLAIN_PATH.fullmatch(str(first.sockets))


def test_two_long_folders_never_share_their_sockets():
    long = Path("/srv") / ("x" * 100)
    assert paths.places_of(long / "a").sockets != paths.places_of(long / "b").sockets


def test_make_gives_folders_to_this_user_alone(tmp_path):
    places = paths.places_of(tmp_path / "data")
    paths.make(places)
    for folder in (places.data, places.logs, places.valkey, places.beat, places.sockets):
        assert folder.stat().st_mode & 0o777 == 0o700
    places.data.chmod(0o755)
    paths.make(places)
    assert places.data.stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_place_of_the_folder_is_one_sentence(tmp_path):
    (tmp_path / "data").touch()
    with pytest.raises(LauncherError, match="cannot be used"):
        paths.make(paths.places_of(tmp_path / "data"))


def test_a_link_laid_in_the_shared_folder_is_never_followed(tmp_path):
    trap = Path("/tmp") / f"fundmgr-trap-{os.getpid()}"
    trap.symlink_to(tmp_path)
    try:
        with pytest.raises(LauncherError, match="belongs to somebody else"):
            paths.private_folder(trap)
    finally:
        trap.unlink()


def test_the_data_folder_is_the_one_that_the_environment_names(monkeypatch, tmp_path):
    monkeypatch.setenv("FUNDMGR_DATA_DIR", str(tmp_path))
    assert paths.asked_data_folder() == tmp_path
    monkeypatch.delenv("FUNDMGR_DATA_DIR")
    assert paths.asked_data_folder() == paths.PROJECT / "var"


def test_a_folder_that_a_command_of_ours_used_first_is_taken(tmp_path):
    data = tmp_path / "data"
    asked = {**os.environ, "FUNDMGR_DATA_DIR": str(data)}
    for name in ("FUNDMGR_SECRET_KEY", "FUNDMGR_FIELD_KEYS", "FUNDMGR_ANCHOR_KEY", "FUNDMGR_LOOKUP_KEY"):
        asked.pop(name, None)
    subprocess.run(
        [sys.executable, "manage.py", "diffsettings"], env=asked, cwd=paths.PROJECT, check=True, timeout=60
    )
    assert any(data.iterdir())
    paths.make(paths.places_of(data))


def test_every_place_in_the_folder_that_the_settings_name_is_known_as_ours():
    named = [Path(str(value)) for value in vars(settings._wrapped).values() if isinstance(value, str | Path)]
    ours = [path.relative_to(settings.DATA_DIR) for path in named if path.is_relative_to(settings.DATA_DIR)]
    assert {path.parts[0] for path in ours if path.parts} <= paths.EARLY_NAMES


def test_a_folder_with_files_of_somebody_is_refused(tmp_path):
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(LauncherError, match="did not make"):
        paths.make(paths.places_of(tmp_path))
    assert (tmp_path / "thesis.doc").exists()
