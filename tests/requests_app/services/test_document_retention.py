"""Workers' files go when their time is over, and only then; what goes leaves its tombstone."""

import json
from datetime import timedelta
from io import StringIO

import casework
import nasty
import pytest
from builders import NOW, make_world
from django.core.management import call_command
from django.utils import timezone

from fundmgr.domain import actors
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.lifecycle import DocumentState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from requests_app.models import Applicant, AssistanceRequest, Draft, Household
from requests_app.services import document_retention, documents, drafts, leftovers, reviews

LAST = timedelta(days=180 + 30)
NIGHT = NOW.replace(hour=10)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    """A folder of its own."""
    settings.FILES_DIR = tmp_path / "files"
    settings.NIGHTLY_REPORT_HOUR_UTC = 10
    return settings.FILES_DIR


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def row(world):
    """A photo of a request that is filed now."""
    return add(world, casework.file_request(world))


def add(world, request, *, now=NOW):
    return documents.add_to_request(
        request_id=request.id, name="a.jpg", content=nasty.a_photo(), by=world.actor(Role.INTAKE), now=now
    )


def refuse(world, request) -> None:
    terms = {"is_eligible": False, "reasons": [Reason.NOT_IN_CLASS]}
    casework.decide(world, casework.propose(world, request, **terms))


def on_disk(store) -> int:
    return sum(path.is_file() for path in store.rglob("*"))


def purge(at) -> int:
    return sum(document_retention.purge_all(clock=lambda: at).values())


def test_a_file_goes_when_the_days_after_the_decision_are_over(
    world, row, store, django_capture_on_commit_callbacks
):
    refuse(world, row.request)

    with django_capture_on_commit_callbacks(execute=True):
        assert purge(NOW + LAST) == 0
        assert purge(NOW + LAST + timedelta(seconds=1)) == 1

    row.refresh_from_db()
    assert (row.state, row.place, row.name) == (DocumentState.PURGED, "", None)
    assert (len(row.sha256), row.added_by) == (64, world.actor(Role.INTAKE).key)
    assert on_disk(store) == 0
    event = Event.objects.get(verb="documents.purged")
    assert json.loads(bytes(event.body))["facts"] == {"count": 1, "documents": [str(row.id)]}
    assert purge(NOW + 2 * LAST) == 0


def test_while_somebody_still_decides_or_holds_it_none_goes(world, row):
    assert purge(NOW + 9 * LAST) == 0

    reviews.hold(request_id=row.request_id, reason="CONFLICT", by=world.actor(Role.DIRECTOR), now=NOW)

    assert purge(NOW + 9 * LAST) == 0


def test_a_file_that_came_later_has_days_of_its_own(world, row):
    refuse(world, row.request)
    late = documents.add_to_request(
        request_id=row.request_id,
        name="late.jpg",
        content=nasty.a_photo(mark="late"),
        by=world.actor(Role.INTAKE),
        now=NOW + timedelta(days=20),
    )

    assert purge(NOW + LAST + timedelta(days=1)) == 1

    late.refresh_from_db()
    assert late.state == DocumentState.AVAILABLE


def test_a_request_that_was_taken_back_counts_from_its_end(world, row):
    AssistanceRequest.objects.filter(id=row.request_id).update(state="WITHDRAWN", state_since=NOW)

    assert purge(NOW + LAST) == 0
    assert purge(NOW + LAST + timedelta(seconds=1)) == 1


def test_files_go_with_a_form_that_was_never_sent(world, store, django_capture_on_commit_callbacks):
    user_id = world.actor(Role.BOARD).person_id
    household = Household.objects.create(id=world.fund.id, fund=world.fund, created_at=NOW)
    Applicant.objects.create(
        id=world.fund.id, fund=world.fund, created_at=NOW, household=household, user_id=user_id,
        full_name="", contact="a@example.org", contact_hash="h",
    )  # fmt: skip
    worker = actors.person(user_id)
    draft = drafts.start_draft(fund_id=world.fund.id, language="en", by=worker, now=NIGHT)
    row = documents.add_to_draft(
        draft_id=draft.id, name="a.jpg", content=nasty.a_photo(), by=worker, now=NIGHT
    )

    with django_capture_on_commit_callbacks(execute=True):
        assert leftovers.remove_nightly(clock=lambda: NIGHT + timedelta(days=30))["documents"] == 0
        removed = leftovers.remove_nightly(clock=lambda: NIGHT + timedelta(days=31))

    assert (removed["drafts"], removed["documents"]) == (1, 1)
    assert not Draft.objects.exists()
    row.refresh_from_db()
    assert (row.state, row.draft_id) == (DocumentState.PURGED, draft.id)
    assert on_disk(store) == 0


def test_the_sweep_of_strays_leaves_what_a_row_names(world, row, store):
    assert leftovers.remove_files(fund_id=world.fund.id, now=timezone.now() + timedelta(days=9)) == 0
    assert on_disk(store) == 1


def test_the_command_counts_first_and_erases_when_told(world, row):
    refuse(world, row.request)

    def printed(*options: str):
        out = StringIO()
        call_command("purge_documents", "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    slug = world.fund.slug
    assert printed() == {"erased": False, "documents": {slug: 1}}
    assert printed() == {"erased": False, "documents": {slug: 1}}
    assert printed("--yes") == {"erased": True, "documents": {slug: 1}}
    assert printed() == {"erased": False, "documents": {slug: 0}}


def test_a_copy_that_is_gone_is_found_by_the_proof(world, row, store):
    assert document_retention.check_kept() == []

    (store / row.place[:2] / row.place).unlink()

    (finding,) = document_retention.check_kept()
    assert str(row.id) in finding.sentence
