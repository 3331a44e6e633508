"""References, and nothing else, of requests."""

import pytest
from builders import make_world
from waiting import make_requests

from fundmgr.domain import ids
from requests_app.queries.waiting import references

pytestmark = pytest.mark.django_db


def test_each_request_is_known_by_its_reference_and_an_unknown_one_is_left_out():
    one, _ = make_requests(make_world(), [100_000, 200_000])

    assert references([one.id, ids.new_id(one.created_at)]) == {one.id: one.reference}
