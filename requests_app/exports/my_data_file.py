"""All that is kept about one person, as PDF: typeset from titles and rows, with every word passed as data."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

MEDIA_TYPE = "application/pdf"
_TEMPLATE = Path(__file__).parent / "typst" / "my_data.typ"


@dataclass(frozen=True)
class Section:
    """One part of the paper: a title, and rows of a label and what is kept."""

    title: str
    rows: Sequence[tuple[str, str]]


def paper(*, title: str, kicker: str, sections: Sequence[Section], language: str, now: datetime) -> bytes:
    """This will typeset the parts in their order; nothing in them is read as markup."""
    import typst  # noqa: PLC0415  # a typesetter: not at the web's start

    said = {
        "title": title,
        "kicker": kicker,
        "language": language,
        "sections": [asdict(section) for section in sections],
    }
    made: bytes = typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        sys_inputs={"data": json.dumps(said)},
        timestamp=int(now.timestamp()),
    )
    return made
