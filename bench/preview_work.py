"""The work that bench/preview.py times; imported once Django is set up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models.functions import Least
from django.utils import timezone

from bench import report_work
from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Role
from fundmgr.services import commitments, donors, funds, receipts
from requests_app.models import AssistanceRequest
from requests_app.services import rounds, workbench

# Requests made one by one; more of them are copies inside the database.
MADE = 10_000
ROLES = (Role.DIRECTOR, Role.TREASURER_PREPARES, Role.TREASURER_RELEASES)


@dataclass(frozen=True)
class Desk:
    """A fund with money and people who wait, its director, and two who may approve."""

    fund_id: UUID
    director: Actor
    approvers: tuple[Actor, Actor]


def fill(count: int) -> Desk:
    """Write the fund; everybody is found eligible and the money covers five cents of each dollar."""
    fund_id = report_work.fill(min(count, MADE), crafts=("Grip",), shows=("Badge 27",))
    waiting = AssistanceRequest.objects.filter(fund_id=fund_id)
    waiting.update(
        state=RequestState.ELIGIBLE,
        verified_cents=Least("asked_cents", 750_000),
        capped_cents=Least("asked_cents", 150_000),
    )
    if count > MADE:
        report_work.multiply(fund_id, count)
    people = {role: _appoint(fund_id, role) for role in ROLES}
    _pay_in(fund_id, sum(waiting.values_list("asked_cents", flat=True)) // 20, people)
    first, second = (_appoint(fund_id, Role.APPROVER, name) for name in ("first", "second"))
    return Desk(fund_id, people[Role.DIRECTOR], (first, second))


def totals(desk: Desk, rules: Sequence[Mapping[str, Any]]) -> Any:
    """Work out the totals of each rule."""
    return rounds.preview(fund_id=desk.fund_id, rules=rules, by=desk.director, now=timezone.now())


def comparison(desk: Desk, rules: Sequence[Mapping[str, Any]]) -> Any:
    """Work out everything that the workbench shows."""
    now = timezone.now()
    return workbench.compare(fund_id=desk.fund_id, rules=rules, pair=(0, 2), by=desk.director, now=now)


def _appoint(fund_id: UUID, role: Role, name: str = "") -> Actor:
    now, called = timezone.now(), name or role.value.lower()
    user = funds.make_staff(email=f"{called}@example.org", name=called, by=actors.SYSTEM, now=now)
    funds.appoint(fund_id=fund_id, user_id=user.id, role=role, by=actors.SYSTEM, now=now)
    return actors.person(user.id)


def _pay_in(fund_id: UUID, cents: int, people: Mapping[Role, Actor]) -> None:
    now, preparer = timezone.now(), people[Role.TREASURER_PREPARES]
    # A day ago is past in every time zone.
    day = (now - timedelta(days=1)).date()
    donor = donors.add(
        fund_id=fund_id,
        name="D",
        is_organisation=False,
        is_anonymous=False,
        contact=None,
        by=preparer,
        now=now,
    )
    promise = commitments.pledge(
        fund_id=fund_id,
        donor_id=donor.id,
        amount_cents=cents,
        pledged_on=day,
        restriction_id=None,
        by=preparer,
        now=now,
    )
    receipt = receipts.record(
        commitment_id=promise.id,
        amount_cents=cents,
        bank_reference="WIRE-1",
        received_on=day,
        by=preparer,
        now=now,
    )
    receipts.reconcile(receipt_id=receipt.id, by=people[Role.TREASURER_RELEASES], now=now)
