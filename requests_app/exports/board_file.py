"""A board's paper as PDF of one page, with every word passed as data."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

MEDIA_TYPE = "application/pdf"
_TEMPLATE = Path(__file__).parent / "typst" / "board.typ"


def typeset(said: Mapping[str, Any], *, as_of: datetime) -> bytes:
    """This will typeset a paper; the same words give the same page, and nothing in them is markup."""
    found: bytes = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        sys_inputs={"paper": json.dumps(said)},
        timestamp=int(as_of.timestamp()),
    )
    return found


def file_name(as_of: datetime, language: str) -> str:
    """This will name the file by its moment, and by its language where that is not English."""
    ending = "" if language == "en" else f"-{language}"
    return f"rules-{as_of:%Y%m%dT%H%M%SZ}{ending}.pdf"
