"""Tokens by client credentials (RFC 6749)."""

import base64
from datetime import timedelta
from urllib.parse import urlencode

import builders
import pytest
from calling import Caller, give_token, make_client
from django.test import Client
from oauth2_provider.models import AccessToken

from fundmgr.domain import actors
from fundmgr.domain.permissions import Role
from fundmgr.models import User
from fundmgr.services import funds
from requests_app.api import token

FORM = "application/x-www-form-urlencoded"
SECRET = "correct horse battery staple"


@pytest.fixture
def registered(world):
    """A program registered as a director would, with a hashed secret."""
    return funds.register_client(
        fund_id=world.fund.id,
        name="Intake form",
        owner_id=world.actor(Role.INTAKE).person_id,
        role=Role.INTAKE,
        scopes="requests:read requests:write",
        secret=SECRET,
        by=actors.SYSTEM,
        now=builders.NOW,
    )


@pytest.fixture
def ask(nobody):
    """Ask for a token by form."""

    def send(body: bytes | None = None, **said: str):
        headers = {name: said.pop(name) for name in ("Authorization", "Content_Type") if name in said}
        headers.setdefault("Content_Type", FORM)
        content = urlencode({"grant_type": "client_credentials", **said}).encode() if body is None else body
        return nobody.call("POST", "oauth/token", content, **headers)

    return send


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def test_a_token_opens_the_doors_of_its_scopes(ask, registered):
    answer = ask(client_id=registered.oauth_client_id, client_secret=SECRET)

    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)
    assert set(body["scope"].split()) == {"requests:read", "requests:write"}
    assert answer["Cache-Control"] == "no-store"
    caller = Caller(Client(), {"Authorization": f"Bearer {body['access_token']}"})
    assert caller.get("requests").status_code == 200
    assert caller.get("funds").status_code == 403


def test_id_and_secret_may_stand_in_the_header(ask, registered):
    header = basic(registered.oauth_client_id, SECRET)

    answer = ask(Authorization=header, scope="requests:read")

    assert (answer.status_code, answer.json()["scope"]) == (200, "requests:read")


def test_neither_token_nor_secret_stands_in_the_database(ask, registered):
    given = ask(client_id=registered.oauth_client_id, client_secret=SECRET).json()["access_token"]
    row = AccessToken.objects.get()

    assert given not in (row.token, row.token_checksum)
    assert row.token == ""
    assert SECRET not in row.application.client_secret


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "cli_nobody"}, 401, "invalid_client"),
        ({"scope": "rounds:approve"}, 400, "invalid_scope"),
        ({"scope": "everything"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"client_id": "a\x00b"}, 400, "invalid_request"),
        ({"client_id": "x" * 5000}, 401, "invalid_client"),
    ],
)
def test_refusals_follow_rfc_6749(ask, registered, said, status, error):
    answer = ask(**{"client_id": registered.oauth_client_id, "client_secret": SECRET, **said})

    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.content
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "no-store"
    assert ("WWW-Authenticate" in answer) == (status == 401)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"grant_type=client_credentials&grant_type=client_credentials",
        b"&".join(b"a%d=1" % number for number in range(100)),
        b"grant_type",
        b"grant_type=client_credentials&client_id=%ff",
        b'{"grant_type": "client_credentials"}',
    ],
)
def test_a_form_that_cannot_be_read_is_an_invalid_request(ask, registered, body):
    answer = ask(body)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=x", f"{FORM}; charset=utf-16", ""]
)
def test_only_forms_are_read(ask, registered, kind):
    answer = ask(client_id=registered.oauth_client_id, client_secret=SECRET, Content_Type=kind)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic \xe9",
        "Basic AAAA",
        "Bearer x",
        "Basic OjE=",
        basic("a\x00b", "x"),
        basic("a%00b", "x"),
        basic("a", "x\x00"),
    ],
)
def test_a_header_that_cannot_be_read_opens_nothing(ask, registered, header):
    answer = ask(Authorization=header)

    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("invalid_request", "invalid_client")


def test_a_client_switched_off_gets_no_token(ask, registered):
    registered.is_active = False
    registered.save(update_fields=["is_active"])

    answer = ask(client_id=registered.oauth_client_id, client_secret=SECRET)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.fixture
def few(monkeypatch):
    """Three tries a minute, to keep the tests short."""
    monkeypatch.setattr(token, "MOST_TRIES_A_MINUTE", 3)


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("in_header", [True, False])
def test_guesses_at_one_client_are_few_and_tell_not_whether_there_is_one(
    ask, registered, few, is_known, in_header
):
    client_id = registered.oauth_client_id if is_known else "cli_nobody"

    def guess():
        if in_header:
            return ask(Authorization=basic(client_id, "x"))
        return ask(client_id=client_id, client_secret="x")

    answers = [guess() for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[3].json()["error"] == "temporarily_unavailable"
    assert 1 <= int(answers[3]["Retry-After"]) <= 60


def test_guesses_at_one_client_lock_nobody_else_out_of_the_same_address(ask, registered, few):
    for _ in range(4):
        ask(client_id="cli_nobody", client_secret="x")

    assert ask(client_id=registered.oauth_client_id, client_secret=SECRET).status_code == 200


def test_the_control_that_counts_by_address_alone_locks_others_out(ask, registered, few, monkeypatch):
    monkeypatch.setattr(token, "_named", lambda request, said: [""])
    for _ in range(4):
        ask(client_id="cli_nobody", client_secret="x")

    assert ask(client_id=registered.oauth_client_id, client_secret=SECRET).status_code == 429


def test_a_client_named_twice_is_counted_twice(ask, registered, few):
    for _ in range(3):
        ask(Authorization=basic("cli_other", "x"), client_id=registered.oauth_client_id, client_secret="x")

    assert ask(client_id=registered.oauth_client_id, client_secret=SECRET).status_code == 429


def test_a_flood_of_wrong_secrets_is_met_by_its_address_and_right_ones_do_not_count(
    ask, registered, monkeypatch
):
    monkeypatch.setattr(token, "MOST_FAILED_AT_AN_ADDRESS", 3)
    right = {"client_id": registered.oauth_client_id, "client_secret": SECRET}
    assert {ask(**right).status_code for _ in range(5)} == {200}

    guesses = [ask(client_id=f"cli_{number}", client_secret="x").status_code for number in range(4)]

    assert guesses == [401, 401, 401, 429]


@pytest.fixture
def program_with_token(world):
    """A program's row, and a caller with its token."""
    row, application = make_client(world, Role.REVIEWER)
    return row, Caller(Client(), {"Authorization": f"Bearer {give_token(application)}"})


def test_a_token_ends_with_its_client(program_with_token):
    row, caller = program_with_token
    assert caller.get("funds").status_code == 200
    row.is_active = False
    row.save(update_fields=["is_active"])

    answer = caller.get("funds")

    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


def test_a_token_ends_with_its_owner(program_with_token):
    row, caller = program_with_token
    User.objects.filter(id=row.owner_id).update(is_active=False)

    assert caller.get("funds").status_code == 401


def test_a_scope_taken_from_the_client_is_taken_from_its_tokens(program_with_token):
    row, caller = program_with_token
    row.scopes = "requests:read"
    row.save(update_fields=["scopes"])

    assert caller.get("requests").status_code == 200
    assert caller.get("funds").status_code == 403


def test_a_token_that_is_over_opens_nothing(world):
    _, application = make_client(world, Role.REVIEWER)
    token = give_token(application, lifetime=timedelta(seconds=-1))

    answer = Caller(Client(), {"Authorization": f"Bearer {token}"}).get("funds")

    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]
