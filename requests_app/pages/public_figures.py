"""The figures of the fund's page as files, for people who count on: the same figures, nothing more."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fundmgr.domain import errors
from requests_app.exports import attachment, csv_file
from requests_app.exports.report_rows import Column, Kind, Table
from requests_app.queries import public
from requests_app.queries.public import LEAST_PEOPLE, Figures, FundPage

CURRENCY = "USD"
COLUMNS = (Column("figure", Kind.TEXT), Column("value", Kind.TEXT), Column("unit", Kind.TEXT))
# A figure's name, its value, and its unit: USD, people, requests, days or cents.
Row = tuple[str, str, str]


@require_safe
def as_json(request: HttpRequest, slug: str) -> JsonResponse:
    """All figures by name."""
    page = _page(slug)
    found = {name: {"value": value, "unit": unit} for name, value, unit in _rows(page.figures)}
    body: dict[str, Any] = {"fund": page.fund.slug, "as_of": _as_of(page), "figures": found}
    return JsonResponse({**body, "donors": [_donor(row) for row in _donors(page.figures)]})


@require_safe
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same, a line a figure; a donor's lines carry the donor's name."""
    page = _page(slug)
    rows: list[Row] = [("as_of", _as_of(page), ""), *_rows(page.figures)]
    for name, promised, received in _donors(page.figures):
        rows += [
            (f"promised by {name}", promised, CURRENCY),
            (f"received from {name}", received, CURRENCY),
        ]
    table = Table("figures", page.fund.name, COLUMNS, tuple(rows))
    answer = HttpResponse(csv_file.one_table(table), content_type=csv_file.MEDIA_TYPE)
    for header, value in attachment.headers(f"{slug}-figures.csv").items():
        answer[header] = value
    return answer


def _page(slug: str) -> FundPage:
    try:
        return public.fund_page(slug, now=timezone.now())
    except errors.NotFound:
        raise Http404 from None


def _as_of(page: FundPage) -> str:
    return page.figures.numbers.as_of.isoformat()


def _rows(figures: Figures) -> Iterator[Row]:
    """What the page shows; a figure of few people is left out here as there."""
    numbers, split, helped, pace = figures.numbers, figures.split, figures.helped, figures.pace
    yield "received", _dollars(numbers.received_cents), CURRENCY
    yield "asked", _dollars(numbers.asked_cents), CURRENCY
    yield "requests", str(numbers.requests_count), "requests"
    if not numbers.too_early:
        yield "cents_per_dollar", str(numbers.cents_per_dollar), "cents"
        for name, cents in figures.categories:
            yield f"asked_for_{name.lower()}", _dollars(cents), CURRENCY
    yield "paid", _dollars(split.paid_cents), CURRENCY
    yield "decided_not_paid", _dollars(split.held_cents), CURRENCY
    yield "kept_for_appeals_and_returns", _dollars(split.reserve_cents), CURRENCY
    yield "still_to_be_shared", _dollars(split.available_cents), CURRENCY
    if split.paid_people >= LEAST_PEOPLE:
        yield "people_paid", str(split.paid_people), "people"
    if helped is not None:
        yield "people_with_an_award", str(helped.awarded_count), "people"
        yield "people_waiting", str(helped.waiting_count), "people"
    if pace is not None:
        yield "days_to_an_answer_median", str(pace.median_days), "days"
        yield "days_to_an_answer_promised", str(pace.promised_days), "days"


def _donors(figures: Figures) -> list[tuple[str, str, str]]:
    rows = [(name or "a donor", promised, received) for name, promised, received in figures.donors]
    return [(name, _dollars(promised), _dollars(received)) for name, promised, received in rows]


def _donor(row: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("name", "promised", "received"), row, strict=True))


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
