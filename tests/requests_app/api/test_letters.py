"""Letters over the API."""

from datetime import timedelta

import builders
import pytest
from builders import NOW, TODAY
from calling import code_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.services import commitments, pledges, proof, receipts, refunds


@pytest.fixture
def letters_of(world):
    return f"receipts/{ids.public('rct', builders.put_money_in(world, 25_000).id)}/letters"


def test_a_letter_is_written_read_and_printed(program, letters_of):
    treasury = program(Role.TREASURER_PREPARES)

    made = treasury.post(letters_of)

    assert made.status_code == 201, made.content
    path = made["Location"].removeprefix("/api/v1/")
    assert treasury.get(path).json() == made.json()
    assert made.json()["total"] == {"amount": "250.00", "currency": "USD"}
    printed = treasury.get(path, Accept="application/pdf")
    assert printed["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")


def test_a_letter_is_replaced_and_made_void(program, letters_of):
    treasury = program(Role.TREASURER_PREPARES)
    first = treasury.post(letters_of).json()

    second = treasury.post(f"letters/{first['id']}/reissue", {"reason": "The name."})
    gone = treasury.post(f"letters/{second.json()['id']}/void", {"reason": "A mistake."})
    late = treasury.post(f"letters/{first['id']}/void", {"reason": "Again."})

    assert (second.status_code, second.json()["replaces_id"]) == (201, first["id"])
    assert (gone.status_code, gone.json()["state"]) == (200, "VOID")
    assert (late.status_code, code_of(late)) == (409, "wrong_state")
    assert [row["number"] for row in treasury.get("letters").json()["data"]] == [2, 1]


def test_a_year_that_has_not_ended_is_refused(program, world):
    donor = builders.make_donor(world)
    treasury = program(Role.TREASURER_PREPARES)

    answer = treasury.post(f"donors/{ids.public('don', donor.id)}/annual-letters", {"year": 2199})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")


def test_who_records_no_money_writes_no_letter(program, letters_of):
    assert program(Role.AUDITOR).post(letters_of).status_code == 403


class Giving:
    """Promises on a condition and the money that came on them, by the people who record and confirm it."""

    def __init__(self, world):
        """Stand at the desks of a fund."""
        self.world = world
        self.preparer = world.actor(Role.TREASURER_PREPARES)
        self.releaser = world.actor(Role.TREASURER_RELEASES)

    def promise(self, amount_cents, **said):
        """A promise on a condition, of a donor of its own."""
        return commitments.pledge(
            fund_id=self.world.fund.id,
            donor_id=builders.make_donor(self.world).id,
            amount_cents=amount_cents,
            pledged_on=TODAY - timedelta(days=20),
            is_conditional=True,
            condition="The union adds as much.",
            by=self.preparer,
            now=NOW,
            **said,
        )

    def arrive(self, amount_cents, reference, *, days_ago=0, **whose):
        """Money that another person confirmed."""
        row = receipts.record(
            amount_cents=amount_cents,
            bank_reference=reference,
            received_on=TODAY - timedelta(days=days_ago),
            by=self.preparer,
            now=NOW,
            **whose,
        )
        return receipts.reconcile(receipt_id=row.id, by=self.releaser, now=NOW)

    def gift(self, amount_cents, reference):
        """Money of a stranger, tied to no promise."""
        donor = builders.make_donor(self.world, name="A stranger")
        return self.arrive(amount_cents, reference, fund_id=self.world.fund.id, donor_id=donor.id)

    def meet(self, promise, amount_cents):
        """A part of the condition that two people confirm."""
        said = pledges.propose_condition(
            commitment_id=promise.id, amount_cents=amount_cents, proof="Seen.", by=self.preparer, now=NOW
        )
        pledges.decide_condition(proof_id=said.id, is_met=True, by=self.releaser, now=NOW)

    def bounce(self, receipt):
        """The bank takes money back."""
        receipts.bounce(receipt_id=receipt.id, reason="No funds.", by=self.releaser, now=NOW)

    def give_back(self, receipt, amount_cents):
        """A part of a gift goes back to its donor."""
        by = self.world.actor(Role.DIRECTOR)
        row = refunds.propose(
            receipt_id=receipt.id, amount_cents=amount_cents, reason="Asked for.", by=by, now=NOW
        )
        refunds.make(refund_id=row.id, by=self.releaser, now=NOW)


@pytest.fixture
def giving(world):
    return Giving(world)


def letter_of(receipt):
    return f"receipts/{ids.public('rct', receipt.id)}/letters"


def year_of(row):
    return f"donors/{ids.public('don', row.donor_id)}/annual-letters"


def told(treasury):
    """What each letter says now: number, state, amount."""
    rows = treasury.get("letters").json()["data"]
    return sorted((row["number"], row["state"], row["total"]["amount"]) for row in rows)


