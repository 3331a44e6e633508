"""The first visit: one token, one fund, one director, once."""

import threading
from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from builders import NOW, make_world
from console import summary_of, text_of
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Fund, Membership, PolicyVersion, User
from fundmgr.services import setup
from fundmgr.services.founding import FundTerms, PolicyTerms

SENT = {
    "name": "Harbor Hardship Fund",
    "legal_form": "fiscal_sponsored",
    "time_zone": "America/Los_Angeles",
    "award_cap": "1,500",
    "need_ceiling": "7500",
    "reserve_percent": "2",
    "two_approvers_from": "100000",
    "adopted_by": "The board",
    "director_name": "Zoë O'Neil",
    "director_email": "zoe@example.org",
    "password": "three plain words here",
}
TERMS = {
    "fund": FundTerms("Harbor Hardship Fund", "charity"),
    "policy": PolicyTerms(750_000, 150_000, 200, 10_000_000, "The board"),
    "director_name": "Zoë",
    "password": "three plain words here",
}


@pytest.fixture
def token(db) -> str:
    """A token as the terminal prints it."""
    return setup.new_token(now=timezone.now())


def test_the_holder_of_the_token_founds_the_fund(token):
    browser = Client()
    assert "Set up the fund" in text_of(browser.get("/setup/", {"token": token}))

    answer = browser.post("/setup/", {**SENT, "token": token})

    assert answer.status_code == 302
    assert answer["Location"] == "/staff/account/login/"
    fund = Fund.objects.get()
    assert (fund.name, fund.state) == ("Harbor Hardship Fund", "OPEN")
    policy = PolicyVersion.objects.get()
    assert (policy.award_cap_cents, policy.need_ceiling_cents, policy.reserve_bp) == (150_000, 750_000, 200)
    member = Membership.objects.select_related("user").get()
    assert (member.role, member.user.name) == (Role.DIRECTOR, "Zoë O'Neil")
    assert member.user.check_password(SENT["password"])
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert {"fund.founded", "policy.adopted", "member.appointed", "fund.open"} <= verbs


def test_a_second_use_is_refused(token):
    browser = Client()
    browser.post("/setup/", {**SENT, "token": token})

    again = browser.post("/setup/", {**SENT, "name": "Another", "token": token})
    look = browser.get("/setup/", {"token": token})

    assert again.status_code == look.status_code == 409
    assert "set up here already" in text_of(again)
    assert Fund.objects.count() == 1


@pytest.mark.parametrize("wrong", ["", "x", "a:b:c", "\x00", "é" * 500])
def test_a_wrong_token_opens_nothing(db, wrong):
    browser = Client()

    assert browser.get("/setup/", {"token": wrong}).status_code == 403
    assert browser.post("/setup/", {**SENT, "token": wrong}).status_code == 403
    assert not Fund.objects.exists()


def test_a_token_runs_out_after_a_day(db):
    token = setup.new_token(now=NOW)

    setup.check_token(token=token, now=NOW + timedelta(hours=23))
    with pytest.raises(errors.Forbidden, match="ran out"):
        setup.check_token(token=token, now=NOW + timedelta(hours=25))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter the fund&#x27;s name."),
        ("award_cap", "1e9", "Write the amount in dollars and cents"),
        ("award_cap", "0", "Enter an amount above 0."),
        ("award_cap", "٣٠٠", "digits 0 to 9"),
        ("award_cap", "8000", "cannot be above the need that counts"),
        ("reserve_percent", "51", "whole number from 0 to 50"),
        ("director_email", "zoe", "name@example.com"),
        ("password", "short", "too short"),
        ("director_name", "🙂 7", "Enter a full name."),
        ("name", "A\u202eB", "cannot be stored"),
        ("time_zone", "Mars/Olympus", "valid choice"),
    ],
)
def test_what_cannot_be_read_is_told_beside_what_was_typed(token, field, value, said):
    answer = Client().post("/setup/", {**SENT, field: value, "token": token})

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert summary_of(answer).startswith("There is a problem")
    assert 'value="zoe@example.org"' in text_of(answer) or field == "director_email"
    assert SENT["password"] not in text_of(answer)
    assert not Fund.objects.exists()
    assert not User.objects.exists()


def test_two_first_visits_at_once_found_one_fund(committed_db):
    token = setup.new_token(now=NOW)
    outcomes = []

    def visit(email: str) -> None:
        try:
            setup.first_visit(token=token, director_email=email, now=NOW, **TERMS)
            outcomes.append("founded")
        except errors.FundError as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=visit, args=(f"{name}@example.org",)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["founded", "wrong_state", "wrong_state", "wrong_state"]
    assert Fund.objects.count() == Membership.objects.count() == User.objects.count() == 1


def test_the_command_prints_the_address(db):
    out = StringIO()
    call_command("setup_token", stdout=out)

    address = urlsplit(out.getvalue().strip())
    assert address.path == "/setup/"
    setup.check_token(token=parse_qs(address.query)["token"][0], now=timezone.now())


def test_the_command_says_when_it_is_too_late(db):
    make_world()

    with pytest.raises(CommandError, match="set up here already"):
        call_command("setup_token")
