"""The workbench in a real browser: figures follow the numbers as they change, and a button does without."""

from collections.abc import Iterator
from datetime import timedelta
from gzip import decompress
from pathlib import Path

import browsing
import product
import pytest
from builders import World, make_world, put_money_in
from desks import Desks
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from waiting import make_requests

from fundmgr.domain.permissions import Role

pytestmark = pytest.mark.browser
BENCH = "rounds/workbench/?rules=equal_awards,queue"
MOST_FIRST_BYTES = 150_000


@pytest.fixture
def world(committed_db: str) -> World:
    world = make_world(now=timezone.now() - timedelta(days=1), reserve_bp=0)
    put_money_in(world, 200_000, now=timezone.now() - timedelta(hours=2))
    make_requests(world, [240_000, 90_000, 30_000], submitted_at=timezone.now() - timedelta(hours=1))
    return world


@pytest.fixture
def bench(chromium: Browser, served: product.Product, world: World) -> Iterator:
    made: list[Page] = []

    def opened(*, scripts: bool = True) -> Page:
        desks = Desks(chromium, served, world, java_script_enabled=scripts)
        made.append(desks.at(Role.DIRECTOR, BENCH))
        return made[-1]

    yield opened
    for page in made:
        page.context.close()


def test_figures_follow_as_a_number_is_typed_and_the_box_keeps_the_focus(bench) -> None:
    page, faults = bench(), []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    box = page.locator("#equal_awards-floor")
    expect(page.locator("#said")).to_contain_text("Equal awards: 3 paid, 0 get nothing")
    page.evaluate("document.getElementById('equal_awards-floor').dataset.same = 'yes'")

    box.fill("900")

    expect(page.locator("#said")).to_contain_text(
        "Equal awards, from $900: 2 paid, 1 get nothing, median $900.00."
    )
    expect(page.locator("#equal_awards-figures")).to_contain_text("$1,100.00")
    expect(page.locator("#results")).to_contain_text("$900 for each of 3 people is more than the $2,000")
    assert page.evaluate("document.activeElement.id") == "equal_awards-floor"
    assert page.evaluate("document.getElementById('equal_awards-floor').dataset.same") == "yes"
    assert page.get_attribute("#said", "role") == "status"
    assert "equal_awards-floor=900" in page.url
    assert page.locator("#results input[name='equal_awards-floor']").first.get_attribute("value") == "900"

    box.fill("lots")
    expect(page.locator("#equal_awards-floor-fault")).to_contain_text("Write the amount")
    box.fill("0")
    expect(page.locator("#equal_awards-floor-fault")).to_be_empty()
    expect(page.locator("#said")).to_contain_text("Equal awards: 3 paid")
    assert [fault for fault in faults if "422" not in fault] == []


def test_what_was_opened_stays_open_while_figures_follow(bench) -> None:
    page = bench()
    promises = page.locator("#equal_awards-figures details")
    promises.locator("summary").click()
    page.locator("#results details summary").last.click()

    page.fill("#equal_awards-floor", "900")
    expect(page.locator("#said")).to_contain_text("Equal awards, from $900: 2 paid")

    expect(promises).to_have_attribute("open", "")
    expect(page.locator("#queue-figures details")).not_to_have_attribute("open", "")
    assert page.locator("#results details[open]").count() == 1
    promises.locator("summary").click()
    page.fill("#equal_awards-floor", "0")
    expect(page.locator("#said")).to_contain_text("Equal awards: 3 paid")
    expect(promises).not_to_have_attribute("open", "")


def test_a_slider_and_a_choice_count_as_typing(bench) -> None:
    page = bench()

    page.locator("[data-box='equal_awards-floor']").fill("900")
    expect(page.locator("#said")).to_contain_text("Equal awards, from $900: 2 paid")
    assert page.input_value("#equal_awards-floor") == "900"

    page.select_option("#queue-last", "skip")
    expect(page.locator("#said")).to_contain_text("First come: 2 paid, 1 get nothing, median $300.00.")


def test_the_choice_of_people_leaves_the_name_at_the_side_its_place_and_no_word_is_cut(bench) -> None:
    page = bench()
    page.goto(f"{page.url},proportional,draw")
    page.set_viewport_size({"width": 1280, "height": 900})

    name, link = (page.locator(f".side {part}").first.bounding_box() for part in (".who b", "nav a"))
    cut = page.evaluate("""() => [...document.querySelectorAll('.whom select, .knob select')].filter(box => {
        const words = document.createElement('canvas').getContext('2d');
        words.font = getComputedStyle(box).font;
        return words.measureText(box.selectedOptions[0].text).width + 34 > box.clientWidth;
    }).map(box => box.id)""")

    assert name
    assert link
    assert name["x"] > link["x"] + 8
    assert cut == []


def test_without_scripts_the_button_recalculates(bench) -> None:
    page = bench(scripts=False)
    page.fill("#equal_awards-floor", "900")

    page.click("button:text-is('Recalculate')")

    assert "Equal awards, from $900: 2 paid, 1 get nothing" in page.inner_text("#said")
    assert page.input_value("#equal_awards-floor") == "900"


def test_one_who_was_signed_out_is_led_to_sign_in(bench) -> None:
    page = bench()
    page.context.clear_cookies()

    page.locator("#equal_awards-floor").fill("100")

    page.wait_for_url("**/login/**")


def test_cards_stand_at_one_height_and_a_phone_shows_who_changes_whole(bench) -> None:
    page = bench()
    page.goto(f"{page.url},proportional,draw&proportional-need=7500&draw-tiers=first")
    page.set_viewport_size({"width": 1280, "height": 900})
    tops = page.evaluate(
        "[...document.querySelectorAll('.rules .pairs')].map(one => one.getBoundingClientRect().y)"
    )
    assert (len(tops), len(set(tops))) == (4, 1)

    page.set_viewport_size({"width": 390, "height": 844})
    ends = page.evaluate(
        "[...document.querySelectorAll('td.change')].map(one => one.getBoundingClientRect().right)"
    )
    assert ends
    assert max(ends) <= 390
    assert not page.evaluate(browsing.SIDEWAYS)


def test_the_packed_script_is_the_script() -> None:
    vendor = Path(__file__).parents[2] / "requests_app" / "static" / "requests_app" / "vendor"

    assert decompress((vendor / "htmx.min.js.gz").read_bytes()) == (vendor / "htmx.min.js").read_bytes()


def test_the_first_view_stays_within_its_weight(
    chromium: Browser, served: product.Product, world: World
) -> None:
    desks = Desks(chromium, served, world)
    page = desks.at(Role.DIRECTOR, "")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    arrived: list[float] = []
    session.on("Network.loadingFinished", lambda event: arrived.append(event["encodedDataLength"]))

    desks.at(Role.DIRECTOR, BENCH)
    page.wait_for_load_state("networkidle")

    assert 0 < sum(arrived) <= MOST_FIRST_BYTES
    page.context.close()
