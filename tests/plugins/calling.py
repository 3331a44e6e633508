"""Calls the API as a program or a person would."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import builders
from django.http import HttpResponse
from django.test import Client
from oauth2_provider.models import AccessToken, Application

from fundmgr.domain import ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Role
from fundmgr.domain.scopes import SCOPES
from fundmgr.models import ApiClient

EVERY_SCOPE = " ".join(SCOPES)


@dataclass
class Caller:
    """One who calls: adds the token or the session to each call, and reads the answers as JSON."""

    http: Client
    headers: dict[str, str] = field(default_factory=dict)
    actor: Actor | None = None
    row: ApiClient | None = None

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> HttpResponse:
        """Call an address under /api/v1/; a body that is no bytes is sent as JSON."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            sent["Idempotency-Key"] = key
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = sent.pop("Content-Type", "application/json")
        return self.http.generic(
            method, f"/api/v1/{path}", content, content_type=kind, headers={**self.headers, **sent}
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Read an address."""
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **options: Any) -> HttpResponse:
        """Send to an address, with a fresh key where none is given."""
        options.setdefault("key", secrets.token_hex(8))
        return self.call("POST", path, body, **options)


def make_client(
    world: builders.World, role: Role, *, scopes: str = EVERY_SCOPE, owner: Actor | None = None
) -> tuple[ApiClient, Application]:
    """Register a program of a role; without an owner it belongs to the person of that role."""
    application = Application(
        name=f"{role} program",
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        # A fast hash would do for a random secret, and this one is never used.
        client_secret="plain",
        hash_client_secret=False,
    )
    application.save()
    row = ApiClient.objects.create(
        id=ids.new_id(builders.NOW),
        fund=world.fund,
        created_at=builders.NOW,
        oauth_client_id=application.client_id,
        name=application.name,
        owner_id=(owner or world.actor(role)).person_id,
        role=role,
        scopes=scopes,
    )
    return row, application


def give_token(
    application: Application, *, scopes: str = EVERY_SCOPE, lifetime: timedelta = timedelta(minutes=15)
) -> str:
    """Make a token without the detour of the token address."""
    token = secrets.token_urlsafe(20)
    AccessToken.objects.create(
        application=application, token=token, scope=scopes, expires=datetime.now(UTC) + lifetime
    )
    return token


def code_of(answer: HttpResponse) -> str:
    """The code of a problem, with the shape that every problem has."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "request_id", "errors"}
    assert body["status"] == answer.status_code
    assert body["type"] == f"/api/v1/problems/{body['code']}"
    assert body["request_id"] == answer["X-Request-Id"]
    assert body["detail"]
    return str(body["code"])
