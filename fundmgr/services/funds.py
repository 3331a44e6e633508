"""Set up a fund: found it, adopt its policy, open it, appoint its people, register its programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import slugify
from oauth2_provider.models import Application

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Action, Role
from fundmgr.models import ApiClient, Fund, Membership, PolicyVersion, Restriction, User
from fundmgr.ports import events, ledger, moves
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.services.use_case import use_case


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


@dataclass(frozen=True)
class PolicyTerms:
    """The rules a board adopts. Units: cents; `reserve_bp` in basis points of each receipt."""

    need_ceiling_cents: int
    award_cap_cents: int
    reserve_bp: int
    two_approvers_from_cents: int
    adopted_by: str
    decision_days: int = 14
    rule: Mapping[str, Any] | None = None


DEFAULT_RULE = {"version": 1, "rule": "equal_awards"}


@use_case
def found(*, terms: FundTerms, by: Actor, now: datetime) -> Fund:
    """This will found a fund with its general restriction and its chart of accounts.

    Errors: Duplicate where a fund of that name exists.
    """
    slug = slugify(terms.name)[:60] or "fund"
    if Fund.objects.filter(slug=slug).exists():
        raise errors.Duplicate("A fund of that name exists already.")
    fund = Fund.objects.create(
        id=ids.new_id(now), slug=slug, state=FundState.DRAFT, created_at=now, **vars(terms)
    )
    _open_restriction(fund.id, name="General", wording="", is_general=True, now=now)
    _record("fund.founded", fund, by=by, now=now, facts={"legal_form": terms.legal_form})
    return fund


@use_case
def adopt_policy(*, fund_id: UUID, terms: PolicyTerms, by: Actor, now: datetime) -> PolicyVersion:
    """This will adopt the next policy version; earlier decisions keep the one they were made by.

    Errors: Forbidden for one who may not configure the fund.
    """
    access.require(by, Action.FUND_CONFIGURE, fund_id=fund_id)
    fund = Fund.objects.select_for_update().get(id=fund_id)
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
        rule=dict(terms.rule or DEFAULT_RULE),
        adopted_on=now.date(),
        adopted_by=terms.adopted_by,
    )
    _record("policy.adopted", fund, by=by, now=now, facts={"policy": policy.id, "number": number})
    return policy


@use_case
def open_intake(*, fund_id: UUID, by: Actor, now: datetime) -> Fund:
    """This will open the fund for requests. Errors: WrongState before a policy is adopted."""
    return _move(fund_id, FundState.OPEN, by=by, now=now)


@use_case
def pause_intake(*, fund_id: UUID, by: Actor, now: datetime) -> Fund:
    """This will stop new requests for now."""
    return _move(fund_id, FundState.PAUSED, by=by, now=now)


@use_case
def add_restriction(*, fund_id: UUID, name: str, wording: str, by: Actor, now: datetime) -> Restriction:
    """This will open a restriction with its own accounts. Errors: Duplicate for a name in use."""
    access.require(by, Action.COMMITMENT_WRITE, fund_id=fund_id)
    if Restriction.objects.filter(fund_id=fund_id, name=name).exists():
        raise errors.Duplicate("A restriction of that name exists already.")
    restriction = _open_restriction(fund_id, name=name, wording=wording, is_general=False, now=now)
    happening = Happening("restriction.opened", "restriction", restriction.id)
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return restriction


@use_case
def appoint(*, fund_id: UUID, user_id: UUID, role: Role, by: Actor, now: datetime) -> Membership:
    """This will give a person a role in the fund.

    Errors: PersonRequired for a program, SelfApproval for a role of one's own, Duplicate.
    """
    _require_appointer(by, user_id=user_id, fund_id=fund_id)
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


@use_case
def register_client(
    *,
    fund_id: UUID,
    name: str,
    owner_id: UUID,
    role: Role,
    scopes: str,
    secret: str,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> ApiClient:
    """This will let a program act in one role for its owner; only a hash of the secret is kept.

    Errors: PersonRequired for a program, SelfApproval for a program of one's own.
    """
    _require_appointer(by, user_id=owner_id, fund_id=fund_id)
    oauth_client_id = f"cli_{ids.new_id(now).hex}"
    Application.objects.create(
        client_id=oauth_client_id,
        client_secret=secret,
        client_type=Application.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Application.GRANT_CLIENT_CREDENTIALS,
        name=name,
    )
    row = ApiClient.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        oauth_client_id=oauth_client_id,
        name=name,
        owner_id=owner_id,
        role=role,
        scopes=scopes,
    )
    happening = Happening("client.registered", "client", row.id, {"role": role.value, "scopes": scopes})
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return row


@use_case
def make_staff(*, email: str, name: str, by: Actor, now: datetime, password: str | None = None) -> User:
    """This will make a person who can be appointed. Errors: Duplicate for an address in use."""
    if User.objects.filter(email=email.lower()).exists():
        raise errors.Duplicate("A person with that address exists already.")
    return User.objects.create_user(email.lower(), password, name=name, now=now)


def _require_appointer(by: Actor, *, user_id: UUID, fund_id: UUID) -> None:
    access.require(by, Action.MEMBER_APPOINT, fund_id=fund_id)
    if by.client_id is not None:
        raise errors.PersonRequired
    if by.person_id == user_id:
        raise errors.SelfApproval("Another director must give you a role.")


def _open_restriction(
    fund_id: UUID, *, name: str, wording: str, is_general: bool, now: datetime
) -> Restriction:
    restriction = Restriction.objects.create(
        id=ids.new_id(now), fund_id=fund_id, created_at=now, name=name, wording=wording, is_general=is_general
    )
    ledger.open_accounts(restriction, now=now)
    return restriction


def _move(fund_id: UUID, state: FundState, *, by: Actor, now: datetime) -> Fund:
    access.require(by, Action.FUND_CONFIGURE, fund_id=fund_id)
    fund = Fund.objects.select_for_update().get(id=fund_id)
    if not PolicyVersion.objects.filter(fund=fund).exists():
        raise errors.WrongState("Adopt a policy first.")
    moves.move(fund, state)
    _record(f"fund.{state.value.lower()}", fund, by=by, now=now, facts={})
    return fund


def _record(verb: str, fund: Fund, *, by: Actor, now: datetime, facts: Mapping[str, Any]) -> None:
    events.record(Happening(verb, "fund", fund.id, facts), fund_id=fund.id, by=by, now=now)
