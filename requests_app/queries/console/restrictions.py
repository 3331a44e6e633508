"""The page of one restriction: its money, its letters and orders, and what was set free by them."""

from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.means import Pot
from fundmgr.models import Commitment, ReserveUse, Restriction, RestrictionRelease, StoredFile
from fundmgr.queries import books, evidence, funds, releases, reserve_uses
from requests_app.queries import means


@dataclass(frozen=True)
class RestrictionPage:
    """One restriction; `documents` are the files that may stand behind a release, `files` its own.

    Units: `reserve_cents` is what is kept back of its receipts.
    """

    restriction: Restriction
    pot: Pot
    commitments: list[Commitment]
    files: list[StoredFile]
    documents: list[StoredFile]
    releases: list[RestrictionRelease]
    reserve_cents: int
    reserve_uses: list[ReserveUse]


def restriction(actor: Actor, *, fund_id: UUID, restriction_id: UUID) -> RestrictionPage:
    """This will return one restriction of the fund. Errors: NotFound, Forbidden."""
    row = funds.visible_restriction(actor, restriction_id=restriction_id)
    if row.fund_id != fund_id:
        raise errors.NotFound
    promised = funds.visible_commitments(actor, fund_id=fund_id).filter(restriction=row)
    return RestrictionPage(
        restriction=row,
        pot=next(pot for pot in means.pots(fund_id) if pot.restriction_id == row.id),
        commitments=list(promised.order_by("-id")),
        files=list(evidence.of_restriction(actor, restriction_id=row.id).order_by("-id")),
        documents=list(releases.documents(row).order_by("-id")),
        releases=list(releases.of_restriction(actor, restriction_id=row.id).order_by("-id")),
        reserve_cents=books.reserve_cents(row.id),
        reserve_uses=list(reserve_uses.of_restriction(actor, restriction_id=row.id).order_by("-id")),
    )
