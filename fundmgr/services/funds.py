"""Set up a fund: found it, adopt its policy, open it, appoint its people, register its programs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from oauth2_provider.models import Application

from fundmgr.domain import contacts, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Action, Role
from fundmgr.domain.restrictions import Rule
from fundmgr.models import ApiClient, Fund, Membership, PolicyVersion, Restriction, User
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access
from fundmgr.queries import facts as row_facts
from fundmgr.services import founding
from fundmgr.services.founding import DEFAULT_RULE, FundTerms, PolicyTerms
from fundmgr.services.use_case import use_case

__all__ = [
    "DEFAULT_RULE",
    "FundTerms",
    "PolicyTerms",
    "add_restriction",
    "adopt_policy",
    "appoint",
    "close_intake",
    "describe",
    "end_membership",
    "found",
    "invite",
    "make_staff",
    "open_intake",
    "pause_intake",
    "register_client",
]

# What a fund says of itself, and how long each may be.
DESCRIBED = {
    "sponsor": 160,
    "ein": 20,
    "surplus_clause": 2000,
    "purpose": 300,
    "help_phone": 40,
    "help_hours": 120,
    "help_mail": 254,
    "board": 2000,
}
OWN_ROLE = "Another director must give you a role."


class Description(TypedDict, total=False):
    """What a fund says of itself; what is not named stays as it is."""

    sponsor: str
    ein: str
    surplus_clause: str
    purpose: str
    help_phone: str
    help_hours: str
    help_mail: str
    board: str


@use_case
def found(*, terms: FundTerms, by: Actor, now: datetime) -> Fund:
    """This will found a fund with its general restriction and its chart of accounts.

    Errors: Duplicate where a fund of that name exists.
    """
    return founding.found_fund(terms, by=by, now=now)


@use_case
def adopt_policy(
    *, fund_id: UUID, terms: PolicyTerms, by: Actor, now: datetime, once: Once | None = None
) -> PolicyVersion:
    """This will adopt the next policy version; earlier decisions keep the one they were made by.

    Errors: Forbidden for one who may not configure the fund.
    """
    access.require(by, Action.FUND_CONFIGURE, fund_id=fund_id)
    fund = Fund.objects.select_for_update().get(id=fund_id)
    return founding.write_policy(fund, terms, by=by, now=now)


@use_case
def describe(
    *, fund_id: UUID, by: Actor, now: datetime, once: Once | None = None, **changes: Unpack[Description]
) -> Fund:
    """This will change what the fund's page and letters say of it; what is not named stays as it is.

    Errors: Forbidden for one who may not configure the fund; InvalidInput for what is too long or no address.
    """
    access.require(by, Action.FUND_CONFIGURE, fund_id=fund_id)
    fund = Fund.objects.select_for_update().get(id=fund_id)
    _check_description(changes)
    for name, value in changes.items():
        setattr(fund, name, value)
    fund.version += 1
    fund.save(update_fields=[*changes, "version"])
    happening = Happening("fund.described", "fund", fund.id, {"fields": sorted(changes)})
    events.record(happening, fund_id=fund.id, by=by, now=now)
    return fund


@use_case
def open_intake(*, fund_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Fund:
    """This will open the fund for requests. Errors: WrongState before a policy is adopted."""
    return _move(fund_id, FundState.OPEN, by=by, now=now)


@use_case
def pause_intake(*, fund_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Fund:
    """This will stop new requests for now."""
    return _move(fund_id, FundState.PAUSED, by=by, now=now)


@use_case
def close_intake(*, fund_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Fund:
    """This will take no more requests; what was asked is still decided and paid."""
    return _move(fund_id, FundState.INTAKE_CLOSED, by=by, now=now)


@use_case
def add_restriction(
    *,
    fund_id: UUID,
    name: str,
    wording: str,
    by: Actor,
    now: datetime,
    rule: Mapping[str, Any] | None = None,
    expires_on: date | None = None,
    once: Once | None = None,
) -> Restriction:
    """This will open a restriction with its own accounts and its rule.

    Errors: Duplicate for a name in use, InvalidInput naming each part of the rule, like `rule.crafts`.
    """
    access.require(by, Action.COMMITMENT_WRITE, fund_id=fund_id)
    checked = Rule.from_json(rule or {})
    if Restriction.objects.filter(fund_id=fund_id, name=name).exists():
        raise errors.Duplicate("A restriction of that name exists already.")
    restriction = founding.open_restriction(
        fund_id,
        name=name,
        wording=wording,
        is_general=False,
        now=now,
        rule=checked,
        expires_on=expires_on,
    )
    told = {"rule": checked.to_json(), "expires_on": expires_on, **row_facts.said(restriction)}
    happening = Happening("restriction.opened", "restriction", restriction.id, told)
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return restriction


@use_case
def appoint(
    *, fund_id: UUID, user_id: UUID, role: Role, by: Actor, now: datetime, once: Once | None = None
) -> Membership:
    """This will give a person a role in the fund.

    Errors: PersonRequired for a program, SelfApproval for a role of one's own, Duplicate.
    """
    _require_appointer(by, user_id=user_id, fund_id=fund_id)
    return founding.seat(fund_id, user_id, role, by=by, now=now)


@use_case
def invite(
    *,
    fund_id: UUID,
    email: str,
    name: str,
    role: Role,
    by: Actor,
    now: datetime,
    once: Once | None = None,
) -> Membership:
    """This will give a role to the person of an address, who is made where nobody has it yet.

    A new person has no password: only one who reads that mail can set it.
    Errors: PersonRequired for a program, SelfApproval for a role of one's own, Duplicate.
    """
    _require_appointer(by, user_id=None, fund_id=fund_id)
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = founding.write_staff(email=email, name=name, password=None, now=now)
    if user.id == by.person_id:
        raise errors.SelfApproval(OWN_ROLE)
    return founding.seat(fund_id, user, role, by=by, now=now)


@use_case
def end_membership(*, membership_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Membership:
    """This will end a person's role from now on; the row stays.

    Errors: SelfApproval for a role of one's own, WrongState where it ended before, or for the last director.
    """
    row = Membership.objects.filter(id=membership_id).first()
    if row is None:
        raise errors.NotFound
    _require_appointer(by, user_id=row.user_id, fund_id=row.fund_id)
    Fund.objects.select_for_update().get(id=row.fund_id)
    directors = Membership.objects.filter(fund_id=row.fund_id, role=Role.DIRECTOR, ended_at=None)
    if row.role == Role.DIRECTOR and directors.count() == 1:
        raise errors.WrongState("A fund keeps at least one director.")
    if not Membership.objects.filter(id=row.id, ended_at=None).update(ended_at=now):
        raise errors.WrongState("This role ended before.")
    happening = Happening("member.ended", "user", row.user_id, {"role": row.role})
    events.record(happening, fund_id=row.fund_id, by=by, now=now)
    return row


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
    return founding.write_staff(email=email, name=name, password=password, now=now)


def _check_description(changes: Description) -> None:
    said: dict[str, Any] = {**changes}
    problems = [
        Problem(name, "too_long", f"Write at most {DESCRIBED[name]} letters.")
        for name, value in said.items()
        if len(value) > DESCRIBED[name]
    ]
    mail = said.get("help_mail")
    if mail and not contacts.is_mail(mail):
        problems.append(Problem("help_mail", "not_mail", "Enter an address like name@example.com."))
    if problems:
        raise errors.InvalidInput(problems=problems)


def _require_appointer(by: Actor, *, user_id: UUID | None, fund_id: UUID) -> None:
    access.require(by, Action.MEMBER_APPOINT, fund_id=fund_id)
    if by.client_id is not None:
        raise errors.PersonRequired
    if user_id is not None and by.person_id == user_id:
        raise errors.SelfApproval(OWN_ROLE)


def _move(fund_id: UUID, state: FundState, *, by: Actor, now: datetime) -> Fund:
    access.require(by, Action.FUND_CONFIGURE, fund_id=fund_id)
    fund = Fund.objects.select_for_update().get(id=fund_id)
    return founding.move_fund(fund, state, by=by, now=now)
