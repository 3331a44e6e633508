"""Cursor pages: what the address may say, and how a page is answered."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from fundmgr.domain import money
from fundmgr.domain.errors import InvalidInput
from requests_app.api import fields
from requests_app.api.answers import json_answer
from requests_app.api.errors import InvalidCursor, InvalidParameter, UnknownParameter
from requests_app.queries.paging import LIMIT_DEFAULT, LIMIT_MOST, Page, keyset

Row = TypeVar("Row", bound=Model)
MOST_CURSOR_LETTERS = 400


class NoQuery(fields.Sent):
    """An address without parameters."""


class FundQuery(fields.Sent):
    """An address of a fund's collection."""

    fund = fields.Id("fund", required=False, help_text="Which fund; a program always means its own.")


class PageQuery(fields.Sent):
    """An address of a list."""

    limit = fields.Whole(least=1, most=LIMIT_MOST, required=False, help_text="Rows a page; 50 if not said.")
    cursor = fields.Line(
        most=MOST_CURSOR_LETTERS, required=False, help_text="next_cursor of the page before this one."
    )


class FundPageQuery(PageQuery, FundQuery):
    """An address of a fund's list."""


def read_query(request: HttpRequest, shape: type[fields.Sent]) -> dict[str, Any]:
    """This will read the address's parameters. Errors: UnknownParameter, InvalidParameter."""
    sent = dict(request.GET.lists()) if request.META.get("QUERY_STRING") else {}
    if not sent:
        return {}
    form = shape(data={name: values[0] for name, values in sent.items()}, context={"in_address": True})
    unknown = [name for name in sent if name not in form.fields]
    if unknown:
        raise _unknown(unknown, known=list(form.fields))
    repeated = [name for name, values in sent.items() if len(values) > 1]
    if repeated:
        error = {"parameter": repeated[0], "code": "repeated", "detail": "Say this once."}
        raise InvalidParameter(errors=[error])
    if form.is_valid():
        return dict(form.validated_data)
    problems = fields.problems_of(form.errors)
    raise InvalidParameter(
        errors=[
            {"parameter": problem.field, "code": problem.code, "detail": problem.sentence}
            for problem in problems
        ]
    )


def page_of(rows: QuerySet[Row], order: tuple[str, ...], query: Mapping[str, Any]) -> Page[Row]:
    """This will return the page that the address asks for. Errors: InvalidCursor."""
    return turned(lambda: keyset(rows, order, query.get("cursor"), query.get("limit", LIMIT_DEFAULT)))


def turned(ask: Callable[[], Page[Row]]) -> Page[Row]:
    """This will ask for a page and name a bad cursor as what it is here: a bad parameter."""
    try:
        return ask()
    except InvalidInput as error:
        if any(problem.field == "cursor" for problem in error.problems):
            detail = {"parameter": "cursor", "code": "unusable", "detail": InvalidCursor.sentence}
            raise InvalidCursor(errors=[detail]) from error
        raise


def cents_or_none(query: Mapping[str, Any], name: str) -> int | None:
    """This will return an amount of the address in cents, or None. Errors: InvalidParameter."""
    if name not in query:
        return None
    try:
        return money.parse_wire_cents(query[name])
    except money.NotMoney as error:
        detail = {"parameter": name, "code": "not_money", "detail": str(error)}
        raise InvalidParameter(errors=[detail]) from error


def page_answer(
    request: HttpRequest, page: Page[Row], body_of: Callable[[Row], Mapping[str, Any]] | Iterable[Any]
) -> HttpResponse:
    """This will write a page: rows, the cursor to what follows, and a Link header with the same address."""
    rows = [body_of(row) for row in page.rows] if callable(body_of) else list(body_of)
    answer = json_answer({"data": rows, "next_cursor": page.next_cursor, "has_more": page.has_more})
    links = [
        f'<{_address(request, cursor)}>; rel="{relation}"'
        for relation, cursor in (("next", page.next_cursor), ("prev", page.previous_cursor))
        if cursor
    ]
    if links:
        answer["Link"] = ", ".join(links)
    return answer


def _address(request: HttpRequest, cursor: str) -> str:
    said = {name: value for name, value in request.GET.items() if name != "cursor"}
    return f"{request.path}?{urlencode({**said, 'cursor': cursor})}"


def _unknown(names: list[str], *, known: list[str]) -> UnknownParameter:
    errors = []
    for name in names:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        errors.append({"parameter": name[:100], "code": "unknown", "detail": f"This is not known.{hint}"})
    taken = f"This address takes {', '.join(known)}." if known else "This address takes no parameters."
    return UnknownParameter(f"{errors[0]['detail']} {taken}", errors=errors)
