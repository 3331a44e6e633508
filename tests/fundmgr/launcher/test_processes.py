"""The processes of the machine: found by name, whatever ends while they are listed."""

import os
from pathlib import Path

import pytest

from fundmgr.launcher import postgres, processes, supervisor


@pytest.fixture
def ending(monkeypatch):
    """Let every process of the machine end just before anything of it is looked up."""
    look_up = os.stat

    def gone(path, *args, **kwargs):
        parts = Path(path).parts if isinstance(path, str | Path) else ()
        if parts[:2] == ("/", "proc") and len(parts) > 2 and parts[2].isdecimal():
            raise ProcessLookupError(3, "No such process", str(path))
        return look_up(path, *args, **kwargs)

    monkeypatch.setattr(os, "stat", gone)


def test_this_process_is_listed():
    assert processes.PROC / str(os.getpid()) in set(processes.folders())
    assert all(folder.name.isdecimal() for folder in processes.folders())


def test_a_process_that_ends_while_it_is_listed_is_passed_over(ending, tmp_path):
    assert supervisor.left_behind(tmp_path) == []
    assert postgres.inhabitants(tmp_path) == []


def test_control_a_pattern_over_their_files_stops_where_one_ends(ending):
    with pytest.raises(ProcessLookupError):
        list(processes.PROC.glob("[0-9]*/environ"))
