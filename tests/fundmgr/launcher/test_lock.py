"""One launcher for each folder."""

import pytest

from fundmgr.launcher import lock, paths
from fundmgr.launcher.errors import LauncherError


def test_a_lock_is_refused_while_it_is_held_and_free_after(tmp_path):
    places = paths.places_of(tmp_path / "data")
    paths.make(places)
    with lock.held(places), pytest.raises(LauncherError, match="already runs"), lock.held(places):
        pass
    with lock.held(places):
        assert places.lock.read_text().strip().isdigit()


def test_a_lock_file_left_by_a_dead_launcher_holds_nothing(tmp_path):
    places = paths.places_of(tmp_path / "data")
    paths.make(places)
    places.lock.write_text("4194305\n")
    with lock.held(places):
        pass
