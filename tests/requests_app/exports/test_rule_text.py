"""What everybody is told of a rule is true of the engine: every claim is tried out on random fundings."""

from dataclasses import asdict, dataclass, replace

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from fundmgr.allocation import Policy, Problem, allocate, exact, rule_properties
from fundmgr.allocation.policy import PRODUCTION_RULES
from fundmgr.allocation.shares import share_within
from requests_app.exports.rule_text import LANGUAGES, Claim, RuleText, in_each_language, rule_text

CAP = 800
POINTED = ("equal_awards", "proportional", "equal_losses", "talmud")


@dataclass(frozen=True)
class Person:
    """One who asks. Units: cents."""

    place_in_draw: int
    need: int
    points: int = 1
    tier: int = 1
    narrow: int = 0


@dataclass(frozen=True)
class Funding:
    """People in the order of asking, with the money and the rule. Units: cents."""

    people: tuple[Person, ...]
    money: int
    policy: Policy
    weighted: bool = False
    tiered: bool = False
    narrow_money: int = 0

    @property
    def said(self) -> RuleText:
        """What everybody is told."""
        found = rule_properties(
            self.policy, weighted=self.weighted, tiered=self.tiered, restricted=self.narrow_money > 0
        )
        return rule_text({**asdict(found), "asking": str(found.asking), "cap_cents": CAP, "most_tickets": 1})

    @property
    def claims(self) -> list[int]:
        """What each counts for."""
        return [min(person.need, CAP) for person in self.people]

    @property
    def is_short(self) -> bool:
        """Whether the money does not cover everything."""
        return self.money < sum(self.claims)

    def problem(self) -> Problem:
        """The same as a round gives to the engine."""
        order = list(range(len(self.people)))
        if self.policy.rule == "draw":
            order.sort(key=lambda place: self.people[place].place_in_draw)
        return Problem(
            self.money,
            self.claims,
            order=order,
            weights=[person.points for person in self.people] if self.weighted else None,
            tiers=[person.tier for person in self.people] if self.tiered else None,
        )

    def lines(self) -> np.ndarray:
        """What each pot pays of each award, the general one first."""
        if not self.narrow_money:
            return allocate(self.problem(), self.policy).awards_cents[:, None]
        usable = np.array([[min(p.need, CAP), min(p.narrow, p.need, CAP)] for p in self.people])
        pots = [self.money, self.narrow_money]
        problem = Problem(sum(pots), self.claims, pots_cents=pots, eligibility=usable > 0)
        return share_within(problem, self.policy, usable).cents

    def awards(self) -> dict[int, int]:
        """What each gets, by their place in the draw, which never changes."""
        paid = self.lines().sum(axis=1).tolist()
        return {person.place_in_draw: cents for person, cents in zip(self.people, paid, strict=True)}

    def with_first(self, **changes: int) -> "Funding":
        """The same where the first is another."""
        return replace(self, people=(replace(self.people[0], **changes), *self.people[1:]))


@st.composite
def fundings(draw):
    count = draw(st.integers(2, 6))
    weighted, tiered, narrow = draw(st.sampled_from([(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 1)]))
    people = tuple(
        Person(
            place,
            draw(st.integers(1, 1_000)),
            draw(st.integers(1, 4)) if weighted else 1,
            draw(st.integers(1, 2)) if tiered else 1,
            draw(st.integers(0, 1_000)) if narrow else 0,
        )
        for place in draw(st.permutations(range(count)))
    )
    rules = ("equal_awards", "proportional") if narrow else PRODUCTION_RULES
    policy = Policy(
        rule=draw(st.sampled_from(rules)),
        last=draw(st.sampled_from(("partial", "stop", "skip"))),
        floor_cents=0 if narrow else draw(st.just(0) | st.integers(1, min(CAP, max(p.need for p in people)))),
        remainder=draw(st.sampled_from(("distribute", "hold"))),
    )
    most = sum(min(person.need, CAP) for person in people)
    return Funding(
        people, draw(st.integers(0, most)), policy, bool(weighted), bool(tiered),
        draw(st.integers(1, most)) if narrow else 0,
    )  # fmt: skip


