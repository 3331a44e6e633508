"""What the children read from their environment."""

import contextlib
from collections.abc import Iterator

from launching import Launcher

from fundmgr.launcher import paths, postgres, servers
from fundmgr.launcher.cli import demo_asked
from fundmgr.launcher.supervisor import Supervisor

OURS = {"DATABASE_URL": "a", servers.OWNER_URL: "b", "FUNDMGR_EMBEDDED": "1"}


def test_only_the_migrating_command_learns_the_owner_address(monkeypatch):
    monkeypatch.setenv("PGPORT", "9999")
    assert servers.OWNER_URL not in servers.for_app(OURS)
    assert servers.for_owner(OURS)["FUNDMGR_DB_ROLE"] == "owner"
    assert "PGPORT" not in servers.for_app(OURS)


def test_addresses_from_outside_are_used_as_they_are(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@elsewhere/fund")
    monkeypatch.setenv(servers.OWNER_URL, "postgresql://owner@elsewhere/fund")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    places = paths.places_of(tmp_path / "data")
    paths.make(places)
    made = Supervisor(places.data)
    assert servers.start(places, made) == {
        "DATABASE_URL": "postgresql://app@elsewhere/fund",
        servers.OWNER_URL: "postgresql://owner@elsewhere/fund",
        "REDIS_URL": "redis://elsewhere/0",
        "FUNDMGR_DATA_DIR": str(places.data),
    }
    assert made.children == []


def test_an_address_may_stand_in_a_file_as_it_may_for_the_settings(monkeypatch, tmp_path):
    (tmp_path / "address").write_text("postgresql://app@elsewhere/fund\n")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ignored/x")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "address"))
    assert servers.given("DATABASE_URL") == "postgresql://app@elsewhere/fund"
    monkeypatch.delenv("DEMO", raising=False)
    monkeypatch.delenv("FUNDMGR_DEMO")
    assert demo_asked() is False


def test_addresses_are_remembered_for_other_terminals_and_for_this_user_alone(tmp_path):
    places = paths.places_of(tmp_path / "data")
    paths.make(places)
    assert servers.remembered(places) == {}
    servers.remember(places, OURS)
    assert servers.remembered(places) == OURS
    assert places.environment.stat().st_mode & 0o777 == 0o600


@contextlib.contextmanager
def building(places: paths.Places) -> Iterator[dict[str, str]]:
    """Start both servers as a first start with the demo does."""
    made = Supervisor(places.data)
    try:
        yield servers.start(places, made, building=True)
    finally:
        made.stop()


def test_a_start_that_is_cut_off_while_it_fills_leaves_no_half_a_story(launcher: Launcher, monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    places = paths.places_of(launcher.folder / "data")
    paths.make(places)
    cluster = servers.cluster_of(places)
    with building(places) as env:
        assert servers.is_building(env)
        postgres.run_sql(cluster, "CREATE TABLE half (id int)", database=postgres.UNFINISHED)
    with building(places) as env:
        assert servers.is_building(env)
        tables = "SELECT count(*) FROM pg_tables WHERE tablename = 'half'"
        assert postgres.run_sql(cluster, tables, database=postgres.UNFINISHED).strip() == "0"
        final = servers.finish_building(places, env)
        assert not servers.is_building(final)
        assert final["DATABASE_URL"] == cluster.url(postgres.APP_ROLE)
    with building(places) as env:
        assert env["DATABASE_URL"] == cluster.url(postgres.APP_ROLE)
        assert servers.finish_building(places, env) == env
        assert not postgres.has_database(cluster, postgres.UNFINISHED)
