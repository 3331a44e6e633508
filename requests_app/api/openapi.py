"""The description of the API for programs (OpenAPI 3.1) and its page for people, both served from here."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request

from fundmgr.domain.scopes import SCOPES
from requests_app.api.answers import JSON, json_answer
from requests_app.api.doors import Door
from requests_app.api.paging import NoQuery
from requests_app.api.schema import RULES, Rules

OPENAPI_JSON = "application/vnd.oai.openapi+json"
DESCRIPTION = (
    "Money in, requests, decisions, rounds, payouts and reports of an assistance fund. "
    "Money is a string with two decimals and a currency; moments are UTC by RFC 3339; failures are problems "
    "by RFC 9457 with a stable code; lists turn by cursor; POST takes an Idempotency-Key."
)
TAGS = {
    "token": "Tokens for programs",
    "funds": "Funds and where they stand",
    "donors": "Who gives",
    "letters": "What donors are written",
    "ledger": "Every account, transfer and statement",
    "restrictions": "What money is tied to",
    "commitments": "What was promised",
    "receipts": "The money that came in, and what went back",
    "requests": "What people ask for",
    "decisions": "Who is eligible, by two people",
    "appeals": "A second look at a decision, by a different person",
    "rounds": "How money is shared",
    "scenarios": "Rules kept under a name, to be worked out on another day's people and money",
    "payouts": "Awards, batches and payouts: how money leaves",
    "reports": "Shortfall reports and the jobs that build them",
    "problems": "What each code of a failure means",
}
_SCHEMES = {
    "oauth2": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "/api/v1/oauth/token", "scopes": SCOPES}},
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "A signed-in person; calls that change something also need X-CSRFToken.",
    },
    "basic": {"type": "http", "scheme": "basic", "description": "A client's id and secret."},
}
Headers = dict[str, Any]


def _header(name: str, kind: str, words: str, *, always: bool = False) -> Headers:
    return {name: {"schema": {"type": kind}, "description": words, "required": always}}


_LIMITS = {
    **_header("RateLimit-Limit", "integer", "Calls a minute."),
    **_header("RateLimit-Remaining", "integer", "Calls left in this minute."),
    **_header("RateLimit-Reset", "integer", "Seconds until the next minute."),
}
_RETRY = _header("Retry-After", "integer", "Seconds to wait.", always=True)
_LOCATION = _header("Location", "string", "Where it can be read.", always=True)
_LINK = _header("Link", "string", "The pages beside this one (RFC 8288).")
_BY_STATUS: dict[str, Headers] = {
    "201": _LOCATION,
    "202": _LOCATION,
    "405": _header("Allow", "string", "The methods that this address takes.", always=True),
    "429": _RETRY,
    "503": _RETRY,
}


def completed(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """This will add what every call shares: schemes, headers, strict bodies."""
    result["info"]["description"] = DESCRIPTION
    result["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    result["components"]["securitySchemes"] = _SCHEMES
    calls = [call for methods in result["paths"].values() for call in methods.values()]
    shapes = result["components"]["schemas"]
    for call in calls:
        _complete_headers(call)
        _close(call.get("requestBody", {}).get("content", {}).get(JSON, {}), shapes)
    return result


def _close(node: Any, shapes: dict[str, Any]) -> None:
    """Say of every shape that a body is made of that it takes nothing else."""
    if isinstance(node, list):
        for item in node:
            _close(item, shapes)
    elif isinstance(node, dict):
        named = shapes.get(str(node.get("$ref", "")).rpartition("/")[2])
        if named is not None and "additionalProperties" not in named:
            named["additionalProperties"] = False
            _close(named, shapes)
        for below in node.values():
            _close(below, shapes)


def _complete_headers(call: dict[str, Any]) -> None:
    for status, response in call["responses"].items():
        headers = dict(_BY_STATUS.get(status, {}))
        if status.startswith("2") and call["tags"] != ["token"]:
            headers |= _LIMITS
            if call["operationId"].startswith("list_"):
                headers |= _LINK
        if headers:
            response["headers"] = headers


@cache
def document() -> dict[str, Any]:
    """This will build the description once a process: it follows from the code alone."""
    generator: Any = SchemaGenerator  # the library has no types for it
    made: dict[str, Any] = generator().get_schema(request=None, public=True)
    return made


class OpenApi(Door):
    """The description."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """This will show it."""
        return json_answer(document(), content_type=self.wanted)


class Docs(SpectacularSwaggerSplitView):
    """The page for people; its script is a file of its own, for our pages take none inline."""

    url_name = "openapi"
    template_name = "api/docs.html"
    # To OPTIONS the framework would answer a page by itself, and has none.
    http_method_names = ("get", "head")


setattr(OpenApi.get, RULES, Rules(None, NoQuery, needs_key=False, formats=(JSON, OPENAPI_JSON)))
