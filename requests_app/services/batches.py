"""Steps that several use cases take with batches: lock, take payouts out, count again, finish."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import BatchState, PayoutState
from fundmgr.ports import moves
from fundmgr.ports.events import Happening
from requests_app.models import Award, AwardShare, Batch, Payout

Shares = list[tuple[UUID, int]]


def shares_of(award: Award) -> Shares:
    """This will return (restriction, cents) of one award."""
    return shares_by_award([award.id])[award.id]


def shares_by_award(award_ids: Collection[UUID]) -> dict[UUID, Shares]:
    """This will return (restriction, cents) for each award, in the order of the restrictions' ids."""
    found: defaultdict[UUID, Shares] = defaultdict(list)
    rows = AwardShare.objects.filter(award_id__in=award_ids).order_by("award_id", "restriction_id")
    for award_id, restriction_id, cents in rows.values_list("award_id", "restriction_id", "amount_cents"):
        found[award_id].append((restriction_id, cents))
    return found


def lock(batch_id: UUID) -> Batch:
    """This will lock a batch: whoever adds, removes or releases its payouts holds this. Errors: NotFound."""
    batch = Batch.objects.select_for_update(no_key=True).filter(id=batch_id).first()
    if batch is None:
        raise errors.NotFound
    return batch


def take_out(payouts: QuerySet[Payout]) -> list[Happening]:
    """This will take payouts that wait out of their batches, and return what to record of it.

    A batch left empty is cancelled. A payout that was released a moment before stays released.
    """
    happenings = []
    waiting = payouts.filter(state=PayoutState.BATCHED)
    for batch_id in sorted(set(waiting.values_list("batch_id", flat=True))):
        batch = lock(batch_id)
        if batch.state != BatchState.BUILT:
            continue
        taken = waiting.filter(batch=batch).update(state=PayoutState.REMOVED)
        recount(batch)
        facts = {"payouts_removed": taken, "total_cents": batch.total_cents}
        happenings.append(Happening("batch.changed", "batch", batch.id, facts))
    return happenings


def recount(batch: Batch) -> None:
    """This will count a locked batch again and raise its version, so that who read it before must look again.

    A batch left empty is cancelled.
    """
    rows = batch.payouts.filter(state=PayoutState.BATCHED)
    found = rows.aggregate(count=Count("id"), cents=Sum("amount_cents"))
    batch.payouts_count, batch.total_cents = found["count"], found["cents"] or 0
    batch.version += 1
    batch.save(update_fields=["payouts_count", "total_cents", "version"])
    if not batch.payouts_count:
        moves.move(batch, BatchState.CANCELLED)


def finish(batch: Batch) -> bool:
    """This will settle a locked batch once no payout of it is under way, and say whether it did."""
    under_way = batch.payouts.filter(state__in=[PayoutState.BATCHED, PayoutState.RELEASED])
    if batch.state != BatchState.RELEASED or under_way.exists():
        return False
    moves.move(batch, BatchState.SETTLED)
    return True
