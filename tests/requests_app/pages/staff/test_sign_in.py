"""Signing in takes a password and a second factor; workers find no staff pages at all."""

import re
from datetime import UTC, datetime

import pytest
from builders import NOW, make_ask, make_worker, make_world
from console import Staff, sign_in, text_of
from django.core import mail
from django.core.cache import cache
from django.test import Client
from second_factor import EMAIL, PASSWORD, code_for, make_director, set_up_app, sign_in_by_password

from fundmgr.domain.permissions import Role
from fundmgr.models import User
from fundmgr.services import funds

pytestmark = pytest.mark.django_db


def test_the_next_sign_in_asks_for_the_code():
    world = make_world()
    make_director(world)
    first = Client()
    sign_in_by_password(first)
    secret = set_up_app(first)

    browser = Client()
    answer = sign_in_by_password(browser)
    assert answer["Location"].startswith("/staff/account/2fa/authenticate/")
    assert browser.get(f"/staff/{world.fund.slug}/").status_code == 302

    wrong = browser.post("/staff/account/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert "There is a problem" in text_of(wrong)

    right = browser.post("/staff/account/2fa/authenticate/", {"code": code_for(secret)})
    assert right.status_code in {200, 302}
    if right.status_code == 302:
        assert browser.get(f"/staff/{world.fund.slug}/").status_code == 200


def test_the_secret_is_sealed_in_the_database():
    from allauth.mfa.models import Authenticator

    world = make_world()
    user = make_director(world)
    browser = Client()
    sign_in_by_password(browser)
    secret = set_up_app(browser)

    stored = Authenticator.objects.get(user_id=user.id, type="totp").data["secret"]
    assert secret not in stored


def test_a_passkey_is_dated_by_the_clock_of_the_fund():
    from allauth.mfa.models import Authenticator

    user = make_director(make_world())
    browser = Client()
    sign_in_by_password(browser)
    set_up_app(browser)
    key = Authenticator.objects.create(
        user_id=user.id, type="webauthn", data={"name": "Blue key", "credential": {}}
    )
    # The evening of September 19 in Los Angeles.
    Authenticator.objects.filter(id=key.id).update(created_at=datetime(2023, 9, 20, 2, 31, tzinfo=UTC))

    page = text_of(browser.get("/staff/account/2fa/webauthn/"))

    assert "Blue key" in page
    assert "added September 19, 2023" in page


def test_a_session_without_the_second_half_is_asked_for_it():
    world = make_world()
    user = make_director(world)
    first = Client()
    sign_in_by_password(first)
    set_up_app(first)

    # As a sign-in page that knows no second factor would leave it.
    browser = Client()
    sign_in(browser, user.id, second_factor=False)

    answer = browser.get(f"/staff/{world.fund.slug}/")
    assert answer["Location"].startswith("/staff/account/2fa/reauthenticate/")


def test_the_demo_alone_goes_without(settings):
    world = make_world()
    browser = Client()
    sign_in(browser, world.actor(Role.DIRECTOR).person_id, second_factor=False)

    assert browser.get(f"/staff/{world.fund.slug}/").status_code == 302
    settings.STAFF_SECOND_FACTOR = False
    assert browser.get(f"/staff/{world.fund.slug}/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/staff/",
        "/staff/{slug}/",
        "/staff/{slug}/requests/",
        "/staff/account/2fa/",
        "/staff/account/password/change/",
    ],
)
@pytest.mark.parametrize("second_factor", [True, False])
def test_a_worker_finds_no_staff_page(path, second_factor, settings):
    settings.STAFF_SECOND_FACTOR = second_factor
    world = make_world()
    worker = make_worker(world)
    browser = Client()
    sign_in(browser, worker.person_id, second_factor=False)

    answer = browser.get(path.format(slug=world.fund.slug))

    assert answer.status_code == 404
    assert "There is nothing here" in text_of(answer)
    assert make_ask().full_name not in text_of(answer)


def test_a_worker_can_sign_out_to_sign_in_as_staff():
    world = make_world()
    browser = Client()
    sign_in(browser, make_worker(world).person_id, second_factor=False)

    assert browser.post("/staff/account/logout/").status_code == 302
    assert browser.get("/staff/account/login/").status_code == 200


def test_nobody_signs_up():
    answer = Client().post(
        "/staff/account/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert answer.status_code == 200
    assert not User.objects.filter(email="x@example.org").exists()


def test_a_wrong_password_says_neither_which_half_is_wrong_nor_who_is_known():
    make_director(make_world())

    known = Client().post("/staff/account/login/", {"login": EMAIL, "password": "wrong words"})
    unknown = Client().post("/staff/account/login/", {"login": "no@example.org", "password": "wrong words"})

    def said(answer) -> str:
        return re.search(r"data-error-summary>(.*?)</div>", text_of(answer), re.S).group(1)

    assert said(known) == said(unknown)
    assert f'value="{EMAIL}"' in text_of(known)
    assert "wrong words" not in text_of(known)


def test_an_invited_person_chooses_a_password_by_mail():
    world = make_world()
    funds.invite(
        fund_id=world.fund.id,
        email="new@example.org",
        name="New Person",
        role=Role.REVIEWER,
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )
    browser = Client()

    browser.post("/staff/account/password/reset/", {"email": "new@example.org"})
    link = re.search(r"http://\S+", mail.outbox[0].body).group(0)
    page = browser.get(link.replace("http://testserver", ""), follow=True)
    answer = browser.post(
        page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD}, follow=True
    )

    assert "The password is saved" in text_of(answer)
    assert User.objects.get(email="new@example.org").check_password(PASSWORD)


def test_an_unknown_address_gets_the_same_page_and_no_mail():
    answer = Client().post("/staff/account/password/reset/", {"email": "nobody@example.org"}, follow=True)

    assert "Look into your mail" in text_of(answer)
    assert mail.outbox == []


def test_a_weak_password_is_refused_where_it_is_chosen():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)

    answer = desk.browser.post("/staff/account/password/set/", {"password1": "short", "password2": "short"})

    assert answer.status_code in {200, 302}
    assert not User.objects.get(id=desk.actor.person_id).check_password("short")


def test_signing_out_ends_the_session():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)

    desk.browser.post("/staff/account/logout/")

    assert desk.get().status_code == 302


@pytest.fixture
def no_tries():
    """Tries are counted in the process's memory: none from before, and none left to others."""
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("no_tries")
def test_wrong_passwords_at_one_account_lock_no_colleague_out_of_the_same_address():
    make_director(make_world())
    for number in range(12):
        Client().post("/staff/account/login/", {"login": f"x{number}@example.org", "password": "wrong words"})

    assert sign_in_by_password(Client()).status_code == 302


@pytest.mark.usefixtures("no_tries")
def test_wrong_passwords_at_one_account_close_that_account_for_a_while():
    make_director(make_world())
    for _ in range(5):
        Client().post("/staff/account/login/", {"login": EMAIL, "password": "wrong words"})

    assert sign_in_by_password(Client()).status_code == 200
