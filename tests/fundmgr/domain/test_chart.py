"""The chart of accounts: every account has a name, a side and a floor or a reason to have none."""

from fundmgr.domain.chart import DEBIT_NORMAL, GUARDED, MEMO, NAMES, Code


def test_every_account_has_a_name_of_its_own():
    assert set(NAMES) == set(Code)
    assert len(set(NAMES.values())) == len(Code)


def test_memo_accounts_are_those_of_the_nine_thousands_and_have_a_floor():
    assert {code.value[0] for code in MEMO} == {"9"}
    assert MEMO <= GUARDED
    assert {Code.CONTROL, Code.UNCOVERED} == MEMO & DEBIT_NORMAL
