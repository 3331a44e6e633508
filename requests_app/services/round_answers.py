"""Whoever said how to be paid when the first part came is not asked again when more comes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from fundmgr.domain import postings
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import AwardState
from fundmgr.ports import ledger
from fundmgr.queries import funds
from requests_app.models import AllocationRound, Award
from requests_app.queries import part_paid


def known(row: AllocationRound, request_ids: Sequence[UUID]) -> set[UUID]:
    """This will return which requests of a round need no answer: it tops up an award that was accepted."""
    return part_paid.answered(request_ids) if row.tops_up_id else set()


def accept(
    awards: Sequence[Award],
    shares: Callable[[Award], list[tuple[UUID, int]]],
    *,
    fund_id: UUID,
    by: Actor,
    now: datetime,
) -> None:
    """This will turn the holds of unwritten awards into obligations.

    Errors: AlreadyPosted, AlreadyResolved.
    """
    restricted = funds.restricted_ids(fund_id)
    made = [
        postings.award(
            award_id=award.id, hold_id=award.hold_transfer_id, shares=shares(award), restricted=restricted
        )
        for award in awards
        if award.hold_transfer_id is not None
    ]
    ledger.post_many(made, fund_id=fund_id, by=by, now=now)
    for award in awards:
        award.state = AwardState.COMMITTED
