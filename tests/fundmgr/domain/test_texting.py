"""How long a text is tried, and how a fund is named in one."""

from datetime import timedelta

import pytest

from fundmgr.domain.texting import KEY_LASTS, short_name, wait_before


def test_tries_come_less_and_less_often_and_end_before_the_key_is_forgotten():
    waits = [wait_before(tries) for tries in range(1, 30)]

    assert waits[0] == timedelta(seconds=15)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(minutes=30) < KEY_LASTS
    assert wait_before(0) == waits[0]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Crew Fund", "Crew Fund"),
        ("Badge 27 Crew Emergency Assistance Fund", "Badge 27 Crew Emergency"),
        ("A" * 40, "A" * 32),
        ("Stage and Screen Hardship, and more", "Stage and Screen Hardship, and"),
    ],
)
def test_a_long_name_is_cut_at_a_word(name, kept):
    assert short_name(name) == kept
    assert len(short_name(name)) <= 32
