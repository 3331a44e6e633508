"""Plain words, read from the catalog: reading grade, length of sentences, banned words, in both languages.

Placeholders, figures and addresses are left out before scoring: a counter takes "$10,000,000" for one
syllable. Labels of up to three words count nothing, so that no short button makes a hard page look easy.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyphen
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings

MOST_WORDS = 20
MOST_GRADE = {"worker": 6.0, "public": 8.0}
LEAST_EASE = 70.0
LABEL_WORDS = 3
# So many words a page or module must have before its own score says anything.
LEAST_WORDS = 60
# Read by donors and by everybody, not only by a worker under stress.
PUBLIC = (
    "templates/public/",
    "templates/donor/",
    "templates/emails/donor",
    "templates/emails/pledge",
    "requests_app/pages/public",
    "requests_app/pages/donor",
    "requests_app/exports/rule_text",
    "requests_app/services/donor",
)
# Never in a text to a worker: they blame, beg or scare.
BANNED = re.compile(
    r"\b(please|sorry|invalid|forbidden|oops|required|mandatory|denied|rejected|illegal|unfortunately|failed"
    r"|por favor|lo sentimos|disculpe|inválid[oa]s?|prohibid[oa]s?|denegad[oa]s?|rechazad[oa]s?"
    r"|obligatori[oa]s?|lamentablemente|ilegal)\b",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"%\(\w+\)s|%%|https?://\S+|\S+@\S+|\$?\d[\d,.:]*")
_ENDS = re.compile(r"(?<=[.?!:;])\s+|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_HYPHENS = {
    "en": pyphen.Pyphen(lang="en_US", left=1, right=1),
    "es": pyphen.Pyphen(lang="es", left=1, right=1),
}
_RUN_TOGETHER = re.compile(r"[a-záéíóúñ][.?!][A-ZÁÉÍÓÚÑ¿¡]")
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@dataclass
class Score:
    """What a text is made of."""

    sentences: int = 0
    words: int = 0
    syllables: int = 0

    def add(self, words: list[str], code: str) -> None:
        """Count one sentence."""
        if len(words) > LABEL_WORDS:
            self.sentences += 1
            self.words += len(words)
            self.syllables += sum(syllables(word, code) for word in words)

    @property
    def grade(self) -> float:
        """Flesch and Kincaid's school grade."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def ease(self) -> float:
        """Fernández Huerta's ease for Spanish: 100 is easiest."""
        return 206.84 - 60 * self.syllables / self.words - 1.02 * self.words / self.sentences


def syllables(word: str, code: str) -> int:
    """How many syllables a word has, as the hyphenation of its language cuts it."""
    return _HYPHENS[code].inserted(word.lower()).count("-") + 1


def sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence of a text, without figures."""
    for part in _ENDS.split(_FIGURES.sub("", text)):
        if words := _WORD.findall(part):
            yield words


def _says_twice(text: str) -> bool:
    said = [" ".join(words).lower() for words in sentences(text) if len(words) > LABEL_WORDS]
    return len(said) != len(set(said))


def strings(value: object) -> list[str]:
    """The forms of a string: one, or one for each number."""
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]


def reader_of(message: Message) -> str:
    """Who reads a string: where one of its places is a worker's, the worker."""
    return "public" if all(place.startswith(PUBLIC) for place, _line in message.locations) else "worker"


def catalog() -> list[Message]:
    """Every string of the public and worker pages and of the mails, with its Spanish."""
    with Path(settings.LOCALE_PATHS[0], "es", "LC_MESSAGES", "django.po").open("rb") as file:
        return [message for message in read_po(file, locale="es") if message.id]


def texts(code: str) -> Iterator[tuple[Message, str]]:
    """Each string in one language."""
    for message in catalog():
        for text in strings(message.id if code == "en" else message.string):
            yield message, text


def scores(code: str) -> dict[str, dict[str, Score]]:
    """The scores of a language by reader: of all their strings (under ''), and of each page or module."""
    found: dict[str, dict[str, Score]] = {"worker": defaultdict(Score), "public": defaultdict(Score)}
    for message, text in texts(code):
        for words in sentences(text):
            for place in {"", *(place for place, _line in message.locations)}:
                found[reader_of(message)][place].add(words, code)
    return found


def scored(code: str, reader: str) -> dict[str, Score]:
    """Those that have enough words to be judged."""
    return {place: one for place, one in scores(code)[reader].items() if one.words >= LEAST_WORDS}


@pytest.mark.parametrize("reader", ["worker", "public"])
def test_english_reads_at_the_grade_that_is_promised(reader: str) -> None:
    grades = {place: round(one.grade, 1) for place, one in scored("en", reader).items()}

    assert {place: grade for place, grade in grades.items() if grade > MOST_GRADE[reader]} == {}
    assert "" in grades


@pytest.mark.parametrize("reader", ["worker", "public"])
def test_spanish_reads_as_easily_as_is_promised(reader: str) -> None:
    eases = {place: round(one.ease, 1) for place, one in scored("es", reader).items()}

    assert {place: ease for place, ease in eases.items() if ease < LEAST_EASE} == {}
    assert "" in eases


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_sentence_is_long(code: str) -> None:
    long = [
        " ".join(words) for _, text in texts(code) for words in sentences(text) if len(words) > MOST_WORDS
    ]

    assert long == []


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_word_begs_blames_or_scares(code: str) -> None:
    assert [text for _, text in texts(code) if BANNED.search(text)] == []


def test_both_languages_have_the_same_placeholders() -> None:
    different = [
        message.id
        for message in catalog()
        for english, spanish in zip(strings(message.id), strings(message.string), strict=True)
        if sorted(set(_PLACEHOLDER.findall(english))) != sorted(set(_PLACEHOLDER.findall(spanish)))
    ]

    assert different == []


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_text_says_a_sentence_twice_or_runs_two_together(code: str) -> None:
    """A merge of two branches once put a translation behind itself, three times over."""
    wrong = [text for _, text in texts(code) if _says_twice(text) or _RUN_TOGETHER.search(text)]

    assert wrong == []


def test_the_measure_itself_tells_hard_from_easy() -> None:
    easy, hard = Score(), Score()
    for words in sentences(
        "The fund has 5 cents for each dollar. Most people will get less than they ask for."
    ):
        easy.add(words, "en")
    text = (
        "Applicants experiencing considerable financial difficulties necessitate comprehensive documentation."
    )
    for words in sentences(text):
        hard.add(words, "en")

    assert easy.grade < MOST_GRADE["worker"] < MOST_GRADE["public"] < hard.grade
    assert list(sentences("You ask for $10,000,000 by %(day)s: see https://example.org/x now.")) == [
        ["You", "ask", "for", "by"],
        ["see", "now"],
    ]
