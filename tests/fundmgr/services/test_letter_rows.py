"""Letters whose money went back: void in the same transaction, and what is left acknowledged anew."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_donor, make_world, put_money_in

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Letter
from fundmgr.services import commitments, letters, pledges, proof, receipts, refunds

pytestmark = pytest.mark.django_db
NEXT_YEAR = NOW + timedelta(days=200)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def receipt(world):
    return put_money_in(world, 25_000)


def preparer(world):
    return world.actor(Role.TREASURER_PREPARES)


def issue(world, receipt):
    return letters.issue(receipt_id=receipt.id, by=preparer(world), now=NOW)


def bounce(world, receipt):
    by = world.actor(Role.TREASURER_RELEASES)
    return receipts.bounce(receipt_id=receipt.id, reason="No funds.", by=by, now=NOW)


def give_back(world, receipt, amount_cents):
    by = world.actor(Role.DIRECTOR)
    refund = refunds.propose(
        receipt_id=receipt.id, amount_cents=amount_cents, reason="The donor asked.", by=by, now=NOW
    )
    return refunds.make(refund_id=refund.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


def standing():
    """What each letter says now: its number, state, sum in cents and the number of the one it replaces."""
    return [
        (row.number, row.state, row.content["total_cents"], row.replaces and row.replaces.number)
        for row in Letter.objects.order_by("number")
    ]


def gifts_of_one_year(world, *amounts):
    """Gifts of one donor, reconciled."""
    donor = make_donor(world)
    made = []
    for place, cents in enumerate(amounts):
        row = receipts.record(
            fund_id=world.fund.id,
            donor_id=donor.id,
            amount_cents=cents,
            bank_reference=f"GIFT-{place}",
            received_on=TODAY,
            by=preparer(world),
            now=NOW,
        )
        by = world.actor(Role.TREASURER_RELEASES)
        made.append(receipts.reconcile(receipt_id=row.id, by=by, now=NOW))
    return made


def state_the_year(world, receipt):
    return letters.issue_annual(donor_id=receipt.donor_id, year=2023, by=preparer(world), now=NEXT_YEAR)


def test_a_bounce_makes_the_letter_void_and_the_trail_says_so(world, receipt):
    letter = issue(world, receipt)

    bounce(world, receipt)

    letter.refresh_from_db()
    releaser = world.actor(Role.TREASURER_RELEASES)
    assert (letter.state, letter.void_reason) == ("VOID", "The bank took the money back.")
    assert (letter.voided_by_id, letter.voided_at) == (releaser.person_id, NOW)
    assert Event.objects.get(verb="letter.voided").object_id == letter.id
    assert standing() == [(1, "VOID", 25_000, None)]
    assert proof.check_books() == []


def test_a_bounced_gift_is_not_acknowledged_anew(world, receipt):
    letter = issue(world, receipt)
    bounce(world, receipt)

    with pytest.raises(errors.WrongState):
        letters.reissue(letter_id=letter.id, reason="Again.", by=preparer(world), now=NOW)
    with pytest.raises(errors.WrongState):
        issue(world, receipt)


def test_a_whole_refund_makes_the_letter_void(world, receipt):
    issue(world, receipt)

    give_back(world, receipt, 25_000)

    assert standing() == [(1, "VOID", 25_000, None)]
    assert Letter.objects.get().void_reason == "The money went back to the donor."


def test_a_part_that_goes_back_leaves_a_letter_of_the_rest(world, receipt):
    issue(world, receipt)

    give_back(world, receipt, 10_000)
    bounce(world, receipt)

    assert standing() == [(1, "VOID", 25_000, None), (2, "VOID", 15_000, 1)]
    assert Letter.objects.get(number=1).void_reason == "A part of the money went back to the donor."
    assert Event.objects.filter(verb="letter.issued").count() == 2
    assert Event.objects.filter(verb="letter.voided").count() == 2


def test_the_statement_of_a_year_is_written_anew_from_what_stayed(world):
    first, second, third = gifts_of_one_year(world, 1_000, 2_000, 4_000)
    state_the_year(world, first)

    bounce(world, second)
    give_back(world, third, 1_500)

    assert standing() == [(1, "VOID", 7_000, None), (2, "VOID", 5_000, 1), (3, "ISSUED", 3_500, 2)]


def test_a_year_without_any_gift_left_has_no_statement(world):
    (only,) = gifts_of_one_year(world, 1_000)
    issue(world, only)
    state_the_year(world, only)

    bounce(world, only)

    assert standing() == [(1, "VOID", 1_000, None), (2, "VOID", 1_000, None)]


def test_letters_that_do_not_name_the_money_stand(world):
    first, other = gifts_of_one_year(world, 1_000, 2_000)
    issue(world, other)
    state_the_year(world, first)
    late = receipts.record(
        fund_id=world.fund.id,
        donor_id=first.donor_id,
        amount_cents=3_000,
        bank_reference="LATE",
        received_on=TODAY,
        by=preparer(world),
        now=NEXT_YEAR,
    )

    bounce(world, late)
    bounce(world, first)

    assert standing() == [(1, "ISSUED", 2_000, None), (2, "VOID", 3_000, None), (3, "ISSUED", 2_000, 2)]


def test_money_of_nobody_has_no_letter_to_correct(world):
    row = receipts.record(
        fund_id=world.fund.id,
        amount_cents=1_000,
        bank_reference="NOBODY",
        received_on=TODAY,
        by=preparer(world),
        now=NOW,
    )

    assert bounce(world, row).state == "REVERSED"


def test_money_that_came_before_its_condition_is_acknowledged_when_it_becomes_a_gift(world):
    promise = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=100_000,
        pledged_on=TODAY,
        is_conditional=True,
        condition="The union adds as much.",
        by=preparer(world),
        now=NOW,
    )
    row = receipts.record(
        commitment_id=promise.id,
        amount_cents=40_000,
        bank_reference="EARLY-1",
        received_on=TODAY,
        by=preparer(world),
        now=NOW,
    )
    row = receipts.reconcile(receipt_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    with pytest.raises(errors.WrongState, match="when it is"):
        issue(world, row)
    with pytest.raises(errors.WrongState, match="when it is"):
        letters.issue_annual(donor_id=promise.donor_id, year=TODAY.year, by=preparer(world), now=NEXT_YEAR)

    said = pledges.propose_condition(
        commitment_id=promise.id,
        amount_cents=25_000,
        proof="Bank letter.",
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )
    releaser = world.actor(Role.TREASURER_RELEASES)
    pledges.decide_condition(proof_id=said.id, is_met=True, by=releaser, now=NOW)
    letter = issue(world, row)

    assert letter.content["total_cents"] == 25_000
    assert proof.check_books() == []
