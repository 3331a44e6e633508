"""The fund's page is made once for all, holds nothing of a person, and outlives the database for a while."""

import re

import pytest
from builders import NOW, make_world
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from walking import Walk

from fundmgr.domain.permissions import Role
from requests_app.pages import kept_pages, public
from requests_app.services import productions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_copies(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(kept_pages, "_pages", {})


@pytest.fixture
def walk():
    return Walk(make_world())


def away(monkeypatch):
    def gone(*_args, **_keys):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
    monkeypatch.setattr("fundmgr.models.prepared.rows", gone)


def without_token(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_the_page_is_made_once_for_all_who_see_the_same(walk, monkeypatch):
    made = []
    make = public._context
    monkeypatch.setattr(public, "_context", lambda *args: made.append(1) or make(*args))

    first, second = walk.get(), Client().get(walk.root)
    walk.get(headers={"Accept-Language": "es"})

    assert without_token(first) == without_token(second)
    assert len(made) == 2
    assert first["Cache-Control"] == "private, no-cache"
    assert kept_pages.TOKEN not in first.content.decode()


def test_what_changes_is_shown_at_once(walk):
    walk.get()
    world = walk.world
    productions.add(fund_id=world.fund.id, names=["Velvet Static"], by=world.actor(Role.DIRECTOR), now=NOW)

    assert "Velvet Static" in walk.get().content.decode()


def test_a_page_that_is_still_the_same_is_not_sent_again(walk):
    tag = walk.get()["ETag"]

    again = walk.get(headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


def test_each_browser_gets_a_form_token_of_its_own(walk):
    walk.get()
    other = Client(enforce_csrf_checks=True)
    page = other.get(walk.root).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]

    sent = {"csrfmiddlewaretoken": token, "language": "es", "next": walk.root}

    assert other.post(reverse("language"), sent).status_code == 302


@pytest.mark.parametrize("is_new_process", [False, True])
def test_the_last_good_copy_is_shown_while_the_database_is_away(walk, monkeypatch, is_new_process):
    walk.get()
    away(monkeypatch)
    if is_new_process:
        kept_pages._pages.clear()
        monkeypatch.setattr(kept_pages, "TOKEN", "another")

    answer = walk.get()

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "does not answer right now. This page is from" in text
    assert "Ask for help" in text
    assert "another" not in text
    assert answer["Cache-Control"] == "no-store"


def test_without_a_copy_the_trouble_is_told(walk, monkeypatch):
    away(monkeypatch)
    visitor = Client(raise_request_exception=False)

    assert visitor.get(walk.root).status_code == 503


def test_a_signed_in_workers_page_is_never_kept(walk):
    walk.fill()
    page = walk.get()

    assert page["Cache-Control"] == "no-store"
    assert "Sign out" in page.content.decode()
    assert kept_pages._pages == {}
    assert "Sign out" not in Client().get(walk.root).content.decode()
