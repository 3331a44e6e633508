"""Sessions and their people, read by statements of our own, are those that Django would read."""

from datetime import timedelta

import pytest
from builders import NOW
from django.contrib.sessions.models import Session
from django.utils import timezone

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
