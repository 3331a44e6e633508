"""What the money of a receipt does to a promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain.chart import Code
from fundmgr.domain.pledges import Split
from fundmgr.domain.receiving import Booked, Promise, came_in, sources, went_back

CENTS = st.integers(0, 10**9)
NOTHING_KEPT = Booked(gift_cents=0, reserve_cents=0)


def test_a_gift_keeps_the_reserve_back():
    assert came_in(10_000, None, reserve_bp=200) == Split(10_000, reserve_cents=200)


def test_a_part_of_a_cent_is_never_kept_back():
    assert came_in(199, None, reserve_bp=200) == Split(199, reserve_cents=3)
    assert came_in(199, Promise(199, 0), reserve_bp=200) == Split(199, 199, 0, reserve_cents=3)
    assert isinstance(came_in(199, None, reserve_bp=200).reserve_cents, int)


@pytest.mark.parametrize(
    ("promise", "receivable", "advance"),
    [
        (Promise(1_000, 0), 1_000, 0),
        (Promise(600, 0), 600, 400),
        (Promise(0, 0), 0, 1_000),
        (Promise(600, 500), 100, 900),
    ],
)
def test_money_pays_what_is_owed_first_and_the_rest_came_too_early(promise, receivable, advance):
    split = came_in(1_000, promise, reserve_bp=1_000)

    assert (split.receivable_cents, split.advance_cents, split.gift_cents) == (receivable, advance, 0)
    assert split.reserve_cents == receivable // 10


@given(due=CENTS, received=CENTS, amount=st.integers(1, 10**9))
def test_what_comes_in_and_goes_back_leaves_a_promise_as_it_was(due, received, amount):
    before = Promise(due, received)
    there = came_in(amount, before, reserve_bp=0)
    back = went_back(amount, before.after(amount), NOTHING_KEPT, reserve_bp=0)

    assert there == back
    assert there.receivable_cents + there.advance_cents == amount


def test_what_was_given_up_is_not_owed_again():
    assert went_back(600, Promise(1_000, 600, 400), NOTHING_KEPT, reserve_bp=0).receivable_cents == 600
    assert Promise(1_000, 600, 400).owed_cents == 0


def test_a_condition_met_since_makes_early_money_owed_when_it_bounces():
    split = went_back(1_000, Promise(700, 1_000), NOTHING_KEPT, reserve_bp=0)

    assert (split.receivable_cents, split.advance_cents) == (700, 300)


@pytest.mark.parametrize(
    ("promise", "is_unmatched", "found"),
    [
        (None, False, {Code.CONTRIBUTIONS: 500}),
        (None, True, {Code.SUSPENSE: 500}),
        (Promise(1_000, 800), False, {Code.PLEDGED_CONTRIBUTIONS: 500}),
        (Promise(0, 800), False, {Code.REFUNDABLE_ADVANCE: 500}),
        (Promise(500, 700), False, {Code.REFUNDABLE_ADVANCE: 200, Code.PLEDGED_CONTRIBUTIONS: 300}),
    ],
)
def test_a_refund_comes_out_of_what_it_was_booked_to(promise, is_unmatched, found):
    assert sources(500, promise, is_unmatched=is_unmatched) == found


@pytest.mark.parametrize(
    ("booked", "found"),
    [
        (Booked(700, 0), 0),
        (Booked(700, 70), 70),
        (Booked(1_000, 100), 70),  # another payment came early and stands in for a part of it
        (Booked(0, 0), 35),  # all of it became a gift when the condition was met
        (Booked(400, 40), 40 + 15),
    ],
)
def test_a_bounce_gives_back_the_reserve_of_what_is_a_gift_by_now(booked, found):
    assert went_back(1_000, Promise(700, 1_000), booked, reserve_bp=500) == Split(1_000, 700, 300, found)


def test_a_part_of_a_cent_is_never_given_back_of_the_reserve():
    assert Booked(3, 2).own_reserve_cents(2) == 1
    assert isinstance(Booked(3, 2).own_reserve_cents(2), int)
    assert Booked(3, 0).kept_back_cents(3, reserve_bp=10_000) == 0


@given(
    first=st.integers(1, 10**6), second=st.integers(1, 10**6), due=st.integers(0, 2 * 10**6), data=st.data()
)
def test_bounces_in_any_order_give_back_what_was_kept_but_for_parts_of_a_cent(first, second, due, data):
    amounts, due = [first, second], min(due, first + second)
    kept = due * 500 // 10_000
    promise, given_back = Promise(due, first + second), 0
    for amount in data.draw(st.permutations(amounts)):
        split = went_back(amount, promise, NOTHING_KEPT, reserve_bp=500)
        given_back += split.reserve_cents
        promise = promise.after(-amount)

    assert kept - 1 <= given_back <= kept


@given(
    due=CENTS, received=CENTS, given_up=CENTS, amount=st.integers(1, 10**9), reserve_bp=st.integers(0, 10_000)
)
def test_a_receipt_never_does_more_than_its_money(due, received, given_up, amount, reserve_bp):
    promise = Promise(due, received, given_up)
    split = came_in(amount, promise, reserve_bp=reserve_bp)

    parts = (split.receivable_cents, split.advance_cents, split.gift_cents)
    assert min(parts) >= 0
    assert sum(parts) == amount
    assert split.receivable_cents <= promise.owed_cents
    assert 0 <= split.reserve_cents <= split.promisable_cents
    assert came_in(amount, None, reserve_bp=reserve_bp).gift_cents == amount


@pytest.mark.parametrize(("booked", "found"), [((10_000, 0), 0), ((10_000, 200), 200), ((0, 0), 0)])
def test_a_gift_that_bounces_gives_back_its_reserve(booked, found):
    back = went_back(10_000, None, Booked(*booked), reserve_bp=200)

    assert back == Split(10_000, reserve_cents=found)
