"""Who holds a token."""

from datetime import UTC, datetime, timedelta

import builders
import pytest
from calling import give_token, make_client

from fundmgr.domain.permissions import Role
from fundmgr.models import User
from fundmgr.queries import tokens


@pytest.fixture
def client(db):
    """A program of a small world, with its application."""
    return make_client(builders.make_world(), Role.REVIEWER, scopes="requests:read pii:read")


def held(token: str, *, later: timedelta = timedelta(0)) -> tokens.TokenHolder | None:
    return tokens.holder(token=token, now=datetime.now(UTC) + later)


def test_a_token_names_the_program_its_fund_and_its_scopes(client):
    row, application = client

    found = held(give_token(application, scopes="requests:read rounds:approve"))

    assert found is not None
    assert (found.actor.client_id, found.actor.person_id) == (row.id, row.owner_id)
    assert (found.fund_id, found.currency) == (row.fund_id, "USD")
    assert found.scopes == {"requests:read"}


def test_a_token_lives_until_its_moment(client):
    token = give_token(client[1], lifetime=timedelta(minutes=15))

    assert held(token, later=timedelta(minutes=14)) is not None
    assert held(token, later=timedelta(minutes=16)) is None


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "é" * 5000])
def test_what_is_no_token_has_no_holder(db, token):
    assert held(token) is None


def test_a_program_switched_off_or_without_its_owner_holds_nothing(client):
    row, application = client
    token = give_token(application)
    User.objects.filter(id=row.owner_id).update(is_active=False)
    assert held(token) is None
    User.objects.filter(id=row.owner_id).update(is_active=True)
    row.is_active = False
    row.save(update_fields=["is_active"])

    assert held(token) is None
