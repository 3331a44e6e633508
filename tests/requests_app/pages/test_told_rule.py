"""The rule that everybody is told: on the fund's page, in the box of the odds, for programs; else nothing."""

import re
from datetime import timedelta
from html import unescape

import pytest
from builders import NOW, World, make_world, put_money_in
from console import Staff, text_of
from django.core.cache import cache
from django.utils import timezone
from waiting import make_requests
from walking import AFTER_CODE, BEFORE_CODE, Walk

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.services import funds
from fundmgr.services.funds import PolicyTerms
from requests_app.models import AssistanceRequest, Draft, RulePublication
from requests_app.services import odds, rounds, rule_publications

EQUAL = {"version": 1, "rule": "equal_awards"}
QUEUE = {"version": 1, "rule": "queue"}
EARLY = "Sending early does not help."
LATE = "Sending early can help: who asked first comes first."


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return make_world(reserve_bp=0)


def publish(world: World, rule: dict, *, at=NOW) -> RulePublication:
    row = rule_publications.publish(fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=at)
    cache.clear()
    return row


def share(world: World, rule: dict, *, at=NOW, approve: bool = True) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 12)
    row = rounds.propose_rule(fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=at)
    if approve:
        rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=at)
    cache.clear()


def places(world: World) -> dict[str, str]:
    """Where a worker reads of the rule before asking, by name."""
    walk = Walk(world)
    return {name: text_of(walk.get(path)) for name, path in (("page", ""), ("box", "apply/"))}


def test_nothing_is_said_of_a_rule_before_one_is_decided_or_told(world: World) -> None:
    share(world, EQUAL, approve=False)

    for words in places(world).values():
        assert "Sending early" not in words
        assert "Asking for more than" not in words
        assert "the same for everyone" not in words
    assert Walk(world).get("rule.json").json()["rule"] is None


def test_the_newest_decided_round_tells_its_rule(world: World) -> None:
    share(world, QUEUE)

    for words in places(world).values():
        assert LATE in words
        assert "A larger need can get more, so we check each need." in words
        assert "Asking for more than $1,500 does not get you more." in words
        assert "Round 1 was shared like this on September 18, 2023." in words
        assert EARLY not in words


def test_what_a_director_tells_stands_until_the_next_round(world: World) -> None:
    publish(world, {**EQUAL, "floor_cents": 20_000, "remainder": "hold"})

    for words in places(world).values():
        assert "each is sure of $200, or of all they need if that is less" in words
        assert "The fund will share its next money like this. It said so on September 18, 2023." in words

    publish(world, EQUAL, at=NOW + timedelta(hours=1))
    assert all(EARLY in words and "sure of $200" not in words for words in places(world).values())

    share(world, QUEUE, at=NOW + timedelta(hours=2))
    assert all(LATE in words and EARLY not in words for words in places(world).values())


def test_spanish_readers_read_it_in_spanish(world: World) -> None:
    publish(world, EQUAL)

    for path in ("", "apply/"):
        words = text_of(Walk(world).get(path, headers={"accept-language": "es-MX"}))
        assert "Pedir antes no ayuda." in words
        assert "Pedir más que la cantidad igual para todos no le da más." in words


def test_the_receipt_tells_the_rule_and_the_request_keeps_what_was_told(world: World) -> None:
    publish(world, EQUAL)
    walk = Walk(world)
    walk.fill()
    publish(world, QUEUE, at=NOW + timedelta(hours=1))

    walk.send()

    assert LATE in text_of(walk.get("request/receipt/"))
    kept = AssistanceRequest.objects.get().odds_shown
    assert (kept["start"]["rule"]["rule"]["rule"], kept["start"]["rule"]["source"]) == (
        "equal_awards",
        "PUBLICATION",
    )
    assert kept["receipt"]["rule"]["rule"]["rule"] == "queue"
    assert Draft.objects.count() == 1


