"""Makes small worlds for tests through the use cases, as a person would."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import transaction

from fundmgr.domain import actors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.lifecycle import FundState, ProposalState, Turn
from fundmgr.domain.permissions import Role
from fundmgr.models import (
    Commitment,
    CommitmentTurn,
    Donor,
    Fund,
    FundClosing,
    Membership,
    PolicyVersion,
    Receipt,
    User,
)
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.services import background, commitments, donors, entered, funds, receipts
from fundmgr.services.funds import FundTerms, PolicyTerms
from requests_app.models import AssistanceRequest, Notice
from requests_app.services import contacts, intake
from requests_app.services.asks import Ask

NOW = datetime(2023, 9, 18, 16, 0, tzinfo=UTC)
TODAY = date(2023, 9, 18)


@dataclass(frozen=True)
class World:
    """A fund that is open, with its policy and one person of each role."""

    fund: Fund
    policy: PolicyVersion
    staff: dict[Role, Actor]

    def actor(self, role: Role) -> Actor:
        """The person of a role."""
        return self.staff[role]


def make_world(
    *,
    name: str = "Lanternlight Crew Fund",
    reserve_bp: int = 200,
    award_cap_cents: int = 150_000,
    need_ceiling_cents: int = 750_000,
    two_approvers_from_cents: int = 100_000_000,
    next_round_from_cents: int | None = None,
    now: datetime = NOW,
) -> World:
    """Found a fund, adopt a policy, appoint one person of each role, open it."""
    fund = funds.found(terms=FundTerms(name, "fiscal_sponsored"), by=actors.SYSTEM, now=now)
    terms = PolicyTerms(
        need_ceiling_cents=need_ceiling_cents,
        award_cap_cents=award_cap_cents,
        reserve_bp=reserve_bp,
        two_approvers_from_cents=two_approvers_from_cents,
        adopted_by="The board",
        next_round_from_cents=next_round_from_cents,
    )
    policy = funds.adopt_policy(fund_id=fund.id, terms=terms, by=actors.SYSTEM, now=now)
    staff = seat_everybody(fund, now=now)
    fund = funds.open_intake(fund_id=fund.id, by=actors.SYSTEM, now=now)
    return World(fund, policy, staff)


def seat_everybody(fund: Fund, *, now: datetime = NOW) -> dict[Role, Actor]:
    """Make one person of each role, as the use cases do it one by one: half of all tests begin with this."""
    users = {role: User(id=ids.new_id(now), created_at=now, **_who(fund, role)) for role in Role}
    members = [
        Membership(id=ids.new_id(now), fund=fund, created_at=now, user=user, role=role)
        for role, user in users.items()
    ]
    seated = [
        Happening("member.appointed", "user", user.id, {"role": role.value}) for role, user in users.items()
    ]
    for user in users.values():
        user.set_unusable_password()
    with transaction.atomic():
        User.objects.bulk_create(users.values())
        Membership.objects.bulk_create(members)
        events.record_many(seated, fund_id=fund.id, by=actors.SYSTEM, now=now)
    return {role: actors.person(user.id) for role, user in users.items()}


def add_staff(fund: Fund, role: Role, *, name: str = "", now: datetime = NOW) -> Actor:
    """Make one more person of a role."""
    user = funds.make_staff(**_who(fund, role, name), by=actors.SYSTEM, now=now)
    funds.appoint(fund_id=fund.id, user_id=user.id, role=role, by=actors.SYSTEM, now=now)
    return actors.person(user.id)


def _who(fund: Fund, role: Role, name: str = "") -> dict[str, str]:
    name = name or f"{role.value.title()} of {fund.slug}"
    return {"name": name, "email": f"{name.lower().replace(' ', '.')}@example.org"}


def close_fund(world: World) -> None:
    """Close a fund by two people, whatever it holds: what stands in the way is proved elsewhere."""
    row = FundClosing.objects.create(
        id=ids.new_id(NOW),
        fund=world.fund,
        created_at=NOW,
        reason="It is over.",
        state=ProposalState.PROPOSED,
        proposed_by_id=world.actor(Role.DIRECTOR).person_id,
    )
    signer = world.actor(Role.BOARD).person_id
    FundClosing.objects.filter(id=row.id).update(
        state=ProposalState.MADE, decided_by_id=signer, decided_at=NOW
    )
    Fund.objects.filter(id=world.fund.id).update(state=FundState.CLOSED)


def sign_turn(world: World, commitment: Commitment, turn: Turn) -> None:
    """Let two people sign what becomes of a promise, so that a test may put it in that state."""
    director, releaser = world.actor(Role.DIRECTOR), world.actor(Role.TREASURER_RELEASES)
    row = CommitmentTurn.objects.create(
        id=ids.new_id(NOW),
        fund=world.fund,
        created_at=NOW,
        commitment=commitment,
        turn=turn,
        schedule=commitment.schedule,
        reason="As the test says.",
        state=ProposalState.PROPOSED,
        proposed_by_id=director.person_id,
    )
    decided = {"decided_by_id": releaser.person_id, "decided_at": NOW}
    CommitmentTurn.objects.filter(id=row.id).update(state=ProposalState.MADE, **decided)


def put_money_in(
    world: World,
    amount_cents: int,
    *,
    bank_reference: str = "WIRE-1",
    restriction_id: UUID | None = None,
    now: datetime = NOW,
) -> Receipt:
    """Pledge, record and reconcile one receipt, each step by the right person."""
    preparer = world.actor(Role.TREASURER_PREPARES)
    donor = make_donor(world, now=now)
    commitment = make_commitment(world, donor, amount_cents, restriction_id=restriction_id, now=now)
    receipt = receipts.record(
        commitment_id=commitment.id,
        amount_cents=amount_cents,
        bank_reference=bank_reference,
        received_on=entered.today(world.fund.id, now),
        by=preparer,
        now=now,
    )
    return receipts.reconcile(receipt_id=receipt.id, by=world.actor(Role.TREASURER_RELEASES), now=now)


def make_donor(world: World, *, name: str = "The founder", now: datetime = NOW) -> Donor:
    """Record a donor."""
    return donors.add(
        fund_id=world.fund.id,
        name=name,
        is_organisation=False,
        is_anonymous=False,
        contact=None,
        by=world.actor(Role.TREASURER_PREPARES),
        now=now,
    )


def make_commitment(
    world: World, donor: Donor, amount_cents: int, *, restriction_id: UUID | None = None, now: datetime = NOW
) -> Commitment:
    """Record an unconditional promise of today."""
    return commitments.pledge(
        fund_id=world.fund.id,
        donor_id=donor.id,
        amount_cents=amount_cents,
        pledged_on=entered.today(world.fund.id, now),
        restriction_id=restriction_id,
        by=world.actor(Role.TREASURER_PREPARES),
        now=now,
    )


RENT_ONLY = ((NeedCategory.RENT, 240_000),)


def make_ask(**changes: object) -> Ask:
    """One worker's ask, with the changes given."""
    return replace(
        Ask(
            full_name="Ana Rivera",
            production_name="Badge 27",
            craft="LIGHTING",
            job_title="Set lighting technician",
            last_worked_on=date(2023, 5, 1),
            children_count=2,
            need_lines=RENT_ONLY,
        ),
        **changes,
    )


