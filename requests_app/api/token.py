"""Tokens for programs: the client credentials grant of RFC 6749, by the library, behind strict reading."""

import base64
import contextlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from django.http import HttpRequest, HttpResponse
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.views.mixins import OAuthLibMixin
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.queries import access
from requests_app import addresses
from requests_app.api import bodies, fields, throttles
from requests_app.api.answers import json_answer
from requests_app.api.doors import Door
from requests_app.api.errors import RateLimited
from requests_app.api.schema import token_operation

FORM = "application/x-www-form-urlencoded"
GRANT = "client_credentials"
# A secret is checked by a slow hash, so that guesses at one client are few and cost the server little. Others
# at its address are not held up by that, nor is the client anywhere else; only a flood is met by its address.
MOST_TRIES_A_MINUTE = 60
MOST_FAILED_AT_AN_ADDRESS = 6_000
_LONGEST_ID = 100
_MOST_FIELDS = 20
_UNAUTHORIZED, _TOO_MANY = 401, 429
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class ActiveClients(OAuth2Validator):  # type: ignore[misc]  # the library has no types
    """Only programs that are registered and switched on get a token."""

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        """This will check the secret, and that the program is active and its owner too."""
        is_known = super().authenticate_client(request, *args, **kwargs)
        return is_known and access.client_actor(oauth_client_id=request.client.client_id) is not None


class TokenSent(fields.Sent):
    """What to ask for; id and secret may stand in a Basic header instead."""

    grant_type = serializers.ChoiceField(choices=[GRANT])
    client_id = serializers.CharField(required=False)
    client_secret = serializers.CharField(required=False)
    scope = serializers.CharField(required=False, help_text="Scopes with spaces between; all if not said.")


class Token(fields.Shown):
    """A bearer token."""

    access_token = serializers.CharField()
    token_type = serializers.CharField()
    expires_in = serializers.IntegerField(help_text="Seconds.")
    scope = serializers.CharField()


class TokenRefusal(fields.Shown):
    """A refusal by RFC 6749, section 5.2."""

    error = serializers.CharField()
    error_description = serializers.CharField(required=False)


class TokenDoor(OAuthLibMixin, Door):  # type: ignore[misc]  # the library has no types
    """The one address that answers by RFC 6749 and takes no idempotency key."""

    @token_operation(sends=TokenSent, gives=Token, refuses=TokenRefusal, form=FORM)
    def post(self, request: Request) -> HttpResponse:
        """This will give a token for id and secret."""
        try:
            said = _form(self.web_request)
        except ValueError as error:
            return _refuse("invalid_request", str(error))
        if said.get("grant_type") != GRANT:
            error_word = "unsupported_grant_type" if said.get("grant_type") else "invalid_request"
            return _refuse(error_word, f"The grant_type must be {GRANT}.")
        address = addresses.of(self.web_request)
        try:
            throttles.take(f"token:{address}", limit=MOST_FAILED_AT_AN_ADDRESS, calls=0)
            for name in _named(self.web_request, said):
                throttles.take(f"token:{name}:{address}", limit=MOST_TRIES_A_MINUTE)
        except RateLimited as error:
            return _refuse("temporarily_unavailable", error.detail, status=_TOO_MANY, headers=error.headers)
        return self._answer(address)

    def _answer(self, address: str) -> HttpResponse:
        _, headers, body, status = self.create_token_response(self.web_request)
        answer = HttpResponse(body, status=status, content_type="application/json")
        for name, value in {**headers, **_NO_STORE}.items():
            answer[name] = value
        if status == _UNAUTHORIZED:
            throttles.count(f"token:{address}")
            answer["WWW-Authenticate"] = 'Basic realm="fundmgr", error="invalid_client"'
        return answer


def _named(request: HttpRequest, said: Mapping[str, str]) -> list[str]:
    """Whom the call says it is, in the header and in the form: the library tries one after the other."""
    names = {said.get("client_id", "")}
    names.add(_pair_in_header(request).partition(":")[0])
    return sorted(name[:_LONGEST_ID] for name in names if name)


def _pair_in_header(request: HttpRequest) -> str:
    """Read the id and secret of a Basic header as the library does; what it cannot read is empty."""
    kind, _, coded = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind == "Basic":
        with contextlib.suppress(ValueError):
            return unquote_plus(base64.b64decode(coded).decode())
    return ""


def _form(request: HttpRequest) -> dict[str, str]:
    """Read the form. Errors: ValueError with a sentence."""
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if request.content_type != FORM or charset != "utf-8":
        raise ValueError(f"Send the fields as {FORM} in UTF-8.")
    if not request.META.get("HTTP_AUTHORIZATION", "").isascii():
        raise ValueError("The Authorization header cannot be read.")
    text = bodies.raw_body(request).decode()
    pairs = parse_qsl(text, True, True, errors="strict", max_num_fields=_MOST_FIELDS)
    said = dict(pairs)
    if len(said) != len(pairs):
        raise ValueError("The form names a field twice.")
    if any("\x00" in part for pair in pairs for part in pair):
        raise ValueError("The form holds characters that cannot be used.")
    # No database keeps a NUL, so the library would fail at it instead of refusing it.
    if "\x00" in _pair_in_header(request):
        raise ValueError("The Authorization header cannot be read.")
    return said


def _refuse(
    error: str, description: str, *, status: int = 400, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    body = {"error": error, "error_description": description}
    return json_answer(body, status=status, headers={**_NO_STORE, **(headers or {})})
