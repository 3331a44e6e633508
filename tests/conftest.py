"""Databases for tests: one shared and rolled back, or one of its own for each test that commits."""

from collections.abc import Iterator

import own_servers
import pytest
from django.db import connections


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse the kind of test that empties tables: the app role may not, and the books never are."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: use the fixture committed_db instead of transaction=True"
            )


@pytest.fixture(scope="session")
def servers() -> own_servers.Servers:
    """PostgreSQL and Valkey, running; for tests that need the queue or processes of their own."""
    return own_servers.running()


@pytest.fixture(scope="session")
def django_db_setup(servers: own_servers.Servers) -> None:
    """Use the cloned database as it is: migrated by the owner, entered as the app role."""


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest,
    servers: own_servers.Servers,
    django_db_blocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """A database of its own for a test that commits, starts threads or processes; yields its name.

    Child processes find it through DATABASE_URL. Threads get it by opening connections as usual.
    """
    if {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        pytest.fail("committed_db stands alone: a test cannot both commit and be rolled back")
    name = servers.clone()
    settings = connections.settings["default"]
    usual = settings["NAME"]
    connections.close_all()
    for variable in ("DATABASE_URL", "FUNDMGR_OWNER_DATABASE_URL"):
        monkeypatch.setenv(variable, servers.environment(name)[variable])
    settings["NAME"] = name
    try:
        with django_db_blocker.unblock():
            yield name
            connections.close_all()
    finally:
        settings["NAME"] = usual
        servers.drop(name)
