"""The waiting list lives on: money that comes free is offered as a round, once, and people decide it."""

import json
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, close_fund, make_world, put_money_in
from casework import accepted_awards, build, make_awards, release, worker_of
from django.core import mail
from django.db import IntegrityError, connections, transaction
from waiting import make_requests

from fundmgr.domain import actors, errors
from fundmgr.domain.lifecycle import RequestState, RoundCause, RoundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from fundmgr.queries import books
from fundmgr.services import background, funds, proof, receipts
from fundmgr.services.funds import PolicyTerms
from requests_app.models import AllocationRound, AssistanceRequest, Award, Notice
from requests_app.services import award_days, awards, next_rounds, payouts, round_replay, rounds

EQUAL = {"version": 1, "rule": "equal_awards"}
QUEUE = {"version": 1, "rule": "queue"}
AFTER = NOW + timedelta(days=60)


@pytest.fixture
def world(db):
    """Two people were paid what the money allowed; two more came later and wait."""
    return waiting_world()


def waiting_world():
    made = make_world(reserve_bp=0, next_round_from_cents=50_000)
    put_money_in(made, 200_000)
    make_awards(made, [100_000, 100_000])
    make_requests(made, [90_000, 40_000])
    return made


def adopt(world, **changes):
    """Adopt the next policy: like the first, but for the changes."""
    terms = replace(
        PolicyTerms(750_000, 150_000, 0, 10**9, "The board", next_round_from_cents=10_000), **changes
    )
    return funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)


def run(now=NOW):
    return next_rounds.run(clock=lambda: now)


def more_money(world, cents, reference="WIRE-9"):
    return put_money_in(world, cents, bank_reference=reference)


def newest(world) -> AllocationRound:
    return AllocationRound.objects.filter(fund=world.fund).order_by("-number").first()


def told() -> list[str]:
    rows = OutboxMessage.objects.filter(kind="staff_notice")
    return list(rows.order_by("created_at", "effect_key").values_list("effect_key", flat=True))


def test_new_money_is_offered_as_a_round_that_nobody_made_and_nobody_approved(world):
    more_money(world, 80_000)

    assert run() == {"voided": 0, "offered": 1}

    row = newest(world)
    assert (row.number, row.state, row.cause) == (2, RoundState.PROPOSED, RoundCause.NEW_MONEY)
    assert row.freed_cents == {"NEW_MONEY": 80_000}
    assert (row.created_by_id, row.proposed_by_id, row.approvals.count()) == (None, None, 0)
    assert (row.awarded_count, row.awarded_cents) == (2, 80_000)
    assert Award.objects.filter(round=row).count() == 0
    assert books.available_cents(world.fund.id) == 80_000
    event = Event.objects.get(verb="round.offered")
    assert (event.object_id, event.actor) == (row.id, "system")
    assert json.loads(bytes(event.body))["facts"]["freed_cents"] == 80_000
    assert round_replay.replay(word=row.id.hex, slug=world.fund.slug).findings == ()


def test_any_approver_may_approve_it_and_a_director_too(world):
    more_money(world, 80_000)
    run()

    row = rounds.approve(
        round_id=newest(world).id, result_digest=None, by=world.actor(Role.DIRECTOR), now=NOW
    )

    assert row.state == RoundState.COMMITTED
    assert Award.objects.filter(round=row).count() == 2
    assert proof.check_books() == []
    assert run() == {"voided": 0, "offered": 0}


def test_a_large_one_still_needs_two_people(world):
    adopt(world, two_approvers_from_cents=60_000)
    more_money(world, 80_000)
    run()
    row = newest(world)

    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    with pytest.raises(errors.AlreadyApproved):
        rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    # More money does not take the round away from the one who approved it.
    more_money(world, 70_000, "WIRE-10")
    assert run() == {"voided": 0, "offered": 0}
    done = rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.DIRECTOR), now=NOW)

    assert done.state == RoundState.COMMITTED


