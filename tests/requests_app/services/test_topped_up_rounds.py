"""A round that tops up: who was paid in part gets what is missing, as if all money had been there at once."""

from datetime import timedelta

import pytest
from builders import NOW, make_world, put_money_in
from casework import build, release
from django.core import mail
from django.core.cache import cache
from publications import run
from waiting import make_requests

from fundmgr.allocation import Policy, Problem, allocate
from fundmgr.domain import actors, errors, money
from fundmgr.domain.lifecycle import AwardState, RequestState, RoundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from fundmgr.queries import books
from fundmgr.services import funds, proof
from fundmgr.services.funds import PolicyTerms
from requests_app.models import AllocationRound, AssistanceRequest, Award, RoundRequest
from requests_app.queries import public, publications
from requests_app.services import award_days, awards, notices, payouts, round_replay, rounds

NEEDS = [100_000, 80_001, 50_000, 120_003, 10_007]
EQUAL = {"version": 1, "rule": "equal_awards"}
SAME = "Round 1 and this one together give what one big round would have given."


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 150_001)
    make_requests(made, NEEDS)
    return made


def decided(world, rule=EQUAL, *, answer=True):
    row = rounds.propose_rule(fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW)
    approve(world, row)
    if answer:
        say_yes(row)
    return row


def approve(world, row):
    done = rounds.approve(
        round_id=row.id, result_digest=row.result_digest, by=world.actor(Role.APPROVER), now=NOW
    )
    assert done.state == RoundState.COMMITTED


def say_yes(row):
    """Everybody takes the award."""
    for award in Award.objects.filter(round=row):
        awards.choose_payee(award_id=award.id, method="PICK_UP", by=actors.SYSTEM, now=NOW)


def top_up(world, row, cents=100_002, reference="WIRE-2"):
    put_money_in(world, cents, bank_reference=reference)
    return rounds.top_up(round_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)


def sent_back(world, row):
    """Pay one award, let its payment come back, and return it."""
    award = row.awards.filter(amount_cents__gt=20_000).first()
    (payout,) = release(world, build(world, award_ids=[award.id])).payouts.all()
    by = world.actor(Role.TREASURER_PREPARES)
    payouts.record_return(payout_id=payout.id, code="R03", by=by, now=NOW)
    return award


def totals():
    found = {}
    for key, cents in Award.objects.values_list("request_id", "amount_cents"):
        found[key] = found.get(key, 0) + cents
    order = AssistanceRequest.objects.order_by("submitted_at", "id").values_list("id", flat=True)
    return [found.get(key, 0) for key in order]


@pytest.mark.parametrize("rule", ["equal_awards", "proportional", "equal_losses"])
def test_two_rounds_give_what_one_big_round_gives(world, rule):
    first = decided(world, {"version": 1, "rule": rule})

    second = top_up(world, first)
    approve(world, second)

    big = allocate(Problem(250_003, NEEDS), Policy(rule=rule)).awards_cents.tolist()
    assert all(abs(cents - right) <= 1 for cents, right in zip(totals(), big, strict=True))
    assert sum(totals()) == 250_003
    assert second.topup_note == SAME
    assert (second.tops_up_id, second.number) == (first.id, 2)
    assert books.available_cents(world.fund.id) == 0
    got_nothing = AssistanceRequest.objects.exclude(state=RequestState.AWARDED)
    assert list(got_nothing.values_list("state", flat=True)) == ["WAITLISTED"] * totals().count(0)
    assert round_replay.replay(word="2").findings == ()


def test_whoever_has_all_is_not_in_it_and_others_ask_for_what_is_missing(world):
    first = decided(world)

    second = top_up(world, first)

    frozen = second.members.order_by("position").values_list("capped_cents", "before_cents")
    given = {row.request_id: row.award_cents for row in first.members.all()}
    assert len(frozen) == 4
    assert all(claim + before in NEEDS for claim, before in frozen)
    assert sorted(before for _, before in frozen) == sorted(
        cents for cents in given.values() if cents != 10_007
    )


def test_a_third_round_tops_up_the_second(world):
    second = top_up(world, decided(world))
    approve(world, second)
    say_yes(second)

    third = top_up(world, second, 9_000, "WIRE-3")
    approve(world, third)

    big = allocate(Problem(259_003, NEEDS), Policy(rule="equal_awards")).awards_cents.tolist()
    assert all(abs(cents - right) <= 1 for cents, right in zip(totals(), big, strict=True))
    assert third.topup_note.startswith("Round 2 and this one together give what one big round")


