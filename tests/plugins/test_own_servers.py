"""The tests' own servers: the right role, a database for each test that commits, nothing left behind."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import own_servers
import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from launching import outside_environment, wait_until

from fundmgr.launcher import paths, postgres, supervisor

WAITING = """
import own_servers, pathlib, time
def test_it_waits():
    servers = own_servers.running()
    pathlib.Path(r"{mark}").write_text(str(servers.places.data))
    time.sleep(120)
"""


def asked(statement: str) -> object:
    """Return one value from Django's connection."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_a_rolled_back_test_runs_as_the_app_role_in_the_shared_database(servers):
    assert asked("SELECT current_user") == servers.app
    assert asked("SELECT current_database()") == servers.shared


@pytest.mark.django_db
def test_the_app_role_may_not_change_the_tables():
    with pytest.raises(ProgrammingError), transaction.atomic():
        asked("DROP TABLE django_migrations")


def test_a_committing_test_has_a_database_that_threads_and_processes_find(committed_db):
    assert asked("SELECT current_database()") == committed_db
    seen = []

    def look() -> None:
        seen.append(asked("SELECT current_database()"))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [committed_db]
    code = "import os, psycopg; print(psycopg.connect(os.environ['DATABASE_URL']).info.dbname)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == committed_db


@pytest.mark.parametrize("turn", [1, 2])
def test_what_one_test_commits_the_next_never_sees(committed_db, servers, turn):
    with psycopg.connect(servers.url(servers.owner, committed_db), autocommit=True) as owner:
        owner.execute("CREATE TABLE only_here (id int)")


def test_a_killed_run_takes_its_servers_along(tmp_path):
    mark = tmp_path / "mark"
    probe = tmp_path / "test_probe.py"
    probe.write_text(WAITING.format(mark=mark))
    env = {name: value for name, value in outside_environment().items() if not name.startswith("TEST_")}
    words = [sys.executable, "-m", "pytest", "-c", str(paths.PROJECT / "pyproject.toml")]
    run = subprocess.Popen(
        [*words, str(probe)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=tmp_path
    )
    assert wait_until(mark.exists, 60)
    assert wait_until(lambda: mark.read_text() != "")
    data = Path(mark.read_text())
    assert postgres.inhabitants(data / "postgres")
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert wait_until(
        lambda: not postgres.inhabitants(data / "postgres") and not supervisor.left_behind(data)
    )
    own_servers.remove_abandoned()
    assert not data.exists()
