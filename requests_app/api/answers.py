"""Answers as bytes: JSON rows, problems by RFC 9457, and the few shapes that every resource shares."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from fundmgr.domain import money
from requests_app.api.problems import explained

JSON = "application/json"
PDF = "application/pdf"
PROBLEM_JSON = "application/problem+json"
PROBLEM_PATH = "/api/v1/problems/"
Body = dict[str, Any]
_escaped = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_plain = msgspec.json.Encoder().encode


def json_answer(
    body: object, *, status: int = 200, content_type: str = JSON, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """This will write a body as JSON. Non-ASCII letters are escaped, so that no byte can be unreadable."""
    # The quick way escapes no letter, so it is for bodies that need it for none: most of them.
    quick = _plain(body)
    content = quick if quick.isascii() else _escaped(body)
    return HttpResponse(content, status=status, content_type=content_type, headers=headers)


def problem_answer(
    request: HttpRequest,
    *,
    code: str,
    detail: str,
    status: int | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """This will write a failure as a problem (RFC 9457)."""
    about = explained(code)
    body: Body = {
        "type": f"{PROBLEM_PATH}{code}",
        "title": about.title,
        "status": status or about.status,
        "detail": detail,
        "code": code,
        "request_id": request.META.get("fundmgr.request_id", ""),
        "errors": [dict(error) for error in errors],
    }
    return json_answer(body, status=body["status"], content_type=PROBLEM_JSON, headers=headers)


def money_body(cents: int, currency: str) -> Body:
    """This will write cents as the API carries money."""
    return {"amount": money.wire(cents), "currency": currency}


def money_or_null(cents: int | None, currency: str) -> Body | None:
    """This will write cents as money, or null where there is no amount yet."""
    return None if cents is None else money_body(cents, currency)


def stamp(at: datetime) -> str:
    """This will write a moment by RFC 3339 in UTC with a Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def stamp_or_null(at: datetime | None) -> str | None:
    """This will write a moment, or null where it has not come yet."""
    return None if at is None else stamp(at)


def file_answer(made: Any) -> HttpResponse:
    """This will hand out a file that was just made, by its `name` and `content`."""
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.content, content_type=PDF, headers=headers)
