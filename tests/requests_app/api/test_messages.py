"""Messages over the API: a program stands on the side of its role, and words need their scope."""

import pytest
from calling import code_of, file_request

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from requests_app.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(world) -> str:
    row = file_request(world, "ana@example.org", by=None)
    return f"requests/{ids.public('req', row.id)}/messages"


def test_the_fund_writes_and_the_thread_is_listed(program, place):
    desk = program(Role.REVIEWER)

    made = desk.post(place, {"text": "We have your pay stub."})

    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["side"], body["came_by"], body["needs_answer"]) == ("FUND", "API", False)
    assert made["Location"] == f"/api/v1/{place}"
    assert desk.get(place).json()["data"] == [body]


def test_a_long_thread_turns_by_cursor(program, place):
    desk = program(Role.REVIEWER)
    for number in range(3):
        desk.post(place, {"text": f"Line {number}"})

    first = desk.get(f"{place}?limit=2").json()
    second = desk.get(f"{place}?limit=2&cursor={first['next_cursor']}").json()

    assert [row["text"] for row in first["data"] + second["data"]] == ["Line 0", "Line 1", "Line 2"]
    assert not second["has_more"]


def test_one_key_is_one_message(program, place):
    desk = program(Role.REVIEWER)

    first, again = (desk.post(place, {"text": "Hello"}, key="once-and-once") for _ in range(2))

    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Message.objects.count() == 1


def test_the_words_need_their_scope_and_a_role_that_sees_names(program, place):
    program(Role.REVIEWER).post(place, {"text": "Hello"})

    assert program(Role.REVIEWER, scopes="requests:read").get(place).json()["data"][0]["text"] is None
    assert program(Role.APPROVER).get(place).json()["data"][0]["text"] is None
    assert program(Role.AUDITOR).get(place).json()["data"][0]["text"] == "Hello"


@pytest.mark.parametrize("role", [Role.APPROVER, Role.DIRECTOR, Role.AUDITOR, Role.TREASURER_PREPARES])
def test_other_roles_write_nothing(program, place, role):
    assert program(role).post(place, {"text": "Hello"}).status_code in {403, 404}
    assert not Message.objects.exists()


def test_the_scope_is_asked_for(program, place):
    refused = program(Role.REVIEWER, scopes="requests:read requests:write").post(place, {"text": "Hello"})

    assert refused.status_code == 403
    assert code_of(refused) == "scope_missing"


@pytest.mark.parametrize("text", ["", " ", "a" * 1001, "a\0", None, 1])
def test_what_cannot_be_sent_is_named(program, place, text):
    refused = program(Role.REVIEWER).post(place, {"text": text})

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/text"
