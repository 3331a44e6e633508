"""The life of a promise: dates, second signatures, conditions, lateness, default."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_donor, make_world
from django.db import IntegrityError, transaction
from papers import a_pdf
from restricted import keep_letter, tie_money

from fundmgr.domain import errors, schedules
from fundmgr.domain.permissions import Role
from fundmgr.domain.schedules import Part
from fundmgr.models import Commitment, Event, Instalment, OutboxMessage
from fundmgr.queries import books, promises, receivables
from fundmgr.services import commitments, due_dates, evidence, funds, pledges, proof, receipts, refunds, turns

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=40)


@pytest.fixture
def world():
    return make_world()


def pledge(world, amount_cents=30_000, **said):
    return commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=amount_cents,
        pledged_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
        **said,
    )


def parts(*cents, start=TODAY):
    return [Part(start + timedelta(days=30 * number), each) for number, each in enumerate(cents)]


def pay(world, commitment, cents, reference="WIRE-1", now=NOW):
    row = receipts.record(
        commitment_id=commitment.id,
        amount_cents=cents,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=now,
    )
    return receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=now)


def gift(world, cents, reference="GIFT-1", donor=None):
    row = receipts.record(
        fund_id=world.fund.id,
        donor_id=(donor or make_donor(world, name="A giver")).id,
        amount_cents=cents,
        bank_reference=reference,
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    return receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


def make_overdue(world, **said):
    row = pledge(world, instalments=parts(10_000, 20_000), **said)
    due_dates.mark_overdue(fund_id=world.fund.id, now=LATER)
    row.refresh_from_db()
    return row


def test_a_promise_keeps_the_dates_of_its_parts(world):
    row = pledge(world, instalments=parts(10_000, 20_000))

    assert list(row.instalments.order_by("number").values_list("number", "amount_cents")) == [
        (1, 10_000),
        (2, 20_000),
    ]
    assert row.due_on == TODAY + timedelta(days=30)


def test_parts_that_do_not_add_up_are_refused_and_nothing_is_written(world):
    with pytest.raises(errors.InvalidInput) as refused:
        pledge(world, instalments=parts(10_000, 10_000))

    assert [problem.code for problem in refused.value.problems] == ["do_not_add_up"]
    assert not Commitment.objects.exists()
    assert not Instalment.objects.exists()


def test_one_who_matches_gifts_promises_under_a_condition(world):
    with pytest.raises(errors.InvalidInput) as refused:
        pledge(world, match_percent=100)

    assert refused.value.problems[0].field == "match_percent"


def test_a_large_promise_counts_once_another_person_signed_it(world):
    terms = funds.PolicyTerms(750_000, 150_000, 200, 10**9, "The board", countersign_from_cents=20_000)
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)
    row = pledge(world)

    assert row.state == "DRAFT"
    assert promises.totals(world.fund.id).owed_cents == 0
    with pytest.raises(errors.SelfApproval):
        pledges.countersign(commitment_id=row.id, by=world.actor(Role.TREASURER_PREPARES), now=NOW)
    pledges.countersign(commitment_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)
    with pytest.raises(errors.WrongState):
        pledges.countersign(commitment_id=row.id, by=world.actor(Role.APPROVER), now=NOW)

    assert promises.totals(world.fund.id).owed_cents == 30_000
    assert pledge(world, 19_999).state == "PLEDGED"


def test_invariant_16_conditional_promises_count_nowhere_and_early_money_is_a_liability(world):
    row = pledge(world, is_conditional=True, condition="The strike lasts 30 days.")
    pay(world, row, 10_000)

    position = books.position(world.fund.id)
    assert (position.outstanding_cents, position.committed_cents) == (0, 0)
    assert (position.refundable_advance_cents, position.available_cents) == (10_000, 0)
    assert position.committed_conditional_cents == 30_000


def test_a_condition_is_proved_by_a_file_of_its_own_commitment_only(world):
    row = pledge(world, is_conditional=True, condition="The strike lasts 30 days.")
    other = pledge(world, is_conditional=True, condition="A sign.")
    far = make_world(name="Another fund")
    strange = pledge(far, is_conditional=True, condition="A sign.")
    director = world.actor(Role.DIRECTOR)

    def keep(promise, by):
        content = a_pdf(promise.id.hex.encode())
        return evidence.add_to_commitment(
            commitment_id=promise.id, name="seen.pdf", content=content, by=by, now=NOW
        )

    def propose(file_id):
        return pledges.propose_condition(
            commitment_id=row.id, amount_cents=1, proof="Seen.", evidence_id=file_id, by=director, now=NOW
        )

    tied = keep_letter(world, tie_money(world, 1_000))
    wrong = [keep(other, director), keep(strange, far.actor(Role.DIRECTOR)), tied]
    for file_id in [*(one.id for one in wrong), world.fund.id]:
        with pytest.raises(errors.InvalidInput) as refused:
            propose(file_id)
        assert [(one.field, one.code) for one in refused.value.problems] == [
            ("evidence_id", "not_its_evidence")
        ]
    own = keep(row, director)

    assert propose(own.id).evidence_id == own.id
    assert proof.check_books() == []


def test_a_condition_is_met_by_two_people_and_frees_what_came_early(world):
    row = pledge(world, is_conditional=True, condition="The strike lasts 30 days.")
    pay(world, row, 10_000)
    director, releaser = world.actor(Role.DIRECTOR), world.actor(Role.TREASURER_RELEASES)
    made = pledges.propose_condition(
        commitment_id=row.id, amount_cents=25_000, proof="The calendar.", by=director, now=NOW
    )

    with pytest.raises(errors.Duplicate):
        pledges.propose_condition(commitment_id=row.id, amount_cents=1, proof="Again.", by=director, now=NOW)
    with pytest.raises(errors.Forbidden):
        pledges.decide_condition(proof_id=made.id, is_met=True, by=director, now=NOW)
    pledges.decide_condition(proof_id=made.id, is_met=True, by=releaser, now=NOW)
    with pytest.raises(errors.AlreadyDecided):
        pledges.decide_condition(proof_id=made.id, is_met=True, by=releaser, now=NOW)

    row.refresh_from_db()
    position = books.position(world.fund.id)
    assert (row.met_cents, row.state) == (25_000, "CONDITIONAL")
    assert (position.refundable_advance_cents, position.outstanding_cents) == (0, 15_000)
    assert (position.reserve_cents, position.available_cents) == (200, 9_800)
    assert position.books_differ_by_cents == 0


def met_after_it_came(world, cents=10_000):
    row = pledge(world, is_conditional=True, condition="The strike lasts 30 days.")
    receipt = pay(world, row, cents)
    made = pledges.propose_condition(
        commitment_id=row.id, amount_cents=cents, proof="Seen.", by=world.actor(Role.DIRECTOR), now=NOW
    )
    pledges.decide_condition(proof_id=made.id, is_met=True, by=world.actor(Role.TREASURER_RELEASES), now=NOW)
    return receipt


def test_early_money_that_bounces_after_its_condition_was_met_takes_its_reserve_with_it(world):
    receipt = met_after_it_came(world)
    by = world.actor(Role.TREASURER_RELEASES)

    receipts.bounce(receipt_id=receipt.id, reason="No funds.", by=by, now=NOW)

    position = books.position(world.fund.id)
    assert (position.reserve_cents, position.available_cents) == (0, 0)
    assert position.outstanding_cents == 10_000
    assert proof.check_books() == []


@pytest.mark.parametrize(("cents", "left"), [(10_000, 0), (5_000, 100)])
def test_early_money_that_goes_back_after_its_condition_was_met_takes_its_reserve_with_it(world, cents, left):
    receipt = met_after_it_came(world)
    made = refunds.propose(
        receipt_id=receipt.id, amount_cents=cents, reason="Asked.", by=world.actor(Role.DIRECTOR), now=NOW
    )

    refunds.make(refund_id=made.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    position = books.position(world.fund.id)
    assert (position.reserve_cents, position.available_cents) == (left, 10_000 - cents - left)
    assert proof.check_books() == []


def test_a_refused_proof_changes_nothing(world):
    row = pledge(world, is_conditional=True, condition="A sign.")
    made = pledges.propose_condition(
        commitment_id=row.id, amount_cents=30_000, proof="?", by=world.actor(Role.DIRECTOR), now=NOW
    )

    pledges.decide_condition(proof_id=made.id, is_met=False, by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    row.refresh_from_db()
    assert (row.met_cents, promises.totals(world.fund.id).owed_cents) == (0, 0)


@pytest.mark.parametrize("cents", [0, -1, 30_001])
def test_a_proof_is_for_what_waits(world, cents):
    row = pledge(world, is_conditional=True, condition="A sign.")

    with pytest.raises(errors.InvalidInput):
        pledges.propose_condition(
            commitment_id=row.id, amount_cents=cents, proof="x", by=world.actor(Role.DIRECTOR), now=NOW
        )


def test_only_a_condition_that_a_person_judges_is_confirmed_by_hand(world):
    director = world.actor(Role.DIRECTOR)
    for row in (pledge(world), pledge(world, is_conditional=True, condition="1:1", match_percent=100)):
        with pytest.raises(errors.WrongState):
            pledges.propose_condition(commitment_id=row.id, amount_cents=1, proof="x", by=director, now=NOW)


def test_a_match_becomes_due_as_gifts_arrive_up_to_its_face(world):
    row = pledge(world, 25_000, is_conditional=True, condition="1:1 with gifts.", match_percent=100)

    gift(world, 6_000)
    row.refresh_from_db()
    assert (row.met_cents, row.owed_cents, row.state) == (6_000, 6_000, "CONDITIONAL")
    gift(world, 50_000, "GIFT-2")
    row.refresh_from_db()
    assert (row.met_cents, row.state) == (25_000, "PLEDGED")
    pay(world, row, 25_000)
    row.refresh_from_db()
    assert row.state == "FULFILLED"
    assert proof.check_books() == []


def test_a_bounce_makes_the_part_late_whose_day_has_passed_and_no_other(world):
    parts = [Part(TODAY + timedelta(days=10), 10_000), Part(LATER.date() + timedelta(days=60), 20_000)]
    row = pledge(world, instalments=parts)
    first = pay(world, row, 10_000)
    second = pay(world, row, 5_000, "WIRE-2")
    by = world.actor(Role.TREASURER_RELEASES)

    receipts.bounce(receipt_id=second.id, reason="No funds.", by=by, now=LATER)
    row.refresh_from_db()
    assert row.state == "PARTIALLY_RECEIVED"
    receipts.bounce(receipt_id=first.id, reason="No funds.", by=by, now=LATER)

    row.refresh_from_db()
    assert row.state == "OVERDUE"
    assert [part.open_cents for part in receivables.schedule(row)[1]] == [10_000, 20_000]
    assert due_dates.mark_overdue(fund_id=world.fund.id, now=LATER) == 0


def test_a_gift_that_bounces_takes_its_match_with_it(world):
    row = pledge(world, 25_000, is_conditional=True, condition="1:1 with gifts.", match_percent=100)
    one = gift(world, 20_000)
    pay(world, row, 15_000)

    receipts.bounce(receipt_id=one.id, reason="No funds.", by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    row.refresh_from_db()
    position = books.position(world.fund.id)
    assert (row.met_cents, row.state, row.owed_cents) == (0, "CONDITIONAL", 0)
    assert (position.refundable_advance_cents, position.outstanding_cents) == (15_000, 0)
    assert position.available_cents == 0
    assert proof.check_books() == []


def test_a_match_with_new_dates_still_follows_the_gifts(world):
    said = {"is_conditional": True, "condition": "1:1 with gifts.", "match_percent": 100}
    row = pledge(world, 25_000, due_on=TODAY + timedelta(days=30), **said)
    one = gift(world, 6_000)
    due_dates.mark_overdue(fund_id=world.fund.id, now=LATER)
    new_days = [Part(LATER.date() + timedelta(days=30), 25_000)]
    by = world.actor(Role.TREASURER_RELEASES)
    turned = turns.propose_dates(
        commitment_id=row.id,
        instalments=new_days,
        reason="The donor asked.",
        by=world.actor(Role.DIRECTOR),
        now=LATER,
    )
    turns.make(turn_id=turned.id, by=by, now=LATER)

    gift(world, 5_000, "GIFT-2")
    row.refresh_from_db()
    assert row.met_cents == 11_000
    receipts.bounce(receipt_id=one.id, reason="No funds.", by=by, now=LATER)
    row.refresh_from_db()
    assert row.met_cents == 5_000
    assert proof.check_books() == []


def test_a_donors_own_gift_is_not_matched_by_the_donor(world):
    row = pledge(world, 25_000, is_conditional=True, condition="1:1", match_percent=100)

    gift(world, 5_000, donor=row.donor)

    row.refresh_from_db()
    assert row.met_cents == 0


def test_a_promise_is_late_on_the_day_after_by_the_funds_clock(world):
    row = pledge(world, due_on=TODAY)
    # Midnight in Los Angeles is seven hours after midnight in UTC.
    before_midnight = NOW.replace(hour=6, minute=59) + timedelta(days=1)

    assert due_dates.mark_overdue(fund_id=world.fund.id, now=before_midnight) == 0
    assert due_dates.mark_overdue(fund_id=world.fund.id, now=before_midnight + timedelta(minutes=2)) == 1
    assert due_dates.mark_overdue(fund_id=world.fund.id, now=before_midnight + timedelta(days=1)) == 0
    row.refresh_from_db()
    assert row.state == "OVERDUE"
    assert Event.objects.filter(verb="commitment.overdue").count() == 1


def test_a_promise_whose_first_part_came_in_is_not_late(world):
    row = pledge(world, instalments=parts(10_000, 20_000))
    pay(world, row, 10_000)

    assert due_dates.mark_overdue(fund_id=world.fund.id, now=NOW + timedelta(days=20)) == 0
    assert due_dates.mark_overdue(fund_id=world.fund.id, now=LATER) == 1


def test_new_dates_cover_what_is_still_to_come_and_the_old_ones_stay(world):
    row = make_overdue(world)
    pay(world, row, 5_000)
    due_dates.mark_overdue(fund_id=world.fund.id, now=LATER)
    start = LATER.date()

    with pytest.raises(errors.InvalidInput):
        turns.propose_dates(
            commitment_id=row.id,
            instalments=parts(30_000, start=start),
            reason="Hard times.",
            by=world.actor(Role.DIRECTOR),
            now=LATER,
        )
    turned = turns.propose_dates(
        commitment_id=row.id,
        instalments=parts(15_000, 10_000, start=start),
        reason="Hard times.",
        by=world.actor(Role.DIRECTOR),
        now=LATER,
    )
    turns.make(turn_id=turned.id, by=world.actor(Role.TREASURER_RELEASES), now=LATER)

    row.refresh_from_db()
    assert (row.state, row.schedule) == ("RENEGOTIATED", 2)
    assert row.instalments.count() == 4
    _, open_parts = receivables.schedule(row)
    assert [part.open_cents for part in open_parts] == [15_000, 10_000]
    assert due_dates.mark_overdue(fund_id=world.fund.id, now=LATER + timedelta(days=2)) == 1


def test_a_default_is_signed_by_two_and_written_off_and_every_figure_follows(world):
    row = make_overdue(world)
    pay(world, row, 5_000)
    due_dates.mark_overdue(fund_id=world.fund.id, now=LATER)
    director, releaser = world.actor(Role.DIRECTOR), world.actor(Role.TREASURER_RELEASES)
    with pytest.raises(errors.Forbidden):
        turns.propose_default(commitment_id=row.id, reason="Gone.", by=releaser, now=LATER)
    turned = turns.propose_default(commitment_id=row.id, reason="Gone.", by=director, now=LATER)
    row.refresh_from_db()
    assert row.state == "OVERDUE"
    turns.make(turn_id=turned.id, by=releaser, now=LATER)
    assert promises.totals(world.fund.id) == promises.Promises(30_000, 25_000, 0, 0)

    pledges.write_off(commitment_id=row.id, board_note="Minutes 12.", by=releaser, now=LATER)

    row.refresh_from_db()
    position = books.position(world.fund.id)
    assert (row.state, row.written_off_cents) == ("WRITTEN_OFF", 25_000)
    assert (position.committed_cents, position.outstanding_cents) == (5_000, 0)
    assert promises.totals(world.fund.id) == promises.Promises(5_000, 0, 0, 0)
    assert receivables.aged(director, fund_id=world.fund.id, today=TODAY).owed_cents == 0
    assert proof.check_books() == []
    with pytest.raises(errors.WrongState):
        pledges.write_off(commitment_id=row.id, board_note="Again.", by=releaser, now=LATER)


def test_only_a_late_promise_defaults(world):
    row = pledge(world)

    with pytest.raises(errors.WrongState):
        turns.propose_default(commitment_id=row.id, reason="x", by=world.actor(Role.DIRECTOR), now=NOW)


def test_the_database_itself_lets_no_promise_turn_by_one_person(world):
    row = make_overdue(world)

    with pytest.raises(IntegrityError, match="by two people"), transaction.atomic():
        Commitment.objects.filter(id=row.id).update(state="DEFAULTED")


def test_dates_that_no_longer_fit_are_not_signed(world):
    row = make_overdue(world)
    director, releaser = world.actor(Role.DIRECTOR), world.actor(Role.TREASURER_RELEASES)
    days = parts(30_000, start=LATER.date())
    turned = turns.propose_dates(
        commitment_id=row.id, instalments=days, reason="Hard times.", by=director, now=LATER
    )
    with pytest.raises(errors.Duplicate):
        turns.propose_default(commitment_id=row.id, reason="Gone.", by=director, now=LATER)
    pay(world, row, 5_000)

    with pytest.raises((errors.InvalidInput, errors.WrongState)):
        turns.make(turn_id=turned.id, by=releaser, now=LATER)
    turns.refuse(turn_id=turned.id, by=releaser, now=LATER)

    row.refresh_from_db()
    assert row.schedule == 1
    with pytest.raises(errors.AlreadyDecided):
        turns.make(turn_id=turned.id, by=releaser, now=LATER)


def test_receivables_are_aged_to_the_cent(world):
    pledge(world, 30_000, instalments=parts(10_000, 20_000))
    pledge(world, 5_000)
    pledge(world, 7_000, is_conditional=True, condition="x")

    found = receivables.aged(
        world.actor(Role.AUDITOR), fund_id=world.fund.id, today=TODAY + timedelta(days=65)
    )

    assert found.buckets == {
        "not_due": 5_000,
        "1-30": 0,
        "31-60": 20_000,
        "61-90": 10_000,
        "over_90": 0,
    }
    assert set(found.buckets) == set(schedules.BUCKET_NAMES)
    assert (found.owed_cents, found.conditional_cents) == (35_000, 7_000)
    assert found.top_donor_bp == 8_571
    with pytest.raises(errors.Forbidden):
        receivables.aged(world.actor(Role.REVIEWER), fund_id=world.fund.id, today=TODAY)


def test_a_donor_is_reminded_once_before_and_once_after_each_date(world):
    row = pledge(world, 30_000, due_on=TODAY + timedelta(days=10))
    donor = row.donor
    donor.contact = "founder@example.org"
    donor.save(update_fields=["contact"])

    sent = [
        due_dates.remind(fund_id=world.fund.id, now=NOW + timedelta(days=days))
        for days in (0, 3, 4, 10, 11, 12, 24, 40)
    ]

    keys = OutboxMessage.objects.filter(kind="donor_notice").values_list("effect_key", flat=True)
    assert sent == [0, 1, 1, 1, 1, 1, 1, 1]
    assert sorted(key.rpartition(":")[2] for key in keys) == ["before", "day", "fortnight", "month"]


def test_nobody_is_reminded_of_what_came_in_or_without_an_address(world):
    row = pledge(world, due_on=TODAY)
    assert due_dates.remind(fund_id=world.fund.id, now=LATER) == 0
    row.donor.contact = "founder@example.org"
    row.donor.save(update_fields=["contact"])
    assert due_dates.remind(fund_id=world.fund.id, now=LATER) == 1

    pay(world, row, 30_000)

    assert due_dates.remind(fund_id=world.fund.id, now=LATER) == 0
