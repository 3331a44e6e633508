"""What the policy makes of a request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import eligibility
from fundmgr.domain.eligibility import NeedLimits

CENTS = st.integers(0, 10**12)
LIMITS = st.builds(NeedLimits, st.integers(1, 10**9), st.integers(1, 10**9))


@pytest.mark.parametrize(
    ("asked", "aid", "verified"),
    [
        (240_000, 0, 240_000),
        (240_000, 40_000, 200_000),
        (240_000, 240_000, 0),
        (240_000, 999_999, 0),
        (900_000, 0, 750_000),
        (900_000, 100_000, 750_000),
    ],
)
def test_verified_need_is_asked_less_other_aid_within_the_ceiling(asked, aid, verified):
    limits = NeedLimits(need_ceiling_cents=750_000, award_cap_cents=150_000)

    found = eligibility.verified_cents(asked_cents=asked, other_aid_cents=aid, limits=limits)

    assert found == verified


@given(CENTS, CENTS, LIMITS)
def test_need_is_never_negative_nor_over_what_was_asked_nor_over_the_limits(asked, aid, limits):
    verified = eligibility.verified_cents(asked_cents=asked, other_aid_cents=aid, limits=limits)
    capped = eligibility.capped_cents(verified_need_cents=verified, limits=limits)

    assert 0 <= capped <= verified <= min(asked, limits.need_ceiling_cents)
    assert capped <= limits.award_cap_cents


@given(CENTS, CENTS, CENTS, LIMITS)
def test_more_other_aid_never_raises_the_need(asked, aid, more, limits):
    one = eligibility.verified_cents(asked_cents=asked, other_aid_cents=aid, limits=limits)
    two = eligibility.verified_cents(asked_cents=asked, other_aid_cents=aid + more, limits=limits)

    assert two <= one
