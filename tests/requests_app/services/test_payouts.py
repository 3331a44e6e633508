"""Payouts: batches released by a second treasurer, the list written once, and what the bank did."""

import csv
import hashlib
import io
import json
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from builders import NOW, add_staff, make_world, put_money_in
from casework import (
    LATER,
    accepted_awards,
    add_client,
    add_role,
    build,
    choose_bank,
    make_awards,
    release,
)
from django.db import IntegrityError, connection, connections, transaction

from fundmgr.domain import errors
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import AwardState, BatchState, PayoutState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.queries import books
from fundmgr.services import proof
from requests_app.models import Applicant, Award, Batch, PayeeAccount, Payout
from requests_app.queries import payouts as queries
from requests_app.services import payouts


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 500_000)
    return made


def balance(world, code):
    return sum(cents for found, _, cents in books.balances(world.fund.id) if found == code)


def fresh(row):
    return type(row).objects.get(id=row.id)


def settle(world, rows, *, by=None, **terms):
    by = by or world.actor(Role.TREASURER_PREPARES)
    return payouts.settle(payout_ids=[row.id for row in rows], by=by, now=NOW, **terms)


def send_back(world, payout, *, code="R03", by=None, **terms):
    by = by or world.actor(Role.TREASURER_PREPARES)
    return payouts.record_return(payout_id=payout.id, code=code, by=by, now=NOW, **terms)


def payouts_of(batch):
    return list(batch.payouts.order_by("id"))


def test_a_batch_takes_every_award_that_can_be_paid(world):
    rows = accepted_awards(world, [100_000, 50_000])

    batch = build(world)

    assert (batch.number, batch.payouts_count, batch.total_cents) == (1, 2, 150_000)
    assert {row.award_id for row in payouts_of(batch)} == {row.id for row in rows}
    assert {(row.state, row.attempt) for row in payouts_of(batch)} == {(PayoutState.BATCHED, 1)}
    with pytest.raises(errors.WrongState, match="nothing to pay"):
        build(world)


def test_awards_without_details_stay_out(world):
    first, second = make_awards(world, [100_000, 50_000])
    choose_bank(world, first)

    batch = build(world)

    assert [row.award_id for row in payouts_of(batch)] == [first.id]
    with pytest.raises(errors.WrongState):
        build(world, award_ids=[second.id])


def test_fresh_details_stay_out_until_they_were_held_long_enough(world):
    (award,) = accepted_awards(world, [100_000])
    choose_bank(world, award, account="55554444", now=NOW)

    with pytest.raises(errors.WrongState):
        build(world)
    with pytest.raises(errors.PayeeHeld):
        build(world, award_ids=[award.id])

    assert queries.payable_totals(world.actor(Role.TREASURER_PREPARES), world.fund.id, NOW).held_count == 1
    assert build(world, now=NOW + timedelta(hours=72)).payouts_count == 1


def test_chosen_awards_alone_are_batched_and_numbers_follow(world):
    first, second = accepted_awards(world, [100_000, 50_000])

    one, two = build(world, award_ids=[second.id]), build(world)

    assert (one.number, one.total_cents) == (1, 50_000)
    assert (two.number, [row.award_id for row in payouts_of(two)]) == (2, [first.id])


def test_awards_of_another_fund_are_not_found(world):
    other = make_world(name="Another fund", reserve_bp=0)
    put_money_in(other, 100_000)
    (award,) = accepted_awards(other, [100_000])

    with pytest.raises(errors.NotFound):
        build(world, award_ids=[award.id])
    with pytest.raises(errors.NotFound):
        build(world, award_ids=[uuid4()])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TREASURER_PREPARES])
def test_building_is_the_preparers_work_alone(world, role):
    accepted_awards(world, [100_000])

    with pytest.raises(errors.Forbidden):
        build(world, by=world.actor(role))


def test_a_preparer_never_batches_the_own_household(world):
    first, second = accepted_awards(world, [100_000, 50_000])
    preparer = world.actor(Role.TREASURER_PREPARES)
    Applicant.objects.filter(id=first.request.applicant_id).update(user_id=preparer.person_id)

    with pytest.raises(errors.NotFound):
        build(world, award_ids=[first.id])
    assert [row.award_id for row in payouts_of(build(world))] == [second.id]


