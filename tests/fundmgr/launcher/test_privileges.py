"""Who runs PostgreSQL."""

import os
import signal

import pytest

from fundmgr.launcher import binaries, privileges

PROGRAM = binaries.postgres().program("postgres")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to drop")
def test_root_runs_the_server_as_nobody_and_has_it_die_with_its_parent():
    command = privileges.server_command(PROGRAM, "-D", "x", dies_by=signal.SIGINT)
    assert command[0] in {"setpriv", "unshare"}
    if command[0] == "setpriv":
        assert "--pdeathsig=INT" in command
    assert command[-3:] == [PROGRAM, "-D", "x"]


@pytest.mark.skipif(os.geteuid() == 0, reason="an ordinary user's way")
def test_an_ordinary_user_runs_the_server_as_it_is():
    assert privileges.server_command(PROGRAM, "-D", "x") == [PROGRAM, "-D", "x"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to drop")
def test_a_program_that_is_not_there_makes_no_recipe_work():
    assert not privileges._works(privileges.SETPRIV, "/nowhere/postgres")
