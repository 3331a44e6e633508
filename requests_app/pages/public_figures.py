"""The figures of the fund's page as files, for people who count on: the same figures, nothing more."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from fundmgr.domain import errors, money
from requests_app.exports import attachment, csv_file
from requests_app.exports.report_rows import Column, Kind, Table
from requests_app.pages.kept_pages import EVERYBODY
from requests_app.queries import public
from requests_app.queries.helped_groups import Group
from requests_app.queries.public import LEAST_PEOPLE, Figures, FundPage

CURRENCY = "USD"
COLUMNS = (Column("figure", Kind.TEXT), Column("value", Kind.TEXT), Column("unit", Kind.TEXT))
# A figure's name, its value, and its unit: USD, people, requests, days or cents.
Row = tuple[str, str, str]
# The groups by urgency, then those by department.
KINDS = ("urgency", "department")
OTHERS_NAME = "OTHERS"


@require_safe
def as_json(request: HttpRequest, slug: str) -> JsonResponse:
    """All figures by name."""
    page = _page(slug)
    found = {name: {"value": value, "unit": unit} for name, value, unit in _rows(page.figures)}
    body: dict[str, Any] = {"fund": page.fund.slug, "as_of": _as_of(page), "figures": found}
    body |= {"groups": {kind: [_group(one) for one in groups] for kind, groups in _groups(page.figures)}}
    body |= {"donors": [_donor(row) for row in _donors(page.figures)]}
    return JsonResponse(body, headers={"Cache-Control": EVERYBODY})


@require_safe
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The same, a line a figure; a group's lines carry its name, and a donor's the donor's."""
    page = _page(slug)
    rows = [("as_of", _as_of(page), ""), *_rows(page.figures), *_lines(page.figures)]
    # A balance may be below zero: a minus before a number of ours starts no formula.
    cells = tuple((name, csv_file.Number(value), unit) for name, value, unit in rows)
    table = Table("figures", page.fund.name, COLUMNS, cells)
    # What anybody may read may be kept on the way, unlike other attachments.
    headers = {**attachment.headers(f"{slug}-figures.csv"), "Cache-Control": EVERYBODY}
    return HttpResponse(csv_file.one_table(table), content_type=csv_file.MEDIA_TYPE, headers=headers)


def _lines(figures: Figures) -> Iterator[Row]:
    for kind, groups in _groups(figures):
        for one in groups:
            named = f"{kind} {one.name or OTHERS_NAME}"
            yield f"people_who_met_the_rules, {named}", str(one.whole_count), "people"
            yield f"people_with_an_award, {named}", str(one.awarded_count), "people"
    for name, promised, received in _donors(figures):
        yield f"promised by {name}", promised, CURRENCY
        yield f"received from {name}", received, CURRENCY


def _groups(figures: Figures) -> Iterator[tuple[str, list[Group]]]:
    """How far the money went, as the page tells it: where it would tell of few people there are no groups."""
    return zip(KINDS, (figures.groups.tiers, figures.groups.crafts), strict=True)


def _group(one: Group) -> dict[str, Any]:
    return {
        "name": one.name or OTHERS_NAME,
        "people_who_met_the_rules": one.whole_count,
        "people_with_an_award": one.awarded_count,
    }


def _page(slug: str) -> FundPage:
    try:
        return public.fund_page(slug, now=timezone.now())
    except errors.NotFound:
        raise Http404 from None


def _as_of(page: FundPage) -> str:
    return page.figures.numbers.as_of.isoformat().replace("+00:00", "Z")


def _rows(figures: Figures) -> Iterator[Row]:
    """What the page shows; a figure of few people is left out here as there."""
    numbers, split, helped, pace = figures.numbers, figures.split, figures.helped, figures.pace
    yield "received", money.wire(numbers.received_cents), CURRENCY
    yield "asked", money.wire(numbers.asked_cents), CURRENCY
    yield "requests", str(numbers.requests_count), "requests"
    if not numbers.too_early:
        yield "cents_per_dollar", str(numbers.cents_per_dollar), "cents"
        for name, cents in figures.categories:
            yield f"asked_for_{name.lower()}", money.wire(cents), CURRENCY
    yield "paid", money.wire(split.paid_cents), CURRENCY
    yield "decided_not_paid", money.wire(split.held_cents), CURRENCY
    yield "kept_for_appeals_and_returns", money.wire(split.reserve_cents), CURRENCY
    yield "still_to_be_shared", money.wire(split.available_cents), CURRENCY
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
    return [(name, money.wire(promised), money.wire(received)) for name, promised, received in rows]


def _donor(row: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("name", "promised", "received"), row, strict=True))
