"""Rows as JSON are what the model would have written."""

import json
from datetime import date

from builders import NOW

from fundmgr.domain import ids
from fundmgr.models import OutboxMessage, rows
from fundmgr.models.encrypted import unseal
from requests_app.models import Applicant

MESSAGE = {"id": ids.new_id(NOW), "fund_id": ids.new_id(NOW), "created_at": NOW, "kind": "notice"}


def test_a_whole_row_has_every_column_with_the_models_default():
    row = rows.whole(OutboxMessage, MESSAGE)

    assert set(row) == {field.attname for field in OutboxMessage._meta.concrete_fields}
    assert (row["attempts"], row["done_at"], row["last_error"]) == (0, None, "")
    assert row["kind"] == "notice"


def test_a_row_becomes_an_object_that_counts_as_stored():
    made = rows.instance(OutboxMessage, rows.whole(OutboxMessage, MESSAGE))

    assert made.id == MESSAGE["id"]
    assert not made._state.adding


def test_what_is_personal_is_sealed_on_the_wire_and_nothing_else():
    row = rows.whole(Applicant, {"full_name": "Ana", "contact": "ana@example.org", "language": "es"})

    sent = rows.wire(Applicant, row)

    assert sent["preferred_name"] is None
    assert sent["language"] == "es"
    sealed = bytes.fromhex(sent["full_name"].removeprefix("\\x"))
    assert unseal(sealed, place="requests_app_applicant.full_name") == "Ana"
    assert row["full_name"] == "Ana"


def test_ids_days_and_moments_become_text():
    row = {"id": MESSAGE["id"], "day": date(2023, 9, 18), "at": NOW, "text": "é\u2028"}

    assert json.loads(rows.as_json([row])) == [
        {
            "id": str(row["id"]),
            "day": "2023-09-18",
            "at": NOW.isoformat().replace("+00:00", "Z"),
            "text": "é\u2028",
        }
    ]
