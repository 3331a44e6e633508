"""One declaration a call: what the door enforces is what OpenAPI shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from requests_app.api import fields
from requests_app.api.answers import JSON, PROBLEM_JSON
from requests_app.api.paging import NoQuery
from requests_app.api.problems import explained

Method = TypeVar("Method", bound=Callable[..., Any])
KEY_OPTIONAL, KEY_NEEDED = "optional", "needed"
RULES = "rules"


@dataclass(frozen=True)
class Rules:
    """What a door enforces before a use case is asked. Shapes: no scope means that anybody may call."""

    scope: str | None
    query: type[fields.Sent]
    needs_key: bool
    formats: tuple[str, ...]


class ProblemItem(fields.Shown):
    """One thing wrong with one field or parameter."""

    pointer = serializers.CharField(required=False, help_text="Where in the body, as a JSON pointer.")
    parameter = serializers.CharField(required=False, help_text="Which parameter of the address.")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(fields.Shown):
    """A failure by RFC 9457."""

    type = serializers.CharField(help_text="Where this code is explained.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="A stable word for programs.")
    request_id = serializers.CharField()
    errors = ProblemItem(many=True)  # type: ignore[assignment]  # RFC 9457's usual name, not the form's


ALWAYS = ("method_not_allowed", "not_acceptable", "internal_error", "try_again")
GUARDED = ("token_missing", "scope_missing", "rate_limited")
WITH_BODY = ("malformed_body", "body_too_large", "unsupported_media_type", "validation_failed", "conflict")
_KEY_SHAPE = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"}
_KEY = OpenApiParameter(
    "Idempotency-Key",
    _KEY_SHAPE,
    OpenApiParameter.HEADER,
    description="A fresh random value a call; the same value with the same body gives the same answer.",
)
_KEY_NEEDED = OpenApiParameter(
    "Idempotency-Key",
    _KEY_SHAPE,
    OpenApiParameter.HEADER,
    required=True,
    description="Needed, for money moves. The same value with the same body gives the same answer.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag that was read.",
)


@cache
def page_shape(row: type[fields.Shown]) -> type[fields.Shown]:
    """This will return the shape of a page of rows."""
    name = f"{row.__name__}Page"
    parts = {
        "data": row(many=True),
        "next_cursor": serializers.CharField(allow_null=True),
        "has_more": serializers.BooleanField(),
        "__doc__": "One page of rows.",
        "__module__": row.__module__,
    }
    return type(name, (fields.Shown,), parts)


def page_sample(row: Mapping[str, Any]) -> dict[str, Any]:
    """This will return an example of a page."""
    return {"data": [dict(row)], "next_cursor": None, "has_more": False}


def operation(
    name: str,
    summary: str,
    *,
    tag: str,
    scope: str | None,
    gives: Any,
    sample: Any,
    status: int = 200,
    sends: type[fields.Sent] | None = None,
    sample_sent: Mapping[str, Any] | None = None,
    query: type[fields.Sent] = NoQuery,
    key: str | None = None,
    refusals: Sequence[str] = (),
    headers: Sequence[OpenApiParameter] = (),
    formats: tuple[str, ...] = (JSON,),
    description: str = "",
) -> Callable[[Method], Method]:
    """This will bind a method of a door to its rules and its documentation.

    Shapes: `key` says whether an Idempotency-Key is taken or needed; `refusals` are codes that this call
    has beside those that every call like it has.
    """
    parameters: list[Any] = [*headers]
    if query is not NoQuery:
        parameters.append(query)
    if key is not None:
        parameters.append(_KEY_NEEDED if key == KEY_NEEDED else _KEY)
    codes = _codes(scope, sends, key, refusals, status)
    document = extend_schema(
        operation_id=name,
        summary=summary,
        description="\n\n".join(part for part in (description, _scope_line(scope)) if part),
        tags=[tag],
        parameters=parameters,
        request={JSON: sends} if sends else None,
        responses=_responses(status, gives, formats, codes),
        examples=[*_good_examples(name, sample_sent, sample, status), *_bad_examples(name, codes)],
        # The library's own type knows names of schemes only; a mapping with scopes is passed on as it is.
        auth=cast("list[str]", [{"oauth2": [scope]}, {"session": []}] if scope else [{}]),
    )
    rules = Rules(scope=scope, query=query, needs_key=key == KEY_NEEDED, formats=formats)

    def bind(method: Method) -> Method:
        bound = document(method)
        setattr(bound, RULES, rules)
        return bound

    return bind


def token_operation(
    *, sends: type[fields.Sent], gives: type[fields.Shown], refuses: type[fields.Shown], form: str
) -> Callable[[Method], Method]:
    """This will document the one call that answers by RFC 6749 instead of RFC 9457."""
    sent = {"grant_type": "client_credentials", "scope": "requests:read requests:write"}
    token = {"access_token": "k3V…", "token_type": "Bearer", "expires_in": 900, "scope": sent["scope"]}
    refused = {"error": "invalid_client"}
    good = OpenApiExample("create_token_answer", token, response_only=True, status_codes=["200"])
    bad = [
        OpenApiExample(f"create_token_{status}", refused, response_only=True, status_codes=[status])
        for status in ("400", "401", "429")
    ]
    responses: dict[Any, Any] = {(200, JSON): gives}
    responses |= {(status, JSON): refuses for status in (400, 401, 429)}
    codes = ["unknown_parameter", "body_too_large", *ALWAYS]
    responses |= {
        (explained(code).status, PROBLEM_JSON): OpenApiResponse(Problem, description=f"`{code}`")
        for code in codes
    }
    document = extend_schema(
        operation_id="create_token",
        summary="Get a token for id and secret",
        description="Send id and secret in a Basic header, or in the form. A token lives 15 minutes.",
        tags=["token"],
        request={form: sends},
        responses=responses,
        examples=[
            OpenApiExample("create_token_body", sent, request_only=True, media_type=form),
            good,
            *bad,
            *_bad_examples("create_token", codes),
        ],
        auth=cast("list[str]", [{"basic": []}, {}]),
    )
    rules = Rules(scope=None, query=NoQuery, needs_key=False, formats=(JSON,))

    def bind(method: Method) -> Method:
        bound = document(method)
        setattr(bound, RULES, rules)
        return bound

    return bind


def only_canonical(endpoints: list[tuple[str, Any, str, Any]]) -> list[tuple[str, Any, str, Any]]:
    """This will leave out the second spelling of each address, the one with a slash at its end."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]


