"""Tell the story through the use cases: the money, the requests, the reading, the proposal, the report."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.permissions import Role
from fundmgr.domain.populations import Population, Pressing
from fundmgr.models import Fund
from fundmgr.queries import funds as fund_queries
from fundmgr.services import background, commitments, donors, funds, letters, receipts
from fundmgr.services.funds import FundTerms, PolicyTerms
from requests_app.demo import asks, proofs, second_looks, threads, words
from requests_app.demo.asks import Person
from requests_app.demo.clients import CLIENTS, secret_of
from requests_app.models import AssistanceRequest
from requests_app.services import (
    intake,
    odds,
    productions,
    reports,
    reviews,
    rounds,
    rule_publications,
    scenarios,
    tried_rules,
)
from requests_app.services.decisions import Proposal, Verdict

FUND_NAME = "Lanternlight Productions Crew Assistance Fund"
FOUNDER = "founder@lanternlight.example"
GIFT_CENTS = 50_000_000
STORY_DAYS = 10
_OPENING_HOUR = 11
Say = Callable[[str], None]
Staff = dict[Role, list[Actor]]
_REFUSALS = (Reason.NOT_IN_CLASS, Reason.NO_LOSS_LINK, Reason.EXPENSE_NOT_ELIGIBLE)
_QUESTION = "Please send us the name of the show and the month of your last day of work."


@dataclass(frozen=True)
class Filed:
    """A person and the request that was filed for them."""

    person: Person
    request: AssistanceRequest


def tell(*, now: datetime, say: Say) -> Fund:
    """This will build the moment ten days in: everything asked, most of it read, one round proposed."""
    opened_at = opening(now)
    say("Founding the fund, appointing its people")
    fund, staff = _found(opened_at)
    _receive(fund, staff, opened_at)
    say("Filing 1,700 requests for $10,000,000")
    filed = _file(fund, opened_at)
    proofs.tell([row.request for row in filed])
    say("Reading and deciding them with four eyes")
    _read(filed, staff, opened_at)
    second_looks.tell(fund, [*staff[Role.REVIEWER], *staff[Role.APPROVER]])
    threads.tell(fund, staff[Role.REVIEWER])
    say("Proposing a round and building the shortfall report")
    rounds.propose_rule(fund_id=fund.id, rule=funds.DEFAULT_RULE, by=staff[Role.DIRECTOR][0], now=now)
    _compare(fund, staff, now)
    background.link_events()
    reports.ask(fund_id=fund.id, by=staff[Role.DIRECTOR][0], now=now)
    background.run_jobs(clock=lambda: now)
    # What the rule would give now is told from the first page on, not from the first quarter of an hour on.
    odds.refresh(fund_id=fund.id, now=now)
    return fund


def _compare(fund: Fund, staff: Staff, now: datetime) -> None:
    """A board member keeps the usual ways side by side for the meeting, for everybody and for a part."""
    policy = fund_queries.policy_in_force(fund.id)
    ways = tried_rules.usual_ways(
        need_ceiling_cents=policy.need_ceiling_cents, award_cap_cents=policy.award_cap_cents
    )
    rules, by = [{**way.rule, tried_rules.NEED: way.need_up_to_cents} for way in ways], staff[Role.BOARD][0]
    scenarios.save(
        fund_id=fund.id,
        name="Five ways to share the founder's gift",
        note="For the board's first meeting.",
        rules=rules,
        chosen=len(ways) - 1,
        by=by,
        now=now,
    )
    scenarios.save(
        fund_id=fund.id,
        name="The same if only urgent requests were paid",
        note="Somebody will ask what that would mean for them.",
        rules=rules[-2:],
        chosen=1,
        population=Population(urgency=Pressing.URGENT),
        by=by,
        now=now,
    )


def opening(now: datetime) -> datetime:
    """This will return when the demo fund opened: eleven in the morning, ten days ago, in its zone."""
    local = now.astimezone(ZoneInfo("America/Los_Angeles")) - timedelta(days=STORY_DAYS)
    return local.replace(hour=_OPENING_HOUR, minute=0, second=0, microsecond=0)


def _found(opened_at: datetime) -> tuple[Fund, Staff]:
    start = opened_at - timedelta(days=1)
    terms = FundTerms(
        name=FUND_NAME,
        legal_form="fiscal_sponsored",
        sponsor="Bright Harbor Community Trust",
        purpose="Help with rent, food and bills for cast and crew who lost work in the strikes",
        help_phone="(213) 555-0100",
        help_hours="Monday to Friday, 9 am to 5 pm Pacific",
        help_mail="help@lanternlight.example",
        board="\n".join(words.BOARD),
        opens_at=opened_at,
        closes_at=opened_at + timedelta(days=70),
    )
    fund = funds.found(terms=terms, by=actors.SYSTEM, now=start)
    policy = PolicyTerms(
        need_ceiling_cents=750_000,
        award_cap_cents=150_000,
        reserve_bp=200,
        two_approvers_from_cents=100_000_000,
        adopted_by="The board, by unanimous vote",
        next_round_from_cents=500_000,
    )
    funds.adopt_policy(fund_id=fund.id, terms=policy, by=actors.SYSTEM, now=start)
    staff = {
        Role(role): [_appoint(fund, Role(role), name, start) for name in names] for role, names in words.STAFF
    }
    _register_clients(fund, staff, start)
    productions.add(
        fund_id=fund.id, names=[name for name, _ in words.PRODUCTIONS], by=staff[Role.DIRECTOR][0], now=start
    )
    director = staff[Role.DIRECTOR][0]
    rule_publications.publish(fund_id=fund.id, rule=funds.DEFAULT_RULE, by=director, now=opened_at)
    return funds.open_intake(fund_id=fund.id, by=director, now=opened_at), staff


def _appoint(fund: Fund, role: Role, name: str, now: datetime) -> Actor:
    email = f"{name.lower().replace(' ', '.')}@lanternlight.example"
    user = funds.make_staff(email=email, name=name, by=actors.SYSTEM, now=now)
    funds.appoint(fund_id=fund.id, user_id=user.id, role=role, by=actors.SYSTEM, now=now)
    return actors.person(user.id)


def _register_clients(fund: Fund, staff: Staff, now: datetime) -> None:
    """Each program belongs to somebody else than its neighbours and the demo's first person of its role."""
    for client in CLIENTS:
        people = staff.get(client.role) or staff[Role.BOARD]
        owner = people[-1]
        funds.register_client(
            fund_id=fund.id,
            name=client.name,
            owner_id=owner.person_id,  # type: ignore[arg-type]  # a person always has an id
            role=client.role,
            scopes=client.scopes,
            secret=secret_of(client),
            by=actors.SYSTEM,
            now=now,
        )