def test_release_sends_the_money_and_writes_the_list_once(world):
    accepted_awards(world, [100_000, 50_000])
    batch = release(world, build(world))

    row = fresh(batch)
    assert (row.state, row.released_by_id) == (
        BatchState.RELEASED,
        world.actor(Role.TREASURER_RELEASES).person_id,
    )
    assert {payout.state for payout in payouts_of(row)} == {PayoutState.RELEASED}
    assert hashlib.sha256(row.payment_list.encode()).hexdigest() == row.payment_list_sha256
    lines = list(csv.DictReader(io.StringIO(row.payment_list)))
    assert sorted(line["amount"] for line in lines) == ["1000.00", "500.00"]
    assert balance(world, Code.IN_TRANSIT) == 150_000
    assert balance(world, Code.AWARDS_PAYABLE) == 0
    assert OutboxMessage.objects.filter(effect_key__startswith="payment_sent:").count() == 2
    assert Event.objects.filter(verb="payout.released").count() == 2
    assert proof.check_books() == []


def test_invariant_13_batch_payouts_books_and_list_tell_one_total_and_the_list_never_changes(world):
    accepted_awards(world, [100_000, 50_000])
    batch = release(world, build(world))
    written = fresh(batch)

    found = list(csv.DictReader(io.StringIO(written.payment_list)))
    event = Event.objects.get(object_id=batch.id, verb="batch.released")
    told = json.loads(bytes(event.body))["facts"]
    totals = {
        written.total_cents,
        sum(row.amount_cents for row in payouts_of(batch)),
        balance(world, Code.IN_TRANSIT),
        sum(int(row["amount"].replace(".", "")) for row in found),
        told["total_cents"],
    }
    assert totals == {150_000}
    assert {written.payouts_count, len(found), told["payouts"]} == {2}
    # What was paid and what came back since leave the file as the bank got it.
    first, second = payouts_of(batch)
    treasurer = world.actor(Role.TREASURER_PREPARES)
    payouts.settle(payout_ids=[first.id], by=treasurer, now=LATER)
    payouts.record_return(payout_id=second.id, code="R03", by=treasurer, now=LATER)
    again = payouts.read_payment_list(batch_id=batch.id, by=treasurer, now=LATER)
    made_anew = payouts.RAIL.payment_list([payouts._payment(row) for row in reversed(payouts_of(batch))])
    assert again.text.encode() == made_anew == written.payment_list.encode()
    assert again.sha256 == hashlib.sha256(made_anew).hexdigest() == told["sha256"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE requests_app_batch SET total_cents = total_cents + 1",
        "UPDATE requests_app_batch SET payouts_count = payouts_count + 1",
        "UPDATE requests_app_batch SET payment_list = NULL",
        "UPDATE requests_app_batch SET payment_list_sha256 = repeat('0', 64)",
        "UPDATE requests_app_payout SET amount_cents = amount_cents + 1",
        "DELETE FROM requests_app_payout",
        "INSERT INTO requests_app_payout SELECT (jsonb_populate_record(p, jsonb_build_object("
        "'id', gen_random_uuid(), 'attempt', 2, 'state', 'REMOVED'))).* FROM requests_app_payout p",
    ],
)
def test_invariant_13_the_database_refuses_to_change_what_was_released(world, change):
    accepted_awards(world, [100_000])
    release(world, build(world))

    with (
        pytest.raises(IntegrityError, match=r"never changed or removed|takes no more payouts"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


def test_a_second_release_is_refused(world):
    accepted_awards(world, [100_000])
    batch = release(world, build(world))
    other = add_staff(world.fund, Role.TREASURER_RELEASES, name="Second releaser")

    with pytest.raises(errors.WrongState):
        release(world, batch, by=other)

    assert fresh(batch).payment_list_sha256 == batch.payment_list_sha256
    assert balance(world, Code.IN_TRANSIT) == 100_000


def test_a_program_may_not_release(world):
    accepted_awards(world, [100_000])
    batch = build(world)
    owner = add_staff(world.fund, Role.BOARD, name="Owner of programs")

    for role in (Role.TREASURER_RELEASES, Role.TREASURER_PREPARES, Role.DIRECTOR):
        with pytest.raises(errors.PersonRequired):
            release(world, batch, by=add_client(world, owner, role))
    with pytest.raises(errors.PersonRequired):
        payouts.read_payment_list(
            batch_id=batch.id, by=add_client(world, owner, Role.TREASURER_RELEASES), now=NOW
        )
    assert fresh(batch).state == BatchState.BUILT


def test_the_preparer_cannot_release_as_person_or_for_a_program_of_the_same_owner(world):
    accepted_awards(world, [100_000])
    both = add_staff(world.fund, Role.TREASURER_PREPARES, name="Both keys")
    add_role(world, both, Role.TREASURER_RELEASES)

    for preparer in (both, add_client(world, both, Role.TREASURER_PREPARES)):
        batch = build(world, by=preparer)
        with pytest.raises(errors.SelfApproval):
            release(world, batch, by=both)
        payouts.cancel_batch(batch_id=batch.id, by=preparer, now=NOW)


def test_who_entered_payment_details_cannot_release_them(world):
    (award,) = make_awards(world, [100_000])
    helper = world.actor(Role.INTAKE)
    choose_bank(world, award, by=helper)
    add_role(world, helper, Role.TREASURER_RELEASES)

    with pytest.raises(errors.SelfApproval):
        release(world, build(world), by=helper)


def test_nobody_releases_a_payment_to_the_own_household(world):
    (award,) = accepted_awards(world, [100_000])
    batch = build(world)
    releaser = world.actor(Role.TREASURER_RELEASES)
    Applicant.objects.filter(id=award.request.applicant_id).update(user_id=releaser.person_id)

    with pytest.raises(errors.SelfApproval):
        release(world, batch)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TREASURER_RELEASES])
