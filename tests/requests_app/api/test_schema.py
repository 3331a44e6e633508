"""Strange calls made from the description, against the whole WSGI application, for each scope set.

No answer is a fault, and each one has a status, a type, headers and a body that the description names; a
method that is not described answers 405.
"""

import os
from collections.abc import Iterator
from typing import Any

import builders
import pytest
import schemathesis
from calling import Things, give_token, make_client, make_things
from django.core.wsgi import get_wsgi_application
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema

from requests_app.api.openapi import document
from requests_app.demo.clients import CLIENTS

CALLS = len([1 for methods in document()["paths"].values() for _ in methods])
BY_NAME = {client.name: client for client in CLIENTS}
SEED = 20230918
REFUSED = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429]
CHECKS = {
    # What each field takes alone may still not be there, not fit together, or come too late.
    "positive_data_acceptance": {"enabled": False},
    "negative_data_rejection": {"expected-statuses": REFUSED},
    "missing_required_header": {"expected-statuses": REFUSED},
}


@pytest.fixture
def world(committed_db: str) -> builders.World:
    """A fund in a database of its own, for the calls commit."""
    return builders.make_world()


@pytest.fixture
def no_limit(settings: Any) -> None:
    """Strange calls come faster than a program may call."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000


def strange_calls(token: str, things: Things, examples: int, phases: dict[str, Any]) -> Iterator[Any]:
    """Make calls from the description and yield what the engine tells; ids are those of real things."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "headers": {"Authorization": f"Bearer {token}"},
            "parameters": {f"path.{name}": value for name, value in things.ids.items()},
            "checks": CHECKS,
            "phases": {"stateful": {"enabled": False}, **phases},
            "generation": {"max-examples": examples, "database": "none"},
            "continue-on-failure": True,
        }
    )
    schema = schemathesis.openapi.from_dict(document(), config=config)
    schema.app = get_wsgi_application()
    yield from from_schema(schema).execute()


def faults_of(event: Any) -> list[str]:
    """What an event tells of failures."""
    if isinstance(event, (events.NonFatalError, events.FatalError)):
        return [str(getattr(event, "value", None) or getattr(event, "exception", event))]
    if not isinstance(event, events.ScenarioFinished):
        return []
    return [
        f"{event.label}: {check.name}: {_words(check.failure_info.failure)}"
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    ]


def _words(failure: Failure) -> str:
    return f"{failure.title} {failure.message}"[:500]


def faults_found(world: builders.World, name: str, *, examples: int, phases: dict[str, Any]) -> list[str]:
    """Let a program of the demo's scope set make strange calls, and return every fault."""
    client = BY_NAME[name]
    _, application = make_client(world, client.role, scopes=client.scopes)
    token = give_token(application, scopes=client.scopes)
    seen, faults = set(), []
    for event in strange_calls(token, make_things(world), examples, phases):
        faults += faults_of(event)
        if isinstance(event, events.ScenarioFinished):
            seen.add(event.label)
    assert len(seen) == CALLS
    return faults


@pytest.mark.parametrize("name", BY_NAME)
def test_no_call_surprises_us(name: str, world: builders.World, no_limit: None) -> None:
    faults = faults_found(world, name, examples=3, phases={"coverage": {"enabled": False}})

    assert not faults, "\n".join(faults)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not os.environ.get("FUNDMGR_LONG_TESTS"), reason="ten minutes: set FUNDMGR_LONG_TESTS=1")
@pytest.mark.parametrize("name", BY_NAME)
def test_many_calls_of_each_scope_set_surprise_us_never(
    name: str, world: builders.World, no_limit: None
) -> None:
    faults = faults_found(world, name, examples=20, phases={})

    assert not faults, "\n".join(faults)
