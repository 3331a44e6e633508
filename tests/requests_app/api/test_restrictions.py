"""Restrictions and the means of a fund over the API."""

import builders
import pytest
from calling import code_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.queries import funds

HEALTH = {"name": "Health", "wording": "For health premiums.", "rule": {"categories": ["HEALTH"]}}


def test_a_restriction_is_opened_and_read_back(program):
    treasury = program(Role.TREASURER_PREPARES)

    made = treasury.post("restrictions", HEALTH)

    assert made.status_code == 201, made.content
    assert made.json()["rule"]["categories"] == ["HEALTH"]
    assert made.json()["rule"]["crafts"] == []
    assert treasury.get(made["Location"].removeprefix("/api/v1/")).json() == made.json()
    listed = treasury.get("restrictions").json()["data"]
    assert [row["name"] for row in listed] == ["Health", "General"]


def test_a_name_in_use_is_refused(program):
    treasury = program(Role.TREASURER_PREPARES)
    treasury.post("restrictions", HEALTH)

    again = treasury.post("restrictions", HEALTH)

    assert (again.status_code, code_of(again)) == (409, "duplicate")


@pytest.mark.parametrize(
    ("rule", "pointer"),
    [
        ({"categories": ["YACHT"]}, "#/rule/categories/0"),
        ({"crafts": "Camera"}, "#/rule/crafts"),
        ({"crafts": [""]}, "#/rule/crafts/0"),
        ({"worked_from": "2023-02-30"}, "#/rule/worked_from"),
        ({"worked_from": "2023-08-01", "worked_to": "2023-07-01"}, "#/rule/worked_to"),
        ({"colour": "red"}, "#/rule/colour"),
        ("HEALTH", "#/rule"),
    ],
)
def test_a_rule_that_cannot_be_used_is_pointed_at(program, rule, pointer):
    answer = program(Role.TREASURER_PREPARES).post("restrictions", {**HEALTH, "rule": rule})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_the_means_are_told_with_each_pot(program, world):
    builders.put_money_in(world, 100_000)
    answer = program(Role.TREASURER_PREPARES).get(f"funds/{ids.public('fund', world.fund.id)}/means")

    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert body["raised"] == body["cash"] == {"amount": "1000.00", "currency": "USD"}
    assert body["usable"] == body["unrestricted_available"] == {"amount": "980.00", "currency": "USD"}
    assert body["usable_share"] is None
    (general,) = body["pots"]
    assert general["restriction_id"] == ids.public("rst", funds.general_restriction(world.fund.id).id)
    assert general["matching_need"] is None


def test_who_reads_no_money_sees_no_means(program, world):
    answer = program(Role.REVIEWER).get(f"funds/{ids.public('fund', world.fund.id)}/means")

    assert answer.status_code == 403
