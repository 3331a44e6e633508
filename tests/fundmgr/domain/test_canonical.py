"""One way to write a thing as bytes."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundmgr.domain import canonical

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def test_the_bytes_are_fixed():
    body = {
        "b": [1, True, None, "é\n"],
        "a": {"id": UUID(int=1), "on": date(2023, 9, 18), "at": datetime(2023, 9, 18, 16, tzinfo=UTC)},
    }

    assert (
        canonical.canonical_bytes(body)
        == (
            '{"a":{"at":"2023-09-18T16:00:00+00:00","id":"00000000-0000-0000-0000-000000000001",'
            '"on":"2023-09-18"},"b":[1,true,null,"é\\n"]}'
        ).encode()
    )


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), PLAIN, max_size=6))
def test_the_order_of_keys_does_not_matter_and_nothing_is_lost(body):
    turned = dict(reversed(list(body.items())))

    assert canonical.canonical_bytes(body) == canonical.canonical_bytes(turned)
    assert canonical.digest(body) == canonical.digest(turned)
    assert json.loads(canonical.canonical_bytes(body)) == body


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), PLAIN, max_size=6))
def test_the_bytes_are_those_of_the_standard_library(body):
    """Whoever checks a round offline has nothing but that."""
    told = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert canonical.canonical_bytes(body) == told.encode()


@pytest.mark.parametrize("value", [1.0, float("nan"), 1j, b"bytes", object(), {1, 2}])
def test_floats_and_unknown_things_are_refused(value):
    with pytest.raises(TypeError):
        canonical.canonical_bytes({"value": [value]})


def test_digests_differ_where_bodies_differ():
    one, other = {"cents": 1}, {"cents": "1"}

    assert canonical.digest(one) != canonical.digest(other)
    assert len(canonical.digest(one)) == 64


def test_the_same_moment_is_written_the_same_in_every_zone():
    at = datetime(2023, 9, 18, 16, tzinfo=UTC)
    elsewhere = at.astimezone(timezone(timedelta(hours=-7)))

    assert canonical.digest({"at": at}) == canonical.digest({"at": elsewhere})
