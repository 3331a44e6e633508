"""What becomes of a promise, on the pages of the console."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_donor, make_world
from console import Staff, summary_of, text_of
from papers import a_pdf

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment, CommitmentTurn, ConditionProof
from fundmgr.services import due_dates, evidence, funds

pytestmark = pytest.mark.django_db


def promised(world, **said):
    """A promise typed on the page, and its place."""
    sent = {
        "donor": public("don", make_donor(world).id),
        "amount": "300.00",
        "pledged_on": TODAY.isoformat(),
        "conditional": "no",
        **said,
    }
    answer = Staff(world, Role.DIRECTOR).post("commitments/new/", sent)
    assert answer.status_code == 302, summary_of(answer)
    row = Commitment.objects.get()
    return row, f"commitments/{public('com', row.id)}/"


def test_dates_are_typed_line_by_line_and_shown():
    world = make_world()
    row, page = promised(
        world, instalments=f"{TODAY} 100\n{TODAY + timedelta(days=30)} 200.00", collection_percent="80"
    )

    assert list(row.instalments.order_by("number").values_list("amount_cents", flat=True)) == [10_000, 20_000]
    assert row.collection_bp == 8_000
    assert "Dates" in text_of(Staff(world, Role.AUDITOR).get(page))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon 100", "Line 1 cannot be read."),
        (f"{TODAY} 100", "The parts do not add up to the whole amount."),
        (f"{TODAY} 100\n2020-01-01 200", "Line 2: The money cannot be due before it was promised."),
        (f"{TODAY} 100\n2098-01-01 200", "Line 2: Check the year: this is more than 10 years ahead."),
    ],
)
def test_dates_that_cannot_be_are_told_in_words(typed, sentence):
    world = make_world()
    answer = Staff(world, Role.DIRECTOR).post(
        "commitments/new/",
        {
            "donor": public("don", make_donor(world).id),
            "amount": "300.00",
            "pledged_on": TODAY.isoformat(),
            "conditional": "no",
            "instalments": typed,
        },
    )

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Commitment.objects.exists()


def test_a_condition_is_met_by_two_people_on_the_page():
    world = make_world()
    row, page = promised(world, conditional="yes", condition="The strike lasts 30 days.")
    director, releaser = Staff(world, Role.DIRECTOR), Staff(world, Role.TREASURER_RELEASES)

    director.post(f"{page}condition/", {"amount": "250", "proof": "The calendar."})
    proof = ConditionProof.objects.get()
    assert "says that the condition is met for $250" in text_of(releaser.get(page))
    refused = director.post(f"{page}{public('prf', proof.id)}/", {"is_met": "yes"})
    releaser.post(f"{page}{public('prf', proof.id)}/", {"is_met": "yes"})

    row.refresh_from_db()
    assert refused.status_code == 403
    assert row.met_cents == 25_000
    assert "$250 of it is due by now." in text_of(releaser.get(page))


def test_a_condition_is_shown_by_a_file_of_its_commitment():
    world = make_world()
    row, page = promised(world, conditional="yes", condition="The strike lasts 30 days.")
    director, treasurer = Staff(world, Role.DIRECTOR), world.actor(Role.TREASURER_PREPARES)
    kept = evidence.add_to_commitment(
        commitment_id=row.id, name="calendar.pdf", content=a_pdf(), by=treasurer, now=NOW
    )
    assert "calendar.pdf" in text_of(director.get(f"{page}condition/"))
    said = {"amount": "250", "proof": "The calendar."}

    strange = director.post(f"{page}condition/", {**said, "evidence": public("fil", world.fund.id)})
    director.post(f"{page}condition/", {**said, "evidence": public("fil", kept.id)})

    assert "Choose a file that is kept with this commitment." in summary_of(strange)
    assert ConditionProof.objects.get().evidence_id == kept.id
    assert "The calendar. <a href=" in text_of(Staff(world, Role.TREASURER_RELEASES).get(page))


def sign(staff, page, outcome):
    """Answer what waits for a second signature."""
    turn = CommitmentTurn.objects.get(state="PROPOSED")
    return staff.post(f"{page}turns/{public('trn', turn.id)}/", {"outcome": outcome})


def test_a_late_promise_gets_new_dates_or_defaults_and_is_written_off():
    world = make_world()
    row, page = promised(world, due_on=TODAY.isoformat())
    due_dates.mark_overdue(fund_id=world.fund.id, now=NOW + timedelta(days=2))
    director, releaser = Staff(world, Role.DIRECTOR), Staff(world, Role.TREASURER_RELEASES)
    assert "Agree on new dates" in text_of(director.get(page))

    dated = director.post(f"{page}dates/", {"instalments": "2033-01-01 300", "reason": "Hard times."})
    assert dated.status_code == 302, summary_of(dated)
    assert "You proposed this. A treasurer who releases must sign it too." in text_of(director.get(page))
    assert "1 late promise" in text_of(releaser.get("approvals/"))
    assert "proposes new dates: $300 on" in text_of(releaser.get(page))
    sign(releaser, page, "")
    row.refresh_from_db()
    assert row.state == "OVERDUE"
    sign(releaser, page, "MADE")
    row.refresh_from_db()
    assert row.state == "RENEGOTIATED"
    assert "Write where" not in text_of(director.get(f"{page}default/"))
    director.post(f"{page}default/", {"reason": "Gone."})
    assert "proposes that the donor will not pay.</strong> Gone." in text_of(releaser.get(page))
    sign(releaser, page, "REFUSED")
    director.post(f"{page}default/", {"reason": "Really gone."})
    sign(releaser, page, "MADE")
    assert "In default" in text_of(releaser.get(page))
    missing = releaser.post(f"{page}write-off/", {"board_note": ""})
    releaser.post(f"{page}write-off/", {"board_note": "Minutes 12."})

    row.refresh_from_db()
    assert "Name the minutes in which the board agreed." in summary_of(missing)
    assert (row.state, row.written_off_cents) == ("WRITTEN_OFF", 30_000)


def test_what_is_owed_stands_by_age():
    world = make_world()
    assert "Nothing is owed" in text_of(Staff(world, Role.AUDITOR).get("commitments/owed/"))
    promised(world, due_on=TODAY.isoformat())

    page = text_of(Staff(world, Role.AUDITOR).get("commitments/owed/"))

    assert "What donors owe" in page
    assert "300.00" in page
    assert "Over 90 days" in page


def test_a_large_promise_waits_for_a_second_person():
    world = make_world()
    terms = funds.PolicyTerms(750_000, 150_000, 200, 10**9, "The board", countersign_from_cents=20_000)
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)
    row, page = promised(world)

    own = Staff(world, Role.DIRECTOR).post(f"{page}sign/")
    other = Staff(world, Role.APPROVER)
    assert "Countersign it" in text_of(other.get(page))
    signed = other.post(f"{page}sign/")
    assert signed.status_code == 302, text_of(signed)
    row.refresh_from_db()
    assert own.status_code == 403
    assert "You recorded this commitment." in text_of(own)
    assert row.state == "PLEDGED"
