"""Another contact: proved by a code before it counts, told to the old one, never another worker's."""

import re
from datetime import timedelta

import builders
import gateway as gateways
import pytest
from builders import NOW, World
from casework import accepted_awards, choose_bank, file_request, worker_of

from fundmgr.domain import errors
from fundmgr.models import Event, OutboxMessage
from fundmgr.services import background
from requests_app.models import Applicant, ContactChange, Notice
from requests_app.queries import my_data
from requests_app.services import contact_changes, contacts, erasures, intake, second_contacts

OLD, NEW = "river@example.org", "new@example.org"


@pytest.fixture
def world(db: None) -> World:
    return builders.make_world()


@pytest.fixture
def texted(settings):
    """A fund that sends texts."""
    with gateways.used(settings) as one:
        yield one


@pytest.fixture
def river(world: World):
    """A worker with a request, and who they act as."""
    row = file_request(world)
    return row, worker_of(row)


def ask(row, by, contact: str = NEW, *, now=NOW) -> None:
    contact_changes.ask(applicant_id=row.applicant_id, contact=contact, language="en", by=by, now=now)


def enter(row, by, code: str, contact: str = NEW, *, now=NOW) -> None:
    contact_changes.enter(applicant_id=row.applicant_id, contact=contact, code=code, by=by, now=now)


def code_for(contact: str, *, now=NOW) -> str:
    background.deliver(clock=lambda: now)
    rows = Notice.objects.filter(kind="contact_code").order_by("-created_at", "-id")
    return re.search(r"\d{6}", next(row for row in rows if row.contact == contact).subject).group()


def change(row, by, contact: str = NEW, *, now=NOW) -> None:
    ask(row, by, contact, now=now)
    enter(row, by, code_for(contact, now=now), contact, now=now)


def told() -> list[tuple[str, str]]:
    background.deliver(clock=lambda: NOW + timedelta(days=2))
    rows = Notice.objects.exclude(kind__in=("contact_code", "request_received")).order_by("created_at", "id")
    return sorted((row.kind, row.contact) for row in rows)


def test_the_new_contact_counts_from_its_code_on_and_both_are_told(world: World, river):
    row, by = river
    ask(row, by)
    assert Applicant.objects.get().contact == OLD

    enter(row, by, code_for(NEW))

    assert Applicant.objects.get().contact == NEW
    assert told() == [("contact_changed", NEW), ("contact_changed", OLD)]
    (old,) = (row.text for row in Notice.objects.filter(kind="contact_changed") if row.contact == OLD)
    assert "If this was not you, call us now." in old
    assert Event.objects.filter(verb="contact.changed", object_id=row.applicant_id).count() == 1
    assert my_data.everything(Applicant.objects.get())["person"]["former_contacts"][0]["contact"] == OLD


def test_the_new_contact_signs_in_as_the_same_person_and_the_old_one_as_nobody_known(world: World, river):
    row, by = river
    change(row, by)
    later = NOW + timedelta(hours=2)

    users = []
    for contact in (NEW, OLD):
        contacts.send_code(fund_id=world.fund.id, contact=contact, language="en", now=later)
        code = code_for(contact, now=later)
        users.append(contacts.enter_code(fund_id=world.fund.id, contact=contact, code=code, now=later).id)

    assert users[0] == by.person_id
    assert users[1] != by.person_id


def test_a_wrong_code_changes_nothing_and_is_counted(world: World, river):
    row, by = river
    ask(row, by)

    for _try in range(contacts.MOST_ATTEMPTS):
        with pytest.raises(errors.InvalidInput):
            enter(row, by, "000000" if code_for(NEW) != "000000" else "000001")
    with pytest.raises(errors.InvalidInput) as refused:
        enter(row, by, code_for(NEW))

    assert refused.value.problems[0].code == "code_burnt"
    assert Applicant.objects.get().contact == OLD


def test_whose_contact_it_is_already_is_told_to_its_owner_alone(world: World, river):
    row, by = river
    other = file_request(world, contact="other@example.org", full_name="Some One")

    # The first answer is the same for a contact that is known and one that is not.
    ask(row, by, "other@example.org")
    with pytest.raises(errors.Duplicate):
        enter(row, by, code_for("other@example.org"), "other@example.org")

    assert Applicant.objects.get(id=row.applicant_id).contact == OLD
    assert Applicant.objects.get(id=other.applicant_id).contact == "other@example.org"


def test_nobody_else_changes_it(world: World, river):
    row, _by = river
    other = worker_of(file_request(world, contact="other@example.org", full_name="Some One"))

    for act in (lambda: ask(row, other), lambda: enter(row, other, "123456")):
        with pytest.raises(errors.NotFound):
            act()


def test_a_worker_sends_no_codes_to_one_stranger_after_the_other(world: World, river, texted):
    row, by = river
    for number in range(contacts.MOST_CODES_OF_A_SENDER):
        ask(row, by, f"stranger{number}@example.org")

    with pytest.raises(errors.TooMany):
        ask(row, by, "one.more@example.org")
    with pytest.raises(errors.TooMany):
        second_contacts.ask(applicant_id=row.applicant_id, contact="+12135550199", by=by, now=NOW)

    assert OutboxMessage.objects.filter(kind="contact_code").count() == contacts.MOST_CODES_OF_A_SENDER
    ask(row, by, "one.more@example.org", now=NOW + timedelta(hours=2))


def test_the_same_contact_is_no_change(world: World, river):
    row, by = river

    with pytest.raises(errors.InvalidInput):
        ask(row, by, f" {OLD.upper()} ")

    assert not OutboxMessage.objects.filter(kind="contact_code").exists()


def test_the_contact_that_was_left_hears_of_new_payment_details_for_a_while(world: World):
    builders.put_money_in(world, 500_000)
    (award,) = accepted_awards(world, [120_000])
    applicant = award.request.applicant
    by, old = worker_of(award.request), applicant.contact
    change(award.request, by)

    choose_bank(world, award, account="000111222", now=NOW + timedelta(days=1))

    assert sorted(contact for kind, contact in told() if kind == "payee_changed") == sorted([NEW, old])


def test_erasing_takes_the_old_contacts_too(world: World, river):
    row, by = river
    change(row, by)
    intake.withdraw(request_id=row.id, by=by, now=NOW)
    erasures.ask(applicant_id=row.applicant_id, by=by, now=NOW)
    erasures.erase(applicant_id=row.applicant_id, now=NOW)

    assert ContactChange.objects.get().old_contact is None
    assert told() == []
