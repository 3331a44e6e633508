"""One declaration a call: what the door enforces is what OpenAPI shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
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
MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Rules:
    """What a door enforces before a use case is asked.

    Shapes: no scope means that anybody may call; `most_bytes` is said where a body may be larger than most.
    """

    scope: str | None
    query: type[fields.Sent]
    needs_key: bool
    formats: tuple[str, ...]
    remembers_token: bool = False
    most_bytes: int | None = None


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


ALWAYS = ("method_not_allowed", "not_acceptable", "internal_error", "try_again", "outcome_unknown")
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


@dataclass(frozen=True)
class Operation:
    """One call: used as a decorator, it binds a method of a door to its rules and its documentation.

    Shapes: no scope means that anybody may call; `key` says whether an Idempotency-Key is taken or needed;
    `refusals` are codes that this call has beside those that every call like it has; with `remembers_token`
    its use case asks for the token itself, so that a rush needs no query for it; `takes` is its body's type.
    """

    name: str
    summary: str
    _: KW_ONLY
    tag: str
    scope: str | None
    gives: Any
    sample: Any
    status: int = 200
    sends: type[fields.Sent] | None = None
    sample_sent: Mapping[str, Any] | None = None
    takes: str = JSON
    query: type[fields.Sent] = NoQuery
    key: str | None = None
    refusals: Sequence[str] = ()
    headers: Sequence[OpenApiParameter] = ()
    formats: tuple[str, ...] = (JSON,)
    description: str = ""
    remembers_token: bool = False
    most_bytes: int | None = None

    def __call__(self, method: Method) -> Method:
        """This will bind the method."""
        bound = extend_schema(
            operation_id=self.name,
            summary=self.summary,
            description="\n\n".join(part for part in (self.description, self._scope_line()) if part),
            tags=[self.tag],
            parameters=self._parameters(),
            request={self.takes: self.sends} if self.sends else None,
            responses=_responses(self.status, self.gives, self.formats, self.codes()),
            examples=[*self._good_examples(), *_bad_examples(self.name, self.codes())],
            # The library's own type knows names of schemes only; a mapping with scopes is passed on as it is.
            auth=cast("list[str]", [{"oauth2": [self.scope]}, {"session": []}] if self.scope else [{}]),
        )(method)
        needs_key, remembers = self.key == KEY_NEEDED, self.remembers_token
        rules = Rules(self.scope, self.query, needs_key, self.formats, remembers, self.most_bytes)
        return _ruled(bound, rules)

    def codes(self) -> list[str]:
        """This will return every code that the call can answer with, by status."""
        codes = ["unknown_parameter", *ALWAYS, *self.refusals]
        if self.scope:
            codes += [*GUARDED, "not_found"]
        if self.sends or self.key:
            codes += WITH_BODY
        if self.key == KEY_NEEDED:
            codes.append("idempotency_key_missing")
        return sorted(set(codes), key=lambda code: (explained(code).status, code))

    def _parameters(self) -> list[Any]:
        parameters: list[Any] = [*self.headers]
        if self.query is not NoQuery:
            parameters.append(self.query)
        if self.key is not None:
            parameters.append(_KEY_NEEDED if self.key == KEY_NEEDED else _KEY)
        return parameters

    def _scope_line(self) -> str:
        return f"A program needs the scope `{self.scope}`." if self.scope else ""

    def _good_examples(self) -> list[OpenApiExample]:
        answer = OpenApiExample(
            f"{self.name}_answer",
            value=self.sample,
            response_only=True,
            status_codes=[str(self.status)],
            media_type=JSON,
        )
        if self.sample_sent is None:
            return [answer]
        body = OpenApiExample(
            f"{self.name}_body", value=dict(self.sample_sent), request_only=True, media_type=self.takes
        )
        return [answer, body]


TOKEN_SENT = {"grant_type": "client_credentials", "scope": "requests:read requests:write"}
TOKEN_SAMPLE = {
    "access_token": "k3V9tYb2mQ8xW5rN",
    "token_type": "Bearer",
    "expires_in": 900,
    "scope": TOKEN_SENT["scope"],
}
TOKEN_REFUSED = (400, 401, 429)


def token_operation(
    *, sends: type[fields.Sent], gives: type[fields.Shown], refuses: type[fields.Shown], form: str
) -> Callable[[Method], Method]:
    """This will document the one call that answers by RFC 6749 instead of RFC 9457."""
    codes = ["unknown_parameter", "body_too_large", *ALWAYS]
    document = extend_schema(
        operation_id="create_token",
        summary="Get a token for id and secret",
        description="Send id and secret in a Basic header, or in the form. A token lives 15 minutes.",
        tags=["token"],
        request={form: sends},
        responses={
            **_responses(200, gives, (JSON,), codes),
            **{(status, JSON): refuses for status in TOKEN_REFUSED},
        },
        examples=[*_token_examples(form), *_bad_examples("create_token", codes)],
        auth=cast("list[str]", [{"basic": []}, {}]),
    )
    return lambda method: _ruled(document(method), Rules(None, NoQuery, needs_key=False, formats=(JSON,)))


def _token_examples(form: str) -> list[OpenApiExample]:
    return [
        OpenApiExample("create_token_body", TOKEN_SENT, request_only=True, media_type=form),
        OpenApiExample("create_token_answer", TOKEN_SAMPLE, response_only=True, status_codes=["200"]),
        *(
            OpenApiExample(
                f"create_token_{status}",
                {"error": "invalid_client"},
                response_only=True,
                status_codes=[str(status)],
                media_type=JSON,
            )
            for status in TOKEN_REFUSED
        ),
    ]


def _ruled(method: Method, rules: Rules) -> Method:
    setattr(method, RULES, rules)
    return method


def only_canonical(endpoints: list[tuple[str, Any, str, Any]]) -> list[tuple[str, Any, str, Any]]:
    """This will leave out the second spelling of each address, the one with a slash at its end."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]


def _responses(status: int, gives: Any, formats: tuple[str, ...], codes: Sequence[str]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for kind in formats:
        found[status, kind] = gives if kind == JSON else OpenApiResponse(bytes)
    for refused in sorted({explained(code).status for code in codes}):
        words = [code for code in codes if explained(code).status == refused]
        listed = ", ".join(f"`{word}`" for word in words)
        found[refused, PROBLEM_JSON] = OpenApiResponse(Problem, description=listed)
    return found


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
