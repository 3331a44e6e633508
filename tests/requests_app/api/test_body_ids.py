"""An id in a body that leads to nothing is told at its field, at every address that takes one.

The addresses are read from the description, so a new one stands in here from its first day on.
"""

from typing import Any

import builders
import pytest
from calling import Things, code_of, make_things

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.services import receipts
from requests_app.api.openapi import document

UNKNOWN = "0" * 32


def _schema(node: dict[str, Any]) -> dict[str, Any]:
    name = node.get("$ref", "").rpartition("/")[2]
    return document()["components"]["schemas"][name] if name else node


def _prefix(node: dict[str, Any]) -> str | None:
    pattern = node.get("pattern", "")
    return pattern.removeprefix("^").partition("_")[0] if pattern.endswith("_[0-9a-f]{32}$") else None


def _id_fields() -> list[tuple[str, str, str, bool]]:
    """Every field of a body that is an id: path, name, prefix, whether it is a list of them."""
    found = []
    for path, methods in document()["paths"].items():
        for method, call in methods.items():
            content = call.get("requestBody", {}).get("content", {}).get("application/json")
            for name, node in _schema(content["schema"]).get("properties", {}).items() if content else ():
                one, many = _prefix(node), _prefix(node.get("items", {}))
                if method == "post" and (one or many):
                    found.append((path.removeprefix("/api/v1/"), name, one or many, many is not None))
    return found


FIELDS = _id_fields()


def _body(path: str, things: Things) -> dict[str, Any]:
    """The body of the description, with what the fields need that cannot both be sent left out."""
    content = document()["paths"][f"/api/v1/{path}"]["post"]["requestBody"]["content"]["application/json"]
    (example,) = content["examples"].values()
    known = {name: prefix for where, name, prefix, _many in FIELDS if where == path}
    return {name: value for name, value in example["value"].items() if name not in known}


def _unmatched(world: builders.World) -> str:
    """Money of nobody known yet, that waits for its match."""
    row = receipts.record(
        fund_id=world.fund.id,
        amount_cents=100,
        bank_reference="FED-NOBODY",
        received_on=builders.TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=builders.NOW,
    )
    return ids.public("rct", row.id)


def test_control_there_are_such_fields():
    found = {(path, name) for path, name, _prefix, _many in FIELDS}

    assert {("commitments", "donor_id"), ("receipts", "commitment_id"), ("batches", "award_ids")} <= found


@pytest.mark.parametrize("field", FIELDS, ids=[f"{one[0]} {one[1]}" for one in FIELDS])
def test_an_unknown_id_in_a_body_is_told_at_its_field(person, world, field):
    path, name, prefix, is_many = field
    things = make_things(world)
    elsewhere = make_things(builders.make_world(name="Harbor Relief"))
    stranger = ids.public(prefix, elsewhere.rows[prefix].id)
    # Things of which such a call can be made now.
    ready = {
        "receipt_id": _unmatched(world),
        "commitment_id": ids.public("com", things.rows["prf"].commitment_id),
        "restriction_id": ids.public("rst", things.rows["rls"].restriction_id),
    }
    address = path.format(**{**things.ids, **ready})
    expected = f"#/{name}/0" if is_many else f"#/{name}"

    for sent in (f"{prefix}_{UNKNOWN}", stranger):
        told = []
        for role in Role:
            body = _body(path, things)
            if name == "restriction_id" and path != "bank-fees":
                body["donor_id"] = things.ids["donor_id"]
            answer = person(role).post(address, {**body, name: [sent] if is_many else sent})
            assert answer.status_code in {403, 422}, (role, answer.content)
            if answer.status_code == 422:
                told.append({error["pointer"] for error in answer.json()["errors"]})

        assert told
        assert all(expected in pointers for pointers in told), told


def test_an_unknown_id_in_the_address_stays_not_found(program, world):
    treasury = program(Role.TREASURER_PREPARES)

    answer = treasury.post(f"receipts/rct_{UNKNOWN}/match", {"donor_id": f"don_{UNKNOWN}"})

    assert (answer.status_code, code_of(answer), answer.json()["errors"]) == (404, "not_found", [])


def test_each_id_of_a_list_that_leads_to_nothing_is_named(program, world):
    things = make_things(world)
    sent = [f"awd_{UNKNOWN}", things.ids["award_id"], f"awd_{'1' * 32}"]

    answer = program(Role.TREASURER_PREPARES).post("batches", {"award_ids": sent})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.content
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        ("#/award_ids/0", "unknown_id"),
        ("#/award_ids/2", "unknown_id"),
    ]
