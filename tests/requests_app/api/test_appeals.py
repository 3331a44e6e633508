"""Second looks over the API."""

import builders
import pytest
from calling import code_of, make_appeal

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from requests_app.models import Appeal


@pytest.fixture
def appeal(world) -> Appeal:
    return make_appeal(world)


def path_of(appeal: Appeal) -> str:
    return f"appeals/{ids.public('apl', appeal.id)}"


def another(world, program, role=Role.APPROVER):
    """A program whose owner had no part in the decision."""
    return program(role, owner=builders.add_staff(world.fund, role, name=f"Second {role}"))


def test_it_is_listed_read_taken_and_answered(world, program, appeal):
    reader = another(world, program)
    assert [row["id"] for row in reader.get("appeals").json()["data"]] == [ids.public("apl", appeal.id)]
    assert reader.get("appeals?state=UPHELD").json()["data"] == []

    taken = reader.post(f"{path_of(appeal)}/reading")
    assert (taken.status_code, taken.json()["state"]) == (200, "READING")
    sent = {"outcome": "UPHELD", "answer": "The stub is from another year."}
    done = reader.post(f"{path_of(appeal)}/decision", sent)

    assert (done.status_code, done.json()["state"]) == (200, "UPHELD")
    assert done.json()["answer"] == sent["answer"]
    again = reader.post(f"{path_of(appeal)}/decision", sent)
    assert (again.status_code, code_of(again)) == (409, "already_decided")


def test_one_who_decided_before_is_refused(program, appeal):
    answer = program(Role.APPROVER).post(
        f"{path_of(appeal)}/decision", {"outcome": "UPHELD", "answer": "No."}
    )

    assert (answer.status_code, code_of(answer)) == (403, "self_approval")


def test_the_words_need_their_scope(world, program, appeal):
    reader = program(Role.AUDITOR, scopes="requests:read")

    assert reader.get(path_of(appeal)).json()["text"] is None
    assert program(Role.AUDITOR).get(path_of(appeal)).json()["text"] == "There is a pay stub."


def test_a_second_one_is_refused(program, appeal):
    place = f"requests/{ids.public('req', appeal.request_id)}/appeals"
    answer = program(Role.INTAKE).post(place, {"ground": "OTHER", "text": "Once more."})

    assert answer.status_code in {404, 409}
    assert code_of(answer) in {"not_found", "appeal_exists"}
