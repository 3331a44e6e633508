"""Where a promise stands from its money alone."""

import pytest

from fundmgr.domain.pledges import Split, state_of


@pytest.mark.parametrize(
    ("due", "received", "state"),
    [
        (100, 0, "PLEDGED"),
        (100, 1, "PARTIALLY_RECEIVED"),
        (100, 100, "FULFILLED"),
        (60, 0, "CONDITIONAL"),
        (60, 60, "CONDITIONAL"),
        (0, 100, "CONDITIONAL"),
    ],
)
def test_the_state_follows_from_what_is_due_and_what_came(due, received, state):
    assert state_of(amount_cents=100, due_cents=due, received_cents=received) == state


def test_what_is_neither_owed_nor_early_is_a_gift():
    split = Split(100, receivable_cents=40, advance_cents=10, reserve_cents=2)

    assert (split.gift_cents, split.promisable_cents) == (50, 90)
