"""The fund's page: what is true now, and nothing that points at a person."""

import re
from datetime import timedelta
from pathlib import Path

import casework
import pytest
from builders import NOW, TODAY, World, file_request, make_ask, make_donor, make_world, put_money_in
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from walking import heading_of

from fundmgr.domain import ids
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.permissions import Role
from fundmgr.services import funds, receipts
from requests_app.models import AssistanceRequest, Production
from requests_app.queries import public
from requests_app.services import intake


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return make_world()


def ask_many(world: World, count: int, cents: int = 588_235) -> None:
    asks = [
        (make_ask(need_lines=((NeedCategory.RENT, cents),)), f"w{number}@example.com", NOW)
        for number in range(count)
    ]
    intake.submit_many(fund_id=world.fund.id, asks=asks, channel="WEB", by=world.actor(Role.INTAKE), now=NOW)


def page_of(client: Client, world: World) -> str:
    return client.get(f"/f/{world.fund.slug}/").content.decode()


def test_the_page_tells_how_far_the_money_goes(client: Client, world: World) -> None:
    put_money_in(world, 50_000_000)
    ask_many(world, 1700)

    page = page_of(client, world)

    assert "The fund has 5 cents for each dollar asked for" in page
    assert "$500,000" in page
    assert "1,700 requests" in page
    assert client.get("/").status_code == 200


def test_a_fund_without_any_money_says_so_and_not_how_many_cents(client: Client, world: World) -> None:
    ask_many(world, 30)

    page = page_of(client, world)

    assert "The fund has no money yet" in page
    assert "less than 1 cent" not in page


def test_below_twenty_requests_it_is_too_early_to_say(client: Client, world: World) -> None:
    put_money_in(world, 50_000_000)
    ask_many(world, 19)

    assert "It is too early to say" in page_of(client, world)


def test_a_fund_that_covers_everything_says_so(client: Client, world: World) -> None:
    put_money_in(world, 50_000_000)
    ask_many(world, 20, cents=1_000_00)

    assert "The fund has enough for all that was asked so far" in page_of(client, world)


@pytest.mark.parametrize(
    ("received", "asked", "cents"),
    [(50_000_000, 1_000_000_000, 5), (25, 1000, 2), (35, 1000, 4), (1, 1000, 0), (0, 1000, 0), (5, 0, 0)],
)
def test_cents_are_rounded_half_to_even(received: int, asked: int, cents: int) -> None:
    numbers = public.FundNumbers(received, asked, 100, NOW)

    assert numbers.cents_per_dollar == cents


def test_the_figures_are_read_at_most_once_a_minute(world: World, django_assert_num_queries) -> None:
    public.figures(world.fund.id, now=NOW)

    with django_assert_num_queries(0):
        public.figures(world.fund.id, now=NOW)


def test_a_kind_of_need_that_few_asked_for_is_not_shown(client: Client, world: World) -> None:
    ask_many(world, 25)
    file_request(world, make_ask(need_lines=((NeedCategory.CARE, 100_000),)), contact="only-one@example.com")

    page = page_of(client, world)

    assert "Rent or mortgage: 99% of what people ask for" in page
    assert "Child or family care" not in page


def test_donors_are_named_with_what_has_arrived(client: Client, world: World) -> None:
    put_money_in(world, 50_000_000)

    page = page_of(client, world)

    assert "All $500,000 promised has arrived" in page
    assert "The founder" in page


