"""The report on paper: every amount is on it, and no word of the data is ever markup."""

import io

import pytest
from example_report import body_of, empty_inputs, example_inputs
from pypdf import PdfReader

from fundmgr.domain import money
from requests_app.exports import pdf_file, report_words


def text_of(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def paper():
    return text_of(pdf_file.whole_report(body_of(example_inputs()), content_hash="ab" * 32))


def test_every_amount_of_every_table_is_on_paper(amounts, paper):
    missing = [money.dollars(cents) for cents in amounts if money.dollars(cents) not in paper]

    assert missing == []


def test_paper_opens_with_the_headline_and_names_its_moment_and_hash(body, paper):
    assert report_words.headline(body) in paper
    assert "".join(report_words.standfirst(body)) in paper
    assert "September 18, 2023, 09:00 PDT" in paper
    assert "ab" * 32 in paper


def test_every_chart_has_its_finding_on_paper(body, paper):
    for words in (report_words.waterfall_title, report_words.targets_title, report_words.asks_title):
        assert words(body) in paper


def test_the_same_body_gives_the_same_pages(body):
    first, second = (pdf_file.whole_report(body, content_hash="cd") for _ in range(2))

    assert first == second


def test_names_are_words_and_never_markup(body):
    body["productions"][0]["label"] = '#panic("no") *bold* $x$ #read("/etc/passwd")'

    assert '#panic("no")' in text_of(pdf_file.whole_report(body, content_hash=""))


def test_a_fund_on_its_first_day_has_its_paper():
    content = pdf_file.whole_report(body_of(empty_inputs()), content_hash="")

    assert content.startswith(b"%PDF")
    assert "nobody has asked yet" in text_of(content)