def _scope_line(scope: str | None) -> str:
    return f"A program needs the scope `{scope}`." if scope else ""


def _codes(
    scope: str | None, sends: object, key: str | None, refusals: Sequence[str], status: int
) -> list[str]:
    codes = ["unknown_parameter", *ALWAYS, *refusals]
    if scope:
        codes += [*GUARDED, "not_found"]
    if sends or key:
        codes += WITH_BODY
    if key == KEY_NEEDED:
        codes.append("idempotency_key_missing")
    return sorted(set(codes), key=lambda code: (explained(code).status, code))


def _responses(status: int, gives: Any, formats: tuple[str, ...], codes: Sequence[str]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for kind in formats:
        found[status, kind] = gives if kind == JSON else OpenApiResponse(bytes)
    for refused in sorted({explained(code).status for code in codes}):
        words = [code for code in codes if explained(code).status == refused]
        listed = ", ".join(f"`{word}`" for word in words)
        found[refused, PROBLEM_JSON] = OpenApiResponse(Problem, description=listed)
    return found


def _good_examples(
    name: str, sent: Mapping[str, Any] | None, given: Any, status: int
) -> list[OpenApiExample]:
    answer = OpenApiExample(
        f"{name}_answer", value=given, response_only=True, status_codes=[str(status)], media_type=JSON
    )
    if sent is None:
        return [answer]
    return [
        answer,
        OpenApiExample(f"{name}_body", value=dict(sent), request_only=True, media_type=JSON),
    ]


def _bad_examples(name: str, codes: Sequence[str]) -> list[OpenApiExample]:
    """One example a status, for the first code that has it."""
    first = {explained(code).status: code for code in reversed(codes)}
    return [
        OpenApiExample(
            f"{name}_{code}",
            value=problem_sample(code),
            response_only=True,
            status_codes=[str(status)],
            media_type=PROBLEM_JSON,
        )
        for status, code in sorted(first.items())
    ]


def problem_sample(code: str) -> dict[str, Any]:
    """This will return an example of a problem."""
    about = explained(code)
    return {
        "type": f"/api/v1/problems/{code}",
        "title": about.title,
        "status": about.status,
        "detail": about.cause,
        "code": code,
        "request_id": "5f0c1b2a9d3e4f60",
        "errors": [],
    }
