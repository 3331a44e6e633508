"""A contact that was lost: proposed by one, signed by another, told to both, and payment details wait."""

import builders
import pytest
from builders import NOW, World
from casework import accepted_awards, choose_bank, file_request, make_awards, worker_of

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.services import background
from requests_app.models import Applicant, ContactHandover, Notice
from requests_app.services import contact_handovers, erasures, intake

OLD, NEW = "river@example.org", "new@example.org"


@pytest.fixture
def world(db: None) -> World:
    return builders.make_world()


def propose(world: World, row, contact: str = NEW, **said) -> ContactHandover:
    terms = {"reason": "Called back.", "by": world.actor(Role.REVIEWER), **said}
    return contact_handovers.propose(request_id=row.id, contact=contact, now=NOW, **terms)


def make(world: World, row: ContactHandover) -> ContactHandover:
    return contact_handovers.make(handover_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)


def test_nothing_changes_before_the_director_signs_and_both_contacts_are_told(world: World) -> None:
    row = file_request(world)
    handover = propose(world, row, f" {NEW.upper()} ")
    assert Applicant.objects.get().contact == OLD

    made = make(world, handover)

    assert Applicant.objects.get().contact == NEW
    assert made.state == "MADE"
    background.deliver(clock=lambda: NOW)
    told = {one.contact: one.text for one in Notice.objects.filter(kind="contact_changed")}
    assert set(told) == {OLD, NEW}
    assert "said that this number or address is lost" in told[OLD]
    verbs = set(Event.objects.filter(object_type="handover").values_list("verb", flat=True))
    assert verbs == {"handover.proposed", "handover.made"}
    assert not any(NEW.encode() in bytes(event.body) for event in Event.objects.all())


def test_who_proposes_cannot_sign_and_a_refused_one_changes_nothing(world: World) -> None:
    row = file_request(world)
    handover = propose(world, row)
    with pytest.raises(errors.Forbidden):
        contact_handovers.make(handover_id=handover.id, by=world.actor(Role.REVIEWER), now=NOW)
    with pytest.raises(errors.Duplicate):
        propose(world, row, "third@example.org")

    contact_handovers.refuse(handover_id=handover.id, by=world.actor(Role.DIRECTOR), now=NOW)

    assert Applicant.objects.get().contact == OLD
    with pytest.raises(errors.AlreadyDecided):
        make(world, handover)


@pytest.mark.parametrize(
    ("contact", "said", "error"),
    [
        (OLD, {}, errors.InvalidInput),
        ("nothing", {}, errors.InvalidInput),
        (NEW, {"reason": " "}, errors.InvalidInput),
        ("other@example.org", {}, errors.Duplicate),
    ],
)
def test_what_is_not_taken_down(world: World, contact: str, said: dict, error: type[Exception]) -> None:
    row = file_request(world)
    file_request(world, contact="other@example.org", full_name="Some One")

    with pytest.raises(error):
        propose(world, row, contact, **said)


def test_first_payment_details_right_after_a_new_contact_wait_and_both_hear(world: World) -> None:
    builders.put_money_in(world, 500_000)
    (award,) = make_awards(world, [120_000])
    old = award.request.applicant.contact
    make(world, propose(world, award.request))

    payee = choose_bank(world, award, account="000111222", now=NOW)

    assert (payee.usable_at - NOW).total_seconds() == 72 * 3600
    background.deliver(clock=lambda: NOW)
    told = {one.contact for one in Notice.objects.filter(kind="payee_changed")}
    assert told == {NEW, old}


def test_control_first_payment_details_of_one_who_stayed_do_not_wait(world: World) -> None:
    builders.put_money_in(world, 500_000)

    (award,) = accepted_awards(world, [120_000])

    assert award.request.applicant.payee_accounts.get().usable_at <= NOW


def test_erasing_empties_the_contact(world: World) -> None:
    row = file_request(world)
    make(world, propose(world, row))
    by = worker_of(row)
    intake.withdraw(request_id=row.id, by=by, now=NOW)
    erasures.ask(applicant_id=row.applicant_id, by=by, now=NOW)

    erasures.erase(applicant_id=row.applicant_id, now=NOW)

    assert ContactHandover.objects.get().contact is None


def test_one_who_was_erased_is_reached_by_nobody_again(world: World) -> None:
    row = file_request(world)
    by, waiting = worker_of(row), propose(world, row)
    intake.withdraw(request_id=row.id, by=by, now=NOW)
    erasures.ask(applicant_id=row.applicant_id, by=by, now=NOW)
    erasures.erase(applicant_id=row.applicant_id, now=NOW)

    for act in (lambda: make(world, waiting), lambda: propose(world, row, "third@example.org")):
        with pytest.raises(errors.WrongState):
            act()

    assert Applicant.objects.get().contact == ""
