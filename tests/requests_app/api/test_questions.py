"""Questions to a worker over the API: asked by who reads, seen and answered by the worker and who filed."""

import pytest
from calling import code_of
from casework import file_request, worker_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from requests_app.models import InfoRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(world, program):
    """An intake program, and the address of a request that it filed."""
    caller = program(Role.INTAKE)
    return caller, f"requests/{ids.public('req', file_request(world, by=caller.actor).id)}"


def test_who_filed_sees_what_is_asked_and_answers_it(program, filed):
    helper, path = filed
    desk = program(Role.REVIEWER)
    desk.post(f"{path}/info-requests", {"text": "Which week was it?"})

    asked = helper.get(f"{path}/info-requests").json()["data"]
    answer = helper.post(f"{path}/info-answer", {"text": "The week of May 8."}, key="one")
    again = helper.post(f"{path}/info-answer", {"text": "The week of May 8."}, key="one")

    assert [(row["document"], row["text"], row["answered_at"]) for row in asked] == [(None, None, None)]
    assert (answer.status_code, answer.json()["state"]) == (200, "IN_REVIEW"), answer.content
    assert again["Idempotent-Replayed"] == "true"
    (read,) = desk.get(f"{path}/info-requests").json()["data"]
    assert (read["text"], read["answer"]) == ("Which week was it?", "The week of May 8.")
    assert read["answered_at"]


def test_the_worker_reads_the_words_and_the_paper_that_is_asked_for(program, person, world):
    row = file_request(world)
    path = f"requests/{ids.public('req', row.id)}"
    program(Role.REVIEWER).post(
        f"{path}/document-requests", {"document": "PAY_STUB", "text": "One from May is enough."}
    )

    (asked,) = person(worker_of(row)).get(f"{path}/info-requests").json()["data"]

    assert (asked["document"], asked["text"]) == ("PAY_STUB", "One from May is enough.")


def test_nothing_is_answered_that_was_not_asked(filed):
    helper, path = filed

    refused = helper.post(f"{path}/info-answer", {"text": "Hello"})

    assert (refused.status_code, code_of(refused)) == (409, "wrong_state")


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.DIRECTOR])
def test_only_the_worker_and_who_filed_answer(program, filed, role):
    _helper, path = filed
    program(Role.REVIEWER).post(f"{path}/info-requests", {"text": "Which week was it?"})

    assert program(role).post(f"{path}/info-answer", {"text": "I say so."}).status_code in {403, 404}
    assert InfoRequest.objects.get().answered_at is None


def test_another_worker_and_another_program_find_nothing(program, person, world, filed):
    _helper, path = filed
    stranger = person(worker_of(file_request(world, contact="other@example.org", full_name="Some One")))

    for caller in (stranger, program(Role.INTAKE)):
        assert caller.get(f"{path}/info-requests").status_code == 404
        assert caller.post(f"{path}/info-answer", {"text": "Mine"}).status_code == 404
