"""What speaks for a rule follows from its figures beside the others', and from what it declares."""

from types import SimpleNamespace as Of

import pytest
from example_comparison import compare, demo_needs, usual_documents

from requests_app.exports import board_words, paper_words
from requests_app.exports.rule_reasons import GOOD, reasons

EVERYBODY = "Everybody gets something."
EARLY = "Sending early does not help."


def found(
    *, paid=10, unpaid=0, tenth=0, median=0, urgent=(), promises=(), rule="equal_awards", is_tiered=True
):
    spread = Of(paid_count=paid, unpaid_count=unpaid, median_cents=median)
    tiers = [Of(tier=place, met_bp=met) for place, met in enumerate(urgent, 1)]
    figures = Of(poorest_tenth_bp=tenth, tiers=tiers, promises=promises)
    document = {"rule": rule, "tiers": 2} if is_tiered else {"rule": rule}
    return Of(row=Of(spread=spread, rule=document), figures=figures)


def test_a_rule_alone_is_ahead_of_nobody():
    one = found(tenth=500, median=40_000, urgent=(900, 100))

    assert reasons(one, [one]) == [EVERYBODY]


def test_nothing_speaks_for_a_rule_that_pays_nobody():
    one = found(paid=0, unpaid=10, promises=(EARLY,))

    assert reasons(one, [one, found()]) == []


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
        "It meets the largest part of the need of the worst-off tenth: 6.1%.",
        "It meets urgent requests best: 37.9 cents for each dollar of need.",
        "Those whom it pays get the most: half of them $413.77 or more.",
    ]
    assert reasons(alike, beside)[1] == "It meets the largest part of the need of the worst-off tenth: 6.1%."
    assert reasons(behind, beside) == [EVERYBODY]


def test_a_rule_that_treats_all_alike_is_not_praised_for_the_urgent_who_happen_to_be_first():
    queue = found(urgent=(1_310, 1_140), is_tiered=False)
    beside = [queue, found(urgent=(1_090, 1_230), is_tiered=False)]

    assert reasons(queue, beside) == [EVERYBODY]


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
        "Sending early does not help. Against it: The largest needs are met least: 6.6%, the smallest 59.7%. "
        "Sending two requests for half each gains $413.05: look for duplicates first."
    )
    assert said["First come, up to $1,500"].startswith(
        "Against it: 839 people get nothing. Who asked first is paid first"
    )
    assert said["First come, up to $7,500"].startswith(
        "For it: Those whom it pays get the most: half of them $3,444.00 or more. Against it: "
    )
    assert "worst-off tenth: 11.9%" in said["Proportional, up to $7,500"]
