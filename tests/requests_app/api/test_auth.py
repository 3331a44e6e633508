"""Who calls: tokens and sessions."""

import pytest
from calling import Caller, code_of
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fundmgr.domain.permissions import Role


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Basic x",
        "bearer \xe9",
        "Token x",
        "Bearer " + "x" * 5000,
        "Bearer a b",
    ],
)
def test_a_header_that_is_no_token_of_ours_opens_nothing(db, header):
    answer = Caller(Client(), {"Authorization": header}).get("funds")

    assert (answer.status_code, code_of(answer)) == (401, "token_invalid")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_the_word_bearer_may_be_written_any_way(program):
    caller = program(Role.AUDITOR)
    caller.headers["Authorization"] = caller.headers["Authorization"].replace("Bearer", "bEARER")

    assert caller.get("funds").status_code == 200


def test_a_token_is_looked_up_in_one_query(program):
    caller = program(Role.AUDITOR)

    with CaptureQueriesContext(connection) as seen:
        caller.get("funds")

    assert sum("oauth2_provider" in query["sql"] for query in seen) == 1
    assert not any("django_session" in query["sql"] for query in seen)


def test_a_person_calls_with_a_session(person):
    answer = person(Role.AUDITOR).get("donors")

    assert answer.status_code == 200


def test_a_session_needs_its_form_token_to_change_something(person):
    treasurer = person(Role.TREASURER_PREPARES, checks_csrf=True)

    without = treasurer.post("donors", {"name": "x"})
    treasurer.http.cookies["csrftoken"] = "a" * 32
    with_it = treasurer.post("donors", {"name": "x"}, X_CSRFToken="a" * 32)

    assert (without.status_code, code_of(without)) == (403, "csrf_failed")
    assert with_it.status_code == 201, with_it.content


def test_a_token_needs_no_form_token(program):
    caller = program(Role.TREASURER_PREPARES)
    caller.http = Client(enforce_csrf_checks=True)

    assert caller.post("donors", {"name": "x"}).status_code == 201


def test_staff_without_a_second_factor_stay_outside(person, settings):
    auditor = person(Role.AUDITOR)
    settings.STAFF_SECOND_FACTOR = True

    answer = auditor.get("donors")

    assert (answer.status_code, code_of(answer)) == (403, "second_factor_required")


def test_a_stale_session_is_nobody(person):
    auditor = person(Role.AUDITOR)
    auditor.http.cookies["sessionid"] = "x" * 32

    assert auditor.get("donors").status_code == 401


def test_a_person_of_several_funds_says_which_one(person, world):
    import builders

    from fundmgr.domain import actors, ids
    from fundmgr.services import funds

    other = builders.make_world(name="Harbor Relief")
    auditor = world.actor(Role.AUDITOR)
    funds.appoint(
        fund_id=other.fund.id,
        user_id=auditor.person_id,
        role=Role.AUDITOR,
        by=actors.SYSTEM,
        now=builders.NOW,
    )
    caller = person(auditor)

    unsaid = caller.get("donors")
    said = caller.get(f"donors?fund={ids.public('fund', other.fund.id)}")

    assert (unsaid.status_code, code_of(unsaid)) == (400, "fund_needed")
    assert said.status_code == 200
    assert len(caller.get("funds").json()["data"]) == 2


def test_a_program_means_its_own_fund(program):
    import builders

    from fundmgr.domain import ids

    other = builders.make_world(name="Harbor Relief")

    answer = program(Role.AUDITOR).get(f"donors?fund={ids.public('fund', other.fund.id)}")

    assert (answer.status_code, code_of(answer)) == (404, "not_found")
