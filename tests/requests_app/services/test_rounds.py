"""Rounds: freeze, propose, approve by other people, award with holds in one transaction or do nothing."""

import threading
from datetime import timedelta

import pytest
from builders import NOW, add_staff, close_fund, make_world, put_money_in
from django.db import connection
from waiting import make_requests

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.lifecycle import AwardState, RequestState, RoundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage, User
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.queries import books
from fundmgr.services import funds, proof
from fundmgr.services.funds import PolicyTerms
from requests_app.models import (
    AllocationRound,
    AssistanceRequest,
    Award,
    AwardShare,
    RequestTransition,
    RoundApproval,
)
from requests_app.services import intake, rounds

EQUAL = {"version": 1, "rule": "equal_awards"}
QUEUE = {"version": 1, "rule": "queue", "last": "stop"}
NEEDS = [100_000, 200_000, 50_000]


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 120_000)
    return made


@pytest.fixture
def requests(world):
    return make_requests(world, NEEDS)


def propose(world, rule=EQUAL, **options):
    return rounds.propose_rule(
        fund_id=world.fund.id, rule=rule, by=world.actor(Role.DIRECTOR), now=NOW, **options
    )


def approve(world, row, *, by=None, result_digest=None, **options):
    actor = by or world.actor(Role.APPROVER)
    return rounds.approve(round_id=row.id, result_digest=result_digest, by=actor, now=NOW, **options)


def states(requests):
    found = dict(AssistanceRequest.objects.values_list("id", "state"))
    return [found[row.id] for row in requests]


def check_deferred():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_draft_freezes_who_waits_in_the_order_of_asking(world, requests):
    make_requests(world, [70_000], state=RequestState.INELIGIBLE)
    make_requests(world, [30_000], state=RequestState.WAITLISTED, submitted_at=NOW - timedelta(days=9))

    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)

    members = list(row.members.order_by("position").values_list("request_id", "capped_cents"))
    assert [cents for _, cents in members] == [30_000, 100_000, 150_000, 50_000]
    assert row.state == RoundState.DRAFT
    assert (row.frozen_count, row.frozen_cents, row.estate_cents) == (4, 330_000, 120_000)
    assert set(states(requests)) == {RequestState.ELIGIBLE}


def test_propose_stores_awards_digests_and_preview_and_holds_no_money(world, requests):
    row = propose(world)

    awards = list(row.members.order_by("position").values_list("award_cents", flat=True))
    assert awards == [40_000, 40_000, 40_000]
    assert sum(awards) + row.leftover_cents == row.estate_cents
    assert len(row.problem_digest) == len(row.result_digest) == 64
    assert row.preview["spread"]["paid_count"] == 3
    assert set(states(requests)) == {RequestState.IN_ROUND}
    assert RequestTransition.objects.filter(new_state=RequestState.IN_ROUND).count() == 3
    assert books.available_cents(world.fund.id) == 120_000


def test_approve_awards_everything_in_one_go(world, requests):
    row = approve(world, propose(world, QUEUE))

    check_deferred()
    award = Award.objects.get()
    assert row.state == RoundState.COMMITTED
    assert award.amount_cents == 100_000
    assert award.state == AwardState.RESERVED
    assert AwardShare.objects.get(award=award).amount_cents == 100_000
    assert [transfer.id for transfer in books.transfers_of(award.id)] == [award.hold_transfer_id]
    assert states(requests) == [RequestState.AWARDED, RequestState.WAITLISTED, RequestState.WAITLISTED]
    assert books.available_cents(world.fund.id) == 20_000
    assert proof.check_books() == []


def test_approve_owes_one_notice_to_each_and_records_each_move(world, requests):
    approve(world, propose(world, QUEUE))

    kinds = OutboxMessage.objects.values_list("payload__kind", flat=True)
    assert sorted(kinds) == ["award_made", "not_this_time", "not_this_time"]
    verbs = list(Event.objects.values_list("verb", flat=True))
    assert verbs.count("request.in_round") == 3
    assert verbs.count("award.reserved") == 1
    assert verbs.count("request.waitlisted") == 2
    assert verbs.count("round.committed") == 1


def test_money_in_other_restrictions_is_left_out_of_the_estate(world, requests):
    health = funds.add_restriction(
        fund_id=world.fund.id, name="Health", wording="", by=world.actor(Role.DIRECTOR), now=NOW
    )
    put_money_in(world, 50_000, bank_reference="WIRE-2", restriction_id=health.id)

    row = propose(world)

    assert row.estate_cents == 120_000


