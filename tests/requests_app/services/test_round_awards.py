"""The rows of a round: few statements whatever the number, every cent in a hold, history of every move."""

import pytest
from builders import NOW, make_world, put_money_in
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from waiting import make_requests

from fundmgr.domain import errors, ids
from fundmgr.domain.lifecycle import RequestState, RoundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.queries import books, trail
from fundmgr.services import proof
from requests_app.models import (
    AllocationRound,
    AssistanceRequest,
    Award,
    AwardShare,
    RequestTransition,
    RoundApproval,
    RoundRequest,
)
from requests_app.services import round_awards, rounds

EQUAL = {"version": 1, "rule": "equal_awards"}


def world_with(count, *, cents=1_000_000):
    world = make_world(reserve_bp=0)
    put_money_in(world, cents)
    return world, make_requests(world, [50_000 + place for place in range(count)])


def proposed(world, rule=EQUAL):
    return rounds.propose_rule(fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW)


def approved(world, row):
    by = world.actor(Role.APPROVER)
    return rounds.approve(round_id=row.id, result_digest=row.result_digest, by=by, now=NOW)


@pytest.mark.django_db
def test_a_round_of_many_takes_as_few_statements_as_a_round_of_one(django_assert_max_num_queries):
    for count in (1, 300):
        world, _ = world_with(count) if count == 1 else another_world(count)
        with django_assert_max_num_queries(45):
            row = proposed(world)
        with django_assert_max_num_queries(60):
            approved(world, row)
    assert Award.objects.count() == 301


def another_world(count):
    world = make_world(name="Another Fund", reserve_bp=0)
    put_money_in(world, 1_000_000, bank_reference="WIRE-9")
    return world, make_requests(world, [50_000 + place for place in range(count)])


@pytest.mark.django_db
def test_every_award_has_one_share_and_one_hold_of_its_own_amount():
    world, _ = world_with(20)
    approved(world, proposed(world))

    for award in Award.objects.prefetch_related("shares"):
        (transfer,) = books.transfers_of(award.id)
        assert transfer.id == award.hold_transfer_id
        assert [share.amount_cents for share in award.shares.all()] == [award.amount_cents]
        assert sorted(line.amount_cents for line in books.lines_of(transfer.id)) == [
            -award.amount_cents,
            award.amount_cents,
        ]


@pytest.mark.django_db
def test_the_chain_of_events_holds_after_a_round():
    world, _ = world_with(20)
    approved(world, proposed(world))

    state = trail.verify_chain()
    assert state.problem is None
    assert state.waiting == 0
    assert Event.objects.filter(verb="award.reserved").count() == 20


@pytest.mark.django_db
def test_each_move_is_kept_with_the_state_before_it():
    world, requests = world_with(3)
    approved(world, proposed(world))

    kept = RequestTransition.objects.filter(request=requests[0]).order_by("id")
    moves = {(row.old_state, row.new_state) for row in kept}
    assert moves == {("ELIGIBLE", "IN_ROUND"), ("IN_ROUND", "AWARDED")}


@pytest.mark.django_db
def test_a_request_that_moved_on_stops_the_move_of_all():
    _, requests = world_with(2)
    AssistanceRequest.objects.filter(id=requests[0].id).update(state=RequestState.WITHDRAWN)
    olds = {row.id: RequestState.ELIGIBLE for row in requests}

    with pytest.raises(errors.WrongState), transaction.atomic():
        round_awards.move_requests(olds, RequestState.IN_ROUND, fund_id=requests[0].fund_id, by=None, now=NOW)
    assert AssistanceRequest.objects.filter(state=RequestState.IN_ROUND).count() == 0


def approve_and_commit(world, row):
    RoundApproval.objects.create(
        id=ids.new_id(NOW),
        fund=world.fund,
        created_at=NOW,
        round=row,
        approver_id=world.actor(Role.APPROVER).person_id,
        result_digest=row.result_digest,
    )
    round_awards.commit(row, by=world.actor(Role.APPROVER), now=NOW)


@pytest.mark.django_db
def test_money_gone_at_the_last_moment_changes_nothing():
    world, _ = world_with(3, cents=100_000)
    row = proposed(world)
    # The round believes in more money than there is, as when it was taken after the last look.
    RoundRequest.objects.filter(round=row).update(award_cents=50_000)

    with pytest.raises(errors.InsufficientFunds), transaction.atomic():
        approve_and_commit(world, row)

    assert (Award.objects.count(), AwardShare.objects.count()) == (0, 0)
    assert AllocationRound.objects.get().state == RoundState.PROPOSED
    assert books.available_cents(world.fund.id) == 100_000
    assert proof.check_books() == []


@pytest.mark.django_db
def test_the_database_itself_refuses_a_commit_without_approval():
    world, _ = world_with(2)
    row = proposed(world)

    with pytest.raises(DatabaseError, match="0 of 1 approvals"), transaction.atomic():
        AllocationRound.objects.filter(id=row.id).update(state=RoundState.COMMITTED)


@pytest.mark.django_db
def test_the_database_itself_refuses_an_approval_by_the_proposer():
    world, _ = world_with(2)
    row = proposed(world)

    with pytest.raises(IntegrityError, match="round of their own"), transaction.atomic():
        RoundApproval.objects.create(
            id=ids.new_id(NOW),
            fund=world.fund,
            created_at=NOW,
            round=row,
            approver_id=world.actor(Role.DIRECTOR).person_id,
            result_digest=row.result_digest,
        )


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    needs=st.lists(st.integers(min_value=1, max_value=400_000), min_size=1, max_size=12),
    cents=st.integers(min_value=100, max_value=2_000_000),
    rule=st.sampled_from(["equal_awards", "proportional", "equal_losses", "talmud", "queue"]),
)
def test_awards_and_leftover_are_the_estate_to_the_cent_for_every_rule(needs, cents, rule):
    savepoint = transaction.savepoint()
    world = make_world(name=f"Fund {ids.new_id(NOW)}", reserve_bp=0)
    put_money_in(world, cents)
    make_requests(world, needs)

    row = approved(world, proposed(world, {"version": 1, "rule": rule}))

    given_cents = sum(Award.objects.filter(round=row).values_list("amount_cents", flat=True))
    assert given_cents + row.leftover_cents == row.estate_cents == cents
    assert books.available_cents(world.fund.id) == row.leftover_cents
    transaction.savepoint_rollback(savepoint)


def test_the_deferred_guard_refuses_an_award_whose_share_is_missing(committed_db):
    world, _ = world_with(1)
    row = proposed(world)
    member = row.members.get()

    with pytest.raises(DatabaseError, match="do not sum to it"), transaction.atomic():
        Award.objects.create(
            id=ids.new_id(NOW),
            fund=world.fund,
            created_at=NOW,
            request_id=member.request_id,
            round=row,
            amount_cents=100,
            state="RESERVED",
        )
    connection.close()
