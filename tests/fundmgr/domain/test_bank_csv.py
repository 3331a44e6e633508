"""What the rows of a bank's file come to."""

import contextlib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import bank_csv, bank_text
from fundmgr.domain.bank_csv import ColumnMapping, Outcome, Style
from fundmgr.domain.bank_dates import DateFormat
from fundmgr.domain.bank_text import NotReadable
from fundmgr.domain.days import Window

TODAY = date(2023, 9, 20)
PLAIN = ColumnMapping(date="Date", reference="Reference", amount="Amount", payer="Name", text="Text")
COLUMNS = "Date,Reference,Amount,Name,Text"


def rows_of(*lines, mapping=PLAIN, columns=COLUMNS, date_format=DateFormat.YEAR_DASH, currency="USD"):
    file = bank_text.read("\n".join([columns, *lines]).encode())
    assert bank_csv.problems_of(mapping, file) == []
    return list(bank_csv.parse(file, mapping, date_format, days=Window(TODAY, TODAY), currency=currency))


def one(*lines, **options):
    return rows_of(*lines, **options)[0]


def test_a_row_becomes_a_receipt_to_be():
    row = one('2023-09-18,FED-1,"1,234.50",  Kenji   Ōta ,Strike fund')

    assert (row.number, row.outcome, row.received_on) == (2, Outcome.NEW, date(2023, 9, 18))
    assert (row.amount_cents, row.reference, row.payer, row.text) == (
        123_450,
        "FED-1",
        "Kenji Ōta",
        "Strike fund",
    )


@pytest.mark.parametrize(
    ("text", "style", "cents"),
    [
        ("1234.5", Style.POINT, 123_450),
        ('"1,234.56"', Style.POINT, 123_456),
        ("$12", Style.POINT, 1_200),
        ("+0.01", Style.POINT, 1),
        ('"1.234,56"', Style.COMMA, 123_456),
        ("USD 12.00", Style.POINT, 1_200),
        ('"1\xa0234,56"', Style.COMMA, 123_456),
        ('"0,5"', Style.COMMA, 50),
    ],
)
def test_amounts_are_read_in_the_style_that_was_chosen(text, style, cents):
    row = one(f"2023-09-18,R,{text},,", mapping=replace(PLAIN, amount_format=style.value))

    assert (row.outcome, row.amount_cents) == (Outcome.NEW, cents)


def test_the_sign_of_the_funds_own_currency_is_left_out_and_no_other():
    row = '2023-09-18,R,"1 234,56 €",,'
    mapping = replace(PLAIN, amount_format=Style.COMMA.value)

    assert one(row, mapping=mapping, currency="EUR").amount_cents == 123_456
    assert one(row, mapping=mapping).outcome is Outcome.ERROR


@pytest.mark.parametrize("text", ["-5.00", "(5.00)", "5.00-", "\N{MINUS SIGN}5.00", "-$5.00"])
def test_money_that_left_is_not_a_receipt(text):
    assert one(f"2023-09-18,R,{text},,").outcome is Outcome.DEBIT


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('2023-09-18,R,"1.234,56",,', "not an amount written like 1,234.56"),
        ("2023-09-18,R,1.234,,", "not an amount written like 1,234.56"),
        ('2023-09-18,R,"12,34",,', "not an amount written like"),
        ("2023-09-18,R,0.00,,", "The amount is zero"),
        ("2023-09-18,R,,,", "The amount is missing"),
        ("2023-09-18,R,abc,,", "is not an amount"),
        ("2023-09-18,R,1e9,,", "is not an amount"),
        ("2023-09-18,R,999999999999,,", "too large"),
        ("2023-09-18,R,١٢,,", "is not an amount"),
        ("2023-09-18,R,=SUM(A1),,", "is not an amount"),
        ("18.09.2023,R,1,,", "is not a day written like 2026-12-31"),
        ("0001-01-01,R,1,,", "Check the year"),
        ("2023-09-21,R,1,,", "has not come yet"),
        (",R,1,,", "is not a day"),
        ("2023-09-18,,1,,", "reference is missing"),
        (f"2023-09-18,{'x' * 81},1,,", "80 letters or less"),
        ("2023-09-18,R\x00,1,,", "characters that cannot be stored"),
        ("2023-09-18,R\u202e,1,,", "characters that cannot be stored"),
        ("2023-09-18,R,1", "has 3 columns where 5 are needed"),
        ("2023-09-18,R,1,234.56,Ana,Rent", "has 6 columns where 5 have a name"),
    ],
)
def test_a_row_that_is_wrong_says_why(line, words):
    row = one(line)

    assert row.outcome is Outcome.ERROR
    assert words in row.problem


def test_empty_columns_behind_the_last_name_do_no_harm():
    assert one("2023-09-18,R,1,,,, ").outcome is Outcome.NEW


def test_mixed_date_formats_are_an_error_of_the_rows_that_differ():
    found = rows_of("2023-09-18,A,1,,", "09/18/2023,B,1,,", "2023-09-19,C,1,,")

    assert [row.outcome for row in found] == [Outcome.NEW, Outcome.ERROR, Outcome.NEW]


def test_a_reference_stands_in_a_file_once():
    found = rows_of("2023-09-18,A,1,,", "2023-09-18,A,1,,")

    assert found[1].problem == "The bank's reference stands in row 2 already."


def test_formula_cells_are_text():
    row = one("2023-09-18,=1+1,5,@SUM(A1),+cmd|' /C calc'!A0")

    assert (row.outcome, row.reference, row.payer) == (Outcome.NEW, "=1+1", "@SUM(A1)")


