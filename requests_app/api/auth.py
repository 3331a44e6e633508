"""Who calls: a program with a token, or a signed-in person with a session and its form token."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import CSRFCheck

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.queries import access, tokens
from fundmgr.queries.tokens import Proof
from requests_app import second_factor
from requests_app.api.errors import (
    REALM,
    CsrfFailed,
    ScopeMissing,
    SecondFactorRequired,
    TokenInvalid,
    TokenMissing,
)


@dataclass(frozen=True)
class Caller:
    """One who calls.

    Shapes: a program has a fund and scopes; for a person both are None. `token` is set for a program that
    was only remembered: what it asks for counts where the use case finds the token as it was.
    """

    actor: Actor
    scopes: frozenset[str] | None = None
    fund_id: UUID | None = None
    currency: str | None = None
    token: Proof | None = None

    def has_scope(self, scope: str) -> bool:
        """Whether the token includes the scope; a person is bound by roles alone."""
        return self.scopes is None or scope in self.scopes


def authenticate(request: HttpRequest, *, now: datetime) -> Caller:
    """This will say who calls.

    Errors: TokenMissing, TokenInvalid, CsrfFailed, SecondFactorRequired.
    """
    header = request.META.get("HTTP_AUTHORIZATION")
    if header is None:
        return _person(request)
    kind, _, token = header.partition(" ")
    found = tokens.holder(token=token.strip(), now=now) if kind.lower() == "bearer" and token else None
    if found is None:
        raise TokenInvalid(headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'})
    return Caller(found.actor, found.scopes, found.fund_id, found.currency)


def remembered(request: HttpRequest, *, scope: str) -> Caller | None:
    """This will say who called with this token before and had the scope, without asking the database."""
    kind, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    found = tokens.remembered(token=token.strip()) if kind.lower() == "bearer" else None
    if found is None or scope not in found.scopes:
        return None
    return Caller(found.actor, found.scopes, found.fund_id, found.currency, found.proof)


def require_scope(caller: Caller, scope: str) -> None:
    """This will refuse a program whose token lacks the scope. Errors: ScopeMissing."""
    if not caller.has_scope(scope):
        header = f'{REALM}, error="insufficient_scope", scope="{scope}"'
        raise ScopeMissing(f"The token needs the scope {scope}.", headers={"WWW-Authenticate": header})


def _person(request: HttpRequest) -> Caller:
    # Without the cookie there is no session to look up.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        raise TokenMissing(headers={"WWW-Authenticate": REALM})
    _check_csrf(request)
    actor = actors.person(request.user.id)
    if settings.STAFF_SECOND_FACTOR and not second_factor.is_proved(request) and access.fund_ids_of(actor):
        raise SecondFactorRequired
    return Caller(actor)


def _check_csrf(request: HttpRequest) -> None:
    check = CSRFCheck(_nothing)
    check.process_request(request)
    reason = check.process_view(request, _nothing, (), {})
    if reason:
        raise CsrfFailed(f"Send the form token as X-CSRFToken. ({reason})")


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
