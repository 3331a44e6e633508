"""Signing in by password and by an authenticator app, as a browser does it."""

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from builders import NOW
from console import text_of
from django.test import Client

from fundmgr.domain import actors
from fundmgr.domain.permissions import Role
from fundmgr.models import User
from fundmgr.services import funds

PASSWORD = "three plain words here"
EMAIL = "dana@example.org"


def code_for(secret: str) -> str:
    """What the app on the phone shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def make_director(world) -> User:
    """A director who knows a password."""
    user = funds.make_staff(email=EMAIL, name="Dana", by=actors.SYSTEM, now=NOW, password=PASSWORD)
    funds.appoint(fund_id=world.fund.id, user_id=user.id, role=Role.DIRECTOR, by=actors.SYSTEM, now=NOW)
    return user


def sign_in_by_password(browser: Client):
    """The first half of signing in."""
    return browser.post("/staff/account/login/", {"login": EMAIL, "password": PASSWORD})


def set_up_app(browser: Client) -> str:
    """Set up an authenticator app; return its secret."""
    page = browser.get("/staff/account/2fa/totp/activate/")
    secret = re.search(r'class="secret">([A-Z2-7]+)<', text_of(page)).group(1)
    answer = browser.post("/staff/account/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302, text_of(answer)
    return secret
