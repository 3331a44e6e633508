"""A request that was sent changes until its reading starts, and each earlier form of it is kept."""

import json
import threading

import builders
import pytest
from builders import NOW, TODAY, World
from casework import file_request, worker_of
from django.db import connections

from fundmgr.domain import errors
from fundmgr.domain.eligibility import NeedCategory, Urgency
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from fundmgr.services import proof
from requests_app.models import AssistanceRequest
from requests_app.services import changes, intake, productions, reviews

MORE = {"need_lines": ((NeedCategory.RENT, 90_000), (NeedCategory.FOOD, 10_000)), "adults_count": 2}


@pytest.fixture
def world(db: None) -> World:
    return builders.make_world()


def change(row: AssistanceRequest, by, *, version: int = 1, **parts) -> AssistanceRequest:
    return changes.change(request_id=row.id, version=version, parts=parts, by=by, now=NOW)


def test_new_answers_stand_in_the_row_and_old_ones_in_the_revision(world: World):
    row = file_request(world)
    before = changes.ask_of(row)

    change(row, worker_of(row), **MORE, urgency=(Urgency.EVICTION,), statement="Shut-off notice.")

    row = AssistanceRequest.objects.get(id=row.id)
    assert changes.ask_of(row) == changes.replace(
        before, **MORE, urgency=(Urgency.EVICTION,), statement="Shut-off notice."
    )
    assert (row.state, row.version, row.asked_cents, row.submitted_at) == ("SUBMITTED", 2, 100_000, NOW)
    kept = [json.loads(one.answers) for one in row.revisions.order_by("number")]
    assert [one["need_lines"] for one in kept] == [[["RENT", 240_000]], [["RENT", 90_000], ["FOOD", 10_000]]]
    facts = json.loads(bytes(Event.objects.get(verb="request.changed").body))["facts"]
    assert facts == {
        "fields": ["adults_count", "need_lines", "statement", "urgency"],
        "asked_cents": 100_000,
        "revision": 2,
    }
    assert proof.check_books() == []


def test_a_line_goes_and_a_line_comes(world: World):
    row = file_request(world)

    change(row, worker_of(row), need_lines=((NeedCategory.FOOD, 500),))

    assert list(row.need_lines.values_list("category", "amount_cents")) == [("FOOD", 500)]


def test_a_show_is_known_by_its_name_whatever_its_case(world: World):
    productions.add(fund_id=world.fund.id, names=["Badge 27"], by=world.actor(Role.DIRECTOR), now=NOW)
    row = file_request(world, production="Another Show")
    assert row.production_id is None

    change(row, worker_of(row), production_name="BADGE 27")

    assert AssistanceRequest.objects.get(id=row.id).production.name == "Badge 27"


def test_the_same_answers_leave_no_trace(world: World):
    row = file_request(world)

    same = change(row, worker_of(row), need_lines=((NeedCategory.RENT, 240_000),))

    assert (same.version, row.revisions.count()) == (1, 1)
    assert not Event.objects.filter(verb="request.changed").exists()


def test_who_filed_it_may_and_nobody_else(world: World):
    row = file_request(world)

    change(row, world.actor(Role.INTAKE), adults_count=3)

    other = file_request(world, contact="else@example.org", full_name="Some One")
    for by in (world.actor(Role.REVIEWER), world.actor(Role.DIRECTOR), worker_of(other)):
        with pytest.raises(errors.NotFound):
            change(row, by, version=2, adults_count=4)


def test_what_cannot_be_used_changes_nothing(world: World):
    row = file_request(world)

    with pytest.raises(errors.InvalidInput) as refused:
        change(row, worker_of(row), adults_count=0, last_worked_on=TODAY.replace(year=TODAY.year + 1))

    assert {problem.field for problem in refused.value.problems} == {"adults_count", "last_worked_on"}
    assert (row.revisions.count(), AssistanceRequest.objects.get(id=row.id).version) == (1, 1)


def test_once_it_is_read_or_taken_back_it_stays(world: World):
    read, gone = file_request(world), file_request(world, contact="gone@example.org")
    reviews.start(request_id=read.id, by=world.actor(Role.REVIEWER), now=NOW)
    intake.withdraw(request_id=gone.id, by=world.actor(Role.INTAKE), now=NOW)

    for row in (read, gone):
        with pytest.raises(errors.WrongState):
            change(
                row, worker_of(row), version=AssistanceRequest.objects.get(id=row.id).version, adults_count=2
            )


def test_an_older_page_does_not_undo_a_newer_one(world: World):
    row = file_request(world)
    by = worker_of(row)
    change(row, by, adults_count=2)

    with pytest.raises(errors.StaleVersion):
        change(row, by, adults_count=5)


@pytest.mark.usefixtures("committed_db")
def test_what_the_reader_reads_is_what_was_sent_last():
    """Reading and changing at one moment: whichever comes first, nothing changes under the reader's eyes."""
    world = builders.make_world()
    row = file_request(world)
    worker, reader = worker_of(row), world.actor(Role.REVIEWER)
    barrier, refused = threading.Barrier(2), []

    def at_once(act) -> None:
        barrier.wait()
        try:
            act()
        except errors.WrongState:
            refused.append(act)
        connections.close_all()

    acts = [
        lambda: change(row, worker, adults_count=2),
        lambda: reviews.start(request_id=row.id, by=reader, now=NOW),
    ]
    threads = [threading.Thread(target=at_once, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    verbs = set(Event.objects.filter(object_id=row.id).values_list("verb", flat=True))
    assert "request.review_started" in verbs
    assert ("request.changed" in verbs) is not bool(refused)
