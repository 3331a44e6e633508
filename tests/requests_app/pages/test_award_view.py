"""Why an award has its amount, and which ways to be paid it offers: only what is so."""

import re
from datetime import timedelta

import casework
import pytest
from builders import World, make_world, put_money_in
from django.conf import LazySettings
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk, errors_of

from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest, Award
from requests_app.services import payouts

ROUTING, ACCOUNT = "021000021", "000123456789"


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


def text_of(response) -> str:
    return response.content.decode()


def awarded(world: World, *, money_cents: int, other_amount: str = "") -> Walk:
    """Ask for $3,000, and share the money equally."""
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove()
    other = {"other_help": "yes", "other_amount": other_amount} if other_amount else {"other_help": "no"}
    walk.answer(*AFTER_CODE, **{"other-help": other})
    walk.send()
    put_money_in(world, money_cents, now=timezone.now())
    casework.make_eligible(world, list(AssistanceRequest.objects.all()))
    row = casework.rounds.propose_rule(
        fund_id=world.fund.id, rule=casework.EQUAL, by=world.actor(Role.DIRECTOR), now=timezone.now()
    )
    casework.rounds.approve(
        round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=timezone.now()
    )
    return walk


def test_too_little_money_is_told_with_the_rule_that_shared_it(world: World) -> None:
    page = text_of(awarded(world, money_cents=42_000).get("request/"))

    assert "You asked for $3,000. There was not enough money for all." in page
    assert "Each gets what they need, up to one amount that is the same for all." in page


def test_an_amount_that_other_help_lowered_is_not_blamed_on_the_money(world: World) -> None:
    walk = awarded(world, money_cents=50_000_000, other_amount="2600")

    page = text_of(walk.get("request/"))

    assert Award.objects.get().amount_cents == 40_000
    assert "You asked for $3,000. Less other help, we count $400. You get all of that." in page
    assert "not enough money" not in page


def test_an_amount_that_was_counted_lower_says_so(world: World) -> None:
    walk = awarded(world, money_cents=50_000_000, other_amount="2600")
    AssistanceRequest.objects.update(other_aid_cents=0)

    page = text_of(walk.get("request/"))

    assert "You asked for $3,000. We could count $400 of it. You get all of that." in page


def test_the_card_names_only_the_ways_that_this_fund_can_pay(world: World, settings: LazySettings) -> None:
    walk = awarded(world, money_cents=50_000_000)
    page = text_of(walk.get("request/"))
    every = "a bank transfer, a prepaid card, a check by mail or a check that you pick up"
    assert f"You can choose {every}." in page
    assert "Tell us by " in page

    settings.PAY_WAYS = frozenset({"BANK", "CHECK"})
    assert "You can choose a bank transfer or a check by mail." in text_of(walk.get("request/"))
    assert "I don't have a bank account" in text_of(walk.get("request/pay/bank/"))

    settings.PAY_WAYS = frozenset({"BANK"})
    assert "We pay with a bank transfer." in text_of(walk.get("request/"))
    assert "bank account: show" not in text_of(walk.get("request/pay/bank/"))


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ("bank", "Enter the name, as the bank knows it"),
        ("check", "Enter the name to write on the check"),
        ("card", "Enter the name to put on the card"),
    ],
)
def test_a_missing_name_is_asked_for_by_what_it_is_for(world: World, way: str, said: str) -> None:
    walk = awarded(world, money_cents=50_000_000)

    assert errors_of(walk.post(f"request/pay/{way}/", {}))[0] == said


@pytest.mark.parametrize(
    ("way", "typed", "said"),
    [
        (
            "bank",
            {"name_on_account": "Ana Rivera", "routing_number": ROUTING, "account_number": ACCOUNT},
            "After this page you see only the last four digits.",
        ),
        (
            "check",
            {"name_on_account": "Ana Rivera", "address": "1 Main Street\nBurbank, CA 91505"},
            "After this page we do not show the address again.",
        ),
        ("pick-up", {}, ""),
    ],
)
def test_the_last_look_says_what_is_hidden_after_it(
    world: World, way: str, typed: dict[str, str], said: str
) -> None:
    walk = awarded(world, money_cents=50_000_000)

    page = text_of(walk.post(f"request/pay/{way}/", typed))

    assert "Is this right?" in page
    assert re.findall(r"After this page[^<]*", page) == [said][: bool(said)]
    # It is so: the page of the request shows the way alone.
    walk.post(f"request/pay/{way}/", {**typed, "confirm": "1"})
    assert "Main Street" not in text_of(walk.get("request/"))


def test_how_it_is_paid_stands_apart_from_why_it_is_so_much(world: World) -> None:
    walk = awarded(world, money_cents=50_000_000)
    typed = {"name_on_account": "Ana Rivera", "routing_number": ROUTING, "account_number": ACCOUNT}

    walk.post("request/pay/bank/", {**typed, "confirm": "1"})
    page = text_of(walk.get("request/"))

    assert "<p>We pay by: Bank transfer to the account ending in 6789.</p>" in page
    assert "We are getting it ready. It takes a few working days." in page


def test_a_payment_that_left_is_told_as_done(world: World) -> None:
    walk = awarded(world, money_cents=50_000_000)
    typed = {"name_on_account": "Ana Rivera", "routing_number": ROUTING, "account_number": ACCOUNT}
    walk.post("request/pay/bank/", {**typed, "confirm": "1"})
    assert "We pay by: Bank transfer to the account ending in 6789." in text_of(walk.get("request/"))

    now = timezone.now() + timedelta(seconds=1)
    batch = casework.build(world, now=now)
    casework.release(world, batch, now=now)
    assert "How we paid: Bank transfer to the account ending in 6789." in text_of(walk.get("request/"))

    payout = batch.payouts.get()
    payouts.settle(payout_ids=[payout.id], by=world.actor(Role.TREASURER_PREPARES), now=now)
    assert "How we paid: Bank transfer" in text_of(walk.get("request/"))


def test_whoever_comes_back_reads_what_to_use_and_whom_to_call(world: World) -> None:
    page = text_of(Walk(world).get("sign-in/"))

    assert "Use the number or the address that you gave us." in page
    assert "Is that number or address lost?" in page
    assert "news about your request later" not in page


def test_the_offer_to_undo_does_not_ask_for_it(world: World) -> None:
    walk = Walk(world)
    walk.fill()
    walk.send()
    walk.post("request/take-back/")

    page = text_of(walk.get("request/"))

    assert "Only if you want to" in page
    assert "Do this next" not in page
