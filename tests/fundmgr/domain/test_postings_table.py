"""The table of moves, as an accountant reads it: what each debits and credits, its key and its cause.

Amounts are cents, debits positive. The moves that meet a hole are shown with one, cent by cent.
"""

from uuid import UUID

import pytest

from fundmgr.domain import postings, suspense
from fundmgr.domain.chart import Code
from fundmgr.domain.holes import Standing
from fundmgr.domain.lines import Line
from fundmgr.domain.move import Move
from fundmgr.domain.pledges import Split

BOUND, FREE = UUID(int=1), UUID(int=2)
CAUSE, OTHER = UUID(int=3), UUID(int=4)
SHARES = [(BOUND, 600), (FREE, 400)]
PAID = {"payout_id": CAUSE, "shares": SHARES}
OF_1000 = {"restriction_id": BOUND, "amount_cents": 1_000}
# What came in: 300 of it was owed, 200 came before its condition was met, 500 is a gift; 80 are kept back.
SPLIT = Split(1_000, receivable_cents=300, advance_cents=200, reserve_cents=80)
# The bank is owed 30; of what was promised 50 lack their money, of what was paid 40.
HOLE = Standing(overdraft_cents=30, deficit_cents=40, uncovered_cents=50)
# Less is there than what is about to leave.
SHORT = Standing(cash_cents=900, control_cents=150, available_cents=100, reserve_cents=10)


def both(*accounts, **of_the_bound):
    """Of each share a debit of one account and a credit of the next, in turn; the bound one may differ."""
    found = {pot: {name: cents * (-1) ** turn for turn, name in enumerate(accounts)} for pot, cents in SHARES}
    return {**found, BOUND: found[BOUND] | of_the_bound}


