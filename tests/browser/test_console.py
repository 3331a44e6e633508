"""The console in a real browser: the whole way of the money, with scripts and without, on desk and phone."""

from collections.abc import Iterator
from datetime import timedelta

import casework
import product
import pytest
from bank_files import bank_file
from browsing import faults_of, press
from builders import World, make_world, put_money_in
from calling import make_file, make_scenario
from desks import Desks
from django.utils import timezone
from offering import prove_offer
from playwright.sync_api import Browser
from restricted import propose_release, tie_money

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, Donor
from fundmgr.services import bank_imports, entered, receipts
from requests_app.models import AllocationRound, AssistanceRequest, Award, Payout
from requests_app.services import pledge_offers

pytestmark = pytest.mark.browser
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGES = {
    Role.DIRECTOR: (
        "",
        "requests/",
        "requests/?q=colour:red",
        "approvals/",
        "rounds/",
        "rounds/workbench/",
        "rounds/workbench/?equal_awards-floor=lots",
        "rounds/workbench/?rules=queue,queue2,draw,proportional,equal_awards&queue-need=7500",
        "rounds/scenarios/",
        "rounds/scenarios/{scenario}/",
        "rounds/scenarios/{scenario}/?beside={other_scenario}",
        "rounds/{round}/",
        "rounds/{round}/members/",
        "awards/",
        "payouts/",
        "batches/",
        "batches/{batch}/",
        "ledger/",
        "ledger/transfers/",
        "donors/",
        "donors/{donor}/",
        "donors/{donor}/change/",
        "donors/new/",
        "commitments/",
        "commitments/{commitment}/",
        "commitments/{commitment}/evidence/",
        "commitments/new/",
        "commitments/offers/",
        "commitments/offers/{offer}/",
        "commitments/offers/{decided_offer}/",
        "money/",
        "money/{restriction}/",
        "money/{restriction}/release/",
        "receipts/",
        "receipts/unmatched/",
        "receipts/files/",
        "receipts/{receipt}/",
        "audit/",
        "audit/verify/",
        "audit/proofs/",
        "settings/",
        "settings/closing/",
        "settings/messages/",
        "settings/policy/",
        "settings/people/",
        "settings/program/",
        "requests/req_00000000000000000000000000000000/",
    ),
    Role.REVIEWER: ("requests/", "requests/{request}/", "requests/{request}/contact/"),
    Role.TREASURER_PREPARES: (
        "batches/new/",
        "commitments/{commitment}/",
        "receipts/new/",
        "receipts/files/new/",
        "receipts/files/{file}/",
    ),
    Role.TREASURER_RELEASES: (
        "batches/{batch}/",
        "approvals/",
        "receipts/fee/",
        "receipts/{receipt}/",
        "money/{restriction}/",
    ),
}


@pytest.fixture
def world(committed_db: str) -> World:
    now = timezone.now()
    world = make_world(now=now - timedelta(days=1))
    put_money_in(world, 50_000_000, now=now)
    return world


@pytest.fixture
def desks(chromium: Browser, served: product.Product, world: World) -> Iterator[type]:
    made: list[Desks] = []

    def open_desks(**options) -> Desks:
        made.append(Desks(chromium, served, world, **options))
        return made[-1]

    yield open_desks
    for one in made:
        for page in one.pages.values():
            page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_money_goes_its_whole_way_through_the_pages(desks, world: World, scripts: bool) -> None:
    desk = desks(viewport=DESK, java_script_enabled=scripts)
    request = casework.file_request(world, now=timezone.now() - timedelta(hours=1))

    page = desk.at(Role.REVIEWER, "requests/")
    press(page, f"a:has-text('{request.reference}')")
    page.fill("[name=amount]", "2,000")
    press(page, "button:text-is('Propose')")
    assert "You proposed this. Another person must approve it." in page.inner_text("main")

    page = desk.at(Role.APPROVER, "approvals/")
    press(page, "main a:has-text('Open')")
    press(page, "button:has-text('Approve 1 for $2,000')")
    assert AssistanceRequest.objects.get().state == "ELIGIBLE"

    page = desk.at(Role.DIRECTOR, "rounds/workbench/")
    press(page, "button:has-text('Propose for approval')")
    assert "You proposed this. Another person must approve it." in page.inner_text("main")

    page = desk.at(Role.APPROVER, "approvals/")
    press(page, "main a:has-text('Open')")
    press(page, "button:has-text('Approve 1 for $1,500')")
    award = Award.objects.get()
    casework.choose_bank(world, award, now=timezone.now())

    page = desk.at(Role.TREASURER_PREPARES, "payouts/")
    press(page, "a:has-text('Build a batch')")
    press(page, "button:has-text('Build the batch')")
    assert "You prepared this. Another treasurer must release it." in page.inner_text("main")

    page = desk.at(Role.TREASURER_RELEASES, "approvals/")
    press(page, "main a:has-text('Open')")
    press(page, "button:has-text('Release 1 for $1,500.00')")
    page.check("[name=payout] >> nth=0")
    press(page, "button:has-text('Mark as arrived')")
    assert Payout.objects.get().state == "SETTLED"
    assert Award.objects.get().state == "PAID"


