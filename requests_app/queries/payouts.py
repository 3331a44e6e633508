"""Awards, payouts and batches as treasurers and programs may see them, and what can be paid now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Model, OuterRef, QuerySet, Subquery, Sum

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import AwardState, PayoutState
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import Award, Batch, PayeeAccount, Payout
from requests_app.queries.paging import LIMIT_DEFAULT, Page, keyset
from requests_app.queries.requests import household_ids, is_own

LIVE_PAYOUT_STATES = (PayoutState.BATCHED, PayoutState.RELEASED, PayoutState.SETTLED)
_NEWEST = ("-id",)


@dataclass(frozen=True)
class BatchPage:
    """A batch and one page of its payouts."""

    batch: Batch
    payouts: Page[Payout]


@dataclass(frozen=True)
class PayableTotals:
    """What a batch built now would hold, and what waits because its payment details are fresh."""

    payable_count: int
    payable_cents: int
    held_count: int
    without_payee_count: int


def visible_awards(actor: Actor, fund_id: UUID) -> QuerySet[Award]:
    """This will return the awards of a fund, but those of the actor's own household.

    Errors: NotFound, Forbidden.
    """
    own = _own_households(actor, fund_id)
    rows = Award.objects.filter(fund_id=fund_id).exclude(request__household_id__in=own)
    return rows.select_related("request__applicant", "round")


def visible_payouts(actor: Actor, fund_id: UUID) -> QuerySet[Payout]:
    """This will return the payouts of a fund, but those to the actor's own household.

    Errors: NotFound, Forbidden.
    """
    own = _own_households(actor, fund_id)
    rows = Payout.objects.filter(fund_id=fund_id).exclude(award__request__household_id__in=own)
    return rows.select_related("award__request__applicant", "batch", "payee")


def visible_batches(actor: Actor, fund_id: UUID) -> QuerySet[Batch]:
    """This will return the batches of a fund. Errors: NotFound, Forbidden."""
    access.require(actor, Action.PAYOUT_READ, fund_id=fund_id)
    return Batch.objects.filter(fund_id=fund_id).select_related("prepared_by", "released_by")


def visible_award(actor: Actor, award_id: UUID) -> Award:
    """This will return one award, for treasury, for its own worker and for who filed it. Errors: NotFound."""
    own = Award.objects.filter(id=award_id).select_related("request__applicant", "round").first()
    if own is not None and is_own(own.request, actor):
        return own
    row = visible_awards(actor, _fund_of(Award, award_id, actor)).filter(id=award_id).first()
    if row is None:
        raise errors.NotFound
    return row


def visible_payout(actor: Actor, payout_id: UUID) -> Payout:
    """This will return one payout. Errors: NotFound."""
    row = visible_payouts(actor, _fund_of(Payout, payout_id, actor)).filter(id=payout_id).first()
    if row is None:
        raise errors.NotFound
    return row


def visible_batch(actor: Actor, batch_id: UUID) -> Batch:
    """This will return one batch. Errors: NotFound."""
    return visible_batches(actor, _fund_of(Batch, batch_id, actor)).get(id=batch_id)


def payouts_page(
    actor: Actor,
    fund_id: UUID,
    *,
    state: PayoutState | None = None,
    cursor: str | None = None,
    limit: int = LIMIT_DEFAULT,
) -> Page[Payout]:
    """This will return one page of payouts, newest first. Errors: as visible_payouts and keyset."""
    rows = visible_payouts(actor, fund_id)
    return keyset(rows.filter(state=state) if state else rows, _NEWEST, cursor, limit)


def batches_page(
    actor: Actor, fund_id: UUID, *, cursor: str | None = None, limit: int = LIMIT_DEFAULT
) -> Page[Batch]:
    """This will return one page of batches, newest first. Errors: as visible_batches and keyset."""
    return keyset(visible_batches(actor, fund_id), _NEWEST, cursor, limit)


def batch_page(
    actor: Actor, batch_id: UUID, *, cursor: str | None = None, limit: int = LIMIT_DEFAULT
) -> BatchPage:
    """This will return a batch and one page of its payouts, oldest first. Errors: NotFound, InvalidInput."""
    batch = visible_batch(actor, batch_id)
    payouts = visible_payouts(actor, batch.fund_id).filter(batch=batch)
    return BatchPage(batch, keyset(payouts, ("id",), cursor, limit))


def payable_awards(actor: Actor, fund_id: UUID, now: datetime) -> QuerySet[Any]:
    """This will return the awards that a batch may pay now: accepted, details usable, no payout under way.

    Each carries `payee_id`, the newest payment details of its worker, and `attempts`, its payouts so far.
    Errors: NotFound, Forbidden.
    """
    return unpaid_awards(actor, fund_id).filter(payee_id__isnull=False, payee_usable_at__lte=now)


def unpaid_awards(actor: Actor, fund_id: UUID) -> QuerySet[Any]:
    """This will return the accepted awards without a payout under way, payable or not.

    Each carries `payee_id`, `payee_usable_at`, `attempts` and `has_returned`.
    Errors: NotFound, Forbidden.
    """
    newest = PayeeAccount.objects.filter(applicant_id=OuterRef("request__applicant_id"))
    newest = newest.order_by("-created_at", "-usable_at", "-id")
    payouts = Payout.objects.filter(award_id=OuterRef("id"))
    rows = visible_awards(actor, fund_id).filter(state=AwardState.COMMITTED)
    return rows.filter(~Exists(payouts.filter(state__in=LIVE_PAYOUT_STATES))).annotate(
        payee_id=Subquery(newest.values("id")[:1]),
        payee_usable_at=Subquery(newest.values("usable_at")[:1]),
        attempts=Count("payouts"),
        has_returned=Exists(payouts.filter(state=PayoutState.RETURNED)),
    )


def payable_totals(actor: Actor, fund_id: UUID, now: datetime) -> PayableTotals:
    """This will return what a batch built now would hold. Units: cents. Errors: NotFound, Forbidden."""
    unpaid = unpaid_awards(actor, fund_id)
    ready = payable_awards(actor, fund_id, now).aggregate(count=Count("id"), cents=Sum("amount_cents"))
    return PayableTotals(
        payable_count=ready["count"],
        payable_cents=ready["cents"] or 0,
        held_count=unpaid.filter(payee_usable_at__gt=now).count(),
        without_payee_count=visible_awards(actor, fund_id).filter(state=AwardState.RESERVED).count(),
    )


def newest_payee(applicant_id: UUID) -> PayeeAccount | None:
    """This will return the payment details that count for a worker: the newest, held or not."""
    rows = PayeeAccount.objects.filter(applicant_id=applicant_id)
    return rows.order_by("-created_at", "-usable_at", "-id").first()


def newest_payee_ids(applicant_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """This will return the id of the payment details that count for each worker who has some."""
    rows = PayeeAccount.objects.filter(applicant_id__in=applicant_ids).order_by(
        "created_at", "usable_at", "id"
    )
    # Later rows overwrite earlier ones, so the newest stays.
    return dict(rows.values_list("applicant_id", "id"))


def _own_households(actor: Actor, fund_id: UUID) -> list[UUID]:
    access.require(actor, Action.PAYOUT_READ, fund_id=fund_id)
    return household_ids(actor, fund_id)


def _fund_of(model: type[Model], row_id: UUID, actor: Actor) -> UUID:
    fund_id: UUID | None = (
        model._default_manager.filter(id=row_id).values_list(F("fund_id"), flat=True).first()
    )
    if fund_id is None or not access.may(actor, Action.PAYOUT_READ, fund_id=fund_id):
        raise errors.NotFound
    return fund_id
