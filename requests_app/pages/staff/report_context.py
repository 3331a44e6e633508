"""A report's body as what its page shows: the same charts and rows as on paper."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fundmgr.domain import money
from fundmgr.domain.permissions import Action
from requests_app.exports import report_charts, report_rows, report_words
from requests_app.exports.report_rows import figure, percent
from requests_app.pages.staff.doors import Door
from requests_app.queries.reports import ReportPage

# Which table lies behind which chart.
_CHART_TABLES = {
    "layers": "layers",
    "waterfall": "position",
    "targets": "targets",
    "funnel": "layers",
    "histogram": "asks",
    "categories": "categories",
    "arrivals": "days",
}
_FORMATS = (("PDF", "report_pdf"), ("CSV", "report_csv"), ("JSON", "report_json"))


def context(door: Door, found: ReportPage) -> dict[str, Any]:
    """This will return the context of staff/shortfall.html."""
    body, report_id = found.body, found.row.id
    charts: dict[str, Any] = dict(report_charts.drawn(body))
    charts["more"] = [charts.pop("crafts"), charts.pop("productions")]

    def csv_url(key: str) -> str:
        return door.url("report_table", report_id=report_id, key=key)

    return {
        "fund_name": body["fund"]["name"],
        "as_of": found.row.as_of,
        "headline": report_words.headline(body),
        "standfirst": _standfirst(body),
        "formats": [{"label": label, "url": door.url(name, report_id=report_id)} for label, name in _FORMATS],
        "charts": charts,
        "chart_csv": {chart: csv_url(table) for chart, table in _CHART_TABLES.items()},
        "heads": heads(body),
        "scenarios": {
            "title": report_words.scenarios_title(body),
            "note": report_words.scenarios_note(body),
            "rows": report_charts.scenarios(body),
            "csv_url": csv_url("scenarios"),
            "workbench_url": door.url("rounds") if door.may(Action.ROUND_PROPOSE) else "",
        },
        "tables": [
            {
                "title": table.title,
                "head": table.head,
                "rows": table.shown(),
                "csv_url": csv_url(table.key),
            }
            for table in report_rows.tables(body)
        ],
        "method": report_words.method(body),
        "limits": report_words.limits(body),
        "proof": _proof(found),
        "renew": {"url": door.url("report_ask") if door.may(Action.REPORT_BUILD) else ""},
        "reports_url": door.url("reports"),
    }


def heads(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """This will return the four figures under the bar, each with the lines that explain it."""
    return [_available(body), _verified(body), _coverage(body), _waiting(body)]


def _available(body: Mapping[str, Any]) -> dict[str, Any]:
    reserve = percent(body["policy"]["reserve_bp"])
    rows = [
        ("Received in cash", _cents(body, "F6")),
        (f"Reserve, {reserve}", money.dollars(-figure(body, "F8")["amount_cents"], whole=True)),
        ("Held for awards", money.dollars(-figure(body, "F7")["amount_cents"], whole=True)),
    ]
    paid = figure(body, "F9.paid")["amount_cents"]
    if paid:
        rows.append(("Paid", money.dollars(-paid, whole=True)))
    return _head("Available to award", _cents(body, "F9"), rows)


def _verified(body: Mapping[str, Any]) -> dict[str, Any]:
    cap = money.dollars(body["policy"]["award_cap_cents"], whole=True)
    rows = [
        ("Asked", _cents(body, "F1")),
        ("Eligible", _cents(body, "F2")),
        (f"Capped at {cap}", _cents(body, "F4")),
    ]
    return _head("Verified need", _cents(body, "F3"), rows)


def _coverage(body: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        ("Of all asked", _share(body, "F11.requested")),
        ("Of eligible asks", _share(body, "F11.eligible")),
        ("Of capped need", _share(body, "F11.capped")),
    ]
    return _head("Coverage of verified need", _share(body, "F11.verified"), rows)


def _waiting(body: Mapping[str, Any]) -> dict[str, Any]:
    eligible = body["sharing"]["people_count"]
    incomplete, unread = (figure(body, key)["people"] for key in ("F2.incomplete", "F2.unsorted"))
    rows = [
        ("Eligible, no award yet", f"{eligible:,}"),
        ("A paper missing", f"{incomplete:,}"),
        ("Not decided", f"{unread:,}"),
        ("Later than promised", f"{body['overdue_count']:,}"),
    ]
    return _head("People waiting", f"{eligible + incomplete + unread:,}", rows)


def _head(title: str, amount: str, rows: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "title": title,
        "figure": amount,
        "rows": [{"label": label, "value": value} for label, value in rows],
    }


def _cents(body: Mapping[str, Any], figure_id: str) -> str:
    return money.dollars(figure(body, figure_id)["amount_cents"], whole=True)


def _share(body: Mapping[str, Any], figure_id: str) -> str:
    return percent(figure(body, figure_id)["share_bp"]) or "\N{EN DASH}"


def _standfirst(body: Mapping[str, Any]) -> SafeString:
    """The pieces are plain and strong in turn."""
    pieces = enumerate(report_words.standfirst(body))
    return format_html_join("", "{}", ((_piece(place, words),) for place, words in pieces))


def _piece(place: int, words: str) -> SafeString | str:
    return format_html("<strong>{}</strong>", words) if place % 2 else words


def _proof(found: ReportPage) -> list[dict[str, Any]]:
    policy = found.body["policy"]
    return [
        {"label": "As of", "value": f"{found.row.as_of:%Y-%m-%d %H:%M:%S} UTC"},
        {"label": "Ledger sequence", "value": f"{found.row.ledger_sequence:,}"},
        {"label": "Policy", "value": f"Version {policy['number']}, adopted {policy['adopted_on']}"},
        {"label": "Content hash", "value": found.row.content_hash, "mono": True},
    ]
