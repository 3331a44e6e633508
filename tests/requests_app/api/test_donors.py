"""Donors over the API."""

import builders
import pytest
from calling import code_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Donor, Event


@pytest.fixture
def donor(world):
    return builders.make_donor(world)


def path_of(donor: Donor) -> str:
    return f"donors/{ids.public('don', donor.id)}"


def test_a_donor_is_recorded_and_read_back(program):
    treasury = program(Role.TREASURER_PREPARES)

    made = treasury.post("donors", {"name": "Ardsley Foundation", "contact": "gifts@example.org"})

    assert made.status_code == 201, made.content
    assert treasury.get(made["Location"].removeprefix("/api/v1/")).json() == made.json()
    assert made.json()["name"] == "Ardsley Foundation"
    assert made.json()["has_contact"]
    assert "gifts@example.org" not in made.content.decode()


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "#/name", "required"),
        ({"name": None}, "#/name", "null"),
        ({"name": " "}, "#/name", "blank"),
        ({"name": "x" * 161}, "#/name", "unusable_text"),
        ({"name": "a\u0000"}, "#/name", "unusable_text"),
        ({"name": True}, "#/name", "wrong_type"),
        ({"name": "x", "is_anonymous": "yes"}, "#/is_anonymous", "wrong_type"),
        ({"name": "x", "is_organisation": 1}, "#/is_organisation", "wrong_type"),
        ({"name": "x", "contact": 5}, "#/contact", "wrong_type"),
        ({"name": "x", "nickname": "y"}, "#/nickname", "unknown_field"),
    ],
)
def test_what_cannot_be_used_is_pointed_at(program, body, pointer, code):
    answer = program(Role.TREASURER_PREPARES).post("donors", body)

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_a_donor_is_changed_by_who_read_it_last(program, donor):
    treasury = program(Role.TREASURER_PREPARES)
    tag = treasury.get(path_of(donor))["ETag"]

    changed = treasury.call("PATCH", path_of(donor), {"is_anonymous": True}, If_Match=tag)
    late = treasury.call("PATCH", path_of(donor), {"name": "Else"}, If_Match=tag)

    assert (changed.status_code, changed["ETag"], changed.json()["version"]) == (200, '"2"', 2)
    assert changed.json()["is_anonymous"]
    assert changed.json()["name"] == donor.name
    assert (late.status_code, code_of(late)) == (412, "precondition_failed")
    assert Event.objects.filter(verb="donor.changed").count() == 1


def test_a_donor_is_written_to_in_the_language_that_was_set(program, donor):
    treasury = program(Role.TREASURER_PREPARES)
    tag = treasury.get(path_of(donor))["ETag"]

    changed = treasury.call("PATCH", path_of(donor), {"language": "es"}, If_Match=tag)
    refused = treasury.post("donors", {"name": "x", "language": "fr"})

    assert changed.json()["language"] == "es"
    assert (refused.status_code, code_of(refused)) == (422, "validation_failed")


def test_a_donors_kind_changes_and_a_contact_is_forgotten(program, donor):
    treasury = program(Role.TREASURER_PREPARES)
    said = {"is_organisation": True, "contact": "gifts@example.org"}

    known = treasury.call("PATCH", path_of(donor), said, If_Match='"1"')
    unknown = treasury.call("PATCH", path_of(donor), {"contact": None}, If_Match='"2"')
    refused = treasury.call("PATCH", path_of(donor), {"contact": "gifts@example"}, If_Match='"3"')

    assert (known.json()["is_organisation"], known.json()["has_contact"]) == (True, True)
    assert not unknown.json()["has_contact"]
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/contact")


def test_a_change_must_say_which_version_it_means(program, donor):
    answer = program(Role.TREASURER_PREPARES).call("PATCH", path_of(donor), {"name": "Else"})

    assert (answer.status_code, code_of(answer)) == (428, "if_match_missing")


@pytest.mark.parametrize("tag", ["1", '"01"', 'W/"1"', "*", '"', "", '"١"', '"' + "9" * 5000 + '"'])
def test_a_tag_that_is_not_ours_matches_nothing(program, donor, tag):
    answer = program(Role.TREASURER_PREPARES).call("PATCH", path_of(donor), {"name": "Else"}, If_Match=tag)

    assert (answer.status_code, code_of(answer)) == (412, "precondition_failed")


def test_an_empty_change_is_refused(program, donor):
    answer = program(Role.TREASURER_PREPARES).call("PATCH", path_of(donor), {}, If_Match='"1"')

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")


def test_only_who_records_commitments_changes_donors(program, donor):
    for role in (Role.AUDITOR, Role.APPROVER):
        answer = program(role).call("PATCH", path_of(donor), {"name": "Else"}, If_Match='"1"')

        assert (answer.status_code, code_of(answer)) == (403, "forbidden")


def test_a_donors_ties_are_recorded_and_its_address_is_not_shown(program):
    treasury = program(Role.TREASURER_PREPARES)
    said = {"name": "Rigging Co", "relation": "SUPPLIER", "relation_note": "rents us lights"}

    made = treasury.post("donors", {**said, "is_substantial_contributor": True, "address": "1 Main St"})

    assert made.status_code == 201, made.content
    shown = made.json()
    assert {key: shown[key] for key in said} == said
    assert (shown["is_substantial_contributor"], shown["has_address"]) == (True, True)
    assert "Main St" not in made.content.decode()


def test_another_relation_needs_a_note(program):
    answer = program(Role.TREASURER_PREPARES).post("donors", {"name": "x", "relation": "OTHER"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/relation_note")
    assert not Donor.objects.filter(name="x").exists()
