"""Unmatched money that the bank took back."""

from uuid import uuid4

from fundmgr.domain import suspense
from fundmgr.domain.chart import Code
from fundmgr.domain.holes import Standing
from fundmgr.domain.move import Move


def bounced(cash_cents):
    posting = suspense.bounced(
        receipt_id=uuid4(),
        reverses_id=uuid4(),
        general_id=uuid4(),
        amount_cents=1_000,
        standing=Standing(cash_cents=cash_cents),
    )
    return posting, {line.code: line.amount_cents for line in posting.lines}


def test_it_leaves_suspense_and_the_bank_and_nothing_else():
    posting, lines = bounced(5_000)

    assert posting.move is Move.BOUNCE
    assert lines == {Code.CASH: -1_000, Code.SUSPENSE: 1_000}


def test_what_the_bank_lacks_is_an_overdraft():
    _, lines = bounced(400)

    assert lines == {Code.CASH: -400, Code.BANK_OVERDRAFT: -600, Code.SUSPENSE: 1_000}
