"""A letter to a donor as PDF, typeset from what the letter says, with every word passed as data."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from fundmgr.domain import money

MEDIA_TYPE = "application/pdf"
_TEMPLATE = Path(__file__).parent / "typst" / "letter.typ"


def paper(content: Mapping[str, Any], *, number: int, address: str = "", is_void: bool = False) -> bytes:
    """This will typeset a letter; the same letter gives the same pages, and nothing in it is markup."""
    written_on = date.fromisoformat(content["written_on"])
    said = {**_values(content, written_on, number), "address": address, "void": is_void}
    found: bytes = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        sys_inputs={"letter": json.dumps(said)},
        timestamp=int(datetime(written_on.year, written_on.month, written_on.day, tzinfo=UTC).timestamp()),
    )
    return found


def file_name(number: int) -> str:
    """This will name the file of a letter."""
    return f"letter-{number:04d}.pdf"


def _values(content: Mapping[str, Any], written_on: date, number: int) -> dict[str, Any]:
    return {
        "organisation": content["organisation"],
        "fund": content["fund"],
        "ein": content["ein"],
        "donor": content["donor"],
        "written_on": _day(written_on),
        "number": f"Letter {number}",
        "opening": content["opening"],
        "paragraphs": content["paragraphs"],
        "rows": [
            [
                _day(date.fromisoformat(gift["received_on"])),
                gift["bank_reference"],
                gift["restriction"] or "No restriction",
                money.dollars(gift["amount_cents"]),
            ]
            for gift in content["gifts"]
        ],
        "total": money.dollars(content["total_cents"]),
    }


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
