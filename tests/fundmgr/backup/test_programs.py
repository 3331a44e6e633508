"""The programs that fit the server are found, and a missing one is named."""

import tomllib

import pytest

import fundmgr
from fundmgr.launcher import binaries, paths
from fundmgr.launcher.errors import LauncherError


def test_pg_dump_of_the_newest_major_is_found():
    assert binaries.client("pg_dump", binaries.postgres().major).endswith("pg_dump")


def test_a_major_that_is_not_installed_says_what_to_install():
    with pytest.raises(LauncherError, match="postgresql-client-12"):
        binaries.client("pg_dump", 12)


def test_the_version_in_a_manifest_is_the_project_s():
    project = tomllib.loads((paths.PROJECT / "pyproject.toml").read_text())["project"]
    assert project["version"] == fundmgr.VERSION