CREDITS = ColumnMapping(date="Date", reference="Ref", credit="In", debit="Out")


@pytest.mark.parametrize(
    ("line", "outcome", "words"),
    [
        ("2023-09-18,A,5.00,", Outcome.NEW, ""),
        ("2023-09-18,A,5.00,0.00", Outcome.NEW, ""),
        ("2023-09-18,A,,5.00", Outcome.DEBIT, ""),
        ("2023-09-18,A,,-5.00", Outcome.DEBIT, ""),
        ("2023-09-18,A,1,1", Outcome.ERROR, "both a credit and a debit"),
        ("2023-09-18,A,,", Outcome.ERROR, "missing"),
        ("2023-09-18,A,0,0", Outcome.ERROR, "zero"),
        ("2023-09-18,A,-5,", Outcome.ERROR, "negative"),
    ],
)
def test_credits_and_debits_may_stand_in_two_columns(line, outcome, words):
    row = one(line, mapping=CREDITS, columns="Date,Ref,In,Out")

    assert row.outcome is outcome
    assert words in row.problem


@pytest.mark.parametrize(
    ("mapping", "fields"),
    [
        (ColumnMapping(), ["date", "reference", "amount"]),
        (replace(PLAIN, credit="Amount"), ["amount"]),
        (replace(PLAIN, debit="Amount"), ["debit"]),
        (replace(PLAIN, payer="Nobody"), ["payer"]),
        (replace(PLAIN, reference="Date"), ["reference"]),
        (replace(PLAIN, payer=PLAIN.text), []),
        (replace(PLAIN, amount_format="1234"), ["amount_format"]),
    ],
)
def test_a_mapping_that_does_not_fit_says_where(mapping, fields):
    file = bank_text.read(f"{COLUMNS}\n".encode())

    assert [problem.field for problem in bank_csv.problems_of(mapping, file)] == fields


def test_the_columns_are_guessed_from_their_names():
    file = bank_text.read(b"Posting Date,Description,Amount,Transaction ID,Name\n1,2,3,4,5\n")

    assert bank_csv.guessed(file.columns) == ColumnMapping(
        date="Posting Date", reference="Transaction ID", amount="Amount", payer="Name", text="Description"
    )


@pytest.mark.parametrize(
    ("days", "said", "found"),
    [
        (["2023-09-18"], "", DateFormat.YEAR_DASH),
        (["03/04/2023"], "", "ambiguous"),
        (["03/04/2023"], "12/31/2026", DateFormat.MONTH_SLASH),
        (["soon"], "", "no_dates"),
        ([], "", "no_rows"),
        (["2023-09-18"], "tomorrow", "unknown_word"),
    ],
)
def test_how_the_days_are_written_is_found_out_or_asked(days, said, found):
    file = bank_text.read("\n".join([COLUMNS, *(f"{day},R,1,," for day in days)]).encode())

    answer = bank_csv.date_format_of(replace(PLAIN, date_format=said), file)

    assert getattr(answer, "code", answer) == found


def test_rows_in_another_currency_are_errors_that_name_both():
    mapping = replace(PLAIN, currency="Currency")
    rows = rows_of(
        "2023-09-18,R1,5.00,,,usd",
        "2023-09-18,R2,5.00,,,EUR",
        "2023-09-18,R3,5.00,,,",
        "2023-09-18,R4,5.00,,,$",
        mapping=mapping,
        columns=f"{COLUMNS},Currency",
    )

    assert [row.outcome.value for row in rows] == ["NEW", "ERROR", "NEW", "NEW"]
    assert rows[1].problem == "This row is in “EUR”. The fund keeps its books in USD."


def test_the_column_of_the_currency_is_found_although_nobody_pointed_at_it():
    file = bank_text.read(f"{COLUMNS},Ccy\n2023-09-18,R1,5.00,,,EUR".encode())

    assert bank_csv.with_currency(PLAIN, file).currency == "Ccy"
    assert bank_csv.with_currency(replace(PLAIN, currency="Text"), file).currency == "Text"


def test_references_that_look_the_same_are_the_same():
    first, wide = rows_of("2023-09-18,FED-1,5.00,,", "2023-09-18,ＦＥＤ－1,6.00,,")

    assert (first.reference, wide.outcome) == ("FED-1", Outcome.ERROR)
    assert "stands in row 2 already" in wide.problem
    assert "cannot be seen" in one("2023-09-18,FED\u200b-1,5.00,,").problem


def test_a_mapping_is_stored_and_read_back():
    assert ColumnMapping.from_json({**PLAIN.to_json(), "more": 1}) == PLAIN


@given(st.binary(max_size=400))
def test_no_bytes_end_in_anything_but_rows_or_a_reason(content):
    with contextlib.suppress(NotReadable):
        file = bank_text.read(content)
        mapping = ColumnMapping(date=file.columns[0], reference=file.columns[1], amount=file.columns[1])
        list(bank_csv.parse(file, mapping, DateFormat.YEAR_DASH, days=Window(TODAY, TODAY), currency="USD"))


@given(st.text(max_size=60), st.sampled_from(Style))
def test_no_amount_is_read_as_anything_but_cents(text, style):
    quoted = '"' + text.replace('"', '""') + '"'
    try:
        found = rows_of(f"2023-09-18,R,{quoted},,", mapping=replace(PLAIN, amount_format=style.value))
    except (NotReadable, UnicodeEncodeError):
        return
    assert all(row.amount_cents != 0 or row.outcome is Outcome.ERROR for row in found)
