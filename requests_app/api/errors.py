"""What a door refuses by itself, and the one place where every failure becomes a problem (RFC 9457)."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS

from fundmgr.domain.errors import (
    Busy,
    FundError,
    InvalidInput,
    Kind,
    NotFound,
    OutcomeUnknown,
    Problem,
)
from requests_app.api.answers import problem_answer
from requests_app.api.problems import status_of

log = logging.getLogger(__name__)
REALM = 'Bearer realm="fundmgr"'
MOST_PROBLEMS = 100
# A name that the caller made up may be as long as the body.
MOST_POINTER_LETTERS = 200
# Inside, amounts are cents; outside they are money and have the plain name.
_WIRE_NAMES = {"other_aid_cents": "other_aid", "verified_cents": "verified", "amount_cents": "amount"}
_FROM_FRAMEWORK: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    ((exceptions.MethodNotAllowed,), "method_not_allowed", "Use one of the methods that Allow lists."),
    ((Http404, exceptions.NotFound), "not_found", "There is nothing here."),
    ((TooManyFieldsSent, TooManyFilesSent), "malformed_body", "The body has too many parts. Send one file."),
    (
        (UnreadablePostError, SuspiciousOperation, exceptions.ParseError),
        "malformed_body",
        "The body broke off.",
    ),
    ((exceptions.NotAcceptable,), "not_acceptable", "This address does not answer in that format."),
)
_SHORT_WAIT, _LONG_WAIT = {"Retry-After": "1"}, {"Retry-After": "900"}


class DoorRefusal(Exception):
    """A call that a door turns away before any use case is asked."""

    code: ClassVar[str] = "conflict"
    sentence: ClassVar[str] = ""

    def __init__(
        self,
        sentence: str = "",
        *,
        errors: Iterable[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.detail = sentence or self.sentence
        self.errors = list(errors)
        self.headers = dict(headers or {})
        super().__init__(self.detail)


class MalformedBody(DoorRefusal):
    """The bytes are not one usable JSON value."""

    code = "malformed_body"
    sentence = "The body is not usable JSON."


class BodyTooLarge(DoorRefusal):
    """The body is larger than the limit."""

    code = "body_too_large"
    sentence = "The body is larger than a megabyte."


class UnsupportedMediaType(DoorRefusal):
    """The body is not JSON by its own word."""

    code = "unsupported_media_type"
    sentence = "Send the body as application/json in UTF-8."


class UnknownParameter(DoorRefusal):
    """A query parameter that nobody reads."""

    code = "unknown_parameter"


class InvalidParameter(DoorRefusal):
    """A query parameter that cannot be read."""

    code = "invalid_parameter"
    sentence = "A parameter in the address cannot be used."


class InvalidCursor(DoorRefusal):
    """A cursor of another list, or a changed one."""

    code = "invalid_cursor"
    sentence = "This cursor does not fit here. Start without one."


class FundNeeded(DoorRefusal):
    """A person with several funds named none."""

    code = "fund_needed"
    sentence = "You work for several funds. Add ?fund=fund_… to the address."


class KeyMissing(DoorRefusal):
    """Money would move without an idempotency key."""

    code = "idempotency_key_missing"
    sentence = "This call moves money. Send a header Idempotency-Key with a fresh random value."


class KeyInvalid(DoorRefusal):
    """An idempotency key that cannot be stored."""

    code = "idempotency_key_invalid"
    sentence = "The Idempotency-Key must be 1 to 255 printable ASCII characters."


class TokenMissing(DoorRefusal):
    """Nobody said who calls."""

    code = "token_missing"
    sentence = "Send a token as Authorization: Bearer, or sign in."


class TokenInvalid(DoorRefusal):
    """The token is unknown, over, or its client is switched off."""

    code = "token_invalid"
    sentence = "The token is not valid any more. Ask for a new one."


class ScopeMissing(DoorRefusal):
    """The token was not made for this."""

    code = "scope_missing"


class CsrfFailed(DoorRefusal):
    """A session's call without proof that our own page sent it."""

    code = "csrf_failed"


