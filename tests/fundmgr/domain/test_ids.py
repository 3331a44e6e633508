"""Keys in the order of time, prefixed names outside, references without an order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import ids

NOW = datetime(2023, 9, 18, 16, 0, tzinfo=UTC)


def test_keys_are_version_7_and_follow_the_clock():
    keys = [ids.new_id(NOW + timedelta(milliseconds=number)) for number in range(50)]

    assert keys == sorted(keys)
    assert {(key.version, key.variant) for key in keys} == {(7, "specified in RFC 4122")}
    assert keys[0].int >> 80 == int(NOW.timestamp() * 1000)


def test_keys_of_one_moment_differ():
    assert len({ids.new_id(NOW) for _ in range(1_000)}) == 1_000


@given(st.uuids())
def test_public_ids_read_back(key):
    assert ids.parse_public("req", ids.public("req", key)) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "req_",
        "req",
        "com_018aa905200077f98cc8e249ff31567f",
        "req_018AA905200077F98CC8E249FF31567F",
        "req_018aa905200077f98cc8e249ff31567",
        "req_018aa905200077f98cc8e249ff31567f\n",
        " req_018aa905200077f98cc8e249ff31567f",
        "req_018aa905-2000-77f9-8cc8-e249ff31567f",
        "req_٠18aa905200077f98cc8e249ff31567f",
        "req_' OR 1=1 --",
    ],
)
def test_anything_else_is_no_id(text):
    assert ids.parse_public("req", text) is None


def test_references_can_be_read_out_and_show_no_order():
    references = [ids.new_reference() for _ in range(200)]

    assert all(len(reference) == 8 and reference.startswith("R-") for reference in references)
    assert not set("".join(reference[2:] for reference in references)) & set("01OIAEU")
    assert references != sorted(references)


def test_a_seed_makes_ids_and_references_repeatable():
    def some():
        with ids.repeatable(7):
            return [ids.new_id(NOW), ids.new_id(NOW), ids.new_reference()]

    assert some() == some()
    assert isinstance(some()[0], UUID)
    assert ids.new_id(NOW) not in some()