def test_nobody_approves_a_round_of_their_own(world, requests):
    row = propose(world)

    with pytest.raises(errors.SelfApproval):
        approve(world, row, by=world.actor(Role.DIRECTOR))
    assert Award.objects.count() == 0


def test_a_program_of_the_proposer_counts_as_the_proposer(world, requests):
    row = propose(world)
    owner = world.actor(Role.DIRECTOR)
    client = funds.register_client(
        fund_id=world.fund.id, name="Approver", owner_id=owner.person_id, role=Role.APPROVER,
        scopes="rounds:approve", secret="not-used-here", by=actors.SYSTEM, now=NOW,
    )  # fmt: skip

    with pytest.raises(errors.SelfApproval):
        approve(world, row, by=actors.client(client.id, owner_id=owner.person_id))


def test_two_people_must_approve_from_the_threshold_on(db):
    world = make_world(reserve_bp=0, two_approvers_from_cents=100_000)
    put_money_in(world, 120_000)
    make_requests(world, NEEDS)
    row = propose(world)

    first = approve(world, row)
    assert first.state == RoundState.PROPOSED
    with pytest.raises(errors.AlreadyApproved):
        approve(world, row)
    second = approve(world, row, by=add_staff(world.fund, Role.APPROVER, name="Second Approver"))

    assert second.state == RoundState.COMMITTED
    assert RoundApproval.objects.count() == 2


def test_an_approver_whose_household_is_in_the_round_is_refused(world):
    user = User.objects.get(id=world.actor(Role.APPROVER).person_id)
    make_requests(world, [60_000], user=user)
    row = propose(world)

    with pytest.raises(errors.SelfApproval):
        approve(world, row)


def test_an_approval_of_another_result_is_refused(world, requests):
    row = propose(world)

    with pytest.raises(errors.WrongState):
        approve(world, row, result_digest="0" * 64)
    row.refresh_from_db()
    assert row.state == RoundState.PROPOSED
    assert approve(world, row, result_digest=row.result_digest).state == RoundState.COMMITTED


def test_a_request_that_left_voids_the_round_and_says_which(world, requests):
    row = propose(world)
    AssistanceRequest.objects.filter(id=requests[1].id).update(state=RequestState.WITHDRAWN)

    with pytest.raises(errors.WrongState, match=requests[1].reference):
        approve(world, row)

    row.refresh_from_db()
    assert row.state == RoundState.VOID
    assert requests[1].reference in row.void_reason
    assert states(requests) == [RequestState.ELIGIBLE, RequestState.WITHDRAWN, RequestState.ELIGIBLE]
    assert (Award.objects.count(), RoundApproval.objects.count()) == (0, 0)
    assert books.available_cents(world.fund.id) == 120_000


@pytest.mark.parametrize("change", [{"version": 2}, {"verified_cents": 90_000}])
def test_a_request_that_changed_voids_the_round(world, requests, change):
    row = propose(world)
    AssistanceRequest.objects.filter(id=requests[0].id).update(**change)

    with pytest.raises(errors.WrongState):
        approve(world, row)
    assert AllocationRound.objects.get().state == RoundState.VOID


def test_a_new_policy_voids_the_round(world, requests):
    row = propose(world)
    terms = PolicyTerms(750_000, 100_000, 0, 100_000_000, "The board")
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)

    with pytest.raises(errors.WrongState, match="Policy version 2"):
        approve(world, row)
    assert AllocationRound.objects.get().state == RoundState.VOID


def test_money_that_is_gone_voids_the_round(world, requests, take_money):
    row = propose(world)
    take_money(world, 1)

    with pytest.raises(errors.WrongState, match=r"\$1,199.99"):
        approve(world, row)
    assert AllocationRound.objects.get().state == RoundState.VOID
    assert Award.objects.count() == 0


def test_more_money_than_before_leaves_the_round_as_it_is(world, requests):
    row = propose(world)
    put_money_in(world, 5_000, bank_reference="WIRE-2")

    assert approve(world, row).state == RoundState.COMMITTED
    assert books.available_cents(world.fund.id) == 5_000


