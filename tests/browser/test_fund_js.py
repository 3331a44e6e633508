"""The comforts of the script: typed values outlive a lost connection; the queue answers to keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

SCRIPT = Path(__file__).parents[2] / "requests_app" / "static" / "requests_app" / "fund.js"
SENTENCE = "You are offline. What you typed is kept on this phone."
FORM = f"""<!doctype html><html lang="en"><title>t</title><script src="/fund.js" defer></script>
<body data-offline="{SENTENCE}"><main><form method="post"><input id="name" name="name">
<input type="checkbox" id="rent" name="need" value="rent"><input id="account" name="account" data-private>
<input id="code" name="code" autocomplete="one-time-code"><button id="send">Send</button></form></main>"""
QUEUE = """<!doctype html><html lang="en"><title>t</title><script src="/fund.js" defer></script><body>
<input id="find" data-search><a href="#home" data-go="h">Home</a><main><span data-selected></span>
<table data-queue><tr data-row><td><input type="checkbox"></td><td><a id="one" href="#one">1</a></td></tr>
<tr data-row><td><input type="checkbox"></td><td><a id="two" href="#two">2</a></td></tr></table>
<button id="mine" data-key="e">Mine</button><p data-keys><button data-keys-toggle hidden
data-off="Turn keys off" data-on="Turn keys on"></button></p></main>"""
TAKEN = FORM.replace("<main>", '<main><div class="notice ok"><p>We have it.</p></div>')
SIGN_IN = """<!doctype html><html lang="en"><title>t</title><script src="/fund.js" defer></script><body><main>
<form method="post" data-keep-others><input id="code" name="code"></form></main>"""
COUNTED = """<!doctype html><html lang="en"><title>t</title><script src="/fund.js" defer></script><body><main>
<textarea id="text"></textarea>
<p data-count-for="text" data-limit="10" data-over="This is 10 letters too long.">
You can write 10 letters.</p></main>"""
PAGES = {"/queue": QUEUE, "/sign-in": SIGN_IN, "/counted": COUNTED}

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of http://fund.test; each POST it gets lands in page.sent."""
    context = chromium.new_context()
    opened = context.new_page()
    opened.sent = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix("http://fund.test").split("#")[0]
        if route.request.method == "POST":
            opened.sent.append(route.request.post_data)
        if path == "/fund.js":
            route.fulfill(body=SCRIPT.read_bytes(), content_type="text/javascript")
        else:
            body = TAKEN if path == "/messages" and opened.sent else PAGES.get(path, FORM)
            route.fulfill(body=body, content_type="text/html; charset=utf-8")

    opened.route("**/*", answer)
    yield opened
    context.close()


def test_what_was_typed_waits_offline_and_is_sent_when_the_line_is_back(page: Page) -> None:
    page.goto("http://fund.test/apply")
    page.fill("#name", "Ana")
    page.context.set_offline(True)

    page.click("#send")

    assert page.locator("#offline").inner_text() == SENTENCE
    assert page.sent == []
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.context.set_offline(False)
    assert len(page.sent) == 1
    assert "name=Ana" in page.sent[0]


def test_a_reload_brings_back_what_was_typed_but_never_a_code_or_an_account(page: Page) -> None:
    page.goto("http://fund.test/apply")
    for box in ("#name", "#account", "#code"):
        page.fill(box, "123")
    page.check("#rent")

    page.goto("http://fund.test/apply")

    assert page.input_value("#name") == "123"
    assert page.is_checked("#rent")
    assert page.input_value("#account") == page.input_value("#code") == ""


def test_the_next_page_forgets_the_last_one(page: Page) -> None:
    page.goto("http://fund.test/apply")
    page.fill("#name", "Ana")

    page.goto("http://fund.test/next")
    page.goto("http://fund.test/apply")

    assert page.input_value("#name") == ""


def test_a_page_that_says_it_has_what_was_sent_does_not_type_it_again(page: Page) -> None:
    page.goto("http://fund.test/messages")
    page.fill("#name", "Is my rent paid?")

    with page.expect_navigation():
        page.click("#send")

    assert page.input_value("#name") == ""
    page.reload()
    assert page.input_value("#name") == ""


def test_what_was_typed_waits_while_a_code_is_asked_for(page: Page) -> None:
    page.goto("http://fund.test/apply")
    page.fill("#name", "Is my rent paid?")

    page.goto("http://fund.test/sign-in")
    page.goto("http://fund.test/apply")

    assert page.input_value("#name") == "Is my rent paid?"


def test_the_count_of_letters_never_falls_below_nothing(page: Page) -> None:
    page.goto("http://fund.test/counted")
    line = page.locator("[data-count-for]")
    assert line.inner_text() == "You can write 10 letters."
    page.fill("#text", "1234567")
    assert line.inner_text() == "You can write 3 letters."
    page.fill("#text", "123456789012")
    assert line.inner_text() == "This is 2 letters too long."


def test_single_keys_move_select_and_act_in_the_queue(page: Page) -> None:
    page.goto("http://fund.test/queue")
    page.evaluate("document.getElementById('mine').onclick = () => { window.taken = true; }")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("e")

    assert page.evaluate("document.activeElement.id") == "two"
    assert page.evaluate("document.querySelectorAll('[data-row] input')[1].checked")
    assert page.inner_text("[data-selected]") == "1"
    assert page.evaluate("window.taken") is True


def test_slash_searches_and_letters_typed_in_a_box_do_nothing_else(page: Page) -> None:
    page.goto("http://fund.test/queue")

    page.keyboard.press("/")
    page.keyboard.type("jx")

    assert page.input_value("#find") == "jx"
    assert not page.evaluate("document.querySelector('.current')")


def test_the_keys_can_be_turned_off_and_stay_off(page: Page) -> None:
    page.goto("http://fund.test/queue")
    page.click("[data-keys-toggle]")

    page.goto("http://fund.test/queue")
    page.keyboard.press("j")

    assert page.inner_text("[data-keys-toggle]") == "Turn keys on"
    assert not page.evaluate("document.querySelector('.current')")


IDLE = """<!doctype html><html lang="en"><title>t</title><script src="/fund.js" defer></script>
<body data-stay-url="/here" data-idle-minutes="25" data-idle="You will be signed out in 5 minutes."
data-stay="Stay signed in"><main><p>Read</p></main>"""


def test_five_minutes_before_the_end_one_press_keeps_the_worker_in(page: Page) -> None:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=204)

    page.route("**/idle", lambda route: route.fulfill(body=IDLE, content_type="text/html; charset=utf-8"))
    page.route("**/here", answer)
    page.clock.install()
    page.goto("http://fund.test/idle")
    page.clock.fast_forward(24 * 60_000)
    assert page.locator("#idle").count() == 0

    page.clock.fast_forward(60_000)

    assert "You will be signed out in 5 minutes." in page.locator("#idle").inner_text()
    page.click("#idle button")
    page.locator("#idle").wait_for(state="detached")
    assert asked == ["http://fund.test/here"]
    page.clock.fast_forward(25 * 60_000)
    assert page.locator("#idle").count() == 1
