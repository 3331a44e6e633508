"""A second factor is proved by the session, over the API as on the pages."""

import builders
import pytest
from allauth.account.internal.flows import login
from django.test import Client

from fundmgr.domain.permissions import Role
from fundmgr.models import User
from requests_app import second_factor


@pytest.fixture
def auditor(db, settings):
    """A signed-in auditor where staff must prove a second factor."""
    settings.STAFF_SECOND_FACTOR = True
    user = User.objects.get(id=builders.make_world().actor(Role.AUDITOR).person_id)
    client = Client()
    client.force_login(user)
    return client, user


def keep(client: Client, name: str, value: object) -> None:
    session = client.session
    session[name] = value
    session.save()


def test_a_session_without_proof_stays_outside(auditor):
    client, _ = auditor

    assert client.get("/api/v1/donors").json()["code"] == "second_factor_required"


def test_a_session_that_showed_a_factor_comes_in(auditor):
    client, user = auditor
    keep(client, login.AUTHENTICATION_METHODS_SESSION_KEY, [{"method": "mfa", "at": 0, "type": "totp"}])
    assert client.get("/api/v1/donors").status_code == 403, "the factor of nobody knows whom"

    keep(client, login._AUTHENTICATION_METHODS_USER_SESSION_KEY, login.user_id_to_str(user))

    assert client.get("/api/v1/donors").status_code == 200


def test_setting_one_up_counts_for_that_person_alone(auditor):
    client, user = auditor
    keep(client, second_factor.SET_UP_HERE, "somebody else")
    assert client.get("/api/v1/donors").status_code == 403

    keep(client, second_factor.SET_UP_HERE, str(user.id))

    assert client.get("/api/v1/donors").status_code == 200