class SecondFactorRequired(DoorRefusal):
    """Staff without a second factor."""

    code = "second_factor_required"
    sentence = "Set up a second factor on the sign-in pages first."


class NotAcceptable(DoorRefusal):
    """No format that the caller would take."""

    code = "not_acceptable"


class IfMatchMissing(DoorRefusal):
    """A change that does not say which version it means."""

    code = "if_match_missing"
    sentence = "Send the ETag that you read as If-Match."


class PreconditionFailed(DoorRefusal):
    """A change to a version that is no longer the present one."""

    code = "precondition_failed"
    sentence = "This changed since you read it. Read it again, then change it."


class RateLimited(DoorRefusal):
    """More calls than a client may make."""

    code = "rate_limited"


def answer(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """This will turn any failure inside a door into a problem; nothing passes as a page or a bare 500."""
    request: HttpRequest = context["request"]._request
    if isinstance(error, FundError) and error.keys:
        error = _at_its_field(error, context)
    if isinstance(error, FundError):
        return _refused(request, error)
    if isinstance(error, DoorRefusal):
        return problem_answer(
            request, code=error.code, detail=error.detail, errors=error.errors, headers=error.headers
        )
    for kinds, code, detail in _FROM_FRAMEWORK:
        if isinstance(error, kinds):
            return problem_answer(request, code=code, detail=detail)
    if isinstance(error, (OperationalError, InterfaceError)):
        log.error("the database did not answer: %s", error)
        # Where something was to be written, it may have been written before the line went dead.
        return _refused(request, Busy() if request.method in SAFE_METHODS else OutcomeUnknown())
    log.error("unexpected failure at %s", request.path, exc_info=error)
    return problem_answer(request, code="internal_error", detail="Something went wrong on our side.")


def _at_its_field(error: FundError, context: Mapping[str, Any]) -> FundError:
    """Say which field of the body named what is refused; what the address names is answered as a whole."""
    said, in_address = getattr(context["view"], "said", {}), set(context["kwargs"].values())
    sought = error.keys - in_address
    places = list(_places(said, sought))
    if isinstance(error, NotFound):
        problems = [Problem(field, "unknown_id", "There is nothing with this id.") for field in places]
        return InvalidInput(problems=problems) if problems else error
    error.problems = tuple(Problem(field, error.code, error.sentence) for field in places)
    return error


def _places(value: Any, keys: Collection[UUID], path: str = "") -> Iterator[str]:
    """Walk what was read of a body to the ids looked for, and name where they stand."""
    if isinstance(value, UUID):
        if value in keys:
            yield path
        return
    steps: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        steps = value.items()
    elif isinstance(value, (list, tuple)):
        steps = enumerate(value)
    for step, below in steps:
        yield from _places(below, keys, f"{path}.{step}" if path else str(step))


def pointers(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """This will write problems of fields as JSON pointers into the body (RFC 6901, as a fragment).

    Shapes: the first hundred, for a body of a megabyte has room for a hundred thousand unknown names and
    the answer would be many times as long.
    """
    return [
        {"pointer": pointer(problem.field), "code": problem.code, "detail": problem.sentence}
        for problem in islice(problems, MOST_PROBLEMS)
    ]


def pointer(field: str) -> str:
    """This will write a field of a use case, like `need_lines.0.amount`, as a pointer into the body."""
    field = field if len(field) <= MOST_POINTER_LETTERS else f"{field[:MOST_POINTER_LETTERS]}…"
    parts = [_WIRE_NAMES.get(part, part) for part in field.split(".")] if field else []
    return "".join(["#", *(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts)])


def _refused(request: HttpRequest, refusal: FundError) -> HttpResponse:
    headers = {Kind.UNAVAILABLE: _SHORT_WAIT, Kind.TOO_MANY: _LONG_WAIT}.get(refusal.kind)
    if refusal.code == "idempotency_in_flight":
        headers = _SHORT_WAIT
    return problem_answer(
        request,
        code=refusal.code,
        detail=refusal.sentence,
        status=status_of(refusal),
        errors=pointers(refusal.problems),
        headers=headers,
    )
