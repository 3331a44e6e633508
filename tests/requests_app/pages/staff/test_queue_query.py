"""The queue's text query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import UNDECIDED_REQUEST_STATES, RequestState
from requests_app.pages.staff import queue_query
from requests_app.pages.staff.queue_query import NotAQuery

ME = ids.parse_public("req", "req_" + "1" * 32)


def read(text: str):
    """Read as one person."""
    return queue_query.read(text, me=ME)


def test_filters_are_read_from_words():
    found = read(
        "status:to_read asked:>800 asked:<5,000 age:>6 lang:ES urgent:eviction reader:@me craft:grip"
    )

    filters = found.filters
    assert filters.states == (RequestState.SUBMITTED,)
    assert (filters.asked_min_cents, filters.asked_max_cents) == (80_001, 499_999)
    assert (filters.age_min_days, filters.language, filters.urgency) == (6, "es", "EVICTION")
    assert (filters.assignee_id, filters.craft) == (ME, "grip")


def test_words_without_a_filter_are_looked_for_together():
    assert read("Ana  O'Neil lang:en").filters.q == "Ana O'Neil"


def test_a_show_of_several_words_stands_in_quotation_marks():
    found = read('show:"Harrow County Nights"')

    assert found.filters.production == "Harrow County Nights"
    assert found.text == 'show:"Harrow County Nights"'


def test_each_part_has_a_chip_that_takes_it_away():
    found = read("status:open asked:>800 Ana")

    assert [part.label for part in found.parts] == ["Open", "Asked over $800", "“Ana”"]
    assert found.without(found.parts[1]) == "status:open Ana"


def test_open_is_what_nobody_decided_and_all_is_everything():
    assert set(read("status:open").filters.states) == UNDECIDED_REQUEST_STATES
    assert read("status:all").filters.states == ()


def test_several_states_are_joined():
    assert read("status:to_read,reading").filters.states == (RequestState.SUBMITTED, RequestState.IN_REVIEW)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour:red", "“colour” is not a filter"),
        ("status:nice", "“nice” is not a status"),
        ("asked:>lots", "Write the amount after asked:"),
        ("asked:>1e9", "Write the amount after asked:"),
        ("age:>x", "Write a number of days"),
        ("age:>99999999999999", "Write a number of days"),
        ("age:>00000000099999999999", "Write a number of days"),
        ("age:>٣", "Write a number of days"),
        ("lang:xx", "Languages are en and es"),
        ("urgent:very", "Urgent is one of"),
        ("reader:you", "Reader is me or none"),
        ('show:"open', "quotation mark has no partner"),
        ("a" * 201, "at most 200 letters"),
        ("a\x00b", "at most 200 letters"),
    ],
)
def test_what_cannot_be_read_is_named(text, said):
    with pytest.raises(NotAQuery, match=said):
        read(text)


@given(st.text(max_size=220))
def test_any_text_is_read_or_refused(text):
    try:
        found = read(text)
    except NotAQuery:
        return
    again = read(found.text)
    assert again.filters == found.filters