LARGER = "A larger need can get more, so we check each need."
COMMON = "Asking for more than the amount that is the same for all does not get you more."
ABOVE = "Asking for more than $1,500 does not get you more."


def note_before_sending(world: World, rent: str, *, helped: str = "", language: str = "en") -> str:
    """What the page to check says of the cap and of asking for more."""
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove()
    help_ = {"other_help": "yes", "other_amount": helped} if helped else {"other_help": "no"}
    changes = {"need": {"need": ["RENT"], "amount_RENT": rent, "amount_FOOD": ""}, "other-help": help_}
    walk.answer(*AFTER_CODE, **changes)
    page = walk.get("apply/check/", headers={"accept-language": language}).content.decode()
    (note,) = re.findall(r'<p class="note">(.*?)</p>', page, re.DOTALL)
    return unescape(note)


@pytest.mark.parametrize(
    ("rule", "rent", "helped", "said"),
    [
        (EQUAL, "900", "", COMMON),
        (QUEUE, "900", "", LARGER),
        (EQUAL, "2400", "", ABOVE),
        (QUEUE, "2400", "", ABOVE),
        # Other help is taken off first, so more would still count.
        (QUEUE, "2400", "1000", LARGER),
    ],
)
def test_before_sending_one_reads_what_asking_for_more_would_do_by_the_rule(
    world: World, rule: dict, rent: str, helped: str, said: str
) -> None:
    publish(world, rule)

    assert note_before_sending(world, rent, helped=helped).endswith(f"to one household. {said}")


def test_before_sending_nothing_is_said_of_asking_for_more_without_a_rule(world: World) -> None:
    assert note_before_sending(world, "2400") == "This fund pays at most $1,500 to one household."


def test_where_donors_tied_their_money_no_sum_is_said_to_be_too_much(world: World) -> None:
    row = funds.add_restriction(
        fund_id=world.fund.id, name="Health", wording="", rule={"categories": ["HEALTH"]},
        by=world.actor(Role.DIRECTOR), now=NOW,
    )  # fmt: skip
    put_money_in(world, 100_000, restriction_id=row.id)
    publish(world, EQUAL)

    assert note_before_sending(world, "2400", language="es").endswith(
        "Una necesidad mayor puede recibir más, por eso revisamos cada necesidad."
    )


def test_programs_read_it_without_a_token(world: World) -> None:
    publish(world, EQUAL)

    found = Walk(world).get("rule.json").json()

    assert found["rule"]["rule"] == "equal_awards"
    assert found["told_by"] == "PUBLICATION"
    assert EARLY in found["sentences"]["en"]
    assert "Pedir antes no ayuda." in found["sentences"]["es"]
    assert Walk(world).client.get("/f/nowhere/rule.json").status_code == 404


def try_rule(world: World) -> None:
    odds.refresh(fund_id=world.fund.id, now=timezone.now())
    cache.clear()


def test_what_new_money_does_is_told_from_a_run_of_the_told_rule_alone(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [500_000] * 40)
    publish(world, EQUAL)
    assert "more for each" not in places(world)["page"]
    try_rule(world)
    assert "About $1 more for each of 40 people" in places(world)["page"]

    publish(world, {**EQUAL, "floor_cents": 20_000}, at=NOW + timedelta(hours=1))
    assert "more for each" not in places(world)["page"]
    try_rule(world)
    # Each of the smallest grants that the gift pays goes to one person more.
    assert "More for fewer than 10 people" in places(world)["page"]


def test_the_workbench_shows_the_words_and_a_director_publishes_them(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 3)
    desk = Staff(world, Role.DIRECTOR)
    before = text_of(desk.get("rounds/workbench/"))
    sent = {"chosen": "equal_awards", "equal_awards-floor": "200", "rules": "equal_awards,queue"}

    answer = desk.post("rounds/workbench/publish/", sent)
    after = text_of(desk.browser.get(answer["Location"]))

    assert "Everybody is told nothing of a rule now." in before
    assert EARLY in before
    assert "Everybody reads this rule now" in after
    assert "Everybody reads now: Equal awards, published on" in after
    assert 'value="200"' in after
    row = RulePublication.objects.get()
    assert row.rule["floor_cents"] == 20_000
    assert row.published_by_id == desk.actor.person_id
    assert b"equal_awards" in bytes(Event.objects.get(verb="rule.published").body)


