"""Review: questions to the worker, holds, and decisions that take two people."""

import threading
from uuid import uuid4

import pytest
from builders import NOW, add_staff, make_world
from casework import add_client, add_role, decide, file_request, make_eligible, propose, worker_of
from django.db import IntegrityError, connections, transaction

from fundmgr.domain import errors
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.lifecycle import DecisionState, RequestState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from fundmgr.ports.idempotency import Once, Replay
from requests_app.models import Applicant, AssistanceRequest, Decision, InfoRequest, RequestTransition
from requests_app.services import intake, reviews
from requests_app.services.reviews import Proposal, Verdict


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def request_row(world):
    return file_request(world)


def reviewer_of(world):
    return world.actor(Role.REVIEWER)


def fresh(request):
    return AssistanceRequest.objects.get(id=request.id)


def start(world, request, **terms):
    return reviews.start(request_id=request.id, by=reviewer_of(world), now=NOW, **terms)


def ask(world, request, *, text="Which day did the work stop?"):
    return reviews.ask_for_info(request_id=request.id, text=text, by=reviewer_of(world), now=NOW)


def moves_of(request):
    rows = RequestTransition.objects.filter(request=request).order_by("created_at", "id")
    return set(rows.values_list("old_state", "new_state"))


def test_start_takes_the_case_into_the_reviewers_hands(world, request_row):
    start(world, request_row)

    row = fresh(request_row)
    assert (row.state, row.assignee_id) == (RequestState.IN_REVIEW, reviewer_of(world).person_id)
    assert (RequestState.SUBMITTED, RequestState.IN_REVIEW) in moves_of(row)
    assert Event.objects.filter(object_id=row.id, verb="request.review_started").count() == 1


def test_start_refuses_a_second_start(world, request_row):
    start(world, request_row)

    with pytest.raises(errors.WrongState):
        start(world, request_row)


@pytest.mark.parametrize(
    "role",
    [
        Role.APPROVER,
        Role.DIRECTOR,
        Role.TREASURER_PREPARES,
        Role.TREASURER_RELEASES,
        Role.BOARD,
        Role.AUDITOR,
    ],
)
def test_review_is_the_reviewers_work_alone(world, request_row, role):
    with pytest.raises(errors.Forbidden):
        reviews.start(request_id=request_row.id, by=world.actor(role), now=NOW)
    with pytest.raises(errors.Forbidden):
        propose(world, request_row, by=world.actor(role))
    assert fresh(request_row).state == RequestState.SUBMITTED


def test_a_reviewer_of_another_fund_finds_nothing(world, request_row):
    stranger = make_world(name="Another fund").actor(Role.REVIEWER)

    with pytest.raises(errors.NotFound):
        propose(world, request_row, by=stranger)


def test_nobody_reviews_a_case_of_the_own_household(world, request_row):
    colleague = add_staff(world.fund, Role.REVIEWER, name="Roommate")
    relative = file_request(world, contact="relative@example.org")
    Applicant.objects.filter(id=relative.applicant_id).update(
        user_id=colleague.person_id, household=request_row.household_id
    )

    with pytest.raises(errors.NotFound):
        propose(world, request_row, by=colleague)


def test_a_question_stops_the_clock_and_the_answer_starts_it_again(world, request_row):
    start(world, request_row)
    worker = worker_of(request_row)

    question = ask(world, request_row)
    assert fresh(request_row).state == RequestState.NEEDS_INFO
    assert OutboxMessage.objects.filter(effect_key=f"info_needed:{question.id}").count() == 1
    reviews.answer_info(request_id=request_row.id, text="On July 14.", by=worker, now=NOW)

    row = fresh(request_row)
    assert (row.state, row.version) == (RequestState.IN_REVIEW, request_row.version + 1)
    assert InfoRequest.objects.get(id=question.id).answer == "On July 14."


def test_a_question_voids_an_open_proposal(world, request_row):
    decision = propose(world, request_row)

    ask(world, request_row)

    assert Decision.objects.get(id=decision.id).state == DecisionState.VOID
    with pytest.raises(errors.AlreadyDecided):
        decide(world, decision)


def test_a_question_without_words_is_refused(world, request_row):
    start(world, request_row)

    with pytest.raises(errors.InvalidInput) as refused:
        ask(world, request_row, text="  ")

    assert [problem.field for problem in refused.value.problems] == ["text"]


