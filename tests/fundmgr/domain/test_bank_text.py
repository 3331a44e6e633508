"""The bytes of a bank's file as text."""

import pytest

from fundmgr.domain import bank_text
from fundmgr.domain.bank_text import NotReadable

LINES = "Date,Reference,Amount,Name\r\n2023-09-18,R1,12.50,José Ōta\r\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a mark"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_a_file_is_read_in_each_encoding(codec, name):
    file = bank_text.read(LINES.encode(codec))

    assert (file.encoding, file.columns) == (name, ("Date", "Reference", "Amount", "Name"))
    assert list(file.rows()) == [(2, ["2023-09-18", "R1", "12.50", "José Ōta"])]


def test_windows_letters_are_read_where_it_is_not_utf_8():
    file = bank_text.read("Date,Name\n2023-09-18,José €\n".encode("cp1252"))

    assert (file.encoding, [cells[1] for _, cells in file.rows()]) == ("Windows-1252", ["José €"])


def test_bytes_of_no_encoding_name_their_row():
    with pytest.raises(NotReadable, match="Row 3 holds bytes"):
        bank_text.read(b"Date,Name\n2023-09-18,ok\n2023-09-18,\x81\xff\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_sign_between_columns_is_found(delimiter):
    text = f"Date{delimiter}Name{delimiter}Amount\n18.09.2023{delimiter}A, B; C{delimiter}1\n"
    if delimiter in ",;":
        text = text.replace("A, B; C", '"A, B; C"')

    file = bank_text.read(text.encode())

    assert file.delimiter == delimiter
    assert [cells[1] for _, cells in file.rows()] == ["A, B; C"]


def test_rows_are_numbered_as_a_spreadsheet_shows_them_and_empty_ones_left_out():
    file = bank_text.read(b"a,b\n1,2\n\n , \n3,4\n")

    assert [number for number, _ in file.rows()] == [2, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"only one column\n1\n", "one column only"),
        (b"Date,Date\n1,2\n", "same name"),
        (b"a,b\n" + b"x" * bank_text.MOST_BYTES, "larger than 30 megabytes"),
        (",".join(f"c{n}" for n in range(61)).encode() + b"\n", "more than 60 columns"),
    ],
)
def test_a_file_that_is_no_use_says_why(content, words):
    with pytest.raises(NotReadable, match=words):
        bank_text.read(content)


def test_a_quote_that_does_not_close_names_its_row():
    file = bank_text.read(b'a,b\n1,2\n3,"4\n')

    with pytest.raises(NotReadable, match="Row 3"):
        list(file.rows())


def test_more_than_a_hundred_thousand_rows_are_refused():
    file = bank_text.read(b"a,b\n" + b"1,2\n" * (bank_text.MOST_ROWS + 1))

    with pytest.raises(NotReadable, match="more than 100,000 rows"):
        list(file.rows())


def test_a_column_without_a_name_gets_one():
    assert bank_text.read(b"a,b,\n1,2,\n").columns == ("a", "b", "Column 3")
