"""A database that does not answer is told in a sentence, whatever page was asked for."""

import pytest
from builders import answers_the_phone, make_world
from django.db import OperationalError
from django.test import Client
from django.urls import reverse


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def test_a_page_whose_database_does_not_answer_says_so_and_when_to_come_back(visitor, monkeypatch):
    def gone(*_args, **_keys):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
    answer = visitor.get(reverse("setup"))

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    page = answer.content.decode()
    assert "we cannot say whether it was kept" in page
    assert "se hará una sola vez" in page


def test_another_failure_is_told_as_ours(visitor, monkeypatch):
    def broken(*_args, **_keys):
        raise ZeroDivisionError

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", broken)
    answer = visitor.get(reverse("setup"))

    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()


def test_a_form_without_cookies_or_too_old_says_what_to_do_and_whom_to_call(db):
    world = make_world()
    answers_the_phone(world)
    start = f"/f/{world.fund.slug}/apply/"
    browser = Client(enforce_csrf_checks=True)
    browser.get(f"/f/{world.fund.slug}/")
    browser.cookies.clear()

    without = browser.post(start)
    browser.get(start)
    too_old = browser.post(start, {"csrfmiddlewaretoken": "x" * 64})

    for answer, said in ((without, "Your browser keeps no cookies"), (too_old, "was open too long")):
        page = answer.content.decode()
        assert answer.status_code == 403
        assert said in page
        assert "(213) 555-0100" in page
        assert f'<a class="hit" href="/f/{world.fund.slug}/">' in page


def test_a_page_that_is_not_there_names_the_fund_and_whom_to_call(db, visitor):
    world = make_world()
    answers_the_phone(world)
    root = f"/f/{world.fund.slug}/"

    for path in (f"{root}nothing-here/", f"{root}apply/nothing-here/"):
        answer = visitor.get(path)
        page = answer.content.decode()
        assert answer.status_code == 404
        assert "(213) 555-0100" in page
        assert f'<a class="hit" href="{root}">' in page

    for path in ("/f/no-such-fund/", "/nothing-here/"):
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert '<a class="hit" href="/">' in answer.content.decode()