def test_only_the_worker_and_the_helper_may_answer(world, request_row):
    start(world, request_row)
    ask(world, request_row)

    for stranger in (reviewer_of(world), worker_of(file_request(world, contact="else@example.org"))):
        with pytest.raises(errors.NotFound):
            reviews.answer_info(request_id=request_row.id, text="It was me.", by=stranger, now=NOW)
    helper = world.actor(Role.INTAKE)
    reviews.answer_info(request_id=request_row.id, text="On July 14.", by=helper, now=NOW)
    with pytest.raises(errors.WrongState):
        reviews.answer_info(request_id=request_row.id, text="Again.", by=helper, now=NOW)


def test_the_default_proposal_is_asked_less_other_aid_within_the_ceiling(world):
    plain = file_request(world, 240_000, other_aid_cents=40_000)
    above = file_request(world, 900_000, contact="above@example.org")

    assert propose(world, plain).verified_cents == 200_000
    assert propose(world, above).verified_cents == 750_000


def test_two_people_make_a_request_eligible(world, request_row):
    decision = propose(world, request_row, verified_cents=180_000, note="Lease and notice seen.")

    final = decide(world, decision, note="Agreed.")

    row = fresh(request_row)
    assert (row.state, row.verified_cents, row.capped_cents) == (RequestState.ELIGIBLE, 180_000, 150_000)
    kept = Decision.objects.get(id=decision.id)
    assert (final.id, kept.state) == (decision.id, DecisionState.FINAL)
    assert (kept.note, kept.decided_note) == ("Lease and notice seen.", "Agreed.")
    assert (kept.proposed_by_id, kept.decided_by_id) == (
        reviewer_of(world).person_id,
        world.actor(Role.APPROVER).person_id,
    )
    verbs = set(Event.objects.filter(object_id=decision.id).values_list("verb", flat=True))
    assert verbs == {"decision.proposed", "decision.final"}


@pytest.mark.parametrize("cents", [0, -1, 240_001, 10**12])
def test_propose_refuses_more_than_was_asked_and_less_than_a_cent(world, request_row, cents):
    with pytest.raises(errors.InvalidInput) as refused:
        propose(world, request_row, verified_cents=cents)

    assert refused.value.problems[0].field == "verified"
    assert fresh(request_row).state == RequestState.SUBMITTED


def test_propose_refuses_more_than_the_ceiling(world):
    request = file_request(world, 900_000)

    with pytest.raises(errors.InvalidInput):
        propose(world, request, verified_cents=750_001)


def test_a_refusal_needs_a_reason_and_eligibility_has_none(world, request_row):
    with pytest.raises(errors.InvalidInput):
        propose(world, request_row, is_eligible=False)
    with pytest.raises(errors.InvalidInput):
        propose(world, request_row, reasons=[Reason.LATE])


@pytest.mark.parametrize(
    ("reasons", "state"),
    [
        ([Reason.INCOMPLETE_DOCS], RequestState.INELIGIBLE),
        ([Reason.DUPLICATE_PERSON], RequestState.DUPLICATE_MERGED),
        ([Reason.LATE, Reason.DUPLICATE_HOUSEHOLD], RequestState.DUPLICATE_MERGED),
    ],
)
def test_a_final_refusal_moves_the_request_and_owes_a_notice(world, request_row, reasons, state):
    decision = propose(world, request_row, is_eligible=False, reasons=reasons)

    decide(world, decision)

    row = fresh(request_row)
    assert (row.state, row.verified_cents) == (state, None)
    assert OutboxMessage.objects.filter(effect_key=f"ineligible:{decision.id}").count() == 1


def test_sent_back_leaves_the_request_in_review_for_a_new_proposal(world, request_row):
    decision = propose(world, request_row)

    decide(world, decision, approve=False, note="The lease is missing.")

    assert Decision.objects.get(id=decision.id).state == DecisionState.SENT_BACK
    assert fresh(request_row).state == RequestState.IN_REVIEW
    assert decide(world, propose(world, request_row)).state == DecisionState.FINAL


def test_a_second_proposal_waits_for_the_first(world, request_row):
    propose(world, request_row)

    with pytest.raises(errors.WrongState):
        propose(world, request_row)


def test_the_proposer_cannot_decide_as_person_or_by_a_program(world, request_row):
    both = add_staff(world.fund, Role.REVIEWER, name="Both hats")
    add_role(world, both, Role.APPROVER)
    decision = propose(world, request_row, by=both)

    for maker in (both, add_client(world, both, Role.APPROVER)):
        with pytest.raises(errors.SelfApproval):
            decide(world, decision, by=maker)
    assert decide(world, decision).state == DecisionState.FINAL


