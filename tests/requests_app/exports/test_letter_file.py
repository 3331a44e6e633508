"""A letter on paper."""

import io
from datetime import date

from pypdf import PdfReader

from fundmgr.domain.letters import Gift, Sender, content
from requests_app.exports import letter_file

SAID = content(
    Sender("Crew Fund", "fiscal_sponsored", "Riverside Charities", "12-3456789"),
    donor="Ana #strong[Rivera] $x$",
    gifts=[Gift(25_000, date(2023, 9, 18), "WIRE-1")],
    year=None,
    written_on=date(2023, 9, 20),
)


def words(paper):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())


def test_paper_says_what_the_letter_says():
    read = words(letter_file.paper(SAID, number=7, address="1 Main St\nLos Angeles, CA"))

    for part in ("Riverside Charities", "12-3456789", "Letter 7", "$250.00", "WIRE-1", "Los Angeles, CA"):
        assert part in read
    assert "No goods or services were given" in read


def test_names_are_words_and_never_markup():
    assert "Ana #strong[Rivera] $x$" in words(letter_file.paper(SAID, number=7))


def test_a_void_letter_says_so_and_the_same_letter_gives_the_same_bytes():
    assert "VOID" in words(letter_file.paper(SAID, number=7, is_void=True))
    assert letter_file.paper(SAID, number=7) == letter_file.paper(SAID, number=7)
