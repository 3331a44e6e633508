"""The page of the letters: those written, and the receipts that nobody has acknowledged."""

from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import LetterState, ReceiptState
from fundmgr.models import Letter, Receipt
from fundmgr.queries import letters as queries
from requests_app.queries.paging import Page, keyset

NEWEST = ("-id",)
MOST_WAITING = 20


@dataclass(frozen=True)
class LettersPage:
    """The letters, newest first, and the newest receipts without one."""

    page: Page[Letter]
    waiting: list[Receipt]


def letters(actor: Actor, *, fund_id: UUID, cursor: str | None) -> LettersPage:
    """This will return one page of letters. Errors: Forbidden, InvalidInput for a wrong cursor."""
    rows = queries.visible_letters(actor, fund_id=fund_id)
    known = Letter.objects.filter(fund_id=fund_id, state=LetterState.ISSUED, receipt__isnull=False)
    waiting = (
        Receipt.objects.filter(fund_id=fund_id, state=ReceiptState.RECONCILED, donor__isnull=False)
        .exclude(id__in=known.values("receipt_id"))
        .select_related("donor")
        .order_by("-id")
    )
    return LettersPage(keyset(rows, NEWEST, cursor), list(waiting[:MOST_WAITING]))


def letter(actor: Actor, *, fund_id: UUID, letter_id: UUID) -> Letter:
    """This will return one letter of the fund. Errors: NotFound, Forbidden."""
    row = queries.visible_letters(actor, fund_id=fund_id).filter(id=letter_id).first()
    if row is None:
        raise errors.NotFound
    return row
