"""Every word of the public and worker pages is said in every language, with the same figures in it."""

import io
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import CommandError, call_command

from requests_app.management.commands import catalog

PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
SPANISH = settings.BASE_DIR / "locale/es/LC_MESSAGES/django.po"


def spanish() -> dict:
    with SPANISH.open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale="es") if message.id}


def test_no_string_is_without_words() -> None:
    call_command("catalog", check=True, stdout=io.StringIO())


def test_the_catalog_holds_exactly_the_strings_of_the_pages() -> None:
    assert {message.id for message in catalog.words() if message.id} == set(spanish())


def test_each_translation_carries_the_same_figures() -> None:
    def pairs(told: object) -> list[str]:
        return list(told) if isinstance(told, tuple) else [str(told)]

    for asked, told in spanish().items():
        for source, words in zip(pairs(asked), pairs(told), strict=True):
            assert set(PLACEHOLDER.findall(source)) == set(PLACEHOLDER.findall(words)), source


def test_workers_are_addressed_politely() -> None:
    familiar = re.compile(r"\b(tú|tu|tus|contigo|te)\b", re.IGNORECASE)
    told = [words for pair in spanish().values() for words in (pair if isinstance(pair, tuple) else [pair])]

    assert [words for words in told if familiar.search(words)] == []


def test_words_of_blame_are_not_used() -> None:
    banned = re.compile(r"\b(please|sorry|invalid|forbidden|oops|denied|rejected|required)\b", re.IGNORECASE)
    asked = [words for pair in spanish() for words in (pair if isinstance(pair, tuple) else [pair])]

    assert [words for words in asked if banned.search(words)] == []


def test_a_missing_word_fails_the_check(tmp_path, settings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    said = io.StringIO()

    with pytest.raises(CommandError):
        call_command("catalog", check=True, stdout=said)
    assert "es: Ask for help" in said.getvalue()
    call_command("catalog", stdout=said)
    assert (tmp_path / "es/LC_MESSAGES/django.po").exists()