PROMISES = [
    (
        postings.pledge,
        {"commitment_id": CAUSE, **OF_1000},
        (Move.PLEDGE, f"pledge:{CAUSE}", "commitment"),
        {BOUND: {"PLEDGES_RECEIVABLE": 1_000, "PLEDGED_CONTRIBUTIONS": -1_000}},
    ),
    (
        postings.pledge_cancelled,
        {"commitment_id": CAUSE, **OF_1000},
        (Move.PLEDGE_CANCELLED, f"pledge-cancelled:{CAUSE}", "commitment"),
        {BOUND: {"PLEDGES_WRITTEN_OFF": 1_000, "PLEDGES_RECEIVABLE": -1_000}},
    ),
    (
        postings.write_off,
        {"commitment_id": CAUSE, **OF_1000},
        (Move.WRITE_OFF, f"write-off:{CAUSE}", "commitment"),
        {BOUND: {"PLEDGES_WRITTEN_OFF": 1_000, "PLEDGES_RECEIVABLE": -1_000}},
    ),
    (
        postings.condition_met,
        {
            "commitment_id": CAUSE,
            "occasion_id": OTHER,
            "restriction_id": BOUND,
            "advance_cents": 200,
            "receivable_cents": 300,
            "reserve_cents": 20,
            "standing": HOLE,
        },
        (Move.CONDITION_MET, f"condition-met:{CAUSE}:{OTHER}", "commitment"),
        {
            BOUND: {
                "REFUNDABLE_ADVANCE": 200,
                "PLEDGES_RECEIVABLE": 300,
                "PLEDGED_CONTRIBUTIONS": -500,
                "DEFICIT": 40,
                "CONTROL": 160,
                "UNCOVERED": -50,
                "RESERVE": -20,
                "AVAILABLE": -130,
            }
        },
    ),
    (
        postings.condition_unmet,
        {
            "commitment_id": CAUSE,
            "occasion_id": OTHER,
            "restriction_id": BOUND,
            "advance_cents": 200,
            "receivable_cents": 300,
            "reserve_cents": 20,
            "standing": SHORT,
        },
        (Move.CONDITION_UNMET, f"condition-unmet:{CAUSE}:{OTHER}", "commitment"),
        {
            BOUND: {
                "PLEDGED_CONTRIBUTIONS": 500,
                "REFUNDABLE_ADVANCE": -200,
                "PLEDGES_RECEIVABLE": -300,
                "RESERVE": 10,
                "AVAILABLE": 100,
                "UNCOVERED": 90,
                "CONTROL": -150,
                "DEFICIT": -50,
            }
        },
    ),
]
PROMISABLE = {
    "PLEDGES_RECEIVABLE": -300,
    "REFUNDABLE_ADVANCE": -200,
    "CONTRIBUTIONS": -500,
    "DEFICIT": 40,
    "CONTROL": 760,
    "UNCOVERED": -50,
    "RESERVE": -80,
    "AVAILABLE": -670,
}
RECEIPTS = [
    (
        postings.receipt,
        {"receipt_id": CAUSE, "restriction_id": BOUND, "split": SPLIT, "standing": HOLE},
        (Move.RECEIPT, f"receipt:{CAUSE}", "receipt"),
        {BOUND: {"CASH": 970, "BANK_OVERDRAFT": 30, **PROMISABLE}},
    ),
    (
        postings.suspense,
        {"receipt_id": CAUSE, "general_id": FREE, "amount_cents": 1_000, "standing": HOLE},
        (Move.SUSPENSE, f"suspense:{CAUSE}", "receipt"),
        {FREE: {"CASH": 970, "BANK_OVERDRAFT": 30, "SUSPENSE": -1_000}},
    ),
    (
        postings.suspense_matched,
        {"receipt_id": CAUSE, "general_id": FREE, "restriction_id": BOUND, "split": SPLIT, "standing": HOLE},
        (Move.SUSPENSE_MATCHED, f"receipt:{CAUSE}", "receipt"),
        {FREE: {"SUSPENSE": 1_000, "CASH": -1_000}, BOUND: {"CASH": 1_000, **PROMISABLE}},
    ),
    (
        postings.suspense_matched,
        {"receipt_id": CAUSE, "general_id": FREE, "restriction_id": FREE, "split": Split(1_000)},
        (Move.SUSPENSE_MATCHED, f"receipt:{CAUSE}", "receipt"),
        {FREE: {"SUSPENSE": 1_000, "CONTRIBUTIONS": -1_000, "CONTROL": 1_000, "AVAILABLE": -1_000}},
    ),
    (
        postings.bounce,
        {
            "receipt_id": CAUSE,
            "reverses_id": OTHER,
            "restriction_id": BOUND,
            "split": SPLIT,
            "standing": SHORT,
        },
        (Move.BOUNCE, f"bounce:{CAUSE}", "receipt"),
        {
            BOUND: {
                "CASH": -900,
                "BANK_OVERDRAFT": -100,
                "PLEDGES_RECEIVABLE": 300,
                "REFUNDABLE_ADVANCE": 200,
                "CONTRIBUTIONS": 500,
                "RESERVE": 10,
                "AVAILABLE": 100,
                "UNCOVERED": 690,
                "CONTROL": -150,
                "DEFICIT": -650,
            }
        },
    ),
    (
        suspense.bounced,
        {
            "receipt_id": CAUSE,
            "reverses_id": OTHER,
            "general_id": FREE,
            "amount_cents": 1_000,
            "standing": SHORT,
        },
        (Move.BOUNCE, f"bounce:{CAUSE}", "receipt"),
        {FREE: {"CASH": -900, "BANK_OVERDRAFT": -100, "SUSPENSE": 1_000}},
    ),
    (
        postings.refund,
        {"refund_id": CAUSE, **OF_1000, "source": Code.PLEDGED_CONTRIBUTIONS},
        (Move.REFUND, f"refund:{CAUSE}", "refund"),
        {BOUND: {"PLEDGED_CONTRIBUTIONS": 1_000, "CASH": -1_000, "AVAILABLE": 1_000, "CONTROL": -1_000}},
    ),
    (
        postings.refund,
        {"refund_id": CAUSE, **OF_1000, "source": Code.REFUNDABLE_ADVANCE},
        (Move.REFUND, f"refund:{CAUSE}", "refund"),
        {BOUND: {"REFUNDABLE_ADVANCE": 1_000, "CASH": -1_000}},
    ),
    (
        postings.refund,
        {"refund_id": CAUSE, **OF_1000, "source": Code.SUSPENSE},
        (Move.REFUND, f"refund:{CAUSE}", "refund"),
        {BOUND: {"SUSPENSE": 1_000, "CASH": -1_000}},
    ),
    (
        postings.restriction_release,
        {
            "release_id": CAUSE,
            "restriction_id": BOUND,
            "general_id": FREE,
            "amount_cents": 1_000,
            "standing": HOLE,
        },
        (Move.RESTRICTION_RELEASE, f"restriction-release:{CAUSE}", "release"),
        {
            BOUND: {"NET_ASSETS_RESTRICTED": 1_000, "CASH": -1_000, "AVAILABLE": 1_000, "CONTROL": -1_000},
            FREE: {
                "CASH": 970,
                "BANK_OVERDRAFT": 30,
                "NET_ASSETS_FREE": -1_000,
                "DEFICIT": 40,
                "CONTROL": 960,
                "UNCOVERED": -50,
                "AVAILABLE": -950,
            },
        },
    ),
    (
        postings.reserve_use,
        {"use_id": CAUSE, **OF_1000, "uncovered_cents": {BOUND: 300}},
        (Move.RESERVE_USE, f"reserve-use:{CAUSE}", "reserve_use"),
        {BOUND: {"RESERVE": 1_000, "UNCOVERED": -300, "AVAILABLE": -700}},
    ),
    (
        postings.bank_fee,
        {"fee_id": CAUSE, **OF_1000},
        (Move.BANK_FEE, f"bank-fee:{CAUSE}", "bank_fee"),
        {BOUND: {"BANK_FEES": 1_000, "CASH": -1_000, "AVAILABLE": 1_000, "CONTROL": -1_000}},
    ),
]
AWARDS = [
    (
        postings.hold,
        {"award_id": CAUSE, "shares": SHARES},
        (Move.HOLD, f"hold:{CAUSE}", "award"),
        both("AVAILABLE", "RESERVED"),
    ),
    (
        postings.award,
        {"award_id": CAUSE, "hold_id": OTHER, "shares": SHARES, "restricted": {BOUND}},
        (Move.AWARD, f"award:{CAUSE}", "award"),
        both(
            *("RESERVED", "COMMITTED", "ASSISTANCE", "AWARDS_PAYABLE"),
            NET_ASSETS_RESTRICTED=600,
            NET_ASSETS_FREE=-600,
        ),
    ),
    (
        postings.hold_void,
        {"award_id": CAUSE, "hold_id": OTHER, "shares": SHARES, "uncovered_cents": {BOUND: 100}},
        (Move.HOLD_VOID, f"hold-void:{CAUSE}", "award"),
        both("RESERVED", "AVAILABLE", UNCOVERED=-100, AVAILABLE=-500),
    ),
    (
        postings.award_rescinded,
        {"award_id": CAUSE, "shares": SHARES, "restricted": {BOUND}, "uncovered_cents": {BOUND: 100}},
        (Move.AWARD_RESCINDED, f"award-rescinded:{CAUSE}", "award"),
        both(
            *("COMMITTED", "AVAILABLE", "AWARDS_PAYABLE", "ASSISTANCE"),
            UNCOVERED=-100,
            AVAILABLE=-500,
            NET_ASSETS_FREE=600,
            NET_ASSETS_RESTRICTED=-600,
        ),
    ),
    (
        postings.award_rescinded,
        {"award_id": CAUSE, "shares": SHARES, "returned": True},
        (Move.AWARD_RESCINDED, f"award-rescinded:{CAUSE}", "award"),
        both("COMMITTED", "AVAILABLE", "RETURNED_PAYABLE", "ASSISTANCE"),
    ),
]
PAYMENTS = [
    (
        postings.release,
        PAID,
        (Move.RELEASE, f"release:{CAUSE}", "payout"),
        both("AWARDS_PAYABLE", "IN_TRANSIT"),
    ),
    (
        postings.release,
        {**PAID, "reissue": True},
        (Move.REISSUE, f"release:{CAUSE}", "payout"),
        both("RETURNED_PAYABLE", "IN_TRANSIT"),
    ),
    (
        postings.settlement,
        {**PAID, "standings": {BOUND: Standing(cash_cents=500, control_cents=450)}},
        (Move.SETTLEMENT, f"settlement:{CAUSE}", "payout"),
        both(
            *("IN_TRANSIT", "CASH", "COMMITTED", "CONTROL"),
            CASH=-500,
            BANK_OVERDRAFT=-100,
            CONTROL=-450,
            DEFICIT=-150,
        ),
    ),
    (
        postings.payment_return,
        {**PAID, "settled": False},
        (Move.RETURN_IN_TRANSIT, f"return:{CAUSE}", "payout"),
        both("IN_TRANSIT", "RETURNED_PAYABLE"),
    ),
    (
        postings.payment_return,
        {**PAID, "settled": True},
        (Move.RETURN_SETTLED, f"return:{CAUSE}", "payout"),
        both("CASH", "RETURNED_PAYABLE", "CONTROL", "COMMITTED"),
    ),
    (
        postings.uncashed,
        PAID,
        (Move.UNCASHED, f"uncashed:{CAUSE}", "payout"),
        both("IN_TRANSIT", "UNCLAIMED"),
    ),
    (
        postings.escheat,
        PAID,
        (Move.ESCHEAT, f"escheat:{CAUSE}", "payout"),
        both("UNCLAIMED", "CASH", "COMMITTED", "CONTROL"),
    ),
    (
        postings.clawback,
        {"clawback_id": CAUSE, "shares": SHARES},
        (Move.CLAWBACK, f"clawback:{CAUSE}", "clawback"),
        both("CLAWBACKS_RECEIVABLE", "ASSISTANCE"),
    ),
    (
        postings.clawback_received,
        {"clawback_id": CAUSE, **OF_1000, "standing": HOLE},
        (Move.CLAWBACK_RECEIVED, f"clawback-received:{CAUSE}", "clawback"),
        {
            BOUND: {
                "CASH": 970,
                "BANK_OVERDRAFT": 30,
                "CLAWBACKS_RECEIVABLE": -1_000,
                "DEFICIT": 40,
                "CONTROL": 960,
                "UNCOVERED": -50,
                "AVAILABLE": -950,
            }
        },
    ),
]


