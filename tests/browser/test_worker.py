"""A worker on a phone in a real browser: with scripts and without, in both languages, light and dark."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from gzip import compress

import casework
import product
import pytest
from browsing import faults_of, press
from builders import World, make_world, put_money_in
from django.utils import timezone
from playwright.sync_api import Browser, Page, Response, expect
from walking import code_for

from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest, PayeeAccount
from requests_app.services import productions, rounds

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
MOST_SCREENS, MOST_KEYS = 12, 60
MOST_BYTES, MOST_LOADS = 30_000, 4
WORDS = {
    "en-US": ("We have your request", "Approved"),
    "es-MX": ("Tenemos su solicitud", "Aprobada"),
}


@dataclass
class Phone:
    """One phone: its page, what it typed, and which screens it saw."""

    page: Page
    root: str
    keys: int = 0
    screens: list[str] = field(default_factory=list)

    def see(self) -> None:
        """Note the screen that is shown now."""
        self.screens.append(self.page.url.removeprefix(self.root))

    def type(self, name: str, text: str) -> None:
        """Type into a box."""
        self.page.fill(f"[name={name}]", text)
        self.keys += len(text)

    def go_on(self) -> None:
        """Press the first button of the form."""
        press(self.page, "main form:not(.upload) .btn >> nth=0")
        self.see()

    def choose(self, name: str, value: str) -> None:
        """Tick one of several."""
        self.page.check(f"[name={name}][value={value}]")


@pytest.fixture
def world(committed_db: str) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    put_money_in(world, 50_000_000, now=now)
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=now)
    return world


@contextmanager
def phone_on(browser: Browser, served: product.Product, world: World, **options) -> Iterator[Phone]:
    context = browser.new_context(viewport=PHONE, **options)
    yield Phone(context.new_page(), f"{served.address}/f/{world.fund.slug}/")
    context.close()


def ask(phone: Phone, email: str) -> None:
    """From the public page to the receipt."""
    phone.page.goto(phone.root)
    press(phone.page, "main .btn >> nth=0")
    phone.see()
    phone.go_on()
    phone.type("show", "Badge 27")
    phone.go_on()
    phone.choose("department", "Lighting")
    phone.type("job_title", "Gaffer")
    phone.type("last_month", "5")
    phone.type("last_year", "2023")
    phone.go_on()
    phone.type("full_name", "Ana Rivera")
    phone.go_on()
    phone.choose("channel", "MAIL")
    phone.type("email", email)
    phone.go_on()
    phone.type("code", code_for(email))
    phone.go_on()
    phone.go_on()
    phone.choose("need", "RENT")
    phone.type("amount_RENT", "2400")
    phone.choose("losing", "no")
    phone.go_on()
    phone.choose("other_help", "no")
    phone.go_on()
    phone.choose("proof", "later")
    phone.go_on()
    phone.page.check("[name=true]")
    phone.go_on()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_a_worker_asks_and_is_paid_on_a_phone(
    chromium: Browser, served: product.Product, world: World, scripts: bool, locale: str
) -> None:
    email = "ana@example.com"
    receipt, approved = WORDS[locale]
    with phone_on(chromium, served, world, java_script_enabled=scripts, locale=locale) as phone:
        ask(phone, email)

        assert phone.page.url.endswith("/request/receipt/")
        assert phone.page.inner_text("h1") == receipt
        assert len(phone.screens) <= MOST_SCREENS, phone.screens
        assert phone.keys <= MOST_KEYS
        row = AssistanceRequest.objects.get()
        assert phone.page.inner_text(".key") == row.reference
        phone.page.reload()
        assert AssistanceRequest.objects.count() == 1

        award_all(world)
        phone.page.goto(f"{phone.root}request/")
        assert approved in phone.page.inner_text("main")
        pay_by_bank(phone)
        assert "6789" in phone.page.inner_text("main")
        assert PayeeAccount.objects.get().last4 == "6789"


def award_all(world: World) -> None:
    casework.make_eligible(world, list(AssistanceRequest.objects.all()))
    now = timezone.now()
    director, approver = world.actor(Role.DIRECTOR), world.actor(Role.APPROVER)
    row = rounds.propose_rule(fund_id=world.fund.id, rule=casework.EQUAL, by=director, now=now)
    rounds.approve(round_id=row.id, result_digest=None, by=approver, now=now)


def pay_by_bank(phone: Phone) -> None:
    press(phone.page, ".do-card .btn")
    phone.choose("method", "BANK")
    phone.go_on()
    phone.type("name_on_account", "Ana Rivera")
    phone.type("routing_number", casework.ROUTING)
    phone.type("account_number", casework.ACCOUNT)
    phone.go_on()
    assert casework.ACCOUNT in phone.page.inner_text("main")
    phone.go_on()


@pytest.mark.parametrize(("scheme", "locale"), [("light", "en-US"), ("dark", "es-MX")])
def test_no_page_of_the_worker_breaks_a_rule_of_access(
    chromium: Browser, served: product.Product, world: World, scheme: str, locale: str
) -> None:
    with phone_on(chromium, served, world, color_scheme=scheme, locale=locale) as phone:
        page, faults = phone.page, []
        for path in ("", "sign-in/", "apply/"):
            page.goto(phone.root + path)
            faults += faults_of(page, path, PHONE)
        phone.go_on()
        for has_error_state, fill in STEPS:
            faults += faults_of(page, page.url, PHONE)
            if has_error_state:
                phone.go_on()
                faults += faults_of(page, f"{page.url} with errors", PHONE)
            fill(phone)
            phone.go_on()
        for path in ("request/receipt/", "request/", "request/take-back/"):
            page.goto(phone.root + path)
            faults += faults_of(page, path, PHONE)
        award_all(world)
        for path in ("request/", "request/pay/", "request/pay/bank/", "request/give-up/"):
            page.goto(phone.root + path)
            faults += faults_of(page, path, PHONE)

        assert faults == []


def fill_job(phone: Phone) -> None:
    phone.choose("department", "Lighting")
    phone.type("job_title", "Gaffer")
    phone.type("last_month", "5")
    phone.type("last_year", "2023")


def fill_need(phone: Phone) -> None:
    phone.choose("need", "RENT")
    phone.type("amount_RENT", "2400")
    phone.choose("losing", "no")


def fill_contact(phone: Phone) -> None:
    phone.choose("channel", "MAIL")
    phone.type("email", "ana@example.com")


# Each page after the start: whether it can go wrong when it is left empty, and how it is filled rightly.
STEPS = [
    (True, lambda phone: phone.type("show", "Badge 27")),
    (True, fill_job),
    (True, lambda phone: phone.type("full_name", "Ana Rivera")),
    (True, fill_contact),
    (True, lambda phone: phone.type("code", code_for("ana@example.com"))),
    (False, lambda phone: None),
    (True, fill_need),
    (True, lambda phone: phone.choose("other_help", "no")),
    (True, lambda phone: phone.choose("proof", "later")),
    (True, lambda phone: phone.page.check("[name=true]")),
]


@pytest.mark.parametrize("path", ["", "apply/", "sign-in/"])
def test_a_first_view_is_light_and_loads_nothing_from_elsewhere(
    chromium: Browser, served: product.Product, world: World, path: str
) -> None:
    with phone_on(chromium, served, world) as phone:
        loads: list[Response] = []
        phone.page.on("response", lambda load: loads.append(load))  # noqa: PLW0108  # it marks its handlers

        phone.page.goto(phone.root + path, wait_until="networkidle")

        assert all(load.url.startswith(served.address) for load in loads)
        assert len(loads) <= MOST_LOADS, [load.url for load in loads]
        # As a server in front of it compresses them.
        assert sum(len(compress(load.body())) for load in loads) <= MOST_BYTES


def test_focus_goes_to_the_problem_and_the_link_leads_to_the_box(
    chromium: Browser, served: product.Product, world: World
) -> None:
    with phone_on(chromium, served, world) as phone:
        page = phone.page
        page.goto(f"{phone.root}apply/")
        phone.go_on()

        phone.go_on()

        assert page.title().startswith("Error: ")
        assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
        page.click(".error-summary a")
        assert page.evaluate("document.activeElement.name") == "show"


def test_two_quick_taps_on_send_make_one_request(
    chromium: Browser, served: product.Product, world: World
) -> None:
    with phone_on(chromium, served, world) as phone:
        page = phone.page
        page.goto(f"{phone.root}apply/")
        phone.go_on()
        for _has_error_state, fill in STEPS[:-1]:
            fill(phone)
            phone.go_on()
        page.check("[name=true]")

        page.dblclick("main form .btn >> nth=0")
        # The second tap gives up the navigation of the first; only where it ends counts.
        expect(page).to_have_url(re.compile("/request/"), timeout=30_000)

        assert AssistanceRequest.objects.count() == 1
