"""Who was paid in part by a round and said yes to it: what is missing to the need that counts."""

from dataclasses import replace
from uuid import UUID

from django.db.models import Sum

from fundmgr.domain.lifecycle import AwardState, RequestState
from fundmgr.models import PolicyVersion
from requests_app.models import AllocationRound, Award, RoundRequest
from requests_app.queries.rounds import LIVE_AWARDS, SHAREABLE, Claim, claims


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


def given_cents(fund_id: UUID) -> dict[UUID, int]:
    """This will return what the standing awards of each request are together, in cents."""
    rows = Award.objects.filter(fund_id=fund_id, state__in=LIVE_AWARDS).values("request_id")
    return {row["request_id"]: int(row["cents"]) for row in rows.annotate(cents=Sum("amount_cents"))}


def unanswered_count(row: AllocationRound) -> int:
    """This will return how many people of a round did not say yes or no to their award yet."""
    inside = RoundRequest.objects.filter(round=row).values("request_id")
    rows = Award.objects.filter(state=AwardState.RESERVED, request_id__in=inside)
    return rows.values("request_id").distinct().count()
