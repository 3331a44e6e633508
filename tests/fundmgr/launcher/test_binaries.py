"""Which servers are chosen."""

from pathlib import Path

import pytest

from fundmgr.launcher import binaries
from fundmgr.launcher.errors import LauncherError


def test_the_chosen_postgresql_is_supported_and_whole():
    found = binaries.postgres()
    assert found.major >= binaries.OLDEST_MAJOR
    for name in ("postgres", "initdb", "psql", "pg_dump", "pg_restore"):
        assert Path(found.program(name)).exists(), name


def test_the_major_of_a_data_folder_goes_before_the_newest():
    newest = binaries.postgres()
    assert binaries.postgres(newest.major) == newest


def test_a_major_that_is_not_installed_is_refused_with_both_numbers():
    have = str(binaries.postgres().major)
    with pytest.raises(LauncherError, match=rf"PostgreSQL 12, but only .*{have}"):
        binaries.postgres(12)


def test_a_queue_server_is_found():
    assert Path(binaries.valkey()).exists()