def test_releasing_is_the_second_treasurers_work_alone(world, role):
    accepted_awards(world, [100_000])
    batch = build(world)

    with pytest.raises(errors.Forbidden):
        release(world, batch, by=world.actor(role))


def test_a_treasurer_of_another_fund_finds_no_batch(world):
    accepted_awards(world, [100_000])
    batch = build(world)
    stranger = make_world(name="Another fund").actor(Role.TREASURER_RELEASES)

    with pytest.raises(errors.NotFound):
        release(world, batch, by=stranger)
    with pytest.raises(errors.NotFound):
        payouts.read_payment_list(batch_id=uuid4(), by=stranger, now=NOW)


def test_the_database_too_refuses_a_release_by_the_preparer(world):
    accepted_awards(world, [100_000])
    batch = build(world)

    with pytest.raises(IntegrityError, match="batch_four_eyes"), transaction.atomic():
        Batch.objects.filter(id=batch.id).update(released_by=batch.prepared_by_id)


def test_release_refuses_details_that_changed_behind_the_batch(world):
    (award,) = accepted_awards(world, [100_000])
    batch = build(world)
    old = PayeeAccount.objects.get(applicant_id=award.request.applicant_id)
    PayeeAccount.objects.create(
        id=uuid4(),
        fund_id=old.fund_id,
        created_at=LATER,
        applicant_id=old.applicant_id,
        method="PICK_UP",
        changed_by="system",
        usable_at=NOW,
    )

    with pytest.raises(errors.PayeeHeld):
        release(world, batch)


def test_release_refuses_a_total_that_does_not_fit(world):
    accepted_awards(world, [100_000])
    batch = build(world)
    Batch.objects.filter(id=batch.id).update(total_cents=99_999)

    with pytest.raises(errors.WrongState):
        release(world, batch)


def test_cancel_frees_the_awards_for_another_batch(world):
    accepted_awards(world, [100_000])
    batch = build(world)

    payouts.cancel_batch(batch_id=batch.id, by=world.actor(Role.TREASURER_PREPARES), now=NOW)

    assert fresh(batch).state == BatchState.CANCELLED
    again = build(world)
    assert [row.attempt for row in payouts_of(again)] == [2]
    release(world, again)
    with pytest.raises(errors.WrongState):
        payouts.cancel_batch(batch_id=again.id, by=world.actor(Role.TREASURER_PREPARES), now=NOW)


