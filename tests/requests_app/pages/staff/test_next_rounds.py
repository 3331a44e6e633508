"""Free money on the pages of the console: who hears of a next round, and what may be done with it."""

import pytest
from builders import NOW, make_world, put_money_in
from casework import make_awards
from console import Staff, text_of
from waiting import make_requests

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import PolicyVersion
from fundmgr.services import funds
from fundmgr.services.funds import PolicyTerms
from requests_app.models import AllocationRound
from requests_app.services import next_rounds

pytestmark = pytest.mark.django_db
TITLE = "Money came free: a next round is proposed"


@pytest.fixture
def world():
    """A round was decided, people wait, and money came in since."""
    made = make_world(reserve_bp=0, next_round_from_cents=50_000)
    put_money_in(made, 200_000)
    make_awards(made, [100_000, 100_000])
    make_requests(made, [90_000, 40_000])
    put_money_in(made, 80_000, bank_reference="WIRE-9")
    return made


@pytest.fixture
def offered(world) -> AllocationRound:
    return next_rounds.offer(fund_id=world.fund.id, now=NOW)


def page_of(row: AllocationRound) -> str:
    return f"rounds/{public('rnd', row.id)}/"


def test_home_and_the_list_say_that_a_next_round_is_proposed(world, offered):
    desk = Staff(world, Role.DIRECTOR)

    home, rounds = text_of(desk.get("")), text_of(desk.get("rounds/"))

    for words in (home, rounds):
        assert TITLE in words
        assert "$800.00 of new money. Round 2 is proposed with 2 awards." in words
    assert "The system" in rounds


def test_who_may_not_read_rounds_hears_nothing_of_it(world, offered):
    assert TITLE not in text_of(Staff(world, Role.REVIEWER).get(""))


def test_nothing_is_said_where_nothing_came_free(world, offered):
    Staff(world, Role.APPROVER).post(f"{page_of(offered)}approve/", {"result": offered.result_digest})

    assert TITLE not in text_of(Staff(world, Role.DIRECTOR).get(""))


def test_a_director_may_approve_what_nobody_proposed(world, offered):
    desk = Staff(world, Role.DIRECTOR)
    words = text_of(desk.get(page_of(offered)))

    assert "came free: $800.00 of new money" in words
    assert 'Proposed by <strong class="ink">The system</strong>' in words
    answer = desk.post(f"{page_of(offered)}approve/", {"result": offered.result_digest})

    assert answer.status_code == 302
    offered.refresh_from_db()
    assert offered.state == "COMMITTED"


def test_it_waits_in_the_approvals_of_both(world, offered):
    for role in (Role.APPROVER, Role.DIRECTOR):
        words = text_of(Staff(world, role).get("approvals/"))
        assert "By the system" in words
        assert "Waits for you" in words


def test_a_director_gives_it_up(world, offered):
    Staff(world, Role.DIRECTOR).post(f"{page_of(offered)}void/", {"note": "We wait for the match."})

    offered.refresh_from_db()
    assert (offered.state, offered.void_reason) == ("VOID", "We wait for the match.")
    assert next_rounds.offer(fund_id=world.fund.id, now=NOW) is None


def test_where_the_rule_is_a_draw_people_are_told_to_begin_it(world):
    terms = PolicyTerms(
        750_000, 150_000, 0, 10**9, "The board", next_round_from_cents=1, rule={"version": 1, "rule": "draw"}
    )
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)

    words = text_of(Staff(world, Role.DIRECTOR).get("rounds/"))

    assert "Money came free, and people wait" in words
    assert "The rule is a draw, which two people begin" in words


@pytest.mark.parametrize(("typed", "cents"), [("500", 50_000), ("", None)])
def test_the_policy_says_from_which_amount_on(world, typed, cents):
    desk = Staff(world, Role.DIRECTOR)
    assert 'value="500.00"' in text_of(desk.get("settings/policy/"))
    terms = {
        "award_cap": "2,000", "need_ceiling": "8000", "reserve_percent": "5", "two_approvers_from": "50000",
        "decision_days": "10", "accept_days": "21", "appeal_days": "14", "document_days": "90",
        "rule": "proportional", "adopted_by": "The board",
        "next_round_from": typed,
    }  # fmt: skip

    assert desk.post("settings/policy/", terms).status_code == 302

    assert PolicyVersion.objects.order_by("-number").first().next_round_from_cents == cents
