"""Takes requests through review, rounds and payouts in tests, each step by the right person."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from builders import NOW, TODAY, World

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import NeedCategory, Urgency
from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from requests_app.models import Applicant, AssistanceRequest, Award, Batch, Decision, PayeeAccount
from requests_app.services import awards, intake, payouts, reviews, rounds
from requests_app.services.asks import Ask

EQUAL = {"version": 1, "rule": "equal_awards"}
ROUTING, ACCOUNT = "021000021", "000123456789"
LATER = NOW + timedelta(days=3)


def file_request(
    world: World,
    cents: int = 240_000,
    *,
    contact: str = "river@example.org",
    full_name: str = "River Stone",
    craft: str = "Grip",
    production: str = "Harbor Nights",
    other_aid_cents: int = 0,
    urgency: Sequence[Urgency] = (),
    by: Actor | None = None,
    now=NOW,
) -> AssistanceRequest:
    """File one request through intake."""
    ask = Ask(
        full_name=full_name,
        production_name=production,
        craft=craft,
        last_worked_on=TODAY - timedelta(days=90),
        need_lines=((NeedCategory.RENT, cents),),
        other_aid_cents=other_aid_cents,
        urgency=tuple(urgency),
    )
    by = by or world.actor(Role.INTAKE)
    return intake.submit(fund_id=world.fund.id, ask=ask, contact=contact, channel="STAFF", by=by, now=now)


def worker_of(request: AssistanceRequest) -> Actor:
    """Give the applicant a user, as signing in would, and return the worker."""
    user = funds.make_staff(
        email=f"{request.reference.lower()}@worker.example", name="Worker", by=actors.SYSTEM, now=NOW
    )
    Applicant.objects.filter(id=request.applicant_id).update(user=user)
    return actors.person(user.id)


def add_client(world: World, owner: Actor, role: Role) -> Actor:
    """Register a program of one role for its owner."""
    row = funds.register_client(
        fund_id=world.fund.id,
        name="Program",
        owner_id=owner.person_id,
        role=role,
        scopes="",
        secret="not used here",
        by=actors.SYSTEM,
        now=NOW,
    )
    return actors.client(row.id, owner_id=owner.person_id)


def add_role(world: World, person: Actor, role: Role) -> None:
    """Give a person one more role in the fund."""
    funds.appoint(fund_id=world.fund.id, user_id=person.person_id, role=role, by=actors.SYSTEM, now=NOW)


def propose(world: World, request: AssistanceRequest, *, by: Actor | None = None, **terms) -> Decision:
    """Propose eligible, unless told otherwise."""
    terms.setdefault("is_eligible", True)
    by = by or world.actor(Role.REVIEWER)
    return reviews.propose(request_id=request.id, by=by, now=NOW, **terms)


def decide(world: World, decision: Decision, *, approve: bool = True, by: Actor | None = None, **terms):
    """Decide as the approver."""
    by = by or world.actor(Role.APPROVER)
    return reviews.decide(decision_id=decision.id, approve=approve, by=by, now=NOW, **terms)


def make_eligible(world: World, requests: Sequence[AssistanceRequest]) -> None:
    """Take requests through review to eligible."""
    items = [reviews.Proposal(row.id, is_eligible=True) for row in requests]
    proposals = reviews.propose_many(items=items, by=world.actor(Role.REVIEWER), now=NOW)
    verdicts = [reviews.Verdict(row.id, approve=True) for row in proposals]
    reviews.decide_many(items=verdicts, by=world.actor(Role.APPROVER), now=NOW)


def make_awards(world: World, amounts_cents: Sequence[int]) -> list[Award]:
    """Award each amount in full: file, decide, and share money that covers all of them."""
    requests = [
        file_request(world, cents, contact=f"worker-{number}@example.org", full_name=f"Worker {number}")
        for number, cents in enumerate(amounts_cents)
    ]
    make_eligible(world, requests)
    row = rounds.propose_rule(fund_id=world.fund.id, rule=EQUAL, by=world.actor(Role.DIRECTOR), now=NOW)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=NOW)
    found = Award.objects.select_related("request").filter(round=row)
    by_request = {award.request_id: award for award in found}
    return [by_request[request.id] for request in requests]


def choose_bank(
    world: World, award: Award, *, account: str = ACCOUNT, by: Actor | None = None, now=NOW, **terms
) -> PayeeAccount:
    """Choose a bank transfer as the helper who filed the request."""
    return awards.choose_payee(
        award_id=award.id,
        method="BANK",
        name_on_account="River Stone",
        routing_number=ROUTING,
        account_number=account,
        by=by or world.actor(Role.INTAKE),
        now=now,
        **terms,
    )


def accepted_awards(world: World, amounts_cents: Sequence[int]) -> list[Award]:
    """Make awards and choose a bank transfer for each."""
    rows = make_awards(world, amounts_cents)
    for number, row in enumerate(rows):
        choose_bank(world, row, account=f"{number:09d}")
    return rows


def build(world: World, *, award_ids: Sequence[UUID] | None = None, now=NOW, **terms) -> Batch:
    """Build a batch as the preparing treasurer."""
    by = terms.pop("by", None) or world.actor(Role.TREASURER_PREPARES)
    return payouts.build_batch(fund_id=world.fund.id, award_ids=award_ids, by=by, now=now, **terms)


def release(world: World, batch: Batch, *, by: Actor | None = None, now=NOW, **terms) -> Batch:
    """Release a batch as the releasing treasurer."""
    by = by or world.actor(Role.TREASURER_RELEASES)
    return payouts.release(batch_id=batch.id, by=by, now=now, **terms)


def paid_awards(world: World, amounts_cents: Sequence[int]) -> list[Award]:
    """Make awards and pay each, to the bank's word that it arrived."""
    rows = accepted_awards(world, amounts_cents)
    batch = release(world, build(world))
    keys = list(batch.payouts.values_list("id", flat=True))
    payouts.settle(payout_ids=keys, by=world.actor(Role.TREASURER_PREPARES), now=NOW)
    return rows
