"""The steps of setting up a fund, each inside the caller's transaction: use cases put them together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Role
from fundmgr.domain.restrictions import OPEN_RULE, Rule
from fundmgr.domain.text import has_letter
from fundmgr.models import Fund, Membership, PolicyVersion, Restriction, User
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening


@dataclass(frozen=True)
class FundTerms:
    """What a fund says of itself."""

    name: str
    legal_form: str
    purpose: str = ""
    currency: str = "USD"
    time_zone: str = "America/Los_Angeles"
    help_phone: str = ""
    help_hours: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    sponsor: str = ""
    ein: str = ""
    help_mail: str = ""
    board: str = ""


@dataclass(frozen=True)
class PolicyTerms:
    """The rules a board adopts. Units: cents; `reserve_bp` in basis points of each receipt."""

    need_ceiling_cents: int
    award_cap_cents: int
    reserve_bp: int
    two_approvers_from_cents: int
    adopted_by: str
    decision_days: int = 14
    accept_days: int = 30
    accept_hours: int | None = None
    appeal_days: int = 30
    document_days: int = 180
    countersign_from_cents: int | None = None
    next_round_from_cents: int | None = None
    flat_grant_cents: int | None = None
    rule: Mapping[str, Any] | None = None


DEFAULT_RULE = {"version": 1, "rule": "equal_awards"}


def found_fund(terms: FundTerms, *, by: Actor, now: datetime) -> Fund:
    """This will write a fund with its general restriction and its chart of accounts.

    Errors: Duplicate where a fund of that name exists.
    """
    slug = slugify(terms.name)[:60] or "fund"
    if Fund.objects.filter(slug=slug).exists():
        raise errors.Duplicate("A fund of that name exists already.")
    fund = Fund.objects.create(
        id=ids.new_id(now), slug=slug, state=FundState.DRAFT, created_at=now, **vars(terms)
    )
    open_restriction(fund.id, name="General", wording="", is_general=True, now=now)
    record("fund.founded", fund, by=by, now=now, facts={"legal_form": terms.legal_form})
    return fund


def write_policy(fund: Fund, terms: PolicyTerms, *, by: Actor, now: datetime) -> PolicyVersion:
    """This will write the next policy version of a fund whose row the caller holds."""
    number = PolicyVersion.objects.filter(fund=fund).count() + 1
    policy = PolicyVersion.objects.create(
        id=ids.new_id(now),
        fund=fund,
        created_at=now,
        number=number,
        need_ceiling_cents=terms.need_ceiling_cents,
        award_cap_cents=terms.award_cap_cents,
        reserve_bp=terms.reserve_bp,
        two_approvers_from_cents=terms.two_approvers_from_cents,
        decision_days=terms.decision_days,
        accept_days=terms.accept_days,
        accept_hours=terms.accept_hours,
        appeal_days=terms.appeal_days,
        document_days=terms.document_days,
        countersign_from_cents=terms.countersign_from_cents,
        next_round_from_cents=terms.next_round_from_cents,
        flat_grant_cents=terms.flat_grant_cents,
        rule=dict(terms.rule or DEFAULT_RULE),
        adopted_on=now.date(),
        adopted_by=terms.adopted_by,
    )
    record("policy.adopted", fund, by=by, now=now, facts={"policy": policy.id, "number": number})
    return policy


def open_restriction(
    fund_id: UUID,
    *,
    name: str,
    wording: str,
    is_general: bool,
    now: datetime,
    rule: Rule = OPEN_RULE,
    expires_on: date | None = None,
) -> Restriction:
    """This will write a restriction with its own accounts."""
    restriction = Restriction.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        name=name,
        wording=wording,
        rule=rule.to_json(),
        expires_on=expires_on,
        is_general=is_general,
    )
    ledger.open_accounts(restriction, now=now)
    return restriction


def seat(fund_id: UUID, user: User | UUID, role: Role, *, by: Actor, now: datetime) -> Membership:
    """This will give a person a role. Errors: Duplicate for a role the person has already."""
    user_id = user if isinstance(user, UUID) else user.id
    if Membership.objects.filter(fund_id=fund_id, user_id=user_id, role=role, ended_at=None).exists():
        raise errors.Duplicate("This person has that role already.")
    member = Membership.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        user_id=user_id,
        role=role,
        appointed_by_id=by.person_id,
    )
    happening = Happening("member.appointed", "user", user_id, {"role": role.value})
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return member


def write_staff(*, email: str, name: str, password: str | None, now: datetime, field: str = "name") -> User:
    """This will write a person who can be appointed.

    Errors: Duplicate for an address in use, InvalidInput (the field named) for a name without a letter.
    """
    if not has_letter(name):
        raise errors.InvalidInput(problems=[Problem(field, "no_letters", "Enter a full name.")])
    if User.objects.filter(email=email.lower()).exists():
        raise errors.Duplicate("A person with that address exists already.")
    return User.objects.create_user(email.lower(), password, name=name, now=now)


def move_fund(fund: Fund, state: FundState, *, by: Actor, now: datetime) -> Fund:
    """This will open, pause or close a fund whose row the caller holds.

    Errors: WrongState before a policy is adopted, or where no such move starts here.
    """
    if not PolicyVersion.objects.filter(fund=fund).exists():
        raise errors.WrongState("Adopt a policy first.")
    moves.move(fund, state)
    record(f"fund.{state.value.lower()}", fund, by=by, now=now, facts={})
    return fund


def record(verb: str, fund: Fund, *, by: Actor, now: datetime, facts: Mapping[str, Any]) -> None:
    """This will record what happened to a fund."""
    events.record(Happening(verb, "fund", fund.id, facts), fund_id=fund.id, by=by, now=now)
