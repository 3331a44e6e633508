"""Decisions over the API: two people, also where programs act for them."""

import casework
import pytest
from calling import code_of, file_request

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role


@pytest.fixture
def path(world):
    """A request that waits for a review."""
    return f"requests/{ids.public('req', file_request(world, 'ana@example.org').id)}"


def test_a_request_becomes_eligible_by_two_people(program, path):
    reviewer, approver = program(Role.REVIEWER), program(Role.APPROVER)

    proposed = reviewer.post(f"{path}/decisions", {"is_eligible": True})
    decision = proposed.json()["id"]
    inbox = approver.get("decisions").json()["data"]
    final = approver.post(f"decisions/{decision}/approval", {"note": "Agreed."}, key="a")
    again = approver.post(f"decisions/{decision}/approval", {"note": "Agreed."}, key="a")

    assert (proposed.status_code, proposed.json()["state"]) == (201, "PROPOSED"), proposed.content
    assert proposed.json()["verified"] == {"amount": "2400.00", "currency": "USD"}
    assert [row["id"] for row in inbox] == [decision]
    assert (final.status_code, final.json()["state"]) == (200, "FINAL")
    assert again["Idempotent-Replayed"] == "true"
    assert approver.get("decisions").json()["data"] == []
    assert reviewer.get(path).json()["state"] == "ELIGIBLE"
    assert [row["state"] for row in reviewer.get(f"{path}/decisions").json()["data"]] == ["FINAL"]


def test_two_programs_of_one_owner_count_as_one_person(program, path):
    reviewer = program(Role.REVIEWER)
    same = program(Role.APPROVER, owner=reviewer.actor)
    decision = reviewer.post(f"{path}/decisions", {"is_eligible": True}).json()["id"]

    answer = same.post(f"decisions/{decision}/approval", {})

    assert (answer.status_code, code_of(answer)) == (403, "self_approval")


def test_a_proposal_is_sent_back(program, path):
    decision = program(Role.REVIEWER).post(f"{path}/decisions", {"is_eligible": True}).json()["id"]

    answer = program(Role.APPROVER).post(f"decisions/{decision}/return", {"note": "Which pay stub?"})

    assert (answer.status_code, answer.json()["state"]) == (200, "SENT_BACK")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/is_eligible"),
        ({"is_eligible": 1}, "#/is_eligible"),
        ({"is_eligible": True, "verified": {"amount": "2400.01", "currency": "USD"}}, "#/verified"),
        ({"is_eligible": True, "verified": {"amount": "1.00", "currency": "EUR"}}, "#/verified/currency"),
        ({"is_eligible": True, "verified": "1.00"}, "#/verified"),
        ({"is_eligible": False, "reasons": []}, "#/reasons"),
        ({"is_eligible": False, "reasons": ["BAD_MOOD"]}, "#/reasons/0"),
        ({"is_eligible": False, "reasons": "LATE"}, "#/reasons"),
        ({"is_eligible": False, "reasons": [["LATE"]]}, "#/reasons/0"),
        ({"is_eligible": False, "reasons": ["LATE"] * 99}, "#/reasons"),
        ({"is_eligible": True, "note": "a\u0000"}, "#/note"),
    ],
)
def test_what_cannot_be_used_is_pointed_at(program, path, body, pointer):
    answer = program(Role.REVIEWER).post(f"{path}/decisions", body)

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_an_approver_does_not_propose_nor_a_reviewer_decide(program, path):
    refused = program(Role.APPROVER).post(f"{path}/decisions", {"is_eligible": True})
    decision = program(Role.REVIEWER).post(f"{path}/decisions", {"is_eligible": True}).json()["id"]
    other = program(Role.REVIEWER).post(f"decisions/{decision}/approval", {})

    assert (refused.status_code, code_of(refused)) == (403, "forbidden")
    assert (other.status_code, code_of(other)) == (403, "forbidden")


def test_who_filed_and_the_worker_read_what_was_decided_and_nothing_before(program, person, world):
    helper = program(Role.INTAKE)
    row = casework.file_request(world, by=helper.actor)
    path = f"requests/{ids.public('req', row.id)}"
    worker = person(casework.worker_of(row))
    said = {"is_eligible": False, "reasons": ["NOT_IN_CLASS"], "note": "Never on a set."}
    decision = program(Role.REVIEWER).post(f"{path}/decisions", said).json()["id"]

    before = [caller.get(f"{path}/decisions").json()["data"] for caller in (helper, worker)]
    program(Role.APPROVER).post(f"decisions/{decision}/approval", {})
    after = [caller.get(f"{path}/decisions").json()["data"] for caller in (helper, worker)]

    assert before == [[], []]
    assert [[(row["state"], row["reasons"]) for row in rows] for rows in after] == [
        [("FINAL", ["NOT_IN_CLASS"])],
        [("FINAL", ["NOT_IN_CLASS"])],
    ]
    assert "Never on a set" not in str(after)


def test_other_workers_and_programs_find_no_decisions(program, person, world, path):
    other = person(casework.worker_of(casework.file_request(world, contact="other@example.org")))

    assert {caller.get(f"{path}/decisions").status_code for caller in (other, program(Role.INTAKE))} == {404}
