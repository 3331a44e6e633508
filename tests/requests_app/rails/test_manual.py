"""The payment list by hand: fixed columns, the same bytes each time, and no cell that runs as a formula."""

import csv
import io
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from requests_app.rails.base import Payment, Rail
from requests_app.rails.manual import COLUMNS, ManualRail, guarded

RAIL: Rail = ManualRail()


def payment(number=1, **terms):
    usual = {
        "payout_id": UUID(int=number),
        "reference": "R-7K3Q9M",
        "method": "BANK",
        "name": "River Stone",
        "routing_number": "021000021",
        "account_number": "0001234567",
        "address": "",
        "amount_cents": 120_050,
        "currency": "USD",
    }
    return Payment(**{**usual, **terms})


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_the_bytes_of_a_list_are_fixed():
    content = RAIL.payment_list([payment(2, method="CHECK", name="Ñ, J"), payment(1, name="Q")])

    assert (
        content
        == (
            "payout,reference,method,name,routing_number,account_number,address,amount,currency\r\n"
            "pay_00000000000000000000000000000001,R-7K3Q9M,BANK,Q,021000021,0001234567,,1200.50,USD\r\n"
            'pay_00000000000000000000000000000002,R-7K3Q9M,CHECK,"Ñ, J",021000021,0001234567,,1200.50,USD\r\n'
        ).encode()
    )


def test_the_order_of_the_payments_does_not_matter():
    payments = [payment(number) for number in range(20)]
    shuffled = payments[1::2] + payments[::2]

    assert RAIL.payment_list(shuffled) == RAIL.payment_list(payments)


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|'/c calc'!A0", "|x", "%x"]
)
def test_a_name_that_a_spreadsheet_would_run_is_written_as_text(name):
    (_, row) = rows_of(RAIL.payment_list([payment(name=name)]))

    assert row[COLUMNS.index("name")].startswith("'")


def test_an_address_of_several_lines_stays_one_line():
    (_, row) = rows_of(RAIL.payment_list([payment(address="1 Main St\n\n Apt 2 \nLos Angeles, CA")]))

    assert row[COLUMNS.index("address")] == "1 Main St, Apt 2, Los Angeles, CA"


@given(
    st.lists(
        st.tuples(st.text(max_size=12), st.text(max_size=12), st.integers(1, 10**11)), min_size=1, max_size=8
    )
)
def test_every_payment_is_one_row_that_reads_back(texts):
    payments = [
        payment(
            number, name=name.replace("\x00", ""), address=address.replace("\x00", ""), amount_cents=cents
        )
        for number, (name, address, cents) in enumerate(texts)
        if "\ud800" not in name
    ]

    rows = rows_of(RAIL.payment_list(payments))

    assert len(rows) == len(payments) + 1
    assert [round(float(row[7]) * 100) for row in rows[1:]] == [one.amount_cents for one in payments]
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)


def test_plain_words_are_left_alone():
    assert guarded("O'Hara") == "O'Hara"
    assert guarded("") == ""