def test_two_programs_of_one_owner_are_one_person(world, request_row):
    owner = add_staff(world.fund, Role.BOARD, name="Owner of programs")
    decision = propose(world, request_row, by=add_client(world, owner, Role.REVIEWER))

    with pytest.raises(errors.SelfApproval):
        decide(world, decision, by=add_client(world, owner, Role.APPROVER))


def test_who_filed_the_request_neither_proposes_nor_decides(world):
    helper = add_staff(world.fund, Role.REVIEWER, name="Helper on the phone")
    add_role(world, helper, Role.APPROVER)
    request = file_request(world, by=add_client(world, helper, Role.INTAKE))

    with pytest.raises(errors.SelfApproval):
        propose(world, request, by=helper)
    decision = propose(world, request)
    with pytest.raises(errors.SelfApproval):
        decide(world, decision, by=helper)


def test_the_database_too_refuses_a_decision_by_one_person(world, request_row):
    decision = propose(world, request_row)

    with pytest.raises(IntegrityError, match="decision_four_eyes"), transaction.atomic():
        Decision.objects.filter(id=decision.id).update(
            state=DecisionState.FINAL, decided_by=decision.proposed_by_id
        )


def test_an_edit_after_the_proposal_makes_it_stale(world, request_row):
    decision = propose(world, request_row)
    AssistanceRequest.objects.filter(id=request_row.id).update(version=request_row.version + 1)

    with pytest.raises(errors.StaleVersion):
        decide(world, decision)
    with pytest.raises(IntegrityError, match="changed after the proposal"), transaction.atomic():
        Decision.objects.filter(id=decision.id).update(
            state=DecisionState.FINAL, decided_by=world.actor(Role.APPROVER).person_id
        )


def test_withdrawal_voids_an_open_proposal(world, request_row):
    decision = propose(world, request_row)

    intake.withdraw(request_id=request_row.id, by=world.actor(Role.INTAKE), now=NOW)

    with pytest.raises(errors.WrongState):
        decide(world, decision)
    assert fresh(request_row).state == RequestState.WITHDRAWN


def test_decide_refuses_a_second_decision(world, request_row):
    decision = propose(world, request_row)
    decide(world, decision)

    with pytest.raises(errors.AlreadyDecided):
        decide(world, decision, approve=False)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DIRECTOR, Role.AUDITOR, Role.INTAKE])
def test_deciding_is_the_approvers_work_alone(world, request_row, role):
    decision = propose(world, request_row)

    with pytest.raises(errors.Forbidden):
        decide(world, decision, by=world.actor(role))


def test_an_unknown_decision_is_not_found(world):
    with pytest.raises(errors.NotFound):
        reviews.decide(decision_id=uuid4(), approve=True, by=world.actor(Role.APPROVER), now=NOW)


def test_the_same_call_again_is_a_replay(world, request_row):
    once = Once("user:1", "key-1", "decisions", "body")
    decision = propose(world, request_row, once=once)

    with pytest.raises(Replay) as replayed:
        propose(world, request_row, once=once)
    with pytest.raises(errors.KeyReused):
        propose(world, request_row, once=Once("user:1", "key-1", "decisions", "other body"))

    assert replayed.value.result_id == decision.id
    assert Decision.objects.count() == 1


def test_hold_stops_a_request_and_reopen_takes_it_up_again(world, request_row):
    make_eligible(world, [request_row])
    director = world.actor(Role.DIRECTOR)

    reviews.hold(request_id=request_row.id, reason="FRAUD_CHECK", by=director, now=NOW)
    assert fresh(request_row).state == RequestState.ON_HOLD
    reviews.reopen(request_id=request_row.id, reason="CLEARED", by=director, now=NOW)

    row = fresh(request_row)
    assert (row.state, row.verified_cents, row.capped_cents) == (RequestState.IN_REVIEW, None, None)
    reasons = set(RequestTransition.objects.filter(request=row).values_list("reason", flat=True))
    assert {"FRAUD_CHECK", "CLEARED"} <= reasons


def test_hold_voids_an_open_proposal(world, request_row):
    decision = propose(world, request_row)

    reviews.hold(request_id=request_row.id, reason="FRAUD_CHECK", by=reviewer_of(world), now=NOW)

    assert Decision.objects.get(id=decision.id).state == DecisionState.VOID


