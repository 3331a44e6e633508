"""The approvals inbox: groups decided by another person than their maker."""

import pytest
from builders import TODAY, add_staff, make_commitment, make_donor, make_world, put_money_in
from casework import accepted_awards, add_role, build, file_request, make_eligible, propose
from console import Staff, new_token, summary_of, text_of

from fundmgr.domain.eligibility import Reason
from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.services import receipts
from requests_app.models import AllocationRound, Decision
from requests_app.services import rounds

pytestmark = pytest.mark.django_db

OWN = "You proposed this. Another person must approve it."


def proposals(world, count: int = 3) -> list[Decision]:
    """Several proposals of one reviewer."""
    rows = [
        file_request(world, 100_000 + number, contact=f"w{number}@example.org", full_name=f"Worker {number}")
        for number in range(count)
    ]
    return [propose(world, row) for row in rows]


def group_of(world, person=None, outcome: str = "eligible") -> str:
    """A group's page."""
    person = person or world.actor(Role.REVIEWER)
    return f"approvals/{person.person_id}/{outcome}/"


def test_an_empty_inbox_says_so():
    words = text_of(Staff(make_world(), Role.APPROVER).get("approvals/"))

    assert "Nothing waits for approval" in words


def test_the_inbox_groups_proposals_by_who_made_them():
    world = make_world()
    proposals(world)
    other = file_request(world, contact="other@example.org")
    propose(world, other, is_eligible=False, reasons=[Reason.LATE])

    words = text_of(Staff(world, Role.APPROVER).get("approvals/"))

    assert "3 requests, $3,000" in words
    assert "1 request" in words
    assert "Not this time" in words
    assert "Waits for you" in words


def test_ones_own_proposals_are_shown_without_a_button():
    world = make_world()
    add_role(world, world.actor(Role.REVIEWER), Role.APPROVER)
    made = proposals(world)
    desk = Staff(world, Role.REVIEWER)

    assert OWN in text_of(desk.get("approvals/"))
    page = text_of(desk.get(group_of(world)))
    assert OWN in page
    assert "Approve 3" not in page

    answer = desk.post(f"{group_of(world)}final/", {"decision": [public("dec", row.id) for row in made]})
    assert answer.status_code == 403
    assert OWN in summary_of(answer)
    assert Decision.objects.filter(state="PROPOSED").count() == 3


def test_a_group_is_approved_but_for_those_left_out():
    world = make_world()
    made = proposals(world)
    desk = Staff(world, Role.APPROVER)
    page = text_of(desk.get(group_of(world)))
    assert "Approve 3 for $3,000" in page
    assert "Worker 1" not in page

    keys = [public("dec", row.id) for row in made]
    answer = desk.post(f"{group_of(world)}final/", {"decision": keys, "leave_out": keys[:1]})

    assert answer["Location"] == desk.address("approvals/")
    assert Decision.objects.filter(state="FINAL").count() == 2
    made[0].refresh_from_db()
    assert made[0].state == "PROPOSED"


def test_a_group_goes_back_with_what_must_change():
    world = make_world()
    keys = [public("dec", row.id) for row in proposals(world)]
    desk = Staff(world, Role.APPROVER)

    refused = desk.post(f"{group_of(world)}back/", {"decision": keys, "note": " "})
    done = desk.post(f"{group_of(world)}back/", {"decision": keys, "note": "Which month?"})

    assert refused.status_code == 422
    assert "Write what must change." in summary_of(refused)
    assert done.status_code == 302
    assert Decision.objects.filter(state="SENT_BACK").count() == 3


@pytest.mark.parametrize(
    ("way", "state", "said"),
    [("final", "FINAL", "3 proposals decided."), ("back", "SENT_BACK", "3 proposals sent back.")],
)
def test_a_group_sent_twice_is_answered_as_the_first_time(way, state, said):
    world = make_world()
    keys = [public("dec", row.id) for row in proposals(world)]
    desk, token = Staff(world, Role.APPROVER), new_token()
    sent = {"decision": keys, "note": "Which month?"}

    answers = [desk.post(f"{group_of(world)}{way}/", sent, token=token) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [desk.address("approvals/")] * 2
    assert text_of(desk.get("approvals/")).count(said) == 2
    assert Decision.objects.filter(state=state).count() == 3


def test_a_group_that_somebody_else_decided_is_told():
    world = make_world()
    keys = [public("dec", row.id) for row in proposals(world)]
    first, second = (
        Staff(world, Role.APPROVER),
        Staff(world, add_staff(world.fund, Role.APPROVER, name="Two")),
    )
    first.post(f"{group_of(world)}final/", {"decision": keys})

    assert second.post(f"{group_of(world)}final/", {"decision": keys}).status_code in {404, 409}
    assert Decision.objects.filter(state="FINAL").count() == 3


@pytest.mark.parametrize(
    "sent", [{}, {"decision": ["x"]}, {"decision": ["dec_" + "0" * 32]}, {"decision": ["req_" + "0" * 32]}]
)
def test_a_group_form_that_is_none_changes_nothing(sent):
    world = make_world()
    proposals(world)

    answer = Staff(world, Role.APPROVER).post(f"{group_of(world)}final/", sent)

    assert answer.status_code in {404, 422}
    assert Decision.objects.filter(state="PROPOSED").count() == 3


def test_leaving_everything_out_is_told():
    world = make_world()
    keys = [public("dec", row.id) for row in proposals(world)]

    answer = Staff(world, Role.APPROVER).post(
        f"{group_of(world)}final/", {"decision": keys, "leave_out": keys}
    )

    assert answer.status_code == 422
    assert "You left out every request" in summary_of(answer)


def test_a_group_of_nobody_is_not_there():
    world = make_world()

    assert Staff(world, Role.APPROVER).get(group_of(world)).status_code == 404
    assert Staff(world, Role.APPROVER).get("approvals/nobody/eligible/").status_code == 404


def test_a_reviewer_may_look_and_not_approve():
    world = make_world()
    keys = [public("dec", row.id) for row in proposals(world)]
    other = Staff(world, add_staff(world.fund, Role.REVIEWER, name="Another reviewer"))

    assert "An approver decides this." in text_of(other.get(group_of(world)))
    assert other.post(f"{group_of(world)}final/", {"decision": keys}).status_code == 403


def test_rounds_batches_and_receipts_wait_in_the_inbox_of_whom_they_wait_for():
    world = make_world()
    put_money_in(world, 50_000_000)
    accepted_awards(world, [240_000])
    build(world)
    make_eligible(world, [file_request(world, contact="next@example.org")])
    rounds.propose_rule(
        fund_id=world.fund.id,
        rule={"version": 1, "rule": "proportional"},
        by=world.actor(Role.DIRECTOR),
        now=AllocationRound.objects.get().created_at,
    )
    commitment = make_commitment(world, make_donor(world), 1_000)
    receipts.record(
        commitment_id=commitment.id,
        amount_cents=1_000,
        bank_reference="W2",
        received_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=commitment.created_at,
    )

    treasurer = text_of(Staff(world, Role.TREASURER_RELEASES).get("approvals/"))
    assert "1 payment, $1,500" in treasurer
    assert "1 receipt, $10" in treasurer
    approver = text_of(Staff(world, Role.APPROVER).get("approvals/"))
    assert "Round 2" in approver
    assert "Batch 1" not in approver
    director = text_of(Staff(world, Role.DIRECTOR).get("approvals/"))
    assert OWN in director
