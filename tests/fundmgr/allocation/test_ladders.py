"""Claims looked up in ascending order take what a plain sum says they take."""

from fractions import Fraction

import numpy as np
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation.ladders import Ladder, common_level
from fundmgr.allocation.levels import level_of, wanted_at

quick = settings(max_examples=examples(100), deadline=None)
groups = st.lists(
    st.lists(st.integers(0, 30), min_size=1, max_size=6).map(lambda claims: np.array(claims, dtype=np.int64)),
    min_size=1,
    max_size=4,
).filter(lambda found: any(claims.any() for claims in found))


@quick
@given(groups, st.integers(0, 400), st.integers(1, 12))
def test_a_group_takes_what_it_takes_claim_by_claim(found, cents, weight):
    for claims in found:
        wanted = Ladder(claims).wanted(cents, weight)

        assert wanted == wanted_at(claims, None, cents, weight)
        taken = sum(min(Fraction(claim), Fraction(cents, weight)) for claim in claims.tolist())
        assert wanted == taken * weight


@quick
@given(groups, st.data())
def test_the_common_level_of_groups_is_the_level_of_all_their_claims(found, data):
    together = np.concatenate(found)
    money = data.draw(st.integers(0, int(together.sum()) - 1))

    cents, weight = common_level([Ladder(claims) for claims in found], money)

    assert (cents, weight) == level_of(together, None, money)
    assert sum(min(Fraction(claim), Fraction(cents, weight)) for claim in together.tolist()) == money
