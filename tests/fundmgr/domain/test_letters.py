"""What letters say: a charity's letter what the law asks, every other letter nothing about tax relief."""

from datetime import date

import pytest

from fundmgr.domain.letters import Gift, Sender, content

GIFT = Gift(25_000, date(2023, 9, 18), "WIRE-1")
FORMS = ["public_charity", "fiscal_sponsored", "private_foundation"]
OTHERS = ["union_strike_fund_501c5", "employer_or_individual_gift", "non_us", "something_new"]


def said(legal_form, *, gifts=(GIFT,), year=None, **sender):
    one = Sender("Crew Fund", legal_form, **sender)
    return content(one, donor="Ana Rivera", gifts=gifts, year=year, written_on=date(2023, 9, 20))


@pytest.mark.parametrize("legal_form", FORMS)
def test_a_charitys_letter_says_that_nothing_was_given_in_exchange(legal_form):
    words = " ".join(said(legal_form, sponsor="Riverside Charities")["paragraphs"])

    assert "No goods or services were given in exchange" in words
    assert "Riverside Charities is a charity" in words
    assert "deductible" in words


@pytest.mark.parametrize("legal_form", OTHERS)
def test_no_other_letter_speaks_of_deduction(legal_form):
    letter = said(legal_form)

    assert "deduct" not in str(letter).lower()
    assert "charity" not in str(letter).lower()
    assert "not a statement about taxes" in " ".join(letter["paragraphs"])


def test_a_letter_names_amount_day_reference_and_restriction():
    letter = said("public_charity", gifts=[Gift(25_000, date(2023, 9, 18), "WIRE-1", "Health premiums")])

    assert letter["opening"] == "Thank you. Crew Fund received your gift of $250.00 for the Crew Fund."
    assert letter["gifts"] == [
        {
            "amount_cents": 25_000,
            "received_on": "2023-09-18",
            "bank_reference": "WIRE-1",
            "restriction": "Health premiums",
        }
    ]
    assert "Health premiums" in letter["paragraphs"][0]


def test_a_statement_adds_a_year_up():
    letter = said("non_us", gifts=[GIFT, GIFT], year=2023)

    assert letter["total_cents"] == 50_000
    assert letter["opening"].startswith("Thank you. In 2023 Crew Fund received $500.00 from you")
