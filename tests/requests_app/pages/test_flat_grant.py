"""A fund that gives everybody the same: the form asks for no amounts, the request for that amount."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import World, make_world
from console import Staff, text_of
from django.utils import timezone
from walking import Walk, errors_of

from fundmgr.domain.permissions import Role
from fundmgr.models import PolicyVersion
from fundmgr.services import funds
from fundmgr.services.founding import PolicyTerms
from requests_app.models import AssistanceRequest, NeedLine

TERMS = PolicyTerms(750_000, 150_000, 200, 100_000_000, "The board")


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


def adopt(world: World, cents: int | None) -> None:
    funds.adopt_policy(
        fund_id=world.fund.id,
        terms=replace(TERMS, flat_grant_cents=cents),
        by=world.actor(Role.DIRECTOR),
        now=timezone.now(),
    )


def test_the_form_is_shorter_and_asks_for_no_amount(world: World) -> None:
    adopt(world, 50_000)
    walk = Walk(world)
    walk.start()
    assert "Step 1 of 8" in text_of(walk.get("apply/show/"))
    walk.answer("show", "job", "name")
    walk.prove()
    walk.answer("household")

    page = text_of(walk.get("apply/need/"))
    assert "This fund gives $500 to each household that it can pay." in page
    assert "amount_RENT" not in page
    answer = walk.post("apply/need/", {"need": ["RENT", "FOOD", "CAR"], "losing": "no", "then": "continue"})
    assert answer.url.endswith("/apply/proof/")
    walk.answer("proof")
    check = text_of(walk.get("apply/check/"))
    assert "$500" in check
    assert "Other help coming" not in check
    walk.send()

    row = AssistanceRequest.objects.get()
    assert row.asked_cents == 50_000
    parts = NeedLine.objects.filter(request=row).order_by("-amount_cents", "category")
    assert [(line.category, line.amount_cents) for line in parts] == [
        ("FOOD", 16_667),
        ("RENT", 16_667),
        ("CAR", 16_666),
    ]


def test_something_must_still_be_ticked(world: World) -> None:
    adopt(world, 50_000)
    walk = Walk(world)
    walk.start()

    response = walk.post("apply/need/", {"losing": "no", "then": "continue"})

    assert response.status_code == 422
    assert errors_of(response) == ["Choose at least one thing you need help with"]


def test_a_policy_that_ends_the_flat_grant_asks_for_amounts_again(world: World) -> None:
    adopt(world, 50_000)
    walk = Walk(world)
    walk.start()
    walk.answer("show", "job", "name")
    walk.prove()
    walk.answer("household")
    walk.post("apply/need/", {"need": ["RENT"], "losing": "no", "then": "continue"})
    walk.answer("proof")
    assert walk.get("apply/check/").status_code == 200

    adopt(world, None)

    assert walk.get("apply/check/").url.endswith("/apply/need/")
    assert "amount_RENT" in text_of(walk.get("apply/need/"))


@pytest.mark.parametrize(("typed", "cents"), [("", None), ("500", 50_000), ("1,500.00", 150_000)])
def test_a_director_adopts_it_on_the_page_of_settings(world: World, typed: str, cents: int | None) -> None:
    assert _adopt_on_the_page(world, typed).status_code == 302

    assert PolicyVersion.objects.order_by("-number").first().flat_grant_cents == cents


@pytest.mark.parametrize("typed", ["0", "1500.01", "-5"])
def test_an_amount_that_nobody_can_be_given_is_refused(world: World, typed: str) -> None:
    response = _adopt_on_the_page(world, typed)

    assert response.status_code == 422
    assert PolicyVersion.objects.count() == 1


def _adopt_on_the_page(world: World, typed: str):
    sent = {
        "award_cap": "1,500",
        "need_ceiling": "7,500",
        "reserve_percent": "2",
        "two_approvers_from": "1,000,000",
        "decision_days": "14",
        "accept_days": "30",
        "appeal_days": "30",
        "document_days": "180",
        "next_round_from": "",
        "flat_grant": typed,
        "rule": "equal_awards",
        "adopted_by": "The board",
    }
    return Staff(world, Role.DIRECTOR).post("settings/policy/", sent)
