"""Lines of a posting: pairs of them, and one for each account."""

from uuid import UUID

from fundmgr.domain.chart import Code
from fundmgr.domain.lines import Line, line, merged, pair, pairs

A, B = UUID(int=1), UUID(int=2)


def test_nothing_is_written_for_an_amount_of_zero():
    assert line(Code.CASH, A, 0) == pair(Code.CASH, Code.CONTRIBUTIONS, A, 0) == ()


def test_each_share_has_a_debit_and_its_credit():
    assert pairs(Code.AVAILABLE, Code.RESERVED, [(A, 1), (B, 2)]) == (
        Line(Code.AVAILABLE, A, 1),
        Line(Code.RESERVED, A, -1),
        Line(Code.AVAILABLE, B, 2),
        Line(Code.RESERVED, B, -2),
    )


def test_lines_of_one_account_become_one_and_those_that_come_to_zero_go():
    lines = [Line(Code.CASH, A, 5), Line(Code.CASH, A, 2), Line(Code.CASH, B, 1), Line(Code.CASH, B, -1)]

    assert merged(lines) == (Line(Code.CASH, A, 7),)
