"""Reports and statements as PDF: typeset from the same tables and charts, with every word passed as data."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from fundmgr.queries.statements import Statement
from requests_app.exports import report_charts, report_rows, report_words, statement_rows
from requests_app.exports.report_rows import Kind, Table

MEDIA_TYPE = "application/pdf"
_TEMPLATE = Path(__file__).parent / "typst" / "shortfall.typ"
_STATEMENT = Path(__file__).parent / "typst" / "statement.typ"
_CHARTS = ("layers", "waterfall", "targets", "funnel", "histogram", "categories", "arrivals")


def whole_report(body: Mapping[str, Any], *, content_hash: str) -> bytes:
    """This will typeset the report.

    Shapes: the same body gives the same pages; nothing in the body is read as markup.
    """
    found: bytes = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        sys_inputs={"report": json.dumps(_values(body, content_hash))},
        timestamp=int(report_words.as_of(body).timestamp()),
    )
    return found


def statement(found: Statement, *, now: datetime) -> bytes:
    """This will typeset one account's statement; nothing in it is read as markup."""
    table = statement_rows.table(found)
    said = {
        "title": table.title,
        "kicker": f"{found.account.fund.name} · {found.first} to {found.last}",
        "head": table.head,
        "rows": table.shown(),
    }
    made: bytes = typst.compile(
        str(_STATEMENT),
        root=str(_STATEMENT.parent),
        sys_inputs={"statement": json.dumps(said)},
        timestamp=int(now.timestamp()),
    )
    return made


def _values(body: Mapping[str, Any], content_hash: str) -> dict[str, Any]:
    drawn = report_charts.drawn(body, standalone=True)
    moment = report_words.as_of(body)
    at = f"{moment:%B} {moment.day}, {moment:%Y}, {moment:%H:%M} {moment:%Z}"
    return {
        "title": report_words.headline(body),
        "kicker": f"Shortfall report · {body['fund']['name']} · As of {at}",
        "standfirst": report_words.standfirst(body),
        "charts": [
            {"title": drawn[key].title, "note": drawn[key].note, "svg": drawn[key].svg} for key in _CHARTS
        ],
        "tables": [_table(table) for table in report_rows.tables(body)],
        "method": report_words.method(body),
        "limits": report_words.limits(body),
        "foot": f"Content hash {content_hash}",
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "head": table.head,
        "right": [column.kind is not Kind.TEXT for column in table.columns],
        "rows": table.shown(),
    }
