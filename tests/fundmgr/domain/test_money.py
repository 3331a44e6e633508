"""Integer cents: what people type is read exactly or refused, and written back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import money
from fundmgr.domain.money import MAX_CENTS, NotMoney

CENTS = st.integers(0, MAX_CENTS)


@given(CENTS)
def test_what_the_api_writes_it_reads_back(cents):
    assert money.parse_wire_cents(money.wire(cents)) == cents


@given(CENTS)
def test_what_a_reader_sees_can_be_typed_again(cents):
    assert money.parse_cents(money.dollars(cents)) == cents
    assert money.parse_cents(money.dollars(cents, whole=True)) == cents


@given(st.integers(-MAX_CENTS, -1))
def test_negative_amounts_are_written_with_a_sign_and_never_read(cents):
    assert money.wire(cents) == f"-{money.wire(-cents)}"
    assert money.dollars(cents) == f"\N{MINUS SIGN}{money.dollars(-cents)}"
    for text in (money.wire(cents), money.dollars(cents)):
        with pytest.raises(NotMoney):
            money.parse_cents(text)


@given(st.text(max_size=20))
def test_any_text_is_read_as_cents_or_refused_with_a_sentence(text):
    found: int | str
    try:
        found = money.parse_cents(text)
    except NotMoney as refused:
        found = str(refused)

    assert found.endswith(".") if isinstance(found, str) else 0 <= found <= MAX_CENTS


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("2400", 240_000),
        ("$2,400", 240_000),
        ("2400.5", 240_050),
        (" $ 1,234,567.89 ", 123_456_789),
        ("0", 0),
        ("0.01", 1),
        ("007", 700),
    ],
)
def test_amounts_are_read_as_people_type_them(text, cents):
    assert money.parse_cents(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "+1",
        "1e9",
        "NaN",
        "Infinity",
        "1.234",
        "1,23",
        "12,34,567",
        ".5",
        "1.",
        "0x10",
        "1_000",
        "٤٢٠",
        "４２０",
        "1 000",
        "$",
        "1\n2",
        "1\x00",
        "9" * 13,
        "1200 USD",
        "€5",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(NotMoney):
        money.parse_cents(text)


@pytest.mark.parametrize(
    ("read", "text", "sentence"),
    [
        (money.parse_cents, "٤٢٠", "Write the amount with the digits 0 to 9, like 1200."),
        (money.parse_cents, "-1", "Write the amount in dollars and cents, like 1200 or 1200.50."),
        (money.parse_cents, "100000000000.01", "That amount is too large."),
        (money.parse_cents, "1" + ",000" * 9, "That amount is too large."),
        # More digits than Python turns into a number.
        (
            money.parse_cents,
            "1" + ",000" * 2000,
            "Write the amount in dollars and cents, like 1200 or 1200.50.",
        ),
        (money.parse_wire_cents, "92233720368547758.07", "That amount is too large."),
        (
            money.parse_wire_cents,
            "$420",
            "Write the amount as a string of digits with two decimals, like 420.00.",
        ),
    ],
)
def test_a_refusal_says_what_to_write_instead(read, text, sentence):
    with pytest.raises(NotMoney) as refused:
        read(text)

    assert str(refused.value) == sentence


@pytest.mark.parametrize("text", ["$420", "1,000", " 420", "420 ", "4_2", "420.000", "-3", ""])
def test_the_wire_takes_plain_digits_only(text):
    with pytest.raises(NotMoney):
        money.parse_wire_cents(text)


def test_whole_dollars_lose_their_zeros_only_where_asked():
    assert money.dollars(123_450) == "$1,234.50"
    assert money.dollars(123_400) == "$1,234.00"
    assert money.dollars(123_400, whole=True) == "$1,234"
    assert money.dollars(123_450, whole=True) == "$1,234.50"
    assert money.dollars(-50, whole=True) == "\N{MINUS SIGN}$0.50"


def test_too_large_is_refused_at_the_cent():
    assert money.parse_cents("100000000000.00") == MAX_CENTS
    with pytest.raises(NotMoney, match="too large"):
        money.parse_cents("100000000000.01")
