"""What may stand in a name or a note: every language, nothing that hides or turns a line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import text
from fundmgr.domain.text import NotText


@pytest.mark.parametrize(
    "name",
    ["Q", "O'Hara", "Null", "محمد", "José Ángel Núñez", "渡辺", "Nguyễn Thị", "d’Arc", "李\u3000明", "👩‍🎤"],
)
def test_names_of_every_kind_are_kept(name):
    cleaned = text.clean_line(name, most=120)

    assert cleaned.replace(" ", "") == unicodedata.normalize("NFC", name).replace("\u3000", "").replace(
        " ", ""
    )


@pytest.mark.parametrize(
    "bad", ["a\x00b", "a\x1bb", "a\u202eb", "a\u2066b", "a\u200fb", "a\u061cb", "\ud800", "a\x7fb", "\x85a"]
)
def test_what_cannot_be_stored_or_turns_the_line_is_refused(bad):
    with pytest.raises(NotText):
        text.clean_line(f"x{bad}x", most=120)


def test_a_line_has_single_spaces_and_a_block_keeps_its_lines():
    assert text.clean_line("  River \t\n Stone ", most=20) == "River Stone"
    assert text.clean_block(" one\r\ntwo \n", most=20) == "one\ntwo"


def test_too_long_says_how_long():
    with pytest.raises(NotText, match="5 letters or less \\(it has 6\\)"):
        text.clean_block("abcdef", most=5)


def test_equal_looks_become_equal_bytes():
    assert text.clean_line("Nu\u0301n\u0303ez", most=20) == "Núñez"


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_more(raw):
    try:
        once = text.clean_block(raw, most=200)
    except NotText:
        return
    assert text.clean_block(once, most=200) == once
    assert once.encode().decode() == once


@given(st.text(max_size=40))
def test_match_keys_ignore_case_and_compatibility_forms(raw):
    key = text.match_key(raw)

    assert key == " ".join(key.split())
    assert text.match_key(unicodedata.normalize("NFC", raw)) == text.match_key(
        unicodedata.normalize("NFD", raw)
    )


def test_match_keys_forget_accents_and_case():
    assert text.match_key("  JOSÉ   Núñez ") == "jose nunez"
    assert text.match_key("ﬁne") == "fine"
    assert text.match_key("محمد") == "محمد"


NAMES = [
    "Q",
    "ß",
    "O'Hara",
    "ʻAukai",
    "d’Arc",
    "Ana 3",
    "渡辺",
    "李",
    "محمد",
    "Nguyễn Thị",
    "ดวง",
    "कृष्ण",
    "ᏣᎳᎩ",
    "𐐀",
    "q\u0301",
]
NOBODY = [
    "",
    " ",
    "🙂",
    "👩‍🎤",
    "123",
    "٣",
    "...",
    "—",
    "'",
    "ʼ",
    "\u0301",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
]
NOBODY += ["\u3164", "\u115f\u1160", "\uffa0", "\u2800", "$", "①", "1️⃣"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_script_has_a_letter(name):
    assert text.has_letter(name)


@pytest.mark.parametrize("name", NOBODY)
def test_pictures_digits_and_what_nobody_sees_are_no_letters(name):
    assert not text.has_letter(name)