def test_a_smallest_grant_above_the_cap_is_neither_told_nor_published(world: World) -> None:
    put_money_in(world, 100_000)
    make_requests(world, [50_000] * 3)
    desk = Staff(world, Role.DIRECTOR)
    typed = {"chosen": "equal_awards", "equal_awards-floor": "1500.01", "rules": "equal_awards"}

    shown = text_of(desk.get("rounds/workbench/", **typed))
    answer = desk.post("rounds/workbench/publish/", typed)

    assert "each is sure of" not in shown
    assert answer.status_code == 422
    said = "No need counts for as much as the smallest grant of $1,500.01. The most is $1,500.00."
    assert said in text_of(answer)
    assert not RulePublication.objects.exists()


def adopt(world: World, *, cap_cents: int) -> None:
    terms = PolicyTerms(750_000, cap_cents, 0, 10**9, "The board")
    later = NOW + timedelta(hours=1)
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=later)
    cache.clear()


def test_a_published_rule_is_void_once_the_cap_is_below_its_smallest_grant(world: World) -> None:
    share(world, QUEUE)
    publish(world, {**EQUAL, "floor_cents": 120_000}, at=NOW + timedelta(minutes=1))
    assert Walk(world).get("rule.json").json()["rule"]["rule"] == "equal_awards"

    adopt(world, cap_cents=100_000)

    told = Walk(world).get("rule.json").json()
    assert (told["rule"]["rule"], told["told_by"]) == ("queue", "ROUND")
    page = text_of(Staff(world, Role.DIRECTOR).get("rounds/workbench/"))
    assert (
        "is void: its smallest grant of $1,200.00 is above the policy&#x27;s cap, which is $1,000 now" in page
    )
    assert "Everybody reads now: First come, by which round 1 was shared" in page


def test_of_a_lower_cap_that_a_published_rule_still_fits_staff_are_told(world: World) -> None:
    publish(world, {**EQUAL, "floor_cents": 20_000})
    before = text_of(Staff(world, Role.BOARD).get("rounds/workbench/"))

    adopt(world, cap_cents=100_000)

    said = "The policy&#x27;s cap was $1,500 then and is $1,000 now; everybody reads the new one."
    assert said not in before
    assert said in text_of(Staff(world, Role.BOARD).get("rounds/workbench/"))
    told = Walk(world).get("rule.json").json()
    assert (told["rule"]["floor_cents"], told["told_by"]) == (20_000, "PUBLICATION")


def test_others_read_the_words_and_cannot_publish(world: World) -> None:
    desk = Staff(world, Role.BOARD)

    assert "What everybody would read of Equal awards" in text_of(desk.get("rounds/workbench/"))
    assert "Publish this rule" not in text_of(desk.get("rounds/workbench/"))
    assert desk.post("rounds/workbench/publish/", {"chosen": "queue"}).status_code == 403
    assert not RulePublication.objects.exists()


def test_a_knob_that_cannot_be_read_publishes_nothing(world: World) -> None:
    sent = {"chosen": "equal_awards", "equal_awards-floor": "lots", "rules": "equal_awards"}

    answer = Staff(world, Role.DIRECTOR).post("rounds/workbench/publish/", sent)

    assert answer.status_code == 422
    assert not RulePublication.objects.exists()


def test_a_rule_for_comparison_alone_is_not_published(world: World) -> None:
    with pytest.raises(errors.InvalidInput):
        publish(world, {"version": 1, "rule": "piniles"})