def test_money_before_its_condition_gets_no_letter_and_a_name_for_that(program, giving):
    treasury = program(Role.TREASURER_PREPARES)
    early = giving.arrive(40_000, "EARLY", commitment_id=giving.promise(100_000).id)

    alone = treasury.post(letter_of(early))
    of_year = treasury.post(year_of(early), {"year": TODAY.year})

    assert (alone.status_code, code_of(alone)) == (409, "not_yet_a_gift")
    assert (of_year.status_code, code_of(of_year)) == (409, "not_yet_a_gift")
    assert "before its condition was met" in alone.json()["detail"]
    assert told(treasury) == []
    assert treasury.get("problems/not_yet_a_gift").status_code == 200


def test_a_receipt_that_is_early_in_part_is_acknowledged_for_the_rest(program, giving):
    treasury = program(Role.TREASURER_PREPARES)
    promise = giving.promise(100_000)
    first = giving.arrive(40_000, "FIRST", commitment_id=promise.id)
    second = giving.arrive(30_000, "SECOND", commitment_id=promise.id)
    giving.arrive(5_000, "GIFT", fund_id=giving.world.fund.id, donor_id=promise.donor_id)
    giving.meet(promise, 55_000)

    of_first, of_second = treasury.post(letter_of(first)), treasury.post(letter_of(second))
    of_year = treasury.post(year_of(promise), {"year": TODAY.year})

    # Of the second, 15,000 cents are beyond what is met: in its letter and in the year alike.
    assert [one.json()["total"]["amount"] for one in (of_first, of_second, of_year)] == [
        "400.00",
        "150.00",
        "600.00",
    ]


def test_money_that_is_booked_late_leaves_older_letters_true(program, giving):
    treasury = program(Role.TREASURER_PREPARES)
    promise = giving.promise(100_000)
    giving.meet(promise, 40_000)
    first = giving.arrive(40_000, "FIRST", commitment_id=promise.id)
    letter = treasury.post(letter_of(first)).json()
    # It came ten days before the first, and is recorded after it.
    late = giving.arrive(30_000, "LATE", days_ago=10, commitment_id=promise.id)

    again = treasury.post(f"letters/{letter['id']}/reissue", {"reason": "The name."})

    assert again.json()["total"]["amount"] == "400.00"
    assert code_of(treasury.post(letter_of(late))) == "not_yet_a_gift"


def test_a_letter_of_a_match_is_corrected_where_the_gift_that_it_matched_bounces(program, giving):
    treasury = program(Role.TREASURER_PREPARES)
    match = giving.promise(100_000, match_percent=100)
    first, second = giving.gift(10_000, "PUBLIC-1"), giving.gift(4_000, "PUBLIC-2")
    paid = giving.arrive(14_000, "MATCHED", commitment_id=match.id)
    treasury.post(letter_of(paid))
    treasury.post(year_of(match), {"year": TODAY.year})
    assert told(treasury) == [(1, "ISSUED", "140.00"), (2, "ISSUED", "140.00")]

    giving.bounce(second)
    assert told(treasury) == [
        (1, "VOID", "140.00"),
        (2, "VOID", "140.00"),
        (3, "ISSUED", "100.00"),
        (4, "ISSUED", "100.00"),
    ]
    reasons = {row["void_reason"] for row in treasury.get("letters").json()["data"]}
    assert reasons == {
        "",
        "A gift that the donor matched went back, so this money waits for its condition again.",
    }

    giving.bounce(first)
    assert {row[1] for row in told(treasury)} == {"VOID"}
    assert code_of(treasury.post(letter_of(paid))) == "not_yet_a_gift"
    assert proof.check_books() == []


def test_a_letter_of_a_match_is_corrected_where_the_gift_goes_back_in_part(program, giving):
    treasury = program(Role.TREASURER_PREPARES)
    match = giving.promise(100_000, match_percent=50)
    gift = giving.gift(20_000, "PUBLIC")
    paid = giving.arrive(10_000, "MATCHED", commitment_id=match.id)
    treasury.post(letter_of(paid))

    giving.give_back(gift, 5_000)

    assert told(treasury) == [(1, "VOID", "100.00"), (2, "ISSUED", "75.00")]


def test_a_letter_of_a_match_stands_where_what_it_names_is_still_a_gift(program, giving):
    treasury = program(Role.TREASURER_PREPARES)
    match = giving.promise(100_000, match_percent=100)
    giving.gift(10_000, "PUBLIC-1")
    more = giving.gift(4_000, "PUBLIC-2")
    older = giving.arrive(10_000, "MATCHED-1", commitment_id=match.id)
    giving.arrive(4_000, "MATCHED-2", commitment_id=match.id)
    treasury.post(letter_of(older))

    giving.bounce(more)

    assert told(treasury) == [(1, "ISSUED", "100.00")]