@pytest.mark.parametrize(("cents", "offered"), [(49_999, 0), (50_000, 1)])
def test_the_policy_says_from_how_much_on(world, cents, offered):
    more_money(world, cents)

    assert run()["offered"] == offered


def test_small_gifts_add_up(world):
    for number in range(5):
        more_money(world, 10_000, f"SMALL-{number}")
        assert run()["offered"] == (number == 4)


def test_a_policy_without_an_amount_offers_nothing(world):
    adopt(world, next_round_from_cents=None)
    more_money(world, 80_000)

    assert run() == {"voided": 0, "offered": 0}


def test_the_first_round_is_for_people(db):
    world = make_world(reserve_bp=0, next_round_from_cents=50_000)
    make_requests(world, [90_000])
    put_money_in(world, 80_000)

    assert run() == {"voided": 0, "offered": 0}


def part_paid_world():
    """Three people asked for more than there was: each got a part and said how to be paid."""
    made = make_world(reserve_bp=0, next_round_from_cents=50_000)
    put_money_in(made, 90_000)
    make_requests(made, [100_000, 60_000, 40_000])
    row = rounds.propose_rule(fund_id=made.fund.id, rule=EQUAL, by=made.actor(Role.DIRECTOR), now=NOW)
    rounds.approve(round_id=row.id, result_digest=None, by=made.actor(Role.APPROVER), now=NOW)
    return made


def say_yes(world):
    for award in Award.objects.filter(fund=world.fund, state="RESERVED"):
        awards.choose_payee(award_id=award.id, method="PICK_UP", by=actors.SYSTEM, now=NOW)


def test_new_money_tops_up_those_who_got_a_part_where_nobody_else_waits(db):
    world = part_paid_world()
    say_yes(world)
    more_money(world, 60_000)

    assert run() == {"voided": 0, "offered": 1}

    row = newest(world)
    assert (row.number, row.tops_up.number, row.state) == (2, 1, RoundState.PROPOSED)
    assert list(row.members.order_by("position").values_list("award_cents", flat=True)) == [
        25_000,
        25_000,
        10_000,
    ]
    assert row.topup_note == "Round 1 and this one together give what one big round would have given."
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    assert sorted(Award.objects.values_list("state", flat=True)) == ["COMMITTED"] * 6
    assert run() == {"voided": 0, "offered": 0}


def test_a_top_up_waits_for_everybodys_answer_and_tells_nobody_before(db):
    world = part_paid_world()
    more_money(world, 60_000)

    assert run()["offered"] == 0
    assert told() == []
    say_yes(world)
    assert run()["offered"] == 1
    assert len(told()) == 1


def test_a_newcomer_is_not_passed_over_for_a_top_up(db):
    world = part_paid_world()
    say_yes(world)
    make_requests(world, [70_000])
    more_money(world, 60_000)

    assert run()["offered"] == 1

    row = newest(world)
    assert (row.tops_up_id, row.awarded_count, row.awarded_cents) == (None, 1, 60_000)


