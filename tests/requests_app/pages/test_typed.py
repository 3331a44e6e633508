"""Amounts and months are read in the ways that people write them, and never guessed."""

import pytest

from requests_app.pages import typed


@pytest.mark.parametrize(
    ("said", "cents"),
    [
        ("1200", 120_000),
        ("$1,200.50", 120_050),
        ("1200 dollars", 120_000),
        ("1,200 Dollars.", 120_000),
        ("1200 dólares", 120_000),
        ("USD 1200", 120_000),
        ("US$ 1200", 120_000),
        ("1200$", 120_000),
        ("1200.", 120_000),
        ("1 200", 120_000),
        ("1\N{NO-BREAK SPACE}200.50", 120_050),
        ("12 345 678", 1_234_567_800),
    ],
)
def test_an_amount_is_read_with_its_word_or_sign(said: str, cents: int) -> None:
    assert typed.cents(said) == cents


@pytest.mark.parametrize(
    "said",
    [
        "",
        "dollars",
        "$",
        "-5",
        "\N{MINUS SIGN}5",
        "- 5 dollars",
        "+1200",
        "1e9",
        "1.200,50",
        "1200,00",
        "12,00",
        "1,200,00",
        "1200 200",
        "1 20",
        "12 2 200",
        "\u0661\u0662\u0660\u0660",
        "\uff11\uff12\uff10\uff10",
        "1.2k",
        "about 1200",
        "1200/mo",
        "1200 or 1300",
        "1200.005",
        "9" * 40,
    ],
)
def test_what_may_be_another_amount_is_asked_for_again(said: str) -> None:
    assert typed.cents(said) is None


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("4", 4),
        ("04", 4),
        (" 4. ", 4),
        ("April", 4),
        ("apr", 4),
        ("Apr.", 4),
        ("abril", 4),
        ("SEPTIEMBRE", 9),
        ("sept", 9),
        ("Dec", 12),
        ("ene", 1),
    ],
)
def test_a_month_is_read_by_number_or_name_in_either_language(said: str, month: int) -> None:
    assert typed.month(said) == month


@pytest.mark.parametrize(
    "said", ["", "0", "13", "-4", "Ma", "ju", "\u0664", "4/2023", "Mayo de 2023", "xyz", "4 4"]
)
def test_what_is_no_one_month_is_asked_for_again(said: str) -> None:
    assert typed.month(said) is None


@pytest.mark.parametrize(("said", "number"), [(" 2 ", 2), ("0", 0), ("02", 2)])
def test_a_whole_number_is_read(said: str, number: int) -> None:
    assert typed.whole(said) == number


@pytest.mark.parametrize("said", ["", "-1", "1.5", "99999", "two", "\u0664"])
def test_what_is_no_whole_number_is_asked_for_again(said: str) -> None:
    assert typed.whole(said) is None
