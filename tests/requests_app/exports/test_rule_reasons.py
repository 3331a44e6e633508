"""What speaks for a rule follows from its figures beside the others', and from what it declares."""

from types import SimpleNamespace as Of

import pytest
from example_comparison import compare, demo_needs, usual_documents

from requests_app.exports import board_words, paper_words
from requests_app.exports.rule_reasons import GOOD, reasons

EVERYBODY = "Everybody gets something."
EARLY = "Sending early does not help."


def found(*, paid=10, unpaid=0, tenth=0, median=0, urgent=(), promises=(), floor=0):
    spread = Of(paid_count=paid, unpaid_count=unpaid, median_cents=median)
    tiers = [Of(tier=place, met_bp=met) for place, met in enumerate(urgent, 1)]
    figures = Of(poorest_tenth_bp=tenth, tiers=tiers, promises=promises)
    return Of(row=Of(spread=spread, rule={"floor_cents": floor}), figures=figures)


def test_a_rule_alone_is_ahead_of_nobody():
    one = found(tenth=500, median=40_000, urgent=(900, 100))

    assert reasons(one, [one]) == [EVERYBODY]


def test_nothing_speaks_for_a_rule_that_pays_nobody():
    one = found(paid=0, unpaid=10, promises=(EARLY,))

    assert reasons(one, [one, found()]) == []


def test_what_a_smallest_grant_is_for_is_told():
    one = found(unpaid=5, floor=50_000)

    assert reasons(one, [one]) == ["Nobody who is paid gets less than $500.00, or all of a need below it."]


def test_where_all_leave_somebody_out_the_most_paid_are_told():
    most, least = found(paid=1_200, unpaid=5), found(paid=300, unpaid=905)

    assert reasons(most, [most, least]) == ["It pays the most people: 1,200."]
    assert reasons(least, [most, least]) == []


def test_what_a_rule_leads_in_is_told_with_its_figure_also_where_two_lead():
    one = found(tenth=612, median=41_377, urgent=(3_790, 215))
    alike, behind = found(tenth=612), found(urgent=(1_000, 1_000))
    beside = [one, alike, behind]

    assert reasons(one, beside) == [
        EVERYBODY,
        "The tenth who get the least of their need get the most of it here: 6.1%.",
        "It meets urgent requests best: 37.9 cents for each dollar of need.",
        "Whoever is paid gets the most here: usually $413.77.",
    ]
    assert (
        reasons(alike, beside)[1]
        == "The tenth who get the least of their need get the most of it here: 6.1%."
    )
    assert reasons(behind, beside) == [EVERYBODY]


@pytest.mark.parametrize(("urgent_bp", "is_told"), [(1_250, False), (1_251, True)])
def test_a_lead_among_urgent_requests_that_may_be_chance_is_not_told(urgent_bp, is_told):
    one, behind = found(urgent=(urgent_bp, 100)), found(urgent=(1_000, 1_000))

    assert any("urgent" in said for said in reasons(one, [one, behind])) is is_told


def test_only_what_a_rule_declares_is_said_of_asking_and_of_the_order():
    one = found(promises=("A sentence of no use to choose by.", EARLY))

    assert reasons(one, [one]) == [EVERYBODY, EARLY]


@pytest.mark.parametrize("sentence", GOOD)
def test_what_is_looked_for_among_the_promises_is_one_of_them(sentence):
    assert sentence in paper_words.PROMISES


def test_of_the_usual_ways_a_board_reads_why_it_might_choose_each():
    demo = compare(demo_needs(), usual_documents(), chosen=4)

    said = {one["title"]: one["text"] for one in board_words.paper(
        demo, fund="Fund", time_zone="UTC", chosen=4
    )["warnings"]}  # fmt: skip

    assert said["Equal awards"] == (
        "For it: Everybody gets something. Asking for more than the common amount does not get you more. "
        "Sending early does not help. Against it: "
        "The largest needs are met least: 6.6%, the smallest 59.7%. "
        "Sending two requests for half each gains $413.05: look for duplicates first."
    )
    assert said["First come, up to $1,500"].startswith(
        "For it: Each need that counts is paid in full in the order of the list until the money is gone. "
        "Against it: 839 people get nothing. Who asked first is paid first"
    )
    assert said["First come, up to $7,500"].startswith(
        "For it: Whoever is paid gets the most here: usually $3,444.00. Each need that counts"
    )
    assert all("For it: " in line for line in said.values())
    assert "get the most of it here: 11.9%" in said["Proportional, up to $7,500"]
