"""Staff at their desks: signed-in browsers for tests of the console."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from builders import World
from django.http import HttpResponse
from django.test import Client

from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Role
from fundmgr.models import User

BACKEND = "requests_app.signed_in.Backend"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Staff:
    """One person's browser: signed in with a second factor, at one fund."""

    def __init__(self, world: World, person: Actor | Role) -> None:
        """Sign the person in."""
        self.world = world
        self.actor = world.actor(person) if isinstance(person, Role) else person
        self.browser = Client()
        sign_in(self.browser, self.actor.person_id)

    def get(self, path: str = "", **query: str) -> HttpResponse:
        """Open a page of the fund."""
        return self.browser.get(self.address(path), query)

    def post(
        self, path: str, sent: Mapping[str, Any] | None = None, *, token: str = "", page: str | None = None
    ) -> HttpResponse:
        """Send a form with a fresh token, or with the one given to send it twice."""
        return self.browser.post(self.address(path), {"form_token": token or new_token(), **(sent or {})})

    def address(self, path: str) -> str:
        """The address of a page of the fund."""
        return path if path.startswith("/") else f"/staff/{self.world.fund.slug}/{path}"


_tokens = iter(range(10**9))


def new_token() -> str:
    """A token as a page would give it."""
    return f"test-token-{next(_tokens):09d}"


def sign_in(browser: Client, user_id: UUID, *, second_factor: bool = True) -> None:
    """Sign a person in, as after a password, and after a second factor unless told otherwise."""
    browser.force_login(User.objects.get(id=user_id), backend=BACKEND)
    session = browser.session
    records = [{"method": "password", "at": 1.0}]
    if second_factor:
        records.append({"method": "mfa", "at": 2.0, "type": "totp"})
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user_id)
    session.save()


def second_factor_session(user_id: UUID) -> str:
    """The key of a session as after a password and a second factor, for a browser's cookie."""
    browser = Client()
    sign_in(browser, user_id)
    return browser.session.session_key


def text_of(answer: HttpResponse) -> str:
    """The page's words, wherever its lines may end."""
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def token_of(answer: HttpResponse) -> str:
    """The first form's token."""
    found = _TOKEN.search(text_of(answer))
    assert found, "no form on this page"
    return found.group(1)


def summary_of(answer: HttpResponse) -> str:
    """The error summary's words, or nothing."""
    found = re.search(r"data-error-summary>(.*?)</div>", text_of(answer), re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found.group(1)).strip() if found else ""
