"""The private PostgreSQL: what it is made with, and who may do what."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from launching import Launcher

from fundmgr.launcher import paths, postgres
from fundmgr.launcher.supervisor import Supervisor


@pytest.fixture
def cluster(launcher: Launcher) -> Iterator[postgres.Cluster]:
    """A running cluster with its roles."""
    places = paths.places_of(launcher.folder / "data")
    paths.make(places)
    supervisor = Supervisor(places.data)
    one = postgres.cluster(places.postgres, places.sockets, places.log("postgres"))
    postgres.initialise(one, extra=["--no-sync"])
    postgres.start(one, supervisor, env=os.environ | {"PGPORT": "9999", "PGDATA": "/nowhere"})
    yield one
    supervisor.stop()


def test_a_cluster_listens_on_its_socket_alone_with_checksums_in_utc(cluster):
    asked = ("listen_addresses", "data_checksums", "timezone", "server_encoding", "unix_socket_permissions")
    answer = postgres.run_sql(cluster, "".join(f"SHOW {name};" for name in asked)).split("\n")
    assert answer[:5] == ["", "on", "UTC", "UTF8", "0700"]
    assert cluster.data.stat().st_mode & 0o777 == 0o700


def test_letters_of_every_script_have_a_lower_case(cluster):
    assert postgres.run_sql(cluster, "SELECT lower('ÑÉÜ')").strip() == "ñéü"


def test_the_app_role_owns_nothing_and_may_make_nothing(cluster):
    postgres.bootstrap(cluster)
    postgres.bootstrap(cluster)
    with psycopg.connect(cluster.url(postgres.OWNER_ROLE), autocommit=True) as owner:
        owner.execute("CREATE TABLE mine (id int)")
    with psycopg.connect(cluster.url(postgres.APP_ROLE), autocommit=True) as app:
        for statement in (
            "CREATE TABLE theirs (id int)",
            "SELECT * FROM mine",
            "DROP TABLE mine",
            "CREATE ROLE more",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
        rights = app.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert rights == (False, False, False)


def test_a_half_made_data_folder_is_never_taken_for_whole(launcher: Launcher):
    places = paths.places_of(launcher.folder / "data")
    paths.make(places)
    half = places.postgres.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    assert postgres.recorded_major(places.postgres) is None
    one = postgres.cluster(places.postgres, places.sockets, places.log("postgres"))
    postgres.initialise(one, extra=["--no-sync"])
    assert postgres.recorded_major(places.postgres) == one.programs.major
    assert not half.exists()


def test_a_process_that_only_stands_in_the_folder_is_no_server(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert postgres.inhabitants(tmp_path) == []


def test_the_address_keeps_the_socket_folder_percent_encoded(cluster):
    assert cluster.url("one", "two").startswith("postgresql://one@/two?host=%2F")
