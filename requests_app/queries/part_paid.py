"""Who was paid in part by a round and said yes to it: what is missing to the need that counts."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least

from fundmgr.domain.lifecycle import AwardState, PayoutState, RequestState, RoundState
from fundmgr.models import PolicyVersion
from requests_app.models import (
    AllocationRound,
    AssistanceRequest,
    Award,
    PayeeAccount,
    PayMethod,
    Payout,
    RoundRequest,
)
from requests_app.queries.rounds import LIVE_AWARDS, SHAREABLE, Claim, claims, given_now

DECIDED = (RoundState.COMMITTED, RoundState.CLOSED)


def topped_claims(row: AllocationRound, *, policy: PolicyVersion) -> list[Claim]:
    """This will return the people of a decided round to whom something is missing, in the order of asking.

    Shapes: those who got nothing, and those who got a part. Units: cents, the claim being what is missing.
    """
    inside = set(RoundRequest.objects.filter(round=row).values_list("request_id", flat=True))
    before = given_cents(row.fund_id)
    found = []
    for claim in claims(row.fund_id, policy=policy, of=[*SHAREABLE, RequestState.AWARDED]):
        cents = before.get(claim.request_id, 0)
        if claim.request_id in inside and claim.capped_cents > cents:
            found.append(replace(claim, capped_cents=claim.capped_cents - cents, before_cents=cents))
    return found


def rounds_with_any(policy: PolicyVersion) -> list[AllocationRound]:
    """This will return the rounds decided under a policy that left somebody with a part, the oldest first."""
    decided = AllocationRound.objects.filter(policy=policy, state__in=DECIDED)
    short = _short(policy, [RequestState.AWARDED])
    inside = RoundRequest.objects.filter(round=OuterRef("id"), request__in=short.values("id"))
    return list(decided.filter(Exists(inside)).order_by("number"))


def later_round(row: AllocationRound) -> AllocationRound | None:
    """This will return the last round decided after this one with people of it to whom something is missing.

    Shapes: None where nobody of it was in another one since, so that its awards are all they got.
    """
    mine = RoundRequest.objects.filter(round=row).values("request_id")
    short = _short(row.policy, [*SHAREABLE, RequestState.AWARDED]).filter(id__in=mine)
    inside = RoundRequest.objects.filter(round=OuterRef("id"), request__in=short.values("id"))
    later = AllocationRound.objects.filter(fund_id=row.fund_id, number__gt=row.number, state__in=DECIDED)
    return later.filter(Exists(inside)).order_by("-number").first()


def left_out_count(row: AllocationRound, before: AllocationRound) -> int:
    """This will return how many were paid in part by rounds other than these two and are not in a new one."""
    short = _short(row.policy, [RequestState.AWARDED])
    inside = RoundRequest.objects.filter(round__in=[row, before]).values("request_id")
    return short.exclude(id__in=inside).count()


def _short(policy: PolicyVersion, states: Sequence[RequestState]) -> "QuerySet[AssistanceRequest, Any]":
    """The requests in some states whose awards together are below the need that counts."""
    rows = AssistanceRequest.objects.filter(fund_id=policy.fund_id, state__in=states)
    rows = rows.annotate(given_cents=Coalesce(given_now(OuterRef("id")), 0))
    return rows.filter(given_cents__lt=Least("verified_cents", policy.award_cap_cents))


def given_cents(fund_id: UUID) -> dict[UUID, int]:
    """This will return what the standing awards of each request are together, in cents."""
    rows = Award.objects.filter(fund_id=fund_id, state__in=LIVE_AWARDS).values("request_id")
    return {row["request_id"]: int(row["cents"]) for row in rows.annotate(cents=Sum("amount_cents"))}


def answered(request_ids: Sequence[UUID]) -> set[UUID]:
    """This will return the requests with an accepted award whose payment details still hold.

    They do not where they were erased, or where a payment came back from them.
    """
    accepted = Award.objects.filter(
        request=OuterRef("request_id"), state__in=[AwardState.COMMITTED, AwardState.PAID]
    )
    newest = (
        PayeeAccount.objects.filter(applicant__requests__in=request_ids)
        .order_by("applicant_id", "-id")
        .distinct("applicant_id")
        .values("id")
    )
    came_back = Payout.objects.filter(payee=OuterRef("id"), state=PayoutState.RETURNED)
    rows = PayeeAccount.objects.filter(
        Q(method=PayMethod.PICK_UP) | Q(name_on_account__isnull=False), id__in=newest
    )
    rows = rows.filter(~Exists(came_back)).annotate(request_id=F("applicant__requests"))
    kept = rows.filter(Exists(accepted), request_id__in=request_ids)
    return set(kept.values_list("request_id", flat=True))


def stands_beside(award_ids: Sequence[UUID]) -> set[UUID]:
    """This will return the requests of awards that have another award, which stands."""
    others = Award.objects.filter(request__awards__in=award_ids, state__in=LIVE_AWARDS)
    return set(others.exclude(id__in=award_ids).values_list("request_id", flat=True))


def unanswered_count(row: AllocationRound) -> int:
    """This will return how many people of a round did not say yes or no to their award yet."""
    inside = RoundRequest.objects.filter(round=row).values("request_id")
    rows = Award.objects.filter(state=AwardState.RESERVED, request_id__in=inside)
    return rows.values("request_id").distinct().count()
