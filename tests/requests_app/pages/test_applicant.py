"""The worker's pages, walked as a browser without scripts does."""

import pytest
from builders import World, make_world
from walking import Walk, heading_of

from requests_app.models import AssistanceRequest


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def test_a_worker_asks_from_start_to_receipt(walk: Walk) -> None:
    walk.fill()
    check = walk.get("apply/check/")
    assert heading_of(check) == "Check your answers, then send"
    assert "$3,000" in check.content.decode()

    response = walk.send()

    assert response.url.endswith("/request/receipt/")
    row = AssistanceRequest.objects.get()
    receipt = walk.get("request/receipt/")
    assert heading_of(receipt) == "We have your request"
    assert row.reference in receipt.content.decode()
    assert row.channel == "WEB"
    assert row.odds_shown["requests_count"] == 0
