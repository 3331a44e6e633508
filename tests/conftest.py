"""Databases for tests, shared and rolled back or one of its own; the real product; a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import own_servers
import product
import pytest
from django.conf import settings as project
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connections
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


# A hash says how many turns it took, so one turn is checked like any other; all of them cost a tenth of a
# second a person.
PBKDF2PasswordHasher.iterations = 1

# Each client of a test builds the middleware anew, which would look at every file that could be served.
project.WHITENOISE_AUTOREFRESH = True

# What starts a browser or the whole product.
HEAVY = {"chromium", "demo_read", "demo_served"}

# For `make mutants`: who only asks whether a test fails needs no small example, and the same ones each time.
# Nor may a busy machine fail a test there, for then a bend would pass as seen.
settings.register_profile(
    "bends",
    phases=[Phase.explicit, Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def is_heavy(item: pytest.Item) -> bool:
    """Whether a test needs one of the heavy things."""
    return not HEAVY.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse the kind of test that empties tables: the app role may not, and the books never are.

    Leave the long runs to those who ask for them, by a mark or by FUNDMGR_LONG_TESTS.
    """
    if not config.option.markexpr and not os.environ.get("FUNDMGR_LONG_TESTS"):
        long_runs = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=long_runs)
        items[:] = [item for item in items if item not in set(long_runs)]
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark and mark.kwargs.get("transaction"):
            raise pytest.UsageError(
                f"{item.nodeid}: use the fixture committed_db instead of transaction=True"
            )
    # The heavy ones first, so that no worker of a parallel run ends alone with them.
    items.sort(key=lambda item: not is_heavy(item))


@pytest.fixture(autouse=True)
def as_nobody_left_it() -> None:
    """Begin in the product's own language and zone, whatever page the test before asked for."""
    translation.deactivate()
    timezone.deactivate()


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


@pytest.fixture
def served(servers: own_servers.Servers, committed_db: str) -> Iterator[product.Product]:
    """The web server on this test's own empty database; the test itself sees the same rows."""
    with product.running(servers, committed_db) as one:
        yield one


@pytest.fixture
def demo_served(servers: own_servers.Servers) -> Iterator[product.Product]:
    """Web and worker with the demo story, for a test that changes it."""
    name = servers.clone(template=servers.demo_template())
    try:
        with product.running(servers, name, worker=True, FUNDMGR_DEMO="1") as one:
            yield one
    finally:
        servers.drop(name)


@pytest.fixture(scope="session")
def demo_read(servers: own_servers.Servers) -> Iterator[product.Product]:
    """Web and worker with the demo story, shared by all tests that only look."""
    name = servers.clone(template=servers.demo_template())
    try:
        with product.running(servers, name, worker=True, FUNDMGR_DEMO="1") as one:
            yield one
    finally:
        servers.drop(name)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium; the test is skipped, with the reason, where there is none."""
    path = product.chromium()
    if path is None:
        pytest.skip("BROWSER TEST SKIPPED: no chromium here; as root, `make test` installs it")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps a loop in this thread; the ORM calls of a browser test are made between its steps.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=product.CHROMIUM_ARGUMENTS)
            yield browser
            browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh window 1280 wide; `page.set_viewport_size` makes it a telephone."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    yield context.new_page()
    context.close()