def test_void_lets_requests_wait_as_before(world, requests):
    waitlisted = make_requests(world, [30_000], state=RequestState.WAITLISTED)
    row = propose(world)

    done = rounds.void(round_id=row.id, reason="Wrong rule", by=world.actor(Role.APPROVER), now=NOW)

    assert done.state == RoundState.VOID
    assert set(states(requests)) == {RequestState.ELIGIBLE}
    assert states(waitlisted) == [RequestState.WAITLISTED]
    with pytest.raises(errors.WrongState, match="Wrong rule"):
        approve(world, row)
    assert propose(world).number == 2


def test_void_wants_a_reason_and_an_undecided_round(world, requests):
    row = propose(world)
    with pytest.raises(errors.InvalidInput):
        rounds.void(round_id=row.id, reason=" ", by=world.actor(Role.DIRECTOR), now=NOW)
    approve(world, row)

    with pytest.raises(errors.WrongState):
        rounds.void(round_id=row.id, reason="Too late", by=world.actor(Role.DIRECTOR), now=NOW)


def test_a_committed_round_is_not_approved_again(world, requests):
    row = approve(world, propose(world))

    with pytest.raises(errors.AlreadyDecided):
        approve(world, row, by=add_staff(world.fund, Role.APPROVER, name="Late Approver"))
    assert Award.objects.count() == 3


def test_one_round_is_open_at_a_time(world, requests):
    propose(world)

    with pytest.raises(errors.WrongState, match="Round 1 is open"):
        propose(world)


def test_a_draft_whose_list_is_out_of_date_cannot_be_proposed(world, requests):
    director = world.actor(Role.DIRECTOR)
    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=director, now=NOW)
    AssistanceRequest.objects.filter(id=requests[0].id).update(state=RequestState.ON_HOLD)

    with pytest.raises(errors.WrongState, match="1 requests changed"):
        rounds.propose(round_id=row.id, by=director, now=NOW)


def test_only_the_drafter_changes_the_rule_of_a_draft(world, requests):
    director = world.actor(Role.DIRECTOR)
    row = rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=director, now=NOW)
    other = add_staff(world.fund, Role.DIRECTOR, name="Other Director")

    with pytest.raises(errors.Forbidden):
        rounds.change_rule(round_id=row.id, rule=QUEUE, by=other, now=NOW)
    changed = rounds.change_rule(round_id=row.id, rule=QUEUE, by=director, now=NOW)

    assert changed.rule["rule"] == "queue"
    assert rounds.propose(round_id=row.id, by=director, now=NOW).awarded_count == 1
    with pytest.raises(errors.WrongState):
        rounds.change_rule(round_id=row.id, rule=EQUAL, by=director, now=NOW)


def test_a_round_needs_people_money_and_an_open_fund(db):
    world = make_world(reserve_bp=0)
    with pytest.raises(errors.WrongState, match="No request waits"):
        propose(world)
    make_requests(world, NEEDS)
    with pytest.raises(errors.WrongState, match="nobody anything"):
        propose(world)
    close_fund(world)
    with pytest.raises(errors.WrongState, match="closed"):
        propose(world)
    assert AllocationRound.objects.count() == 0


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.TREASURER_RELEASES, Role.AUDITOR])
def test_only_a_director_proposes(world, requests, role):
    with pytest.raises(errors.Forbidden):
        rounds.draft(fund_id=world.fund.id, rule=EQUAL, by=world.actor(role), now=NOW)


def test_a_stranger_finds_nothing(world, requests):
    row = propose(world)

    with pytest.raises(errors.NotFound):
        approve(world, row, by=actors.person(ids.new_id(NOW)))
    with pytest.raises(errors.NotFound):
        approve(world, replace_id(row))


def replace_id(row):
    return AllocationRound(id=ids.new_id(NOW), fund_id=row.fund_id)


def test_the_same_call_again_is_a_replay(world, requests):
    row = propose(world)
    once = Once("user:1", "key-1", "approvals", "hash")
    approve(world, row, once=once)

    with pytest.raises(Replay) as replay:
        approve(world, row, once=once)
    assert replay.value.result_id == row.id
    assert Award.objects.count() == 3


def test_preview_compares_rules_and_stores_nothing(world, requests):
    rows = rounds.preview(fund_id=world.fund.id, rules=[EQUAL, QUEUE], by=world.actor(Role.BOARD), now=NOW)

    assert [row.spread.paid_count for row in rows] == [3, 1]
    assert AllocationRound.objects.count() == 0


