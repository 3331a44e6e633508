"""The rounds of the public beacon follow from the clock alone."""

from datetime import UTC, datetime, timedelta

import pytest

from fundmgr.domain import beacons

NOW = datetime(2023, 9, 18, 16, 0, tzinfo=UTC)


def test_the_chain_begins_where_its_operators_say():
    assert int(beacons.BEGINNING.timestamp()) == 1_692_803_367
    assert beacons.moment_of(1) == beacons.BEGINNING
    assert beacons.moment_of(2) - beacons.moment_of(1) == timedelta(seconds=3)


@pytest.mark.parametrize("number", [1, 2, 3, 749_812, 10**7])
def test_a_round_is_the_first_at_its_own_moment(number):
    at = beacons.moment_of(number)

    assert beacons.first_after(at) == number
    assert beacons.first_after(at + timedelta(microseconds=1)) == number + 1
    assert beacons.first_after(at - timedelta(seconds=1)) == number


def test_before_the_beginning_there_is_the_first():
    assert beacons.first_after(beacons.BEGINNING - timedelta(days=9)) == 1
    with pytest.raises(ValueError, match="from 1"):
        beacons.moment_of(0)


def test_only_a_round_that_is_still_to_come_is_ahead():
    coming = beacons.first_after(NOW + timedelta(hours=1))

    assert beacons.is_ahead(coming, now=NOW)
    assert not beacons.is_ahead(beacons.first_after(NOW), now=NOW)
    assert not beacons.is_ahead(beacons.first_after(NOW - timedelta(hours=1)), now=NOW)
    assert not beacons.is_ahead(beacons.first_after(NOW + timedelta(days=61)), now=NOW)
    assert not beacons.is_ahead(10**18, now=NOW)
