"""Who gets at what: other funds' things are not there, missing scopes and roles are named."""

import re

import builders
import pytest
from calling import EVERY_SCOPE, code_of, make_things
from casework import file_request, worker_of
from django.forms.models import model_to_dict

from fundmgr.domain.permissions import Role
from requests_app.api.openapi import document
from requests_app.api.schema import RULES
from requests_app.api.urls import DOORS

PLACES = [
    (path.removeprefix("/api/v1/"), method.upper())
    for path, methods in document()["paths"].items()
    for method in methods
]
ON_THINGS = [(path, method) for path, method in PLACES if "_id}" in path]
OF_WORKERS = ("requests/", "documents/", "appeals/", "decisions/", "awards/", "payouts/")
GUARDED = [(path, method) for path, method in PLACES if not path.startswith(("oauth", "problems"))]


def scope_of(path: str, method: str) -> str:
    """The scope that the description asks for."""
    security = document()["paths"][f"/api/v1/{path}"][method.lower()]["security"]
    return str(security[0]["oauth2"][0])


@pytest.fixture
def elsewhere(db):
    """Another fund with one of each thing."""
    return make_things(builders.make_world(name="Harbor Relief"))


@pytest.fixture
def things(world):
    """One of each thing of the own fund."""
    return make_things(world)


def test_every_door_declares_its_rules():
    without = [
        f"{route} {name}"
        for route, door in DOORS.items()
        for name in ("get", "post", "patch", "put", "delete")
        if hasattr(door, name) and not hasattr(getattr(door, name), RULES)
    ]

    assert without == []


def test_things_of_another_fund_are_not_there(program, elsewhere):
    callers = {role: program(role) for role in Role}

    found = []
    for path, method in ON_THINGS:
        for role, caller in callers.items():
            answer = caller.call(method, elsewhere.path(path), {}, key=f"{role}", If_Match='"1"')
            if answer.status_code not in (404, 422) or (answer.status_code == 422 and method == "GET"):
                found.append((role, method, path, answer.status_code))

    assert found == []


@pytest.mark.parametrize("verb", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_what_is_a_workers_is_not_there_for_another_worker_by_any_verb(person, world, things, verb):
    """Whoever asks for a thing of somebody else learns as little as whoever asks for one that never was."""
    other = person(worker_of(file_request(world, contact="other@example.org", full_name="Some One")))
    kept = {name: str(model_to_dict(type(row).objects.get(id=row.id))) for name, row in things.rows.items()}
    found = []
    for path in sorted({path for path, _method in ON_THINGS if path.startswith(OF_WORKERS)}):
        address = things.path(path)
        theirs, never = (
            other.call(verb, each, {}, key="one", If_Match='"1"').status_code
            for each in (address, re.sub(r"_[0-9a-f]{32}", f"_{'0' * 32}", address))
        )
        if theirs not in {404, 405, 422} or theirs != never:
            found.append((path, theirs, never))

    assert found == []
    after = {name: str(model_to_dict(type(row).objects.get(id=row.id))) for name, row in things.rows.items()}
    assert after == kept


def test_a_call_without_its_scope_says_which_one_is_missing(program, things):
    for path, method in GUARDED:
        scope = scope_of(path, method)
        others = " ".join(word for word in EVERY_SCOPE.split() if word != scope)
        caller = program(Role.DIRECTOR, scopes=others)

        answer = caller.call(method, things.path(path), {}, key="one", If_Match='"1"')

        assert answer.status_code == 403, (method, path, answer.content)
        assert code_of(answer) == "scope_missing"
        assert f'scope="{scope}"' in answer["WWW-Authenticate"]
        assert scope in answer.json()["detail"]


def test_nobody_gets_in_without_a_token(nobody, things):
    for path, method in GUARDED:
        answer = nobody.call(method, things.path(path), {}, key="one")

        assert answer.status_code == 401, (method, path)
        assert code_of(answer) == "token_missing"
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_every_role_reads_without_a_fault(program, things):
    """Each reading answers with rows, or says that the role or the thing is not for this caller."""
    seen = set()
    for role in Role:
        caller = program(role)
        for path, method in GUARDED:
            if method != "GET":
                continue
            answer = caller.get(things.path(path))
            assert answer.status_code in (200, 403, 404), (role, path, answer.content)
            seen.add((path, answer.status_code))

    assert {path for path, method in GUARDED if method == "GET"} == {
        path for path, code in seen if code == 200
    }


def test_other_methods_are_named_with_those_that_are_taken(program, things):
    caller = program(Role.DIRECTOR)
    taken: dict[str, set[str]] = {}
    for path, method in PLACES:
        taken.setdefault(path, set()).add(method)

    for path, methods in taken.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"} - methods:
            answer = caller.call(method, things.path(path))

            assert answer.status_code == 405, (method, path, answer.content)
            assert code_of(answer) == "method_not_allowed"
            assert set(answer["Allow"].replace(" ", "").split(",")) - {"HEAD"} == methods
