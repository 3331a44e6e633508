"""Puts requests into a test's fund in the state that the test starts from, in few statements."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from builders import NOW, World

from fundmgr.domain import ids
from fundmgr.domain.eligibility import NeedCategory, Urgency
from fundmgr.domain.lifecycle import RequestState
from fundmgr.models import User
from requests_app.models import Applicant, AssistanceRequest, Household, NeedLine


def make_requests(
    world: World,
    verified_cents: Sequence[int],
    *,
    state: RequestState = RequestState.ELIGIBLE,
    asked_cents: Sequence[int] = (),
    craft: str = "Grip",
    production_name: str = "Badge 27",
    submitted_at: datetime = NOW - timedelta(days=5),
    user: User | None = None,
    need_lines: Sequence[tuple[NeedCategory, int]] = (),
    urgency: Sequence[Urgency] = (),
) -> list[AssistanceRequest]:
    """Write one request for each verified need, a minute apart, in that order."""
    fund = world.fund
    homes = [Household(id=ids.new_id(NOW), fund=fund, created_at=NOW) for _ in verified_cents]
    Household.objects.bulk_create(homes)
    people = [
        Applicant(
            id=ids.new_id(NOW), fund=fund, created_at=NOW, household=home, user=user,
            full_name="Ana Rivera", contact="ana@example.org", contact_hash=home.id.hex,
        )
        for home in homes
    ]  # fmt: skip
    Applicant.objects.bulk_create(people)
    asked = list(asked_cents) or [cents or 100 for cents in verified_cents]
    is_decided = state in {RequestState.ELIGIBLE, RequestState.WAITLISTED, RequestState.AWARDED}
    rows = [
        AssistanceRequest(
            id=ids.new_id(NOW), fund=fund, created_at=NOW, applicant=person, household=person.household,
            policy=world.policy, reference=ids.new_reference(), state=state, craft=craft,
            production_name=production_name, last_worked_on=NOW.date(), asked_cents=asked[place],
            verified_cents=cents if is_decided else None,
            capped_cents=min(cents, world.policy.award_cap_cents) if is_decided else None,
            channel="WEB", filed_by="system", urgency=list(urgency),
            submitted_at=submitted_at + timedelta(minutes=place), state_since=submitted_at,
        )
        for place, (person, cents) in enumerate(zip(people, verified_cents, strict=True))
    ]  # fmt: skip
    AssistanceRequest.objects.bulk_create(rows)
    NeedLine.objects.bulk_create(
        NeedLine(
            id=ids.new_id(NOW), fund=fund, created_at=NOW, request=row, category=category, amount_cents=cents
        )
        for row in rows
        for category, cents in (need_lines or [(NeedCategory.RENT, row.asked_cents)])
    )  # fmt: skip
    return rows
