"""Money that comes and money that bounces: a hole is filled first, and never more is taken than there is."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain.chart import DEBIT_NORMAL, Code
from fundmgr.domain.holes import (
    EMPTY,
    FIELDS,
    Standing,
    brought_in,
    cash_in,
    cash_out,
    given_back,
    paid_out,
    taken_out,
)

POT = UUID(int=1)
CENTS = st.integers(0, 10**9)
STANDINGS = st.builds(Standing, **dict.fromkeys(FIELDS.values(), CENTS))


def amounts(lines):
    return {line.code: line.amount_cents for line in lines}


def test_money_that_comes_in_pays_an_overdraft_and_fills_a_hole_first():
    standing = Standing(overdraft_cents=30, deficit_cents=30, uncovered_cents=50)

    assert amounts(cash_in(POT, 100, standing)) == {Code.CASH: 70, Code.BANK_OVERDRAFT: 30}
    assert amounts(brought_in(POT, 100, reserve_cents=2, standing=standing)) == {
        Code.DEFICIT: 30,
        Code.CONTROL: 70,
        Code.UNCOVERED: -50,
        Code.RESERVE: -2,
        Code.AVAILABLE: -48,
    }


def test_money_that_bounces_is_taken_from_what_nobody_was_promised_first():
    standing = Standing(cash_cents=100, control_cents=100, available_cents=30, reserve_cents=10)

    assert amounts(taken_out(POT, 100, reserve_cents=2, standing=standing)) == {
        Code.RESERVE: 10,
        Code.AVAILABLE: 30,
        Code.UNCOVERED: 60,
        Code.CONTROL: -100,
    }
    assert amounts(cash_out(POT, 130, standing)) == {Code.CASH: -100, Code.BANK_OVERDRAFT: -30}


def test_where_enough_is_there_a_bounce_takes_its_own_reserve_and_nothing_that_was_promised():
    standing = Standing(cash_cents=900, control_cents=900, available_cents=400, reserve_cents=200)

    assert amounts(taken_out(POT, 100, reserve_cents=2, standing=standing)) == {
        Code.RESERVE: 2,
        Code.AVAILABLE: 98,
        Code.CONTROL: -100,
    }
    assert amounts(taken_out(POT, 100, reserve_cents=150, standing=standing)) == {
        Code.RESERVE: 100,
        Code.CONTROL: -100,
    }


def test_a_promise_that_ends_fills_the_hole_before_it_is_available():
    lines = given_back(Code.RESERVED, [(POT, 100)], {POT: 40})

    assert amounts(lines) == {Code.RESERVED: 100, Code.UNCOVERED: -40, Code.AVAILABLE: -60}


@given(CENTS, CENTS, STANDINGS)
def test_no_account_is_taken_below_zero(cents, reserve, standing):
    for lines in (
        brought_in(POT, cents, reserve_cents=reserve, standing=standing),
        taken_out(POT, cents, reserve_cents=reserve, standing=standing),
        cash_in(POT, cents, standing),
        cash_out(POT, cents, standing),
        paid_out(POT, cents, standing),
    ):
        after = standing.after(lines, POT)
        assert all(getattr(after, field) >= 0 for field in FIELDS.values())


@given(CENTS, CENTS, STANDINGS)
def test_no_account_moves_by_more_than_the_money(cents, reserve, standing):
    for lines in (
        brought_in(POT, cents, reserve_cents=reserve, standing=standing),
        taken_out(POT, cents, reserve_cents=reserve, standing=standing),
        paid_out(POT, cents, standing),
    ):
        assert all(abs(line.amount_cents) <= cents for line in lines)


@given(CENTS, CENTS, STANDINGS)
def test_memo_lines_come_to_zero(cents, reserve, standing):
    for lines in (
        brought_in(POT, cents, reserve_cents=reserve, standing=standing),
        taken_out(POT, cents, reserve_cents=reserve, standing=standing),
    ):
        assert sum(line.amount_cents for line in lines) == 0


def test_a_standing_follows_the_lines_of_its_own_restriction_alone():
    lines = cash_in(POT, 100, EMPTY) + cash_in(UUID(int=2), 900, EMPTY)

    assert EMPTY.after(lines, POT) == Standing(cash_cents=100)
    assert EMPTY.after(lines + lines, POT) == Standing(cash_cents=200)
    assert Code.CASH in DEBIT_NORMAL