def test_settlement_pays_the_award_and_the_last_one_settles_the_batch(world):
    accepted_awards(world, [100_000, 50_000])
    batch = release(world, build(world))
    first, second = payouts_of(batch)

    settle(world, [first])
    assert fresh(batch).state == BatchState.RELEASED
    assert fresh(first.award).state == AwardState.PAID
    settle(world, [second], by=world.actor(Role.TREASURER_RELEASES))

    assert fresh(batch).state == BatchState.SETTLED
    assert balance(world, Code.CASH) == 350_000
    assert balance(world, Code.IN_TRANSIT) == balance(world, Code.COMMITTED) == 0
    assert proof.check_books() == []
    with pytest.raises(errors.WrongState):
        settle(world, [first])


def test_settlement_is_all_or_nothing_and_of_one_batch(world):
    first, second = accepted_awards(world, [100_000, 50_000])
    one = release(world, build(world, award_ids=[first.id]))
    two = build(world)

    with pytest.raises(errors.NotFound):
        settle(world, [*payouts_of(one), *payouts_of(two)])
    with pytest.raises(errors.WrongState):
        settle(world, payouts_of(two))
    with pytest.raises(errors.NotFound):
        payouts.settle(payout_ids=[], by=world.actor(Role.TREASURER_PREPARES), now=NOW)
    assert fresh(second).state == AwardState.COMMITTED


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.APPROVER, Role.AUDITOR, Role.BOARD])
def test_settling_and_returning_are_for_treasurers(world, role):
    accepted_awards(world, [100_000])
    (payout,) = payouts_of(release(world, build(world)))

    with pytest.raises(errors.Forbidden):
        settle(world, [payout], by=world.actor(role))
    with pytest.raises(errors.Forbidden):
        send_back(world, payout, by=world.actor(role))


@pytest.mark.parametrize("was_settled", [False, True])
def test_a_returned_payment_is_owed_again_and_paid_by_a_new_attempt(world, was_settled):
    (award,) = accepted_awards(world, [100_000])
    (payout,) = payouts_of(release(world, build(world)))
    if was_settled:
        settle(world, [payout])

    returned = send_back(world, payout)

    assert (returned.state, returned.return_code) == (PayoutState.RETURNED, "R03")
    assert fresh(award).state == AwardState.COMMITTED
    assert balance(world, Code.RETURNED_PAYABLE) == 100_000
    assert books.available_cents(world.fund.id) == 400_000
    assert OutboxMessage.objects.filter(effect_key=f"payment_returned:{payout.id}").count() == 1
    assert fresh(payout.batch).state == BatchState.SETTLED

    (again,) = payouts_of(release(world, build(world)))
    assert again.attempt == 2
    assert balance(world, Code.RETURNED_PAYABLE) == 0
    settle(world, [again])

    assert fresh(award).state == AwardState.PAID
    assert balance(world, Code.CASH) == 400_000
    assert proof.check_books() == []
    with pytest.raises(errors.WrongState):
        send_back(world, payout)


def test_a_return_needs_a_payment_under_way_and_a_code(world):
    accepted_awards(world, [100_000])
    (payout,) = payouts_of(build(world))

    with pytest.raises(errors.WrongState):
        send_back(world, payout)
    for code in ("", "a story", "r03", "X" * 9):
        with pytest.raises(errors.InvalidInput):
            send_back(world, payout, code=code)
    with pytest.raises(errors.NotFound):
        payouts.record_return(payout_id=uuid4(), code="R03", by=world.actor(Role.TREASURER_PREPARES), now=NOW)


def test_reading_the_list_is_recorded(world):
    accepted_awards(world, [100_000])
    batch, treasurer = build(world), world.actor(Role.TREASURER_PREPARES)
    with pytest.raises(errors.WrongState):
        payouts.read_payment_list(batch_id=batch.id, by=treasurer, now=NOW)
    release(world, batch)

    found = payouts.read_payment_list(batch_id=batch.id, by=treasurer, now=NOW)

    assert (found.text, found.sha256) == (fresh(batch).payment_list, fresh(batch).payment_list_sha256)
    assert Event.objects.filter(object_id=batch.id, verb="batch.list_read").count() == 1
    with pytest.raises(errors.Forbidden):
        payouts.read_payment_list(batch_id=batch.id, by=world.actor(Role.AUDITOR), now=NOW)