def test_money_tops_up_an_older_round_where_nobody_waits_and_the_last_left_nobody_short(db):
    world = part_paid_world()
    say_yes(world)
    make_requests(world, [30_000])
    more_money(world, 30_000, "WIRE-8")
    last = rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)
    rounds.approve(round_id=last.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    say_yes(world)
    more_money(world, 60_000)

    assert run() == {"voided": 0, "offered": 1}

    row = newest(world)
    assert (row.number, row.tops_up.number, row.awarded_cents) == (3, 1, 60_000)
    assert row.topup_note == "Round 1 and this one together give what one big round would have given."


def test_nobody_waits_so_nothing_is_offered(world):
    AssistanceRequest.objects.filter(state=RequestState.ELIGIBLE).update(state=RequestState.WITHDRAWN)
    more_money(world, 80_000)

    assert run()["offered"] == 0


def test_a_closed_fund_offers_nothing(world):
    more_money(world, 80_000)
    close_fund(world)

    assert run()["offered"] == 0


def test_the_reserve_is_left_out(db):
    world = make_world(reserve_bp=1_000, next_round_from_cents=50_000)
    put_money_in(world, 200_000)
    make_awards(world, [90_000, 90_000])
    make_requests(world, [150_000])
    more_money(world, 100_000)

    run()

    row = newest(world)
    assert (row.estate_cents, row.awarded_cents) == (90_000, 90_000)
    assert books.position(world.fund.id).reserve_cents == 30_000


def test_a_declined_award_is_offered_to_those_who_wait(world):
    award = Award.objects.order_by("id").first()
    awards.decline(award_id=award.id, by=worker_of(award.request), now=NOW)

    run()

    assert newest(world).freed_cents == {"DECLINED": 100_000}
    assert newest(world).cause == RoundCause.DECLINED


def test_awards_that_nobody_answered_are_offered_after_the_days_of_the_policy(world):
    award_days.run_daily(clock=lambda: AFTER)

    run(AFTER)

    assert newest(world).freed_cents == {"UNANSWERED": 200_000}
    assert newest(world).cause == RoundCause.UNANSWERED


def test_awards_that_nobody_answered_are_offered_after_the_hours_of_the_policy(db):
    world = make_world(reserve_bp=0)
    adopt(world, accept_hours=48)
    put_money_in(world, 200_000)
    make_awards(world, [100_000, 100_000])
    make_requests(world, [90_000, 40_000])
    rounds_before = AllocationRound.objects.count()

    for moment in (NOW + timedelta(hours=48), NOW + timedelta(hours=48, seconds=1)):
        assert AllocationRound.objects.count() == rounds_before
        award_days.run_daily(clock=lambda moment=moment: moment)
        run(moment)

    assert (newest(world).cause, newest(world).state) == (RoundCause.UNANSWERED, RoundState.PROPOSED)
    assert newest(world).freed_cents == {"UNANSWERED": 200_000}


def test_money_whose_payment_came_back_is_free_once_the_award_is_given_up(db):
    world = make_world(reserve_bp=0, next_round_from_cents=50_000)
    put_money_in(world, 200_000)
    one, _two = accepted_awards(world, [100_000, 100_000])
    make_requests(world, [90_000])
    batch = build(world, award_ids=[one.id])
    release(world, batch)
    payout = batch.payouts.get()
    treasurer = world.actor(Role.TREASURER_RELEASES)
    payouts.record_return(payout_id=payout.id, code="R03", by=treasurer, now=NOW)
    # It stays owed to the worker: a return alone is no free money.
    assert run()["offered"] == 0

    awards.decline(award_id=one.id, by=worker_of(one.request), now=NOW)
    run()

    assert newest(world).freed_cents == {"RETURNED": 100_000}


def test_what_bounced_is_not_free(world):
    first = more_money(world, 80_000)
    receipts.bounce(receipt_id=first.id, reason="R01", by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    assert run()["offered"] == 0


def test_one_open_round_at_a_time(world):
    more_money(world, 80_000)
    rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)

    assert run() == {"voided": 0, "offered": 0}


def test_run_again_it_does_no_more(world):
    more_money(world, 80_000)

    assert [run()["offered"] for _ in range(3)] == [1, 0, 0]
    assert AllocationRound.objects.count() == 2
    assert len(told()) == 1


def test_a_round_given_up_is_not_offered_again_for_the_same_money(world):
    more_money(world, 80_000)
    run()
    director = world.actor(Role.DIRECTOR)
    rounds.void(round_id=newest(world).id, reason="We wait for the match.", by=director, now=NOW)

    assert run()["offered"] == 0
    more_money(world, 50_000, "WIRE-10")
    run()

    row = newest(world)
    assert (row.number, row.freed_cents, row.estate_cents) == (3, {"NEW_MONEY": 50_000}, 130_000)
    assert len(told()) == 2


def test_more_money_renews_the_offer_without_another_mail(world):
    more_money(world, 60_000)
    run()
    more_money(world, 50_000, "WIRE-10")

    assert run() == {"voided": 1, "offered": 1}

    first, second = AllocationRound.objects.filter(fund=world.fund, number__gt=1).order_by("number")
    assert first.state == RoundState.VOID
    assert first.void_reason == "More money came free before anybody approved."
    assert (second.state, second.freed_cents) == (RoundState.PROPOSED, {"NEW_MONEY": 110_000})
    assert len(told()) == 1


def test_money_that_goes_away_renews_the_offer(world):
    more_money(world, 60_000)
    second = more_money(world, 50_000, "WIRE-10")
    run()
    receipts.bounce(receipt_id=second.id, reason="R01", by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    assert run() == {"voided": 1, "offered": 1}
    assert newest(world).estate_cents == 60_000


def test_a_new_policy_renews_the_offer_by_its_own_rule(world):
    more_money(world, 80_000)
    run()
    policy = adopt(world, rule=QUEUE)

    assert run() == {"voided": 1, "offered": 1}
    row = newest(world)
    assert (row.rule["rule"], row.policy_id) == ("queue", policy.id)


def test_a_changed_request_renews_the_offer(world):
    more_money(world, 80_000)
    run()
    one = AssistanceRequest.objects.filter(state=RequestState.IN_ROUND).first()
    AssistanceRequest.objects.filter(id=one.id).update(state=RequestState.WITHDRAWN)

    assert run() == {"voided": 1, "offered": 1}
    assert newest(world).frozen_count == 1


def test_a_rule_that_gives_nobody_anything_offers_nothing_and_tells_nobody(world):
    adopt(world, rule={"version": 1, "rule": "queue", "last": "stop"})
    more_money(world, 20_000)

    assert run() == {"voided": 0, "offered": 0}
    assert told() == []


def test_a_draw_is_not_begun_by_itself_but_the_directors_hear_of_the_money(world):
    adopt(world, rule={"version": 1, "rule": "draw"})
    more_money(world, 80_000)

    assert [run()["offered"] for _ in range(2)] == [0, 0]
    background.deliver(clock=lambda: NOW)

    assert "The rule is a draw, which two people begin." in Notice.objects.get(kind="next_round").text


def test_the_directors_hear_of_it_by_one_mail(world):
    more_money(world, 80_000)
    run()
    run()
    mail.outbox.clear()

    background.deliver(clock=lambda: NOW)
    background.deliver(clock=lambda: NOW)

    (letter,) = (one for one in mail.outbox if "money came free" in one.subject)
    assert "$800.00 came free since the last round." in letter.body
    assert "Round 2 is proposed: 2 awards, $800.00 together." in letter.body
    assert f"/staff/{world.fund.slug}/rounds/" in letter.body


def test_what_was_decided_before_the_mail_left_is_no_news(world):
    more_money(world, 80_000)
    run()
    rounds.approve(round_id=newest(world).id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)

    background.deliver(clock=lambda: NOW)

    assert not Notice.objects.filter(kind="next_round").exists()


def test_the_database_refuses_a_maker_on_a_round_that_money_brought(world):
    more_money(world, 80_000)
    run()

    with pytest.raises(IntegrityError), transaction.atomic():
        AllocationRound.objects.filter(id=newest(world).id).update(
            proposed_by_id=world.actor(Role.DIRECTOR).person_id
        )


def test_two_workers_at_once_offer_one_round(committed_db):
    world = waiting_world()
    more_money(world, 80_000)
    start = threading.Barrier(4)

    def work():
        try:
            start.wait()
            run()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert AllocationRound.objects.count() == 2
    assert len(told()) == 1