@pytest.mark.parametrize("reason", ["", "a story about somebody", "fraud", "X" * 41])
def test_a_hold_takes_a_code_and_no_story(world, request_row, reason):
    with pytest.raises(errors.InvalidInput):
        reviews.hold(request_id=request_row.id, reason=reason, by=reviewer_of(world), now=NOW)


def test_hold_is_refused_to_approvers_and_reopen_to_a_request_under_way(world, request_row):
    with pytest.raises(errors.Forbidden):
        reviews.hold(request_id=request_row.id, reason="X1", by=world.actor(Role.APPROVER), now=NOW)
    with pytest.raises(errors.WrongState):
        reviews.reopen(request_id=request_row.id, reason="X1", by=reviewer_of(world), now=NOW)


def test_reopen_refuses_where_the_worker_asked_again_since(world, request_row):
    AssistanceRequest.objects.filter(id=request_row.id).update(state=RequestState.LAPSED)
    file_request(world)

    with pytest.raises(errors.LiveRequestExists):
        reviews.reopen(request_id=request_row.id, reason="LATE_ANSWER", by=reviewer_of(world), now=NOW)


def test_many_decisions_are_made_together_or_not_at_all(world):
    requests = [file_request(world, contact=f"w{number}@example.org") for number in range(3)]
    items = [
        Proposal(requests[0].id, is_eligible=True),
        Proposal(requests[1].id, is_eligible=False, reasons=[Reason.LATE]),
        Proposal(requests[2].id, is_eligible=False, reasons=[Reason.DUPLICATE_PERSON]),
    ]
    proposals = reviews.propose_many(items=items, by=reviewer_of(world), now=NOW)
    decide(world, proposals[2], approve=False)
    verdicts = [Verdict(row.id, approve=True) for row in proposals]

    with pytest.raises(errors.AlreadyDecided):
        reviews.decide_many(items=verdicts, by=world.actor(Role.APPROVER), now=NOW)
    assert {fresh(row).state for row in requests} == {RequestState.IN_REVIEW}
    made = reviews.decide_many(items=verdicts[:2], by=world.actor(Role.APPROVER), now=NOW)

    assert [row.id for row in made] == [row.id for row in proposals[:2]]
    assert [fresh(row).state for row in requests] == ["ELIGIBLE", "INELIGIBLE", "IN_REVIEW"]


def test_many_takes_a_constant_number_of_statements(world, django_assert_max_num_queries):
    requests = [file_request(world, contact=f"w{number}@example.org") for number in range(40)]
    items = [Proposal(row.id, is_eligible=True) for row in requests]

    with django_assert_max_num_queries(25):
        proposals = reviews.propose_many(items=items, by=reviewer_of(world), now=NOW)
    verdicts = [Verdict(row.id, approve=True) for row in proposals]
    with django_assert_max_num_queries(25):
        reviews.decide_many(items=verdicts, by=world.actor(Role.APPROVER), now=NOW)


def test_requests_of_two_funds_are_never_decided_together(world, request_row):
    other = make_world(name="Another fund")
    items = [Proposal(request_row.id, is_eligible=True), Proposal(file_request(other).id, is_eligible=True)]

    with pytest.raises(errors.NotFound):
        reviews.propose_many(items=items, by=reviewer_of(world), now=NOW)


def test_nothing_to_decide_is_nothing_done(world):
    assert reviews.propose_many(items=[], by=reviewer_of(world), now=NOW) == []
    assert reviews.decide_many(items=[], by=world.actor(Role.APPROVER), now=NOW) == []


def test_of_two_approvers_at_one_moment_exactly_one_decides(committed_db):
    world = make_world()
    request = file_request(world)
    decision = propose(world, request)
    approvers = [add_staff(world.fund, Role.APPROVER, name=f"Approver {number}") for number in range(4)]
    together, outcomes = threading.Barrier(len(approvers)), []

    def attempt(approver, approve):
        together.wait()
        try:
            outcomes.append(decide(world, decision, approve=approve, by=approver).state)
        except errors.AlreadyDecided:
            outcomes.append(None)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=attempt, args=(approver, number % 2 == 0))
        for number, approver in enumerate(approvers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([outcome for outcome in outcomes if outcome]) == 1
    (winner,) = [outcome for outcome in outcomes if outcome]
    assert Decision.objects.get(id=decision.id).state == winner
    expected = RequestState.ELIGIBLE if winner == DecisionState.FINAL else RequestState.IN_REVIEW
    assert fresh(request).state == expected
