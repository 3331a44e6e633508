"""Money whose donor nobody knows, taken back by the bank: it was nobody's income and promised to nobody."""

from uuid import UUID

from fundmgr.domain.chart import Code
from fundmgr.domain.holes import EMPTY, Standing, cash_out
from fundmgr.domain.lines import line, merged
from fundmgr.domain.move import Move
from fundmgr.domain.postings import Posting


def bounced(
    *, receipt_id: UUID, reverses_id: UUID, general_id: UUID, amount_cents: int, standing: Standing = EMPTY
) -> Posting:
    """This will undo unmatched money that the bank took back."""
    lines = (
        *cash_out(general_id, amount_cents, standing),
        *line(Code.SUSPENSE, general_id, amount_cents),
    )
    return Posting(
        Move.BOUNCE,
        f"bounce:{receipt_id}",
        "receipt",
        receipt_id,
        merged(lines),
        reverses_id=reverses_id,
    )
