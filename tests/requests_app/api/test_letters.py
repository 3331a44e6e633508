"""Letters over the API."""

import builders
import pytest
from calling import code_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role


@pytest.fixture
def letters_of(world):
    return f"receipts/{ids.public('rct', builders.put_money_in(world, 25_000).id)}/letters"


def test_a_letter_is_written_read_and_printed(program, letters_of):
    treasury = program(Role.TREASURER_PREPARES)

    made = treasury.post(letters_of)

    assert made.status_code == 201, made.content
    path = made["Location"].removeprefix("/api/v1/")
    assert treasury.get(path).json() == made.json()
    assert made.json()["total"] == {"amount": "250.00", "currency": "USD"}
    printed = treasury.get(path, Accept="application/pdf")
    assert printed["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")


def test_a_letter_is_replaced_and_made_void(program, letters_of):
    treasury = program(Role.TREASURER_PREPARES)
    first = treasury.post(letters_of).json()

    second = treasury.post(f"letters/{first['id']}/reissue", {"reason": "The name."})
    gone = treasury.post(f"letters/{second.json()['id']}/void", {"reason": "A mistake."})
    late = treasury.post(f"letters/{first['id']}/void", {"reason": "Again."})

    assert (second.status_code, second.json()["replaces_id"]) == (201, first["id"])
    assert (gone.status_code, gone.json()["state"]) == (200, "VOID")
    assert (late.status_code, code_of(late)) == (409, "wrong_state")
    assert [row["number"] for row in treasury.get("letters").json()["data"]] == [2, 1]


def test_a_year_that_has_not_ended_is_refused(program, world):
    donor = builders.make_donor(world)
    treasury = program(Role.TREASURER_PREPARES)

    answer = treasury.post(f"donors/{ids.public('don', donor.id)}/annual-letters", {"year": 2199})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")


def test_who_records_no_money_writes_no_letter(program, letters_of):
    assert program(Role.AUDITOR).post(letters_of).status_code == 403