def busy(world: World) -> dict[str, str]:
    """Make something of each kind, and return the keys of addresses."""
    awards = casework.accepted_awards(world, [240_000, 120_000])
    batch = casework.build(world, award_ids=[awards[0].id], now=timezone.now())
    waiting = casework.file_request(world, contact="next@example.org", full_name="Ana Rivera")
    treasurer = world.actor(Role.TREASURER_PREPARES)
    file = bank_imports.upload(
        fund_id=world.fund.id,
        name="september.csv",
        content=bank_file("2023-09-18,R1,12.50,The founder,Gift", "soon,R2,1.00,J. Doe,x"),
        by=treasurer,
        now=timezone.now(),
    )
    unknown = receipts.record(
        fund_id=world.fund.id,
        amount_cents=1_000,
        bank_reference="UNKNOWN-1",
        received_on=entered.today(world.fund.id, timezone.now()),
        payer="The founder",
        by=treasurer,
        now=timezone.now(),
    )
    make_file(world, Commitment.objects.first())
    tied = tie_money(world, 5_000, now=timezone.now())
    propose_release(world, tied, 1_000)
    offers = [prove_offer(world, now=timezone.now(), amount_cents=cents) for cents in (5_000, 6_000)]
    pledge_offers.turn_down(
        offer_id=offers[1].id,
        reason="A test.",
        reply="Fue una prueba.",
        by=world.actor(Role.DIRECTOR),
        now=timezone.now(),
    )
    return {
        "offer": public("ofr", offers[0].id),
        "decided_offer": public("ofr", offers[1].id),
        "receipt": public("rct", unknown.id),
        "file": public("bkf", file.id),
        "request": public("req", waiting.id),
        "round": public("rnd", AllocationRound.objects.get().id),
        "batch": public("bat", batch.id),
        "donor": public("don", Donor.objects.first().id),
        "commitment": public("com", Commitment.objects.first().id),
        "restriction": public("rst", tied.id),
        "scenario": public("scn", make_scenario(world).id),
        "other_scenario": public("scn", make_scenario(world, name="The same once more").id),
    }


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "dark"), (PHONE, "light")], ids=["desk", "phone"])
def test_no_page_of_the_console_breaks_a_rule_of_access(desks, world: World, size, scheme: str) -> None:
    keys, desk = busy(world), desks(viewport=size, color_scheme=scheme)

    faults = []
    for role, paths in PAGES.items():
        for pattern in paths:
            path = pattern.format(**keys)
            faults += faults_of(desk.at(role, path), path, size)

    assert faults == []


def test_the_queue_is_walked_by_keys_that_can_be_turned_off(desks, world: World) -> None:
    first = casework.file_request(world, now=timezone.now() - timedelta(hours=2))
    casework.file_request(world, contact="b@example.org", now=timezone.now() - timedelta(hours=1))
    page = desks(viewport=DESK).at(Role.REVIEWER, "requests/")

    page.keyboard.press("x")
    assert page.inner_text("[data-selected]") == "1"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{public('req', first.id)}/")

    page.go_back()
    page.click("[data-keys-toggle]")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "find"
