"""Promises from the public page over the API."""

from datetime import timedelta

import builders
import pytest
from calling import code_of
from django.utils import timezone
from offering import make_offer, prove_offer

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Donor


@pytest.fixture
def offer(world):
    return prove_offer(world, now=timezone.now())


def path_of(offer, rest=""):
    return f"pledge-offers/{ids.public('ofr', offer.id)}{rest}"


def test_an_offer_is_listed_without_its_address(program, world, offer):
    make_offer(world, now=timezone.now(), contact="other@example.org")
    auditor = program(Role.AUDITOR)

    listed = auditor.get("pledge-offers")

    assert listed.json()["data"] == [auditor.get(path_of(offer)).json()]
    assert (listed.json()["data"][0]["state"], listed.json()["data"][0]["name"]) == ("PROVED", "Ana Rivera")
    assert "example.org" not in listed.content.decode()


def test_taken_once_it_is_one_commitment_of_a_new_donor(program, offer):
    treasury = program(Role.TREASURER_PREPARES)
    due_on = (timezone.now() + timedelta(days=9)).date().isoformat()

    first, again = (treasury.post(path_of(offer, "/taking"), {"due_on": due_on}, key="one") for _ in range(2))
    late = treasury.post(path_of(offer, "/taking"), {})

    assert (first.status_code, again.status_code) == (200, 200), first.content
    assert (again.json(), again["Idempotent-Replayed"]) == (first.json(), "true")
    assert (late.status_code, code_of(late)) == (409, "already_decided")
    row = Commitment.objects.get()
    assert (first.json()["state"], first.json()["commitment_id"]) == ("TAKEN", ids.public("com", row.id))
    assert (row.donor_id, row.due_on.isoformat()) == (Donor.objects.get().id, due_on)


def test_it_is_taken_for_a_known_donor_of_the_same_fund_alone(program, world, offer):
    own = builders.make_donor(world)
    other = builders.make_donor(builders.make_world(name="Other fund"))
    treasury = program(Role.TREASURER_PREPARES)

    refused = treasury.post(path_of(offer, "/taking"), {"donor_id": ids.public("don", other.id)})
    taken = treasury.post(path_of(offer, "/taking"), {"donor_id": ids.public("don", own.id)})

    assert (refused.status_code, taken.status_code) == (422, 200), refused.content
    assert Commitment.objects.get().donor_id == own.id


def test_it_is_turned_down_with_a_reason(program, offer):
    director = program(Role.DIRECTOR)

    unsaid = director.post(path_of(offer, "/refusal"), {})
    long = director.post(path_of(offer, "/refusal"), {"reason": "A test.", "reply": "x" * 301})
    done = director.post(path_of(offer, "/refusal"), {"reason": "A test.", "reply": "Fue una prueba."})
    again = director.post(path_of(offer, "/refusal"), {"reason": "A test."})

    assert (unsaid.status_code, long.status_code, done.status_code) == (422, 422, 200)
    assert (done.json()["state"], done.json()["reason"]) == ("TURNED_DOWN", "A test.")
    assert done.json()["reply"] == "Fue una prueba."
    assert code_of(again) == "already_decided"
    assert not Commitment.objects.exists()


def test_only_who_records_commitments_decides(program, offer):
    auditor = program(Role.AUDITOR)

    assert code_of(auditor.post(path_of(offer, "/taking"), {})) == "forbidden"
    assert code_of(auditor.post(path_of(offer, "/refusal"), {"reason": "No."})) == "forbidden"
    assert code_of(program(Role.REVIEWER).get("pledge-offers")) == "forbidden"
    reader = program(Role.DIRECTOR, scopes="commitments:read")
    assert reader.post(path_of(offer, "/taking"), {}).status_code == 403


def test_an_offer_of_another_fund_or_without_its_proof_is_not_there(program, world):
    there = prove_offer(builders.make_world(name="Other fund"), now=timezone.now())
    unproved = make_offer(world, now=timezone.now())
    director = program(Role.DIRECTOR)

    for row in (there, unproved):
        assert code_of(director.get(path_of(row))) == "not_found"
        assert code_of(director.post(path_of(row, "/taking"), {})) == "not_found"
        assert code_of(director.post(path_of(row, "/refusal"), {"reason": "No."})) == "not_found"
