"""Programs and people that call the API of a small world."""

from collections.abc import Callable, Iterator
from typing import Any

import builders
import pytest
from calling import EVERY_SCOPE, Caller, give_token, make_client
from django.test import Client

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Role
from fundmgr.models import User
from requests_app.api import throttles

Program = Callable[..., Caller]


@pytest.fixture(autouse=True)
def fresh_minute() -> Iterator[None]:
    """Each test begins a minute of its own."""
    throttles._counts.clear()
    yield
    throttles._counts.clear()


@pytest.fixture
def world(db: None) -> builders.World:
    """An open fund with one person of each role."""
    return builders.make_world()


@pytest.fixture
def program(world: builders.World) -> Program:
    """Makes a program with a token: `program(Role.REVIEWER, scopes="requests:read")`."""

    def make(role: Role, *, scopes: str = EVERY_SCOPE, owner: Actor | None = None, of: Any = None) -> Caller:
        row, application = make_client(of or world, role, scopes=scopes, owner=owner)
        token = give_token(application, scopes=scopes)
        actor = actors.client(row.id, owner_id=row.owner_id)
        return Caller(Client(), {"Authorization": f"Bearer {token}"}, actor, row)

    return make


@pytest.fixture
def person(world: builders.World, settings: Any) -> Program:
    """Makes a signed-in person: `person(Role.TREASURER_RELEASES)` or `person(actor)`."""
    settings.STAFF_SECOND_FACTOR = False

    def make(who: Role | Actor, *, checks_csrf: bool = False) -> Caller:
        actor = who if isinstance(who, Actor) else world.actor(who)
        http = Client(enforce_csrf_checks=checks_csrf)
        http.force_login(User.objects.get(id=actor.person_id))
        return Caller(http, {}, actor)

    return make


@pytest.fixture
def nobody(db: None) -> Caller:
    """One who neither has a token nor is signed in."""
    return Caller(Client())