def two_rounds(world):
    """A round among the first five, then one among two who came later."""
    first = decided(world)
    make_requests(world, [60_000, 70_000], submitted_at=NOW - timedelta(days=4))
    put_money_in(world, 50_000, bank_reference="WIRE-2")
    return first, decided(world)


def test_an_older_round_is_topped_up_by_itself_where_its_people_were_in_no_other(world):
    first, second = two_rounds(world)

    third = top_up(world, first, 100_002, "WIRE-3")
    approve(world, third)
    say_yes(third)
    fourth = top_up(world, second, 20_000, "WIRE-4")
    approve(world, fourth)

    mine = allocate(Problem(250_003, NEEDS), Policy(rule="equal_awards")).awards_cents.tolist()
    later = allocate(Problem(70_000, [60_000, 70_000]), Policy(rule="equal_awards")).awards_cents.tolist()
    assert all(abs(cents - right) <= 1 for cents, right in zip(totals(), mine + later, strict=True))
    assert [row.tops_up_id for row in (third, fourth)] == [first.id, second.id]
    assert third.topup_note == (
        f"{SAME} 2 people with a part from another round are not in this one: they began from other awards, "
        "so only their own round's top-up and it are one big round."
    )
    assert proof.check_books() == []


def test_a_round_whose_people_were_topped_up_since_is_refused_by_the_later_one(world):
    first = decided(world)
    second = top_up(world, first)
    approve(world, second)

    with pytest.raises(errors.WrongState, match=r"People of it were in round 2 since\. Top that one up"):
        top_up(world, first, 9_000, "WIRE-3")


def test_those_who_got_nothing_are_in_it_and_newcomers_are_not(world):
    AssistanceRequest.objects.update(urgency=["EVICTION"])
    calm = AssistanceRequest.objects.order_by("submitted_at").first()
    AssistanceRequest.objects.filter(id=calm.id).update(urgency=[])
    first = decided(world, {**EQUAL, "tiers": "urgency"})
    (late,) = make_requests(world, [40_000])
    assert AssistanceRequest.objects.get(id=calm.id).state == RequestState.WAITLISTED

    second = top_up(world, first, 200_000)
    assert AssistanceRequest.objects.get(id=calm.id).state == RequestState.IN_ROUND
    approve(world, second)

    assert AssistanceRequest.objects.get(id=calm.id).state == RequestState.AWARDED
    assert AssistanceRequest.objects.get(id=late.id).state == RequestState.ELIGIBLE


def test_given_up_everybody_stands_as_before(world):
    second = top_up(world, decided(world))

    rounds.void(round_id=second.id, reason="Later.", by=world.actor(Role.DIRECTOR), now=NOW)

    assert set(AssistanceRequest.objects.values_list("state", flat=True)) == {RequestState.AWARDED}
    assert Award.objects.count() == len(NEEDS)


def test_an_award_given_back_meanwhile_voids_it(world):
    second = top_up(world, decided(world))
    one = RoundRequest.objects.filter(round=second).first()
    award = Award.objects.get(request_id=one.request_id)
    awards.decline(award_id=award.id, by=actors.SYSTEM, now=NOW)

    with pytest.raises(rounds.StaleRound, match="changed after this round was proposed"):
        approve(world, second)


def test_it_is_refused_with_the_reason_where_two_rounds_are_not_one(world):
    first = decided(world, {"version": 1, "rule": "talmud"})

    with pytest.raises(errors.WrongState, match="in two rounds would not give what one big round gives"):
        top_up(world, first)


def test_it_waits_for_everybodys_answer(world):
    first = decided(world, answer=False)

    with pytest.raises(errors.WrongState, match="5 people did not answer yet"):
        top_up(world, first)


