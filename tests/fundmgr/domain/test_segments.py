"""Parts of a text: the GSM alphabet with its extension table, or UTF-16, alone and joined."""

import pytest

from fundmgr.domain.segments import measure


@pytest.mark.parametrize(
    ("text", "segments", "units", "is_gsm"),
    [
        ("", 0, 0, True),
        ("a", 1, 1, True),
        ("a" * 160, 1, 160, True),
        ("a" * 161, 2, 161, True),
        ("a" * 306, 2, 306, True),
        ("a" * 307, 3, 307, True),
        ("á", 1, 1, False),
        ("á" * 70, 1, 70, False),
        ("á" * 71, 2, 71, False),
        ("á" * 134, 2, 134, False),
        ("á" * 135, 3, 135, False),
        ("a" * 69 + "ó", 1, 70, False),
        ("a" * 70 + "ó", 2, 71, False),
    ],
)
def test_a_text_is_counted_as_gateways_count_it(text, segments, units, is_gsm):
    found = measure(text)

    assert (found.segments, found.units, found.is_gsm) == (segments, units, is_gsm)


@pytest.mark.parametrize("letter", "^{}\\[~]|€\f")
def test_letters_of_the_extension_table_count_twice(letter):
    assert measure(letter * 80) == measure("a" * 160)
    assert measure(letter * 81).segments == 2
    assert measure(letter).units == 2


def test_an_extended_letter_is_not_split_over_two_parts():
    # 152 letters leave one unit of the first part, which the escape and its letter cannot share.
    assert measure("a" * 152 + "€" + "a" * 152).segments == 3
    assert measure("a" * 151 + "€" + "a" * 153).segments == 2


def test_a_picture_takes_two_units_and_is_not_split():
    assert measure("🙂").units == 2
    assert measure("🙂" * 35).segments == 1
    assert measure("á" * 66 + "🙂" + "á" * 66).segments == 3


@pytest.mark.parametrize("letter", "ñÑéÉüÜ¿¡ùàèìòäöÇ@_$")
def test_these_letters_of_spanish_and_of_addresses_keep_the_long_parts(letter):
    assert measure(letter * 160).segments == 1


@pytest.mark.parametrize("letter", "áíóúÁÍÓÚ’“”–…ç`")
def test_these_letters_force_the_short_parts_and_are_named(letter):
    assert measure(f"abc {letter} abc").odd_letters == letter


def test_both_tables_have_the_letters_that_the_norm_gives_them():
    letters = [chr(number) for number in range(0x3000) if measure(chr(number)).is_gsm]

    assert len(letters) == 137
    assert sum(measure(letter).units == 2 for letter in letters) == 10
