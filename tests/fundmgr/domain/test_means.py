"""How far the money reaches: the figures of a fund with promises, a match and a restriction."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain.means import Means, Pot

CENTS = st.integers(0, 10**12)


def pot(available, matching=None, *, general=False):
    return Pot(UUID(int=1), "Pot", general, available, 0, 0, available, matching)


def test_the_seven_figures_of_a_fund_that_raised_860_000():
    means = Means(
        cash_cents=41_000_000,
        receivable_cents=26_000_000,
        conditional_cents=19_000_000,
        reserve_cents=720_000,
        expected_receipts_cents=20_000_000 * 95 // 100 + 6_000_000 * 90 // 100,
        verified_need_cents=411_106_900,
        pots=[pot(35_280_000, general=True), pot(5_000_000, 3_840_000)],
    )

    assert means.raised_cents == 86_000_000
    assert means.unrestricted_available_cents == 35_280_000
    assert means.restricted_available_cents == 5_000_000
    assert means.stranded_cents == 1_160_000
    assert means.usable_cents == 39_120_000
    assert means.usable_bp == 952
    assert means.expected_cents == 65_400_000


@given(CENTS, CENTS)
def test_usable_and_stranded_are_the_parts_of_what_is_available(available, matching):
    one = pot(available, matching)

    assert one.usable_cents + one.stranded_cents == available
    assert one.usable_cents == min(available, matching)


@given(CENTS)
def test_money_tied_to_nothing_is_never_stranded(available):
    assert pot(available, general=True).stranded_cents == 0
    assert pot(available).stranded_cents == 0


def test_nothing_is_a_share_of_no_need():
    assert Means(0, 0, 0, 0, 0, 0, []).usable_bp is None
