"""What anybody sees of a fund before asking: open, with nothing left, paused, closed; and a full server."""

from collections.abc import Callable
from datetime import timedelta

import product
import pytest
from browsing import LOCALES, SCHEMES, faults_of_looks, picture, press
from builders import World, answers_the_phone, make_world, put_money_in
from django.core.cache import cache
from django.utils import timezone
from offering import make_offer, prove_offer
from playwright.sync_api import Browser
from waiting import make_requests

from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Role
from fundmgr.queries.pledge_offers import token_of
from fundmgr.services import funds
from requests_app.services import productions, rounds

pytestmark = pytest.mark.browser
EQUAL = {"version": 1, "rule": "equal_awards"}
# Pages whose form, sent empty, says what is missing.
FORMS = {"get-back-in", "tell-me", "promise"}


@pytest.fixture
def world(committed_db: str) -> World:
    cache.clear()
    now = timezone.now()
    world = make_world(now=now - timedelta(days=10), reserve_bp=0)
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=now)
    answers_the_phone(world)
    return world


def _open(world: World) -> None:
    """Money for five cents of each dollar that is asked for."""
    now = timezone.now()
    put_money_in(world, 5_000_000, now=now)
    make_requests(world, [250_000] * 400, state=RequestState.SUBMITTED, submitted_at=now)


def _full(world: World) -> None:
    now = timezone.now()
    put_money_in(world, 100_000, now=now)
    make_requests(world, [100_000] * 30, submitted_at=now)
    director, approver = world.actor(Role.DIRECTOR), world.actor(Role.APPROVER)
    row = rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=director, now=now)
    rounds.approve(round_id=row.id, result_digest=None, by=approver, now=now)


def _paused(world: World) -> None:
    _open(world)
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())


def _closed(world: World) -> None:
    _open(world)
    funds.close_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())


SIGHTS: dict[str, tuple[Callable[[World], None], dict[str, str]]] = {
    "open": (
        _open,
        {
            "fund": "",
            "start": "apply/",
            "get-back-in": "sign-in/",
            "about": "about/",
            "privacy": "privacy/",
            "embed": "embed/",
            "promise": "pledge/",
        },
    ),
    "full": (_full, {"fund": "", "start": "apply/"}),
    "paused": (_paused, {"fund": "", "tell-me": "tell-me/"}),
    "closed": (_closed, {"fund": ""}),
}


def _promised(world: World) -> dict[str, str]:
    """A promise whose link waits, and one that was confirmed: the paths of their pages."""
    now = timezone.now()
    waits, stands = make_offer(world, now=now), prove_offer(world, now=now, amount_cents=7_000)
    return {
        "sent": "pledge/sent/",
        "confirm": f"pledge/confirm/{token_of(waits.id)}/",
        "confirmed": f"pledge/confirm/{token_of(stands.id)}/",
        "over": "pledge/confirm/none/",
    }


def test_no_page_of_a_promise_breaks_a_rule(chromium: Browser, served: product.Product, world: World) -> None:
    faults = _faults(chromium, f"{served.address}/f/{world.fund.slug}/", "promise", _promised(world))

    assert faults == []


@pytest.mark.parametrize("sight", list(SIGHTS))
def test_no_page_before_asking_breaks_a_rule(
    chromium: Browser, served: product.Product, world: World, sight: str
) -> None:
    begin, pages = SIGHTS[sight]
    begin(world)

    faults = _faults(chromium, f"{served.address}/f/{world.fund.slug}/", sight, pages)

    assert faults == []


def test_no_page_of_a_full_server_breaks_a_rule(
    chromium: Browser, servers, committed_db: str, world: World
) -> None:
    with product.running(servers, committed_db, FUNDMGR_WORK_AT_ONCE="0") as served:
        root = f"{served.address}/f/{world.fund.slug}/"
        # Whoever comes to the line saw the fund's page before, and from there the line knows its name.
        page = chromium.new_page()
        page.goto(root)
        page.goto(f"{root}apply/")
        assert world.fund.name.split()[0] in page.locator(".masthead .name").inner_text()
        page.close()
        faults = _faults(chromium, root, "line", {"start": "apply/"})

    assert faults == []


def _faults(chromium: Browser, root: str, sight: str, pages: dict[str, str]) -> list[str]:
    faults = []
    for locale in LOCALES:
        context = chromium.new_context(locale=locale)
        page = context.new_page()
        for name, path in pages.items():
            where = f"{sight}-{name}-{locale[:2]}"
            page.goto(f"{root}{path}")
            assert page.url.endswith(path), (where, page.url)
            faults += faults_of_looks(page, where)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                picture(page, f"{where}-{scheme}")
            if name in FORMS:
                press(page, "main form .btn >> nth=0")
                assert page.locator(".error-summary").count(), (where, "says no fault")
                faults += faults_of_looks(page, f"{where}-empty")
        context.close()
    return faults