def _receive(fund: Fund, staff: Staff, now: datetime) -> None:
    preparer, releaser = staff[Role.TREASURER_PREPARES][0], staff[Role.TREASURER_RELEASES][0]
    day = now.date()
    donor = donors.add(
        fund_id=fund.id,
        name="The founder",
        is_organisation=False,
        is_anonymous=False,
        contact=FOUNDER,
        by=preparer,
        now=now,
    )
    promise = commitments.pledge(
        fund_id=fund.id,
        donor_id=donor.id,
        amount_cents=GIFT_CENTS,
        pledged_on=day,
        due_on=day,
        by=preparer,
        now=now,
    )
    receipt = receipts.record(
        commitment_id=promise.id,
        amount_cents=GIFT_CENTS,
        bank_reference="FEDWIRE 0908-000417",
        received_on=day,
        by=preparer,
        now=now,
    )
    receipts.reconcile(receipt_id=receipt.id, by=releaser, now=now)
    letters.issue(receipt_id=receipt.id, by=preparer, now=now)


def _file(fund: Fund, opened_at: datetime) -> list[Filed]:
    people = asks.people(opened_at=opened_at)
    rows = [(person.ask, person.contact, person.submitted_at) for person in people]
    found = intake.submit_many(
        fund_id=fund.id, asks=rows, channel="WEB", by=actors.SYSTEM, now=people[-1].submitted_at
    )
    return [Filed(person, request) for person, request in zip(people, found, strict=True)]


def _read(filed: Sequence[Filed], staff: Staff, opened_at: datetime) -> None:
    """Six reviewers read their parts on days 5 to 9; five approvers decide a day later."""
    reviewers, approvers = staff[Role.REVIEWER], staff[Role.APPROVER]
    for number, row in enumerate(row for row in filed if row.person.outcome == "WITHDRAWN"):
        at = opened_at + timedelta(days=5, minutes=number)
        intake.withdraw(request_id=row.request.id, by=reviewers[0], now=at)
    missing = [row for row in filed if row.person.outcome == "INCOMPLETE"]
    for number, row in enumerate(missing):
        reader = reviewers[number % len(reviewers)]
        at = opened_at + timedelta(days=6, minutes=number)
        reviews.start(request_id=row.request.id, by=reader, now=at)
        reviews.ask_for_info(request_id=row.request.id, text=_QUESTION, by=reader, now=at)
    decided = [row for row in filed if row.person.outcome in {"ELIGIBLE", "DUPLICATE", "INELIGIBLE"}]
    for number, reader in enumerate(reviewers):
        at = opened_at + timedelta(days=5 + number * 0.7, hours=3)
        items = [_proposal(row, place) for place, row in enumerate(decided[number :: len(reviewers)])]
        found = reviews.propose_many(items=items, by=reader, now=at)
        verdicts = [Verdict(decision.id, approve=True) for decision in found]
        approver = approvers[number % len(approvers)]
        reviews.decide_many(items=verdicts, by=approver, now=at + timedelta(hours=15))


def _proposal(row: Filed, place: int) -> Proposal:
    if row.person.outcome == "ELIGIBLE":
        return Proposal(row.request.id, is_eligible=True, verified_cents=row.person.verified_cents)
    reason = Reason.DUPLICATE_PERSON if row.person.outcome == "DUPLICATE" else _REFUSALS[place % 3]
    return Proposal(row.request.id, is_eligible=False, reasons=(reason,))