@pytest.fixture
def take_money():
    """Set money aside behind a proposal's back, as another award would."""

    def take(world, cents):
        from django.db import transaction

        from fundmgr.domain import postings
        from fundmgr.ports import ledger
        from fundmgr.queries import funds as fund_queries

        general = fund_queries.general_restriction(world.fund.id)
        hold = postings.hold(award_id=ids.new_id(NOW), shares=[(general.id, cents)])
        with transaction.atomic():
            ledger.post(hold, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)

    return take


def at_once(*calls):
    """Run the calls in threads that start together; return what each gave or raised."""
    results, barrier = [None] * len(calls), threading.Barrier(len(calls))

    def run(place, call):
        barrier.wait()
        try:
            results[place] = call()
        except errors.FundError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_approvals_at_once_one_makes_the_awards(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 120_000)
    make_requests(world, NEEDS)
    second = add_staff(world.fund, Role.APPROVER, name="Second Approver")
    row = propose(world)

    results = at_once(lambda: approve(world, row), lambda: approve(world, row, by=second))

    assert sum(isinstance(result, AllocationRound) for result in results) == 1
    assert sum(isinstance(result, errors.AlreadyDecided) for result in results) == 1
    assert Award.objects.count() == 3
    assert books.available_cents(world.fund.id) == 0
    assert proof.check_books() == []


def test_approving_while_money_is_taken_never_overspends(committed_db, take_money):
    world = make_world(reserve_bp=0)
    put_money_in(world, 120_000)
    make_requests(world, NEEDS)
    row = propose(world)

    def take():
        take_money(world, 50_000)
        return "taken"

    results = at_once(lambda: approve(world, row), take)

    awarded = sum(Award.objects.values_list("amount_cents", flat=True))
    if results[1] == "taken":
        assert isinstance(results[0], (errors.WrongState, errors.InsufficientFunds))
        assert awarded == 0
    else:
        assert awarded == 120_000
    assert books.available_cents(world.fund.id) in {0, 70_000}
    assert proof.check_books() == []


def test_the_void_of_a_stale_round_stays_although_the_approval_is_rolled_back(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 120_000)
    requests = make_requests(world, NEEDS)
    row = propose(world)
    AssistanceRequest.objects.filter(id=requests[0].id).update(state=RequestState.ON_HOLD)
    once = Once("user:1", "key-1", "approvals", "hash")

    for _ in range(2):
        with pytest.raises(errors.WrongState):
            approve(world, row, once=once)

    connection.close()
    assert AllocationRound.objects.get().state == RoundState.VOID
    assert RoundApproval.objects.count() == 0


def test_of_two_proposals_at_once_one_is_open(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 120_000)
    make_requests(world, NEEDS)

    results = at_once(lambda: propose(world), lambda: propose(world))

    assert sum(isinstance(result, AllocationRound) for result in results) == 1
    assert sum(isinstance(result, errors.WrongState) for result in results) == 1
    assert AllocationRound.objects.count() == 1


def test_withdrawing_while_the_round_is_approved_leaves_no_award_without_its_request(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 120_000)
    requests = make_requests(world, NEEDS)
    row = propose(world)

    def withdraw():
        return intake.withdraw(request_id=requests[1].id, by=actors.SYSTEM, now=NOW)

    results = at_once(lambda: approve(world, row), withdraw)

    state = AssistanceRequest.objects.get(id=requests[1].id).state
    if isinstance(results[0], AllocationRound):
        assert state == RequestState.AWARDED
        assert Award.objects.count() == 3
    else:
        assert isinstance(results[0], errors.WrongState)
        assert state == RequestState.WITHDRAWN
        assert Award.objects.count() == 0
        assert books.available_cents(world.fund.id) == 120_000


def test_voiding_while_the_round_is_approved_ends_in_one_of_both(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 120_000)
    make_requests(world, NEEDS)
    row = propose(world)
    director = world.actor(Role.DIRECTOR)

    results = at_once(
        lambda: approve(world, row),
        lambda: rounds.void(round_id=row.id, reason="Wrong rule", by=director, now=NOW),
    )

    assert sum(isinstance(result, AllocationRound) for result in results) == 1
    is_committed = AllocationRound.objects.get().state == RoundState.COMMITTED
    assert Award.objects.count() == (3 if is_committed else 0)
    assert books.available_cents(world.fund.id) == (0 if is_committed else 120_000)
