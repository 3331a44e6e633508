"""The rows of a round: few statements whatever the number, every cent in a hold, history of every move."""

import pytest
from builders import NOW, make_world, put_money_in
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from waiting import make_requests

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.lifecycle import RequestState, RoundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from fundmgr.ports import ledger
from fundmgr.queries import books, funds, trail
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
from requests_app.queries.round_columns import stored_awards
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
@pytest.mark.parametrize("at_once", [1, 7, 20, 100])
def test_awards_made_in_pieces_are_one_round_with_its_books_trail_and_notices(monkeypatch, at_once):
    monkeypatch.setattr(round_awards, "_AT_ONCE", at_once)
    world, requests = world_with(20, cents=900_000)
    row = proposed(world, {"version": 1, "rule": "queue"})
    before = Event.objects.count()

    approved(world, row)

    row.refresh_from_db()
    awards = list(Award.objects.all())
    assert {award.request_id for award in awards} == {one.id for one in requests[: len(awards)]}
    assert (len(awards), sum(award.amount_cents for award in awards)) == (18, 900_000)
    assert row.awarded_cents == 900_000
    assert {books.transfers_of(award.id)[0].id for award in awards} == {
        award.hold_transfer_id for award in awards
    }
    verbs = list(Event.objects.order_by("link__sequence").values_list("verb", flat=True))[before:]
    assert verbs == [
        "round.approved", *["award.reserved"] * 18, *["request.waitlisted"] * 2, "round.committed",
    ]  # fmt: skip
    notices = OutboxMessage.objects.filter(kind="notice").values_list("payload__kind", flat=True)
    assert sorted(notices) == ["award_made"] * 18 + ["not_this_time"] * 2
    assert trail.verify_chain().problem is None


@pytest.mark.django_db
def test_money_that_is_gone_at_the_last_piece_leaves_nothing_of_the_others(monkeypatch):
    """All of a round or nothing: whatever comes between two pieces undoes the first as well."""
    monkeypatch.setattr(round_awards, "_AT_ONCE", 8)
    world, _ = world_with(20, cents=900_000)
    row = proposed(world)
    posted, calls = ledger.post_many, []

    def fails_at_the_third(made, **more):
        # Nobody said before how to be paid, so no obligation is made beside the holds.
        calls.extend([len(made)] if made else [])
        if len(calls) == 3:
            raise errors.InsufficientFunds
        return posted(made, **more)

    monkeypatch.setattr(ledger, "post_many", fails_at_the_third)
    with pytest.raises(errors.InsufficientFunds):
        approved(world, row)

    row.refresh_from_db()
    assert calls == [8, 8, 4]
    assert row.state == RoundState.PROPOSED
    assert not Award.objects.exists()
    assert not AwardShare.objects.exists()
    assert books.position(world.fund.id).reserved_cents == 0
    assert set(AssistanceRequest.objects.values_list("state", flat=True)) == {RequestState.IN_ROUND}


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
    # One cent of the round's money is taken after the last look.
    general = funds.general_restriction(world.fund.id).id
    with transaction.atomic():
        ledger.hold(
            award_id=ids.new_id(NOW), shares=[(general, 1)], fund_id=world.fund.id, by=actors.SYSTEM, now=NOW
        )

    with pytest.raises(errors.InsufficientFunds), transaction.atomic():
        approve_and_commit(world, row)

    assert (Award.objects.count(), AwardShare.objects.count()) == (0, 0)
    assert AllocationRound.objects.get().state == RoundState.PROPOSED
    assert books.available_cents(world.fund.id) == 99_999
    assert proof.check_books() == []


def write_sheet(row, awards_cents):
    return round_awards.store_awards(row, awards_cents, (), (sum(awards_cents),), now=NOW)


@pytest.mark.django_db
def test_the_database_refuses_awards_that_do_not_fit_their_requests():
    world, _ = world_with(2)
    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)
    RoundRequest.objects.filter(round=row, position=1).update(is_withdrawn=True)

    # Above the need, below zero, to one who was withdrawn, to somebody who is not in the round.
    for wrong in ([50_001, 0], [-1, 0], [1, 1], [1, 0, 0]):
        with pytest.raises(IntegrityError, match="round_award_capped"), transaction.atomic():
            write_sheet(row, wrong)
    write_sheet(row, [50_000, 0])

    assert list(row.members.order_by("position").values_list("award_cents", flat=True)) == [50_000, 0]


@pytest.mark.django_db
def test_what_a_round_was_computed_from_and_what_came_out_never_change():
    world, _ = world_with(2)
    row = proposed(world)

    with pytest.raises(DatabaseError), transaction.atomic():
        row.sheets.update(awards_cents=[0, 0])
    with pytest.raises(DatabaseError), transaction.atomic():
        row.sheets.all().delete()
    with pytest.raises(IntegrityError, match="was computed"), transaction.atomic():
        row.members.filter(position=0).update(is_withdrawn=True)


@pytest.mark.django_db
def test_awards_over_several_sheets_stand_beside_their_requests():
    world, _ = world_with(450)
    row = proposed(world, {"version": 1, "rule": "proportional"})

    beside = list(row.members.order_by("position").values_list("award_cents", flat=True))

    assert (len(beside), sum(beside), row.sheets.count()) == (450, row.awarded_cents, 3)
    assert beside == stored_awards(row)
    assert beside == sorted(beside)
    assert beside[0] < beside[-1]


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