def test_money_without_a_promise_has_a_row_and_the_table_sums_to_all(client: Client, world: World) -> None:
    put_money_in(world, 50_000_000)
    gift = receipts.record(
        fund_id=world.fund.id,
        donor_id=make_donor(world, name="A neighbour").id,
        amount_cents=1_234_500,
        bank_reference="GIFT-1",
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    receipts.reconcile(receipt_id=gift.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)
    text = page_of(client, world)

    assert "All $500,000 promised has arrived" in text
    assert (
        '<th scope="row">Money without a promise</th><td class="n">$0</td><td class="n">$12,345</td>' in text
    )
    assert '<th scope="row">All donors</th><td class="n">$500,000</td><td class="n">$512,345</td>' in text
    page = client.get(f"/f/{world.fund.slug}/", headers={"accept-language": "es-MX"}).content.decode()
    assert '<th scope="row">Dinero sin promesa previa</th>' in page


def test_money_of_nobody_known_is_told_apart_from_the_reserve(client: Client, world: World) -> None:
    put_money_in(world, 100_000)
    before = page_of(client, world)
    cache.clear()
    found = receipts.record(
        fund_id=world.fund.id,
        amount_cents=70_000,
        bank_reference="W-1",
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    receipts.reconcile(receipt_id=found.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    after = page_of(client, world)

    assert "Not free to share" not in before
    assert "Not free to share" in after
    split = public.figures(world.fund.id, now=NOW).split
    assert (split.spoken_for_cents, split.reserve_cents) == (100_000, 2_000)


def test_a_paused_fund_takes_the_button_away(client: Client, world: World) -> None:
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=timezone.now())

    page = page_of(client, world)

    assert "Paused" in page
    assert "Ask for help" not in page
    assert "See my request" in page


def test_the_shows_are_listed(client: Client, world: World) -> None:
    for name in ("Badge 27", "Glasshouse"):
        Production.objects.create(id=ids.new_id(NOW), fund=world.fund, created_at=NOW, name=name)

    page = page_of(client, world)

    assert "one of our 2 shows" in page
    assert "<li>Glasshouse</li>" in page


def test_the_page_speaks_spanish(client: Client, world: World) -> None:
    put_money_in(world, 5_000_000)
    ask_many(world, 20, cents=10_000_000)

    page = client.get(f"/f/{world.fund.slug}/", headers={"accept-language": "es-MX"}).content.decode()

    assert "El fondo tiene 2 centavos por cada dólar que se pide" in page


def test_no_fund_leads_to_the_first_visit_and_a_wrong_name_to_nothing(client: Client, db: None) -> None:
    assert client.get("/").url == "/setup/"
    assert client.get("/f/nowhere/").status_code == 404


def test_the_page_holds_no_person(client: Client, world: World) -> None:
    file_request(world, make_ask(full_name="Plain Name", statement="Plain words"))

    page = page_of(client, world)

    assert "Plain" not in page
    assert "example.com" not in page


def test_the_page_is_small(client: Client, world: World) -> None:
    import gzip

    put_money_in(world, 50_000_000)
    ask_many(world, 30)

    assert len(gzip.compress(page_of(client, world).encode())) < 8_000


def test_the_fund_closes_on_a_day_that_is_told(client: Client, world: World) -> None:
    closes_at = timezone.now() + timedelta(days=30)
    type(world.fund).objects.filter(id=world.fund.id).update(closes_at=closes_at)

    assert "Open until" in page_of(client, world)


def test_the_headline_says_what_the_fund_is_for(client: Client, world: World) -> None:
    assert heading_of(client.get(f"/f/{world.fund.slug}/")) == "Help with rent, food and bills"


def test_those_who_met_the_rules_and_what_new_money_does_are_counted(client: Client, world: World) -> None:
    put_money_in(world, 1_000_000)
    ask_many(world, 24, cents=100_000)
    casework.make_eligible(world, list(AssistanceRequest.objects.all()))

    page = page_of(client, world)

    assert "24 people met the rules and wait" in page
    assert "$14,200" in page
    assert "Everyone who qualifies" in page


def test_a_number_of_people_below_ten_is_not_told(client: Client, world: World) -> None:
    put_money_in(world, 1_000_000)
    ask_many(world, 24, cents=100_000)
    casework.make_eligible(world, list(AssistanceRequest.objects.all()[:9]))

    assert "met the rules" not in page_of(client, world)


def test_the_figures_of_the_page_are_files_too_and_show_no_few_people(client: Client, world: World) -> None:
    put_money_in(world, 50_000_000)
    ask_many(world, 1700)
    root = f"/f/{world.fund.slug}/"
    page = page_of(client, world)
    assert f'href="{root}figures.csv"' in page
    assert f'href="{root}figures.json"' in page

    found = client.get(f"{root}figures.json").json()

    figures = found["figures"]
    assert found["fund"] == world.fund.slug
    assert figures["received"] == {"value": "500000.00", "unit": "USD"}
    assert figures["requests"] == {"value": "1700", "unit": "requests"}
    assert figures["cents_per_dollar"] == {"value": "5", "unit": "cents"}
    assert {"people_paid", "people_with_an_award"}.isdisjoint(figures)
    table = client.get(f"{root}figures.csv")
    assert table["Content-Disposition"].startswith("attachment")
    assert "received,500000.00,USD" in table.content.decode()
    assert client.get("/f/no-such-fund/figures.json").status_code == 404


def test_each_colour_of_a_bar_has_a_mark_of_its_own_in_the_key() -> None:
    """Money that is decided and not yet paid must not wear the colour of money that has moved."""
    css = (Path(__file__).parents[3] / "requests_app/static/requests_app/fund.css").read_text()
    bars = dict(re.findall(r"\.b-(soft|rest) \{ fill: (var\(--[\w-]+\)); \}", css))
    marks = dict(re.findall(r"\.swatch\.(soft|rest) \{ background: (var\(--[\w-]+\)); \}", css))

    assert bars == marks
    assert len(bars) == 2


def test_decided_money_is_marked_in_the_key_as_it_is_drawn(client: Client, world: World) -> None:
    put_money_in(world, 100_000)
    casework.make_awards(world, [50_000])

    page = page_of(client, world)

    assert re.search(r'class="b-soft"', page)
    assert re.search(r'class="swatch soft"></span>Decided, not yet paid', page)
