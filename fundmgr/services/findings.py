"""What a proof finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing wrong in the books: which check, which row, in words."""

    check: str
    row_id: str
    sentence: str
