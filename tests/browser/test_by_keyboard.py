"""What a worker does after sending, by keyboard alone."""

from datetime import timedelta

import casework
import keyboard
import product
import pytest
from browsing import take_over
from builders import World, make_world
from django.utils import timezone
from playwright.sync_api import Browser
from stages import STAGES, reach

from fundmgr.domain.permissions import Role
from requests_app.services import productions

pytestmark = pytest.mark.browser
TYPED = {
    "text": "I belong to Local 728.",
    "amount_RENT": "1800",
    "email": "new@example.com",
    "name_on_account": "Ana Rivera",
    "routing_number": casework.ROUTING,
    "account_number": casework.ACCOUNT,
    "full_name": "Ana María Rivera",
}
CHOSEN = {"channel": "MAIL", "ground": "MISSED", "method": "BANK", "confirm": "", "agreed": ""}
FORM = None
# From "Your request": each link that is followed, and a form where None stands; then where that ends.
WAYS = {
    "asked": [(["request/answer/", FORM], "request/"), (["request/messages/", FORM], "request/messages/")],
    "sent": [
        (["request/change/", "change/need/", FORM], "request/change/"),
        (["request/photos/"], "request/photos/"),
        (["my-data/", "my-data/name/", FORM], "my-data/"),
        (["my-data/", "my-data/contact/", FORM, FORM], "my-data/"),
        (["request/take-back/", FORM, "take-back/undo/", FORM], "request/"),
    ],
    "refused": [(["request/look-again/", FORM], "request/")],
    "awarded": [(["request/pay/", FORM, FORM, FORM], "request/"), (["request/give-up/", FORM], "request/")],
}


@pytest.fixture
def world(committed_db: str) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=now)
    return world


@pytest.mark.parametrize("stage", list(WAYS))
def test_what_is_done_after_sending_is_done_by_keyboard_alone(
    chromium: Browser, served: product.Product, world: World, stage: str
) -> None:
    walk = reach(world, STAGES[stage])
    root = f"{served.address}{walk.root}"
    context = chromium.new_context(locale="en-US")
    take_over(context, walk.client, served.address)
    page = context.new_page()
    for way, end in WAYS[stage]:
        page.goto(f"{root}request/")
        for step in way:
            if step is FORM:
                keyboard.send(page, TYPED, CHOSEN)
                assert not page.locator(".error-summary").count(), (page.url, way)
            else:
                keyboard.follow(page, step)
        assert page.url.removeprefix(root) == end, way
    context.close()