def test_another_policy_pots_or_no_money_refuse_it(world):
    first = decided(world)
    by = world.actor(Role.DIRECTOR)
    with pytest.raises(errors.WrongState, match="gives nobody anything"):
        rounds.top_up(round_id=first.id, by=by, now=NOW)
    tied = funds.add_restriction(
        fund_id=world.fund.id, name="Grips", wording="", rule={"crafts": ["grip"]}, by=by, now=NOW
    )
    put_money_in(world, 5_000, bank_reference="WIRE-7", restriction_id=tied.id)
    with pytest.raises(errors.WrongState, match="restricted pots"):
        rounds.top_up(round_id=first.id, by=by, now=NOW)
    terms = PolicyTerms(750_000, 150_000, 0, 10**9, "The board")
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=by, now=NOW)
    with pytest.raises(errors.WrongState, match="policy changed"):
        rounds.top_up(round_id=first.id, by=by, now=NOW)


def test_a_draft_and_a_stranger_are_refused(world):
    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)
    with pytest.raises(errors.WrongState, match="approved"):
        rounds.top_up(round_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)
    with pytest.raises(errors.Forbidden):
        rounds.top_up(round_id=row.id, by=world.actor(Role.AUDITOR), now=NOW)


def test_the_published_round_is_checked_offline_as_any_other(world, tmp_path):
    second = top_up(world, decided(world))

    said = run(
        "verify_round.py", tmp_path, publications.publication(world.actor(Role.DIRECTOR), round_id=second.id)
    )

    assert (said.returncode, said.stderr) == (0, ""), said.stdout


def test_the_books_hold_both_awards_and_one_person_is_counted_once(world):
    second = top_up(world, decided(world))
    approve(world, second)

    assert proof.check_books() == []
    assert AllocationRound.objects.filter(state=RoundState.COMMITTED).count() == 2
    assert Award.objects.count() == 9
    assert public.figures(world.fund.id, now=NOW).split.paid_people == 0
    Award.objects.update(state="PAID")
    cache.clear()
    assert public.figures(world.fund.id, now=NOW).split.paid_people == 5


def test_whoever_said_how_to_be_paid_is_not_asked_again(world):
    second = top_up(world, decided(world))

    approve(world, second)

    assert set(Award.objects.values_list("state", flat=True)) == {AwardState.COMMITTED}
    position = books.position(world.fund.id)
    assert (position.reserved_cents, position.committed_unpaid_cents) == (0, 250_003)
    assert proof.check_books() == []
    kinds = OutboxMessage.objects.filter(payload__award_id__isnull=False)
    told = [kind for (kind,) in kinds.order_by("id").values_list("payload__kind")]
    assert told.count("award_added") == 4
    accepted = Event.objects.filter(verb="award.accepted", object_id__in=second.awards.values("id"))
    assert accepted.count() == 4


def test_the_message_says_how_much_more_and_how_much_together(world):
    second = top_up(world, decided(world))
    approve(world, second)
    award = second.awards.order_by("-amount_cents").first()
    message = OutboxMessage.objects.get(effect_key=f"award_added:{award.id}")

    notices.send_notice(message=message, now=NOW)

    text = mail.outbox[-1].body
    together = sum(Award.objects.filter(request=award.request).values_list("amount_cents", flat=True))
    assert money.dollars(award.amount_cents) in text
    assert money.dollars(together) in text
    assert "You do not need to do anything" in text


def test_details_that_a_payment_came_back_from_are_asked_for_again(world):
    first = decided(world)
    award = sent_back(world, first)
    second = top_up(world, first)

    approve(world, second)

    assert second.awards.get(request=award.request).state == AwardState.RESERVED
    assert second.awards.filter(state=AwardState.COMMITTED).count() == second.awards.count() - 1


@pytest.mark.parametrize("end", ["decline", "expire"])
def test_a_request_keeps_its_first_award_when_the_second_is_given_up(world, end):
    first = decided(world)
    key = sent_back(world, first).request_id
    second = top_up(world, first)
    approve(world, second)
    award = second.awards.get(request=key)

    if end == "decline":
        awards.decline(award_id=award.id, by=actors.SYSTEM, now=NOW)
    else:
        award_days.expire(fund_id=world.fund.id, now=NOW + timedelta(days=60))

    request = AssistanceRequest.objects.get(id=award.request_id)
    assert request.state == RequestState.AWARDED
    assert request.awards.get(round__number=1).state == AwardState.COMMITTED
    assert proof.check_books() == []


def test_a_last_award_given_up_closes_the_request(world):
    first = decided(world)
    award = first.awards.first()

    awards.decline(award_id=award.id, by=actors.SYSTEM, now=NOW)

    assert AssistanceRequest.objects.get(id=award.request_id).state == RequestState.CLOSED
