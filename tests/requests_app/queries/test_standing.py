"""Where one stands in a fund is told as it is now, though its rows stay in the process."""

from datetime import timedelta
from uuid import uuid4

import pytest
from builders import NOW, file_request, make_worker, make_world
from django.forms.models import model_to_dict

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Fund, PolicyVersion, User
from fundmgr.services import funds
from requests_app.models import Applicant, Draft
from requests_app.queries import standing
from requests_app.services import drafts

pytestmark = pytest.mark.django_db


def test_a_fund_that_changed_a_moment_ago_counts_at_once():
    world = make_world()
    slug = world.fund.slug
    assert standing.standing(slug, user_id=None).fund.state == "OPEN"

    for name in ("First name", "Second name"):
        Fund.objects.filter(slug=slug).update(name=name, state="PAUSED")
        found = standing.standing(slug, user_id=None).fund
        assert (found.name, found.state) == (name, "PAUSED")


def test_the_control_that_asks_for_no_version_goes_on_with_the_old_fund(monkeypatch):
    world = make_world()
    sql = standing._STAND.replace("f.xmin, f.ctid", "''")
    monkeypatch.setattr(standing, "_STAND", sql)
    standing.standing(world.fund.slug, user_id=None)

    Fund.objects.filter(slug=world.fund.slug).update(state="PAUSED")

    assert standing.standing(world.fund.slug, user_id=None).fund.state == "OPEN"


def test_the_newest_policy_counts_at_once():
    world = make_world()
    before = standing.standing(world.fund.slug, user_id=None).policy_id
    terms = funds.PolicyTerms(750_000, 140_000, 200, 10**9, "new")

    made = funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)

    found = standing.standing(world.fund.slug, user_id=None).policy_id
    assert found == made.id != before
    assert standing.policy(found) == PolicyVersion.objects.get(id=made.id)


def test_where_there_is_no_fund_there_is_nothing():
    with pytest.raises(errors.NotFound):
        standing.standing("nobody", user_id=None)


def test_a_request_that_lives_is_told_to_its_worker_alone():
    world = make_world()
    request = file_request(world)
    worker = User.objects.create_user(now=NOW)
    Applicant.objects.filter(id=request.applicant_id).update(user=worker)

    found = standing.standing(world.fund.slug, user_id=worker.id)
    another = standing.standing(world.fund.slug, user_id=User.objects.create_user(now=NOW).id)

    person = Applicant.objects.get(id=request.applicant_id)
    assert found[2:] == (request.id, request.reference, True, person, None)
    assert model_to_dict(found.applicant) == model_to_dict(person)
    nobody = standing.standing(world.fund.slug, user_id=None)
    assert another[2:] == nobody[2:] == (None, "", False, None, None)


def test_a_draft_is_the_one_that_the_browser_names_or_the_newest_left_and_never_another_s():
    world, elsewhere = make_world(), make_world(name="Elsewhere Fund")
    slug = world.fund.slug
    mine, other = make_worker(world), make_worker(world, contact="b@example.com")
    loose, theirs = started(world), started(world, by=other)
    far = started(elsewhere)
    older = started(world, by=mine)
    newest = started(world, by=mine, now=NOW + timedelta(minutes=1))
    sent = started(world, by=mine, now=NOW + timedelta(minutes=2))
    Draft.objects.filter(id=sent.id).update(submitted_request_id=uuid4())

    def seen(draft, by=None):
        user_id = by.person_id if by else None
        return standing.standing(slug, user_id=user_id, draft_id=draft and draft.id).draft

    for named in (None, theirs, far, sent):
        assert seen(named) is None
        assert seen(named, by=mine) == newest
    assert seen(loose) == seen(loose, by=mine) == loose
    assert seen(older, by=mine) == older
    assert seen(older) is None
    assert model_to_dict(seen(loose)) == model_to_dict(Draft.objects.get(id=loose.id))


def started(world, by=None, now=NOW):
    return drafts.start_draft(fund_id=world.fund.id, language="es", by=by, now=now, answers={"show": {}})
