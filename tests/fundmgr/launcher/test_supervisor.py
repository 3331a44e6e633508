"""Children: started, watched, stopped, and found again by a later launcher."""

import os
import signal
import sys
import time

from launching import wait_until

from fundmgr.launcher.supervisor import LARGEST_LOG_BYTES, Child, Supervisor, last_lines, left_behind, sweep

SLEEPS = (sys.executable, "-c", "import time; time.sleep(600)")


def start(made: Supervisor, tmp_path, code: str, name: str = "one") -> Child:
    """Start a child of one line of Python."""
    return made.start(
        name, [sys.executable, "-c", code], env=os.environ, cwd=tmp_path, log=tmp_path / f"{name}.log"
    )


def test_a_child_writes_to_its_log_and_its_death_is_one_report(tmp_path):
    made = Supervisor(tmp_path)
    child = start(made, tmp_path, "print('halfway'); raise SystemExit(7)")
    assert wait_until(lambda: not child.alive())
    report = str(made.death_of(child))
    assert "one ended with code 7" in report
    assert "halfway" in report


def test_a_child_that_found_the_disk_full_is_reported_as_a_full_disk(tmp_path):
    made = Supervisor(tmp_path)
    child = start(made, tmp_path, "print('write: No space left on device'); raise SystemExit(1)")
    assert wait_until(lambda: not child.alive())
    assert "is full" in str(made.death_of(child))


def test_stop_ends_the_grandchildren_too(tmp_path):
    made = Supervisor(tmp_path)
    code = (
        f"import subprocess, time; subprocess.Popen({SLEEPS!r}); print('both', flush=True); time.sleep(600)"
    )
    start(made, tmp_path, code)
    assert wait_until(lambda: "both" in (tmp_path / "one.log").read_text())
    assert len(left_behind(tmp_path)) == 2
    made.stop()
    assert wait_until(lambda: left_behind(tmp_path) == [])
    assert made.children == []


def test_stop_names_only_the_children_that_are_asked(tmp_path):
    made = Supervisor(tmp_path)
    start(made, tmp_path, "import time; time.sleep(600)", "one")
    other = start(made, tmp_path, "import time; time.sleep(600)", "two")
    made.stop(["one"])
    assert [child.name for child in made.children] == ["two"]
    assert other.alive()
    made.stop()


def test_stop_uses_force_after_the_grace(tmp_path):
    made = Supervisor(tmp_path)
    code = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('deaf', flush=True); time.sleep(600)"
    )
    child = start(made, tmp_path, code)
    assert wait_until(lambda: "deaf" in (tmp_path / "one.log").read_text())
    began = time.monotonic()
    made.stop(grace_seconds=0.2)
    assert time.monotonic() - began < 2
    assert child.process.returncode == -signal.SIGKILL


def test_sweep_ends_what_carries_the_folder_mark_and_nothing_else(tmp_path):
    made, other = Supervisor(tmp_path / "a"), Supervisor(tmp_path / "b")
    mine = start(made, tmp_path, "import time; time.sleep(600)", "one")
    theirs = start(other, tmp_path, "import time; time.sleep(600)", "two")
    assert wait_until(lambda: left_behind(made.data) == [mine.process.pid])
    sweep(made.data)
    assert not mine.alive()
    assert theirs.alive()
    other.stop()


def test_a_log_that_grew_too_large_is_set_aside_at_the_next_start(tmp_path):
    made = Supervisor(tmp_path)
    log = tmp_path / "one.log"
    with log.open("wb") as file:
        file.truncate(LARGEST_LOG_BYTES + 1)
    child = start(made, tmp_path, "print('new')")
    assert wait_until(lambda: not child.alive())
    assert log.read_text() == "new\n"
    assert (tmp_path / "one.log.1").stat().st_size == LARGEST_LOG_BYTES + 1


def test_last_lines_of_a_log_that_is_not_there(tmp_path):
    assert last_lines(tmp_path / "none") == "(no log)"