def booked(posting):
    """The lines of a posting by restriction and account; each account stands in it once."""
    found = {}
    for line in posting.lines:
        assert line.code.name not in found.setdefault(line.restriction_id, {})
        found[line.restriction_id][line.code.name] = line.amount_cents
    return found


@pytest.mark.parametrize(("make", "said", "named", "lines"), [*PROMISES, *RECEIPTS, *AWARDS, *PAYMENTS])
def test_each_move_is_booked_as_the_table_says(make, said, named, lines):
    posting = make(**said)

    assert booked(posting) == lines
    assert (posting.move, posting.key, posting.cause_type) == named
    assert posting.cause_id == CAUSE
    assert posting.resolves_id == said.get("hold_id")
    assert posting.reverses_id == said.get("reverses_id")


def test_every_move_stands_in_the_table():
    named = {row[2][0] for row in [*PROMISES, *RECEIPTS, *AWARDS, *PAYMENTS]}

    assert named == set(Move) - {Move.REVERSAL}


def test_a_reversal_turns_each_line_of_each_restriction_around():
    lines = [Line(Code.CASH, BOUND, 5), Line(Code.CONTRIBUTIONS, BOUND, -5), Line(Code.CASH, FREE, 7)]

    undone = postings.reversal(transfer_id=OTHER, cause_type="receipt", cause_id=CAUSE, lines=lines)

    assert undone == postings.Posting(
        Move.REVERSAL,
        f"reversal:{OTHER}",
        "receipt",
        CAUSE,
        (Line(Code.CASH, BOUND, -5), Line(Code.CONTRIBUTIONS, BOUND, 5), Line(Code.CASH, FREE, -7)),
        reverses_id=OTHER,
    )
