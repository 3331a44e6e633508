"""The ledger over the API."""

import csv
import io

import builders
import pytest
from calling import code_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models.ledger import Account, Transfer

SEPTEMBER = "from=2023-09-01&to=2023-09-30"


def cash() -> str:
    """The address of the cash account's statement."""
    return f"accounts/{ids.public('acc', Account.objects.get(code='1000').id)}/statement"


def test_every_account_shows_its_balance(program, world):
    builders.put_money_in(world, 100_000)

    rows = program(Role.AUDITOR).get("accounts").json()["data"]

    shown = {row["code"]: row["balance"]["amount"] for row in rows}
    assert shown["1000"] == "1000.00"
    assert shown["9110"] == "20.00"
    assert shown["9100"] == "980.00"
    assert {row["restriction"]["name"] for row in rows} == {"General"}


def test_a_statement_turns_by_cursor_and_each_line_goes_on_from_the_one_before(program, world):
    for number in range(5):
        builders.put_money_in(world, 1_000 + number, bank_reference=f"W-{number}")
    auditor = program(Role.AUDITOR)
    lines, cursor = [], ""
    while cursor is not None:
        body = auditor.get(f"{cash()}?{SEPTEMBER}&limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        lines += body["data"]
        cursor = body["next_cursor"]

    balances = [round(float(line["balance"]["amount"]) * 100) for line in lines]
    changes = [round(float(line["change"]["amount"]) * 100) for line in lines]
    assert sorted(changes) == [1_000, 1_001, 1_002, 1_003, 1_004]
    assert balances == [sum(changes[: count + 1]) for count in range(5)]
    assert (body["opening"]["amount"], body["closing"]["amount"]) == ("0.00", "50.10")
    assert (body["code"], body["name"], body["first_day"]) == ("1000", "Cash", "2023-09-01")


def test_a_whole_statement_comes_as_a_file_too(program, world):
    for number in range(3):
        builders.put_money_in(world, 1_000 + number, bank_reference=f"W-{number}")
    auditor = program(Role.AUDITOR)

    table = auditor.get(f"{cash()}?{SEPTEMBER}&limit=1", Accept="text/csv")
    paper = auditor.get(f"{cash()}?{SEPTEMBER}", Accept="application/pdf")
    refused = auditor.get(f"{cash()}?from=2023-09-30&to=2023-09-01", Accept="text/csv")

    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert (table.status_code, table.headers["Content-Type"]) == (200, "text/csv")
    assert "30.03" in rows[-1]
    assert table.headers["Content-Disposition"].endswith('account-1000-2023-09-01-2023-09-30.csv"')
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    assert (refused.status_code, code_of(refused)) == (400, "invalid_parameter")


def test_a_transfer_shows_entries_that_sum_to_zero(program, world):
    receipt = builders.put_money_in(world, 100_000)
    auditor = program(Role.AUDITOR)
    listed = auditor.get("transfers").json()["data"]
    found = auditor.get(f"transfers/{listed[0]['id']}").json()

    assert [row["sequence"] for row in listed] == [2, 1]
    assert found["move"] == "RECEIPT"
    assert found["cause_id"] == ids.public("rct", receipt.id)
    debits, credits = (
        sum(float(row[side]["amount"]) for row in found["entries"]) for side in ("debit", "credit")
    )
    assert debits == credits == 2000.0


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("from=2023-09-30&to=2023-09-01", "invalid_parameter", "to"),
        ("to=9999-12-31", "invalid_parameter", "to"),
        ("from=soon", "invalid_parameter", "from"),
        ("cursor=made-up", "invalid_cursor", ""),
        ("form=2023-09-01", "unknown_parameter", "form"),
    ],
)
def test_an_address_that_cannot_be_read_is_told(program, world, query: str, code: str, parameter: str):
    answer = program(Role.AUDITOR).get(f"{cash()}?{query}")

    assert (answer.status_code, code_of(answer)) == (400, code)
    assert not parameter or answer.json()["errors"][0]["parameter"] == parameter


def test_a_role_without_money_is_refused_and_another_fund_s_ledger_is_not_there(program, world):
    builders.put_money_in(world, 100_000)
    transfer = f"transfers/{ids.public('trf', Transfer.objects.first().id)}"
    address = cash()
    other = builders.make_world(name="Another fund")

    for path in ("accounts", "transfers", transfer, address):
        assert code_of(program(Role.REVIEWER).get(path)) == "forbidden", path
    for path in (transfer, address):
        assert code_of(program(Role.AUDITOR, of=other).get(path)) == "not_found", path