def test_each_step_called_again_with_its_key_is_a_replay(world):
    accepted_awards(world, [100_000])
    keys = {name: Once("user:1", name, name, "body") for name in ("build", "release", "settle", "return")}
    batch = build(world, once=keys["build"])
    (payout,) = payouts_of(release(world, batch, once=keys["release"]))
    settle(world, [payout], once=keys["settle"])
    send_back(world, payout, once=keys["return"])

    again = {
        "build": lambda once: build(world, once=once),
        "release": lambda once: release(world, batch, once=once),
        "settle": lambda once: settle(world, [payout], once=once),
        "return": lambda once: send_back(world, payout, once=once),
    }
    replays = {}
    for name, call in again.items():
        with pytest.raises(Replay) as replayed:
            call(keys[name])
        replays[name] = replayed.value.result_id

    assert replays == {"build": batch.id, "release": batch.id, "settle": batch.id, "return": payout.id}
    assert Batch.objects.count() == 1


def test_release_takes_few_statements_whatever_the_number(world, django_assert_max_num_queries):
    accepted_awards(world, [1_000] * 30)
    batch = build(world)

    with django_assert_max_num_queries(40):
        release(world, batch)


def together(calls):
    """Run calls in threads that start at one moment; return how each one ended."""
    barrier, outcomes = threading.Barrier(len(calls)), []

    def attempt(call):
        barrier.wait()
        try:
            outcomes.append(call())
        except errors.FundError as error:
            outcomes.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def make_released(amounts):
    world = make_world(reserve_bp=0)
    put_money_in(world, 500_000)
    accepted_awards(world, amounts)
    return world


def test_of_two_releases_at_one_moment_exactly_one_wins(committed_db):
    world = make_released([100_000, 50_000])
    batch = build(world)
    second = add_staff(world.fund, Role.TREASURER_RELEASES, name="Second releaser")
    releasers = [world.actor(Role.TREASURER_RELEASES), second] * 2

    outcomes = together([lambda by=by: release(world, batch, by=by) for by in releasers])

    assert len([outcome for outcome in outcomes if isinstance(outcome, Batch)]) == 1
    assert balance(world, Code.IN_TRANSIT) == 150_000
    assert proof.check_books() == []


def test_two_batches_built_at_one_moment_share_no_award(committed_db):
    world = make_released([100_000, 50_000])

    outcomes = together([lambda: build(world)] * 4)

    assert len([outcome for outcome in outcomes if isinstance(outcome, Batch)]) == 1
    assert Payout.objects.count() == 2


def test_a_release_and_new_details_at_one_moment_never_pay_the_new_account_early(committed_db):
    world = make_released([100_000])
    award = Award.objects.select_related("request").get()
    batch = build(world)

    together([lambda: release(world, batch), lambda: choose_bank(world, award, account="55554444")])

    row, payout = fresh(batch), Payout.objects.get(award=award)
    assert (row.state, payout.state) in {
        (BatchState.RELEASED, PayoutState.RELEASED),
        (BatchState.CANCELLED, PayoutState.REMOVED),
    }
    assert "55554444" not in (row.payment_list or "")
    assert proof.check_books() == []


def test_a_settlement_and_a_return_at_one_moment_leave_books_that_balance(committed_db):
    world = make_released([100_000])
    (payout,) = payouts_of(release(world, build(world)))

    outcomes = together([lambda: settle(world, [payout]), lambda: send_back(world, payout)])

    refused = [outcome for outcome in outcomes if isinstance(outcome, errors.FundError)]
    assert all(isinstance(error, errors.WrongState) for error in refused)
    assert fresh(payout).state == PayoutState.RETURNED
    assert balance(world, Code.RETURNED_PAYABLE) == 100_000
    assert proof.check_books() == []
