"""The ground of every resource: who calls, what the address says, once or again, and the answer."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.ports.idempotency import Once
from fundmgr.queries import funds, tokens
from requests_app.api import auth, bodies, fields, formats, idempotency, paging, throttles
from requests_app.api.answers import json_answer
from requests_app.api.errors import DoorRefusal, FundNeeded, IfMatchMissing, PreconditionFailed
from requests_app.api.schema import Rules

Row = TypeVar("Row")
MOST_VERSION_DIGITS = 9


class Door(APIView):
    """One address. Each method carries the rules that its documentation shows (schema.Operation)."""

    caller: auth.Caller
    rules: Rules
    query: dict[str, Any]
    said: dict[str, Any]
    allowance: ClassVar[throttles.Allowance | None] = None
    metadata_class = None

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """Wrap Django's request without the framework's parsers and their like: a door has its own."""
        return Request(request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Turn away what no use case needs to see; the order is method, format, caller, limit, scope."""
        handler = getattr(self, (request.method or "").lower(), None)
        rules = getattr(handler, "rules", None)
        if rules is None:
            raise exceptions.MethodNotAllowed(request.method or "")
        self.rules, self.now = rules, timezone.now()
        self.wanted = formats.chosen(self.web_request.META.get("HTTP_ACCEPT", ""), rules.formats)
        if rules.scope is not None:
            known = auth.remembered(self.web_request, scope=rules.scope) if rules.remembers_token else None
            self.caller = known or auth.authenticate(self.web_request, now=self.now)
            taken = throttles.take(self.caller.actor.key)
            self.allowance = taken  # type: ignore[misc]  # None on the class, set for each call
            auth.require_scope(self.caller, rules.scope)
        self.query = paging.read_query(self.web_request, rules.query)
        if rules.most_bytes is not None:
            bodies.allow_larger(self.web_request, most_bytes=rules.most_bytes)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Add the headers that every answer carries; our answers are Django's, which the base takes too."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Vary"] = "Accept, Accept-Language, Authorization, Cookie"
        for name, value in (self.allowance.headers() if self.allowance else {}).items():
            answer[name] = value
        return answer

    @property
    def allowed_methods(self) -> list[str]:
        """The methods that are documented here, and HEAD where there is GET."""
        kind: Any = type(self)  # the checker takes a class of its own for something without a hash
        return _methods_of(kind)

    @property
    def web_request(self) -> HttpRequest:
        """Django's own request."""
        return self.request._request

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.caller.actor

    def fund(self) -> tuple[UUID, str]:
        """This will return the fund that is meant and its currency.

        Errors: NotFound for a program that names another fund than its own, FundNeeded.
        """
        named = self.query.get("fund")
        if self.caller.fund_id is not None and self.caller.currency is not None:
            if named not in (None, self.caller.fund_id):
                raise errors.NotFound
            return self.caller.fund_id, self.caller.currency
        fund = funds.chosen_fund(self.actor, fund_id=named)
        if fund is None:
            raise FundNeeded
        return fund.id, fund.currency

    def currency_of(self, fund_id: UUID) -> str:
        """This will return a fund's currency, without a query where the caller's token told it."""
        if fund_id == self.caller.fund_id and self.caller.currency is not None:
            return self.caller.currency
        return funds.currency_of(fund_id)

    def read(self, shape: type[fields.Sent], **context: Any) -> dict[str, Any]:
        """This will read and check the body. Errors: InvalidInput, MalformedBody and its like."""
        said = fields.read(shape, bodies.read_object(self.web_request), **context)
        # Kept apart from what the method does with it: an id that leads to nothing is told at its field.
        self.said = dict(said)
        return said

    def read_nothing(self) -> None:
        """This will refuse a body that holds anything. Errors: InvalidInput."""
        fields.read(Nothing, bodies.read_object(self.web_request))

    def once(self) -> Once | None:
        """This will return the call as it is to be remembered. Errors: KeyMissing, KeyInvalid."""
        return idempotency.once_of(self.web_request, actor=self.actor, is_needed=self.rules.needs_key)

    def act(
        self,
        use_case: Callable[[Once | None], Row],
        *,
        again: Callable[[UUID], Row],
        body_of: Callable[[Row], Mapping[str, Any]],
        status: int = 200,
        location: Callable[[Row], str] | None = None,
    ) -> HttpResponse:
        """This will do one use case once, and answer with its row; a repeated call gets the row again."""
        row, is_replay = idempotency.perform(use_case, again=again, once=self.once())
        answer = json_answer(body_of(row), status=status)
        if location is not None:
            answer["Location"] = location(row)
        if is_replay:
            answer["Idempotent-Replayed"] = "true"
        return answer

    def surely(self, act: Callable[[], HttpResponse]) -> HttpResponse:
        """This will act for a caller who was only remembered; a refusal counts once the token was read."""
        try:
            return act()
        except (errors.FundError, DoorRefusal, tokens.Changed) as error:
            if self.caller.token is None or self.rules.scope is None:
                raise
            # Tried often enough, or done perhaps: no fresher token makes it wise to act again.
            if isinstance(error, (errors.Busy, errors.OutcomeUnknown)):
                raise
        self.caller = auth.authenticate(self.web_request, now=self.now)
        auth.require_scope(self.caller, self.rules.scope)
        return act()

    def page(
        self, rows: Any, order: tuple[str, ...], body_of: Callable[[Any], Mapping[str, Any]]
    ) -> HttpResponse:
        """This will answer with one page of a query's rows."""
        return paging.page_answer(self.web_request, paging.page_of(rows, order, self.query), body_of)

    def version_meant(self) -> int:
        """This will return the version that If-Match names.

        Errors: IfMatchMissing; PreconditionFailed for a tag that no version of ours has.
        """
        header = self.web_request.headers.get("If-Match")
        if header is None:
            raise IfMatchMissing
        tag = header.strip()
        digits = tag[1:-1]
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_VERSION_DIGITS
        if not is_number or tag != etag(int(digits)):
            raise PreconditionFailed
        return int(digits)


class Nothing(fields.Sent):
    """A body with nothing in it."""


@cache
def _methods_of(door: type[Door]) -> list[str]:
    methods = [
        name.upper()
        for name in door.http_method_names
        if hasattr(getattr(door, name, None), "rules") and name != "head"
    ]
    return [*methods, "HEAD"] if "GET" in methods else methods


def address(collection: str, prefix: str, key: UUID) -> str:
    """This will return where a thing can be read."""
    return f"/api/v1/{collection}/{ids.public(prefix, key)}"


def etag(version: int) -> str:
    """This will return the tag of a version."""
    return f'"{version}"'