def urgent_first(funding, data):
    awards = list(zip(funding.people, funding.claims, funding.awards().values(), strict=True))
    unmet = [person.tier for person, claim, award in awards if award < claim]
    assert all(award == 0 for person, _, award in awards if unmet and person.tier > min(unmet))


def urgent_part(funding, _data):
    """Each group has its part or all it asks for, and what one leaves over goes to the other."""
    awards, tiers = funding.awards(), {person.place_in_draw: person.tier for person in funding.people}
    got = [sum(cents for key, cents in awards.items() if tiers[key] == tier) for tier in (1, 2)]
    asked = [
        sum(
            claim for claim, person in zip(funding.claims, funding.people, strict=True) if person.tier == tier
        )
        for tier in (1, 2)
    ]
    for place, share in enumerate(funding.policy.tier_shares_bp):
        assert got[place] >= min(asked[place], funding.money * share // 10_000)
    assert sum(got) == min(funding.money, sum(asked))


def pots_apart(funding, data):
    lines = funding.lines()
    assert lines[:, 0].sum() <= funding.money
    assert lines[:, 1].sum() <= funding.narrow_money
    assert all(line[1] <= person.narrow for person, line in zip(funding.people, lines, strict=True))


def sure_of_floor(funding, data):
    floor = funding.policy.floor_cents
    awards = list(zip(funding.claims, funding.awards().values(), strict=True))
    assert all(award == 0 or award >= min(floor, claim) for claim, award in awards)
    if not funding.tiered:
        served = [bool(awards[place][1]) for place in funding.problem().order]
        assert served == sorted(served, reverse=True)


def rest_is_kept(funding, data):
    if funding.is_short and not funding.tiered:
        pairs = zip(funding.claims, funding.awards().values(), strict=True)
        assert all(award in (0, min(funding.policy.floor_cents, claim)) for claim, award in pairs)


def rest_is_shared(funding, data):
    paid = funding.awards().values()
    if funding.policy.rule in POINTED and not funding.tiered:
        helped = sum(claim for claim, award in zip(funding.claims, paid, strict=True) if award)
        assert sum(paid) == min(funding.money, helped)


def shared_by_rule(funding, data):
    if funding.is_short and not (funding.policy.floor_cents or funding.tiered or funding.narrow_money):
        rows = list(zip(funding.people, funding.claims, funding.awards().values(), strict=True))
        SHARES[funding.policy.rule](funding, rows)


def equal_awards(funding, rows):
    short = [award / person.points for person, claim, award in rows if award < claim]
    full = [award / person.points for person, claim, award in rows if award == claim]
    assert max(short) - min(short) <= 1
    assert max(full, default=0) <= min(short) + 1


def proportional(funding, rows):
    if not funding.weighted:
        total = sum(funding.claims)
        assert all(abs(award * total - funding.money * claim) < total for _, claim, award in rows)


def equal_losses(funding, rows):
    cuts = [(claim - award) * person.points for person, claim, award in rows if award]
    if cuts:
        room = 2 * max(person.points for person, _, _ in rows)
        assert max(cuts) - min(cuts) <= room
        assert all(claim * person.points <= min(cuts) + room for person, claim, award in rows if not award)


def talmud(funding, rows):
    if any(2 * award > claim + 2 for _, claim, award in rows):
        assert all(2 * award >= claim - 2 for _, claim, award in rows)


def one_by_one(funding, rows):
    parts = [rows[place] for place in funding.problem().order]
    partly = [0 < award < claim for _, claim, award in parts]
    assert sum(partly) <= (funding.policy.last == "partial")
    if funding.policy.last != "skip":
        full = [award == claim for _, claim, award in parts]
        assert full == sorted(full, reverse=True)


SHARES = {
    "equal_awards": equal_awards,
    "proportional": proportional,
    "equal_losses": equal_losses,
    "talmud": talmud,
    "queue": one_by_one,
    "draw": one_by_one,
}


def asking_stops_helping(funding, data):
    mine = funding.people[0].place_in_draw
    before, more = funding.awards()[mine], data.draw(st.integers(1, 900))
    if before < funding.claims[0]:
        assert funding.with_first(need=funding.people[0].need + more).awards()[mine] <= before + 1


def order_is_nothing(funding, data):
    before = funding.awards()
    after = replace(funding, people=tuple(data.draw(st.permutations(funding.people)))).awards()
    # Only the spare cents of rounding go by place: one a stage, and one a pot.
    assert all(abs(after[key] - before[key]) <= 1 + bool(funding.narrow_money) for key in before)


def capped(funding, data):
    assert max(funding.awards().values()) <= CAP


def asking_above_cap(funding, data):
    capped(funding, data)
    full = funding.with_first(need=CAP).awards()
    assert funding.with_first(need=CAP + data.draw(st.integers(1, 900))).awards() == full


def points_never_hurt(funding, data):
    mine = funding.people[0].place_in_draw
    more = funding.with_first(points=funding.people[0].points + data.draw(st.integers(1, 4)))
    assert more.awards()[mine] >= funding.awards()[mine] - 1


def everybody_gets(funding, data):
    if funding.money:
        assert all(award > 0 for award in exact(funding.problem(), funding.policy))


def money_never_hurts(funding, data):
    before = funding.awards()
    after = replace(funding, money=funding.money + data.draw(st.integers(1, 900))).awards()
    assert all(after[key] >= before[key] - 1 for key in before)


def only_possible(funding, data):
    """The claim that something can happen; `test_what_can_happen_does_happen` finds a case."""


CHECKS = {
    Claim.URGENT_FIRST: urgent_first,
    Claim.URGENT_PART: urgent_part,
    Claim.POTS_APART: pots_apart,
    Claim.SURE_OF_FLOOR: sure_of_floor,
    Claim.REST_IS_KEPT: rest_is_kept,
    Claim.REST_IS_SHARED: rest_is_shared,
    Claim.SHARED_BY_RULE: shared_by_rule,
    Claim.ASKING_STOPS_HELPING: asking_stops_helping,
    Claim.ASKING_CAN_HELP: only_possible,
    Claim.ASKING_CAN_HELP_OR_HURT: only_possible,
    Claim.ORDER_IS_DRAWN: order_is_nothing,
    Claim.ORDER_COUNTS: only_possible,
    Claim.ORDER_IS_NOTHING: order_is_nothing,
    Claim.CAPPED: capped,
    Claim.ASKING_ABOVE_CAP: asking_above_cap,
    Claim.POINTS_NEVER_HURT: points_never_hurt,
    Claim.URGENT_TICKETS: only_possible,
    Claim.EVERYBODY_GETS: everybody_gets,
    Claim.SOME_GET_NOTHING: only_possible,
    Claim.MONEY_NEVER_HURTS: money_never_hurts,
    Claim.MONEY_CAN_HURT: only_possible,
}


@settings(max_examples=150, deadline=None)
@given(fundings(), st.data())
def test_every_claim_holds_in_the_engine(funding, data):
    text = funding.said
    for one in (*text.steps, *text.notes):
        CHECKS[one.claim](funding, data)


@settings(max_examples=100, deadline=None)
@given(fundings(), st.integers(0, 10_000), st.data())
def test_the_part_for_urgent_requests_is_kept(funding, share, data):
    policy = replace(
        funding.policy, floor_cents=0, last="partial", tiers="urgency", tier_shares_bp=(share, 10_000 - share)
    )
    parted = replace(funding, weighted=False, tiered=True, narrow_money=0, policy=policy)

    claims = {one.claim for one in parted.said.steps}
    assert Claim.URGENT_PART in claims
    assert Claim.URGENT_FIRST not in claims
    CHECKS[Claim.URGENT_PART](parted, data)


def test_no_claim_goes_untried():
    assert set(CHECKS) == set(Claim)


SMALL = [
    (needs, money)
    for needs in [(50, 100), (100, 50), (100, 100), (60, 60), (200, 40), (20, 100)]
    for money in range(0, 260, 10)
]


def two(needs, money, policy, **more):
    people = tuple(Person(place, need, tier=1 + place) for place, need in enumerate(needs))
    return Funding(people, money, policy, **more)


def gains(before, after):
    return {after.awards()[key] - before.awards()[key] for key in (0, 1)}


def can_ask_up(policy, **more):
    pairs = [(two(needs, money, policy, **more), needs) for needs, money in SMALL]
    return {one.with_first(need=needs[0] + 60).awards()[0] - one.awards()[0] for one, needs in pairs}


def can_swap(policy):
    made = [two(needs, money, policy) for needs, money in SMALL]
    return {
        gain
        for one in made
        for gain in gains(one, replace(one, people=one.people[::-1]))
    }  # fmt: skip


def can_give(policy):
    return {
        gain
        for needs, money in SMALL
        for gain in gains(two(needs, money, policy), two(needs, money + 30, policy))
    }


def outcomes(policy, **more):
    made = [two(needs, money, policy, **more) for needs, money in SMALL if money]
    return {award for one in made for award in one.awards().values()}


EVERY_POLICY = [
    Policy(rule=rule, last=last, floor_cents=floor, remainder=remainder)
    for rule in PRODUCTION_RULES
    for last in ("partial", "stop", "skip")
    for floor, remainder in ((0, "distribute"), (40, "distribute"), (40, "hold"))
]


@pytest.mark.parametrize(
    "policy", EVERY_POLICY, ids=lambda policy: "-".join(map(str, asdict(policy).values()))
)
def test_what_can_happen_does_happen(policy):
    claims = {one.claim for one in two((50, 100), 100, policy).said.notes}
    tries = {
        Claim.ASKING_CAN_HELP: lambda: max(can_ask_up(policy)) > 1,
        Claim.ASKING_CAN_HELP_OR_HURT: lambda: min(gained := can_ask_up(policy)) < -1 and max(gained) > 1,
        Claim.ORDER_COUNTS: lambda: max(can_swap(policy)) > 1,
        Claim.SOME_GET_NOTHING: lambda: 0 in outcomes(policy),
        Claim.MONEY_CAN_HURT: lambda: min(can_give(policy)) < -1,
    }
    assert [claim for claim in claims if claim in tries and not tries[claim]()] == []


def test_less_urgent_people_can_get_nothing():
    policy = Policy(rule="equal_awards")

    assert Claim.SOME_GET_NOTHING in {one.claim for one in two((50, 50), 40, policy, tiered=True).said.notes}
    assert 0 in outcomes(policy, tiered=True)


def test_every_sentence_is_said_in_each_language():
    for policy in EVERY_POLICY:
        for more in ({}, {"weighted": True}, {"tiered": True}, {"narrow_money": 5}):
            funding = two((50, 100), 100, policy, **more)
            found = in_each_language(_promises(funding))
            assert sorted(found) == sorted(LANGUAGES)
            for english, spanish in zip(found["en"], found["es"], strict=True):
                assert english.endswith(".")
                assert english != spanish


def test_urgent_requests_are_told_to_have_more_tickets_where_they_do():
    promises = _promises(two((50, 100), 100, Policy(rule="draw")))

    with translation.override("en"):
        assert "Urgent requests have more tickets in the draw." not in rule_text(promises).sentences
        many = rule_text({**promises, "most_tickets": 3})
    assert "Urgent requests have more tickets in the draw." in many.sentences


def _promises(funding):
    found = rule_properties(
        funding.policy,
        weighted=funding.weighted,
        tiered=funding.tiered,
        restricted=funding.narrow_money > 0,
    )
    return {**asdict(found), "asking": str(found.asking), "cap_cents": CAP, "most_tickets": 1}
