"""Bank files over the API."""

import base64

import pytest
from bank_files import MAPPING, bank_file, many
from calling import code_of

from fundmgr.domain.permissions import Role
from fundmgr.models import Receipt

FILE = bank_file("2023-09-18,R1,12.50,J. Doe,x", "2023-09-18,R2,-3.00,Bank,Fee", "2023-09-17,R3,7.00,=A1,x")
CHOSEN = {name: column for name, column in MAPPING.to_json().items() if column}


def sent(content=FILE, **changes):
    return {"file_name": "a.csv", "content": base64.b64encode(content).decode(), **changes}


@pytest.fixture
def treasury(program):
    return program(Role.TREASURER_PREPARES)


def test_a_file_is_looked_at_unless_said_otherwise(treasury):
    answer = treasury.post("bank-imports", sent())

    body = answer.json()
    assert (answer.status_code, body["id"], body["is_dry_run"]) == (200, None, True)
    assert (body["rows_count"], body["new_count"], body["debit_count"], body["error_count"]) == (3, 2, 1, 0)
    assert [(row["row"], row["outcome"]) for row in body["rows"]] == [(2, "NEW"), (3, "DEBIT"), (4, "NEW")]
    assert body["mapping"]["date_format"] == "2026-12-31"
    assert not Receipt.objects.exists()


def test_rows_in_another_currency_are_named_and_nothing_of_the_file_comes_in(treasury):
    columns = "Date,Reference,Amount,Name,Text,Currency"
    content = bank_file("2023-09-18,R1,5.00,,,USD", "2023-09-18,R2,5.00,,,EUR", columns=columns)

    looked = treasury.post("bank-imports", sent(content, mapping=CHOSEN)).json()
    refused = treasury.post("bank-imports", sent(content, mapping=CHOSEN, dry_run=False))

    assert looked["mapping"]["currency"] == "Currency"
    assert {row["row"]: row["problem"] for row in looked["rows"]} == {
        2: "",
        3: "This row is in “EUR”. The fund keeps its books in USD.",
    }
    assert refused.status_code == 422
    assert not Receipt.objects.exists()


def test_a_file_is_imported_once(treasury):
    first = treasury.post("bank-imports", sent(dry_run=False, mapping=CHOSEN))
    again = treasury.post("bank-imports", sent(dry_run=False))
    later = treasury.post("bank-imports", sent())

    assert (first.status_code, first.json()["new_count"], first.json()["is_repeat"]) == (200, 2, False)
    assert (again.status_code, again.json()["id"], again.json()["is_repeat"]) == (
        200,
        first.json()["id"],
        True,
    )
    assert (later.json()["new_count"], later.json()["known_count"]) == (0, 2)
    assert Receipt.objects.count() == 2
    place = f"bank-imports/{first.json()['id']}"
    assert treasury.get(place).json()["waiting_count"] == 2
    assert [row["id"] for row in treasury.get("bank-imports").json()["data"]] == [first.json()["id"]]
    rows = treasury.get(f"receipts?import_id={first.json()['id']}").json()["data"]
    assert {row["bank_reference"] for row in rows} == {"R1", "R3"}


def test_another_confirms_all_of_it(program, treasury):
    place = f"bank-imports/{treasury.post('bank-imports', sent(dry_run=False)).json()['id']}"
    alone = program(Role.TREASURER_RELEASES, owner=treasury.actor)
    releaser = program(Role.TREASURER_RELEASES)

    own = alone.post(f"{place}/reconciliation")
    done = releaser.post(f"{place}/reconciliation")
    late = releaser.post(f"{place}/reconciliation")

    assert (own.status_code, code_of(own)) == (403, "self_approval")
    assert (done.status_code, done.json()["waiting_count"]) == (200, 0)
    assert (late.status_code, code_of(late)) == (409, "wrong_state")


def test_errors_name_their_rows_and_nothing_is_imported(treasury):
    bad = FILE + b"soon,R4,1.00,x,x\r\n2023-09-18,R5,zero,x,x\r\n"

    looked = treasury.post("bank-imports", sent(bad))
    refused = treasury.post("bank-imports", sent(bad, dry_run=False))

    assert (looked.json()["error_count"], looked.json()["rows"][0]["outcome"]) == (2, "ERROR")
    assert (refused.status_code, code_of(refused)) == (422, "validation_failed")
    assert [row["pointer"] for row in refused.json()["errors"]] == ["#/rows/5", "#/rows/6"]
    assert not Receipt.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"content": "no base64!"}, "#/content"),
        ({"content": 5}, "#/content"),
        ({"content": ""}, "#/content"),
        ({"content": base64.b64encode(b"a,b\n1,\x81\n").decode()}, "#/content"),
        ({"content": base64.b64encode(FILE.splitlines()[0]).decode()}, "#/content"),
        ({"mapping": {**CHOSEN, "payer": "Nobody"}}, "#/mapping/payer"),
        ({"mapping": {**CHOSEN, "reference": CHOSEN["date"]}}, "#/mapping/reference"),
        ({"mapping": {**CHOSEN, "more": "x"}}, "#/mapping/more"),
        ({"mapping": {"date": "Date"}}, "#/mapping/reference"),
        ({"mapping": {**CHOSEN, "amount_format": "1234"}}, "#/mapping/amount_format"),
        ({"file_name": ""}, "#/file_name"),
        ({"dry_run": "no"}, "#/dry_run"),
    ],
)
def test_what_cannot_be_used_is_pointed_at(treasury, changes, pointer):
    answer = treasury.post("bank-imports", {**sent(), **changes})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [row["pointer"] for row in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "rows",
    [
        b'2023-09-18,R1,5.00,"abc\n',
        b'2023-09-18,R1,5.00,"ab"c\n2023-09-18,R2,5.00,x,x\n',
        b"2023-09-18,R1,5.00," + b"x" * 200_000 + b",x\n",
    ],
    ids=["an open quote", "letters after a quote", "a huge cell"],
)
@pytest.mark.parametrize("date_format", ["", "YYYY-MM-DD"])
def test_rows_that_no_table_has_are_told_as_such(treasury, rows, date_format):
    head = FILE.splitlines(keepends=True)[0]
    mapping = {**CHOSEN, **({"date_format": date_format} if date_format else {})}

    answer = treasury.post("bank-imports", {**sent(head + rows), "mapping": mapping})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert not Receipt.objects.exists()


def test_a_file_may_be_larger_than_other_bodies(treasury):
    answer = treasury.post("bank-imports", sent(many(20_000)))

    assert (answer.status_code, answer.json()["new_count"]) == (200, 20_000)
    assert len(answer.json()["rows"]) == 200


def test_other_addresses_keep_their_limit(treasury):
    answer = treasury.post("receipts", b"x" * 1_100_000)

    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


def test_the_releasing_treasurer_does_not_import(program):
    answer = program(Role.TREASURER_RELEASES).post("bank-imports", sent())

    assert (answer.status_code, code_of(answer)) == (403, "forbidden")
