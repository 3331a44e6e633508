"""Back and forward, reload, two tabs, two phones, with scripts and without: no doubles, no lost words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import product
import pytest
from browsing import faults_of_looks, press
from builders import World, make_world, put_money_in
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page
from walking import code_for

from fundmgr.domain.permissions import Role
from fundmgr.models import OutboxMessage
from requests_app.models import AssistanceRequest
from requests_app.services import productions

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"]),
]
EMAIL = "ana@example.com"
GO_ON = "main form:not(.upload) .btn >> nth=0"
# Each page of the form by the end of its address: what is typed, and what is ticked.
PAGES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "show": ({"show": "Badge 27"}, {}),
    "job": ({"job_title": "Gaffer", "last_month": "5", "last_year": "2023"}, {"department": "Lighting"}),
    "name": ({"full_name": "Ana Rivera"}, {}),
    "contact": ({"email": EMAIL}, {"channel": "MAIL"}),
    "code": ({}, {}),
    "household": ({"adults": "2", "children": "3"}, {}),
    "need": ({"amount_RENT": "2400"}, {"need": "RENT", "losing": "no"}),
    "other-help": ({}, {"other_help": "no"}),
    "proof": ({}, {"proof": "later"}),
}
# Whoever is signed in is not asked for a contact and a code again.
ASKED_AGAIN = [name for name in PAGES if name not in {"contact", "code"}]


@pytest.fixture
def world(committed_db: str) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    put_money_in(world, 50_000_000, now=now)
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=now)
    return world


@pytest.fixture
def root(served: product.Product, world: World) -> str:
    return f"{served.address}/f/{world.fund.slug}/"


@contextmanager
def browser_of(chromium: Browser, scripts: bool) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    context.set_default_timeout(20_000)
    yield context
    context.close()


def name_of(page: Page) -> str:
    return page.url.partition("?")[0].rstrip("/").rpartition("/")[2]


def fill(page: Page) -> None:
    typed, ticked = PAGES[name_of(page)]
    for box, value in ticked.items():
        page.check(f"[name={box}][value={value}]")
    for box, text in typed.items():
        page.fill(f"[name={box}]", text)
    if name_of(page) == "code":
        page.fill("[name=code]", code_for(EMAIL))


def shows_all(page: Page) -> bool:
    """Whether a page shows every word that was typed into it."""
    typed, ticked = PAGES[name_of(page)]
    boxes = [page.input_value(f"[name={box}]") == text for box, text in typed.items()]
    return all([*boxes, *(page.is_checked(f"[name={box}][value={value}]") for box, value in ticked.items())])


def walk_to(page: Page, root: str, last: str) -> None:
    """From Start to a page, which is not filled in yet."""
    page.goto(f"{root}apply/")
    press(page, GO_ON)
    while name_of(page) != last:
        fill(page)
        press(page, GO_ON)


def send(page: Page) -> None:
    page.check("[name=true]")
    press(page, GO_ON)
    assert name_of(page) == "receipt"


def get_back_in(page: Page, root: str) -> None:
    page.goto(f"{root}sign-in/")
    page.check("[name=channel][value=MAIL]")
    page.fill("[name=email]", EMAIL)
    press(page, GO_ON)
    page.fill("[name=code]", code_for(EMAIL))
    press(page, GO_ON)


def one_request_and_one_message() -> bool:
    messages = OutboxMessage.objects.filter(effect_key__startswith="request_received:")
    return (AssistanceRequest.objects.count(), messages.count()) == (1, 1)


def test_back_on_every_page_and_forward_again_loses_no_word(
    chromium: Browser, root: str, scripts: bool
) -> None:
    with browser_of(chromium, scripts) as phone:
        page = phone.new_page()
        page.goto(f"{root}apply/")
        press(page, GO_ON)
        while name_of(page) != "check":
            left = name_of(page)
            fill(page)
            press(page, GO_ON)
            came_to = page.url
            page.go_back()
            if left in ASKED_AGAIN:
                assert name_of(page) == left
                assert shows_all(page), left
            page.go_forward()
            assert page.url == came_to
        send(page)
        reference = page.inner_text(".key")
        page.reload()
        assert page.inner_text(".key") == reference
        page.go_back()
        assert name_of(page) in {"receipt", "request", "check"}
        assert not page.locator("[name=true]").count()
        page.go_forward()
        assert page.inner_text(".key") == reference

    assert one_request_and_one_message()


def test_a_page_that_was_gone_back_to_can_be_changed_and_is_no_other_window(
    chromium: Browser, root: str, scripts: bool
) -> None:
    with browser_of(chromium, scripts) as phone:
        page = phone.new_page()
        walk_to(page, root, "contact")
        page.go_back()
        page.fill("[name=full_name]", "Ana María Rivera")
        press(page, GO_ON)

        assert name_of(page) == "contact"
        page.go_back()
        assert page.input_value("[name=full_name]") == "Ana María Rivera"


def test_two_tabs_on_one_page_overwrite_nothing_unseen(chromium: Browser, root: str, scripts: bool) -> None:
    with browser_of(chromium, scripts) as phone:
        one = phone.new_page()
        walk_to(one, root, "need")
        two = phone.new_page()
        two.goto(one.url)
        fill(one)
        press(one, GO_ON)
        fill(two)
        two.fill("[name=amount_RENT]", "1800")
        press(two, GO_ON)

        # The second is told, its words stand in the boxes, those of the first stand where they were.
        assert "in another window or on another phone" in two.inner_text(".error-summary")
        assert two.input_value("[name=amount_RENT]") == "1800"
        if scripts:
            assert list(faults_of_looks(two, "both")) == []
        with phone.expect_page() as there:
            two.click("main a[target=_blank]")
        there.value.wait_for_load_state()
        assert there.value.input_value("[name=amount_RENT]") == "2400"

        # Sent once more it was seen, and counts.
        press(two, GO_ON)
        assert name_of(two) == "other-help"
        one.goto(f"{root}apply/need/")
        assert one.input_value("[name=amount_RENT]") == "1800"


def test_what_another_tab_changed_is_read_before_it_is_sent(
    chromium: Browser, root: str, scripts: bool
) -> None:
    with browser_of(chromium, scripts) as phone:
        one = phone.new_page()
        walk_to(one, root, "check")
        two = phone.new_page()
        two.goto(f"{root}apply/need/")
        two.fill("[name=amount_RENT]", "1800")
        press(two, GO_ON)

        one.check("[name=true]")
        press(one, GO_ON)
        assert name_of(one) == "check"
        assert "$1,800" in one.inner_text("main")
        send(one)
        two.goto(f"{root}apply/check/")
        assert name_of(two) in {"receipt", "request"}
        assert AssistanceRequest.objects.get().asked_cents == 180_000

    assert one_request_and_one_message()


def test_a_page_of_the_form_that_is_sent_too_late_says_that_it_is_not_in_the_request(
    chromium: Browser, root: str, scripts: bool
) -> None:
    with browser_of(chromium, scripts) as phone:
        one = phone.new_page()
        walk_to(one, root, "check")
        two = phone.new_page()
        two.goto(f"{root}apply/anything-else/")
        send(one)
        two.fill("[name=statement]", "My car broke down.")
        press(two, GO_ON)

        assert "What you wrote now is not in it." in two.inner_text("main")
        assert two.locator("a[href$='/request/change/']").count()

    assert one_request_and_one_message()


def test_a_form_that_began_on_two_phones_becomes_one(chromium: Browser, root: str, scripts: bool) -> None:
    with browser_of(chromium, scripts) as phone, browser_of(chromium, scripts) as tablet:
        one, two = phone.new_page(), tablet.new_page()
        walk_to(one, root, "other-help")
        # Begun anew on the tablet, up to the code: what was written on the phone comes along.
        walk_to(two, root, "code")
        fill(two)
        press(two, GO_ON)
        assert name_of(two) == "other-help"
        two.goto(f"{root}apply/need/")
        assert shows_all(two)

        # The phone goes on, and sees what the tablet adds.
        two.goto(f"{root}apply/anything-else/")
        two.fill("[name=statement]", "My car broke down.")
        press(two, GO_ON)
        while name_of(one) != "check":
            fill(one)
            press(one, GO_ON)
        assert "My car broke down." in one.inner_text("main")
        send(one)
        two.goto(f"{root}apply/check/")
        assert name_of(two) in {"receipt", "request"}

    assert one_request_and_one_message()


def test_two_phones_after_getting_back_in_change_one_draft_and_send_once(
    chromium: Browser, root: str, scripts: bool
) -> None:
    with browser_of(chromium, scripts) as phone, browser_of(chromium, scripts) as tablet:
        one, two = phone.new_page(), tablet.new_page()
        walk_to(one, root, "check")
        get_back_in(two, root)
        assert name_of(two) == "check"
        two.goto(f"{root}apply/name/")
        one.goto(f"{root}apply/name/")
        two.fill("[name=full_name]", "Ana M. Rivera")
        press(two, GO_ON)
        one.fill("[name=full_name]", "Ana Rivera Soto")
        press(one, GO_ON)
        assert "in another window or on another phone" in one.inner_text(".error-summary")
        press(one, GO_ON)

        for page in (one, two):
            page.goto(f"{root}apply/check/")
        send(two)
        one.check("[name=true]")
        press(one, GO_ON)
        assert name_of(one) in {"receipt", "request"}
        assert AssistanceRequest.objects.get().applicant.full_name == "Ana Rivera Soto"

    assert one_request_and_one_message()