def answers_the_phone(world: World) -> None:
    """Give a fund the line of help that stands below each of its pages."""
    Fund.objects.filter(id=world.fund.id).update(
        help_phone="(213) 555-0100", help_hours="Monday to Friday, 9 am to 5 pm Pacific"
    )


def file_request(
    world: World,
    ask: Ask | None = None,
    *,
    contact: str = "ana@example.com",
    now: datetime = NOW,
    allows_texts: bool = False,
) -> AssistanceRequest:
    """File one request as intake staff do."""
    return intake.submit(
        fund_id=world.fund.id,
        ask=ask or make_ask(),
        contact=contact,
        channel="STAFF",
        by=world.actor(Role.INTAKE),
        now=now,
        allows_texts=allows_texts,
    )


def make_worker(world: World, *, contact: str = "ana@example.com", now: datetime = NOW) -> Actor:
    """A worker who proved a contact by the code that was sent to it."""
    contacts.send_code(fund_id=world.fund.id, contact=contact, language="en", now=now)
    background.deliver(clock=lambda: now)
    codes = Notice.objects.filter(kind="contact_code").order_by("-created_at", "-id")
    notice = next(row for row in codes if row.contact == contact)
    code = re.search(r"\d{6}", notice.subject or notice.text).group()
    user = contacts.enter_code(fund_id=world.fund.id, contact=contact, code=code, now=now)
    return actors.person(user.id)
