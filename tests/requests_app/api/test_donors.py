"""Donors over the API."""

from fundmgr.domain.permissions import Role


def test_a_donor_is_recorded_and_read_back(program):
    treasury = program(Role.TREASURER_PREPARES)

    made = treasury.post("donors", {"name": "Ardsley Foundation", "is_organisation": True})

    assert made.status_code == 201, made.content
    assert treasury.get(made["Location"].removeprefix("/api/v1/")).json() == made.json()
    assert made.json()["name"] == "Ardsley Foundation"
