"""Awards, payouts and batches: who sees them, and what can be paid now."""

from datetime import timedelta
from uuid import uuid4

import pytest
from builders import NOW, add_staff, make_world, put_money_in
from casework import accepted_awards, add_client, build, choose_bank, make_awards, release, worker_of

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import PayoutState
from fundmgr.domain.permissions import Role
from requests_app.models import Applicant, Payout
from requests_app.queries import payouts as queries


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 500_000)
    return made


@pytest.mark.parametrize(
    "role", [Role.TREASURER_PREPARES, Role.TREASURER_RELEASES, Role.DIRECTOR, Role.AUDITOR]
)
def test_treasury_sees_awards_payouts_and_batches(world, role):
    (award,) = accepted_awards(world, [100_000])
    batch, actor = build(world), world.actor(role)
    payout = Payout.objects.get(batch=batch)

    assert queries.visible_award(actor, award.id) == award
    assert queries.visible_payout(actor, payout.id) == payout
    assert queries.visible_batch(actor, batch.id) == batch
    assert queries.batches_page(actor, world.fund.id).rows == [batch]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.BOARD])
def test_others_find_nothing(world, role):
    (award,) = accepted_awards(world, [100_000])
    batch = build(world)
    payout = Payout.objects.get(batch=batch)

    for read, key in (
        (queries.visible_award, award.id),
        (queries.visible_payout, payout.id),
        (queries.visible_batch, batch.id),
        (queries.visible_batch, uuid4()),
    ):
        with pytest.raises(errors.NotFound):
            read(world.actor(role), key)
    with pytest.raises(errors.Forbidden):
        queries.visible_payouts(world.actor(role), world.fund.id)


def test_a_worker_and_the_helper_see_their_award(world):
    first, second = make_awards(world, [100_000, 50_000])
    worker = worker_of(first.request)

    assert queries.visible_award(worker, first.id) == first
    assert queries.visible_award(world.actor(Role.INTAKE), first.id) == first
    with pytest.raises(errors.NotFound):
        queries.visible_award(worker, second.id)


def test_a_treasurer_does_not_see_payments_to_the_own_household(world):
    first, second = accepted_awards(world, [100_000, 50_000])
    build(world)
    treasurer = world.actor(Role.TREASURER_RELEASES)
    Applicant.objects.filter(id=first.request.applicant_id).update(user_id=treasurer.person_id)

    rows = queries.visible_payouts(treasurer, world.fund.id)

    assert [row.award_id for row in rows] == [second.id]


def test_payouts_are_paged_newest_first_and_by_state(world):
    accepted_awards(world, [10_000, 20_000, 30_000])
    batch = build(world)
    treasurer = world.actor(Role.TREASURER_PREPARES)

    first = queries.payouts_page(treasurer, world.fund.id, limit=2)
    second = queries.payouts_page(treasurer, world.fund.id, limit=2, cursor=first.next_cursor)

    assert [row.id for row in first.rows + second.rows] == list(
        Payout.objects.order_by("-id").values_list("id", flat=True)
    )
    assert queries.payouts_page(treasurer, world.fund.id, state=PayoutState.RELEASED).rows == []
    release(world, batch)
    page = queries.batch_page(treasurer, batch.id)
    assert (page.batch, {row.state for row in page.payouts.rows}) == (batch, {PayoutState.RELEASED})


def test_totals_say_what_can_be_paid_and_what_waits(world):
    rows = make_awards(world, [100_000, 50_000, 20_000])
    choose_bank(world, rows[0], account="11112222")
    choose_bank(world, rows[1], account="33334444")
    choose_bank(world, rows[1], account="55556666")

    found = queries.payable_totals(world.actor(Role.TREASURER_PREPARES), world.fund.id, NOW)

    assert (found.payable_count, found.payable_cents) == (1, 100_000)
    assert (found.held_count, found.without_payee_count) == (1, 1)
    later = queries.payable_totals(
        world.actor(Role.TREASURER_PREPARES), world.fund.id, NOW + timedelta(days=4)
    )
    assert (later.payable_count, later.held_count) == (2, 0)


def test_the_newest_details_count(world):
    first, _ = make_awards(world, [100_000, 50_000])
    choose_bank(world, first)
    newest = choose_bank(world, first, account="55556666", now=NOW + timedelta(seconds=1))

    applicant_id = first.request.applicant_id
    assert queries.newest_payee(applicant_id) == newest
    assert queries.newest_payee_ids([applicant_id]) == {applicant_id: newest.id}
    assert queries.newest_payee(uuid4()) is None


def test_a_program_with_the_treasurers_role_reads_payouts(world):
    accepted_awards(world, [100_000])
    build(world)
    owner = add_staff(world.fund, Role.BOARD, name="Owner of programs")

    program = add_client(world, owner, Role.TREASURER_PREPARES)

    assert queries.visible_payouts(program, world.fund.id).count() == 1
