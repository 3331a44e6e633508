"""The story's letters open like any other PDF."""

import io

from pypdf import PdfReader

from fundmgr.domain.evidence import MediaType, examined
from requests_app.demo import papers, words


def test_a_letter_opens_shows_its_lines_and_may_be_kept():
    made = papers.letter(words.CONSENT)

    (page,) = PdfReader(io.BytesIO(made), strict=True).pages
    assert "the fund may use 5,000 dollars" in page.extract_text()
    assert examined(made).media_type is MediaType.PDF
    assert papers.letter(words.CONSENT) == made
