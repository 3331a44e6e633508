"""The report's sentences: true at the worked example, and at both ends of the scale."""

import pytest
from example_report import body_of, empty_inputs

from requests_app.exports import report_words


def figure(body, figure_id):
    return next(row for row in body["figures"] if row["id"] == figure_id)


def test_the_example_reads_as_a_person_would_say_it(body):
    assert report_words.headline(body) == "The fund has 5 cents for each dollar people asked for."
    assert "".join(report_words.standfirst(body)) == (
        "In five days 1,700 requests asked for $10,000,000. The fund received $500,000 and can award "
        "$490,000. That meets 11.9% of the need we could verify. To meet all of it, the fund must raise "
        "$3,621,069 more."
    )
    assert report_words.waterfall_title(body) == "All the money promised is in the bank"
    assert report_words.targets_title(body) == "A quarter of the verified need is $537,767.25 away"
    assert report_words.funnel_title(body) == (
        "Of 1,700 requests, 1,205 are eligible; their verified need is $4,111,069"
    )
    assert report_words.categories_title(body) == "Food is 54% of the verified need"
    assert report_words.arrivals_title(body) == "884 requests came on Friday, September 8, the fullest day"
    assert "reaches everyone" in report_words.scenarios_title(body)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"cents_per_dollar": 1}, "The fund has 1 cent for each dollar people asked for."),
        ({"cents_per_dollar": 0}, "The fund has less than 1 cent for each dollar people asked for."),
        ({"shortfall_cents": 0}, "The fund has all that people asked for."),
        ({"cash_cents": 0}, "People asked for $10,000,000; the fund has no money yet."),
    ],
)
def test_the_headline_fits_every_state_of_a_fund(body, changes, sentence):
    body["headline"] |= changes

    assert report_words.headline(body) == sentence


def test_pledges_not_yet_in_the_bank_are_named(body):
    body["position"]["outstanding_cents"] = 20_000_000

    assert report_words.waterfall_title(body) == "$200,000 of the money promised is not in the bank"


def test_targets_that_are_met_are_passed_over(body):
    figure(body, "F12.25")["amount_cents"] = 0
    assert report_words.targets_title(body).startswith("Half of the verified need")

    for key in ("50", "75", "100"):
        figure(body, f"F12.{key}")["amount_cents"] = 0
    assert report_words.targets_title(body) == "The money at hand meets all the verified need"


def test_limits_tell_of_money_that_is_tied_and_of_books_that_differ(body):
    body |= {"restricted_cents": 5_000_000, "books_differ_by_cents": 1}

    said = report_words.limits(body)

    assert "$50,000 is tied to a narrower purpose" in said
    assert "differ from these figures by $0.01" in said


def test_an_empty_fund_has_a_sentence_for_each_chart():
    body = body_of(empty_inputs())

    assert "".join(report_words.standfirst(body)).endswith("No need has been verified yet.")
    for words in (
        report_words.waterfall_title,
        report_words.targets_title,
        report_words.asks_title,
        report_words.asks_note,
        report_words.categories_title,
        report_words.arrivals_title,
        report_words.scenarios_title,
        report_words.limits,
        report_words.method,
    ):
        assert words(body)
