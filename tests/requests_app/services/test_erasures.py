"""A person erased: nothing personal can be read any more; counts, money, books and trail are as before."""

from datetime import timedelta

import builders
import pytest
from builders import NOW, World
from casework import decide, file_request, paid_awards, propose, worker_of
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import timezone

from fundmgr.domain import actors, errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.permissions import Role
from fundmgr.models import Job
from fundmgr.queries import books
from fundmgr.services import background, proof
from requests_app.models import (
    Applicant,
    AssistanceRequest,
    Erasure,
    Notice,
    PayeeAccount,
    RequestRevision,
)
from requests_app.queries import audit, demand, my_data
from requests_app.services import erasures, intake, reviews
from requests_app.services import my_data as services


@pytest.fixture
def world(db: None) -> World:
    return builders.make_world()


def refused(world: World) -> tuple[AssistanceRequest, Actor]:
    row = file_request(world)
    worker = worker_of(row)
    reviews.ask_for_info(request_id=row.id, text="Which show, Ana?", by=world.actor(Role.REVIEWER), now=NOW)
    reviews.answer_info(request_id=row.id, text="Harbor Nights", by=worker, now=NOW)
    decide(world, propose(world, row, is_eligible=False, reasons=[Reason.LATE], note="Ana called."))
    background.deliver(clock=lambda: NOW)
    row.refresh_from_db()
    return row, worker


def erase(row: AssistanceRequest, worker: Actor) -> Erasure:
    erasures.ask(applicant_id=row.applicant_id, by=worker, now=NOW)
    background.run_jobs(clock=lambda: NOW + timedelta(seconds=20))
    return Erasure.objects.get(applicant_id=row.applicant_id)


def everything_stored() -> str:
    """What can be read of the rows that hold personal text, as the program decrypts it."""
    person = Applicant.objects.get()
    said = [person.full_name, person.preferred_name, person.contact]
    for row in AssistanceRequest.objects.all():
        said += [row.statement, row.job_title, *(asked.text for asked in row.info_requests.all())]
        said += [asked.answer for asked in row.info_requests.all()]
        said += [made.note for made in row.decisions.all()]
    said += [row.answers for row in RequestRevision.objects.all()]
    said += [part for row in Notice.objects.all() for part in (row.contact, row.subject, row.text)]
    for row in PayeeAccount.objects.all():
        said += [row.name_on_account, row.routing_number, row.account_number, row.address]
    return " ".join(part for part in said if part)


def test_invariant_25_the_person_is_gone_and_the_figures_stay(world: World):
    row, worker = refused(world)
    before = demand.layers(world.fund.id, award_cap_cents=150_000)
    assert "River Stone" in everything_stored()

    tomb = erase(row, worker)

    assert everything_stored() == ""
    person = Applicant.objects.get()
    assert (person.user_id, person.name_hashes) == (None, [])
    assert person.contact_hash == f"erased:{person.id.hex}"
    kept = AssistanceRequest.objects.get()
    names = ("state", "asked_cents", "craft", "production_name", "submitted_at", "reference")
    assert [getattr(kept, name) for name in names] == [getattr(row, name) for name in names]
    assert demand.layers(world.fund.id, award_cap_cents=150_000) == before
    assert (tomb.kept, tomb.kept_until, tomb.counts["revisions"]) == (["BOOKS", "STOP"], None, 1)
    assert tomb.done_at - tomb.created_at < timedelta(minutes=1)
    background.link_events()
    assert audit.state().is_sound
    assert Job.objects.get(kind="erasure").state == "DONE"


def test_of_one_who_was_paid_the_name_stays_for_years_and_the_books_hold(world: World):
    builders.put_money_in(world, 10_000_000)
    (award,) = paid_awards(world, [100_000])
    worker = worker_of(award.request)
    position = books.position(world.fund.id)

    tomb = erase(award.request, worker)

    assert everything_stored() == "Worker 0"
    assert PayeeAccount.objects.get().last4
    assert tomb.kept_until.year == NOW.year + 7
    assert "NAME" in tomb.kept
    assert books.position(world.fund.id) == position
    assert proof.check_books() == []


def test_it_waits_while_something_is_open(world: World):
    row = file_request(world)
    worker = worker_of(row)

    with pytest.raises(errors.WrongState):
        erasures.ask(applicant_id=row.applicant_id, by=worker, now=NOW)
    intake.withdraw(request_id=row.id, by=worker, now=NOW)
    assert erase(row, worker).done_at


def test_nobody_else_asks(world: World):
    row, _worker = refused(world)
    other = worker_of(file_request(world, contact="lake@example.org"))

    for stranger in (other, world.actor(Role.DIRECTOR), actors.SYSTEM):
        with pytest.raises(errors.NotFound):
            erasures.ask(applicant_id=row.applicant_id, by=stranger, now=NOW)
        with pytest.raises(errors.NotFound):
            services.export(applicant_id=row.applicant_id, by=stranger, now=NOW)
    with pytest.raises(errors.NotFound):
        erasures.erase(applicant_id=row.applicant_id, now=NOW)


def test_done_twice_it_is_done_once(world: World):
    row, worker = refused(world)
    first = erase(row, worker)

    assert erasures.erase(applicant_id=row.applicant_id, now=timezone.now()).done_at == first.done_at


def test_the_same_contact_can_ask_anew_as_a_new_person(world: World):
    row, worker = refused(world)
    erase(row, worker)

    again = file_request(world)

    assert again.applicant_id != row.applicant_id


@pytest.mark.parametrize("table", [RequestRevision, PayeeAccount])
def test_what_only_grows_can_be_emptied_and_nothing_else(world: World, table):
    builders.put_money_in(world, 10_000_000)
    paid_awards(world, [100_000])
    column = table.erasable[0]
    rows = table.objects.all()

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        rows.update(**{column: "Other words"})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows.update(created_at=NOW + timedelta(days=1))
    assert rows.update(**{column: None}) == 1


def test_the_file_holds_all_and_its_handing_out_is_recorded(world: World):
    row, worker = refused(world)

    found = services.export(applicant_id=row.applicant_id, by=worker, now=NOW)

    assert found == my_data.everything(Applicant.objects.get())
    request = found["requests"][0]
    assert found["person"]["full_name"] == "River Stone"
    assert request["questions"] == [{"asked": "Which show, Ana?", "answer": "Harbor Nights"}]
    assert request["decisions"][0]["reasons"] == ["LATE"]
    assert found["messages"]
    # What staff wrote among themselves is not the worker's.
    assert "Ana called." not in str(found)


def test_a_name_is_put_right_and_found_by_staff(world: World):
    row, worker = refused(world)

    services.rename(
        applicant_id=row.applicant_id, full_name="River  Stone-Lee", preferred_name="", by=worker, now=NOW
    )

    assert Applicant.objects.get().full_name == "River Stone-Lee"
    with pytest.raises(errors.InvalidInput):
        services.rename(applicant_id=row.applicant_id, full_name=" ", preferred_name="", by=worker, now=NOW)
