"""Sessions and their people, read by statements of our own, are those that Django would read."""

from datetime import timedelta

import pytest
from builders import NOW, make_worker, make_world
from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.utils import timezone
from second_factor import make_director, sign_in_by_password

from fundmgr.models import User
from requests_app.sessions import SessionStore
from requests_app.signed_in import Backend

pytestmark = pytest.mark.django_db


def kept() -> SessionStore:
    store = SessionStore()
    store["word"] = "seen"
    store.save()
    return store


def test_a_session_is_read_again_and_an_unknown_one_is_none():
    assert SessionStore(kept().session_key)["word"] == "seen"

    unknown = SessionStore("x" * 32)
    assert unknown.get("word") is None
    assert unknown.session_key is None


def test_a_session_that_ran_out_is_none():
    store = kept()
    Session.objects.filter(session_key=store.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )

    assert SessionStore(store.session_key).get("word") is None


def test_only_an_active_person_is_signed_in():
    user = User.objects.create_user(now=NOW)
    assert Backend().get_user(str(user.id)) == user
    User.objects.filter(id=user.id).update(is_active=False)

    assert Backend().get_user(str(user.id)) is None
    assert Backend().get_user("0190a000-0000-7000-8000-000000000000") is None


def test_staff_who_sign_in_are_noted_for_a_link_to_set_a_new_password_ends_with_it(client):
    director = make_director(make_world())

    sign_in_by_password(client)

    director.refresh_from_db()
    assert director.last_login is not None


def test_a_worker_who_comes_in_by_a_code_costs_no_note(client, rf):
    worker = User.objects.get(id=make_worker(make_world()).person_id)
    request = rf.get("/")
    request.session = client.session

    login(request, worker, backend="requests_app.signed_in.Backend")

    worker.refresh_from_db()
    assert worker.last_login is None
