"""A fund is set up: policy, intake, people, programs."""

import json
from uuid import uuid4

import pytest
from builders import NOW, add_staff, make_world

from fundmgr.domain import actors, errors
from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, Fund, Membership, PolicyVersion, Restriction
from fundmgr.queries import access
from fundmgr.services import funds
from fundmgr.services.funds import FundTerms, PolicyTerms

TERMS = PolicyTerms(
    need_ceiling_cents=750_000,
    award_cap_cents=150_000,
    reserve_bp=200,
    two_approvers_from_cents=10_000_000,
    adopted_by="The board",
)


@pytest.fixture
def world(db):
    return make_world()


def state_of(world):
    return Fund.objects.get(id=world.fund.id).state


def test_a_new_fund_has_a_general_restriction_and_takes_nothing_yet(db):
    fund = funds.found(terms=FundTerms("River Fund", "charity"), by=actors.SYSTEM, now=NOW)

    assert (fund.slug, fund.state) == ("river-fund", FundState.DRAFT)
    assert Restriction.objects.get(fund=fund).is_general
    with pytest.raises(errors.WrongState, match="policy"):
        funds.open_intake(fund_id=fund.id, by=actors.SYSTEM, now=NOW)


def test_a_name_is_used_once(world):
    with pytest.raises(errors.Duplicate):
        funds.found(terms=FundTerms(world.fund.name, "charity"), by=actors.SYSTEM, now=NOW)


def test_policies_are_numbered_and_the_old_ones_stay(world):
    second = funds.adopt_policy(fund_id=world.fund.id, terms=TERMS, by=world.actor(Role.DIRECTOR), now=NOW)

    assert second.number == 2
    assert PolicyVersion.objects.filter(fund=world.fund).count() == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DIRECTOR])
def test_configuring_is_the_directors_work_alone(world, role):
    by = world.actor(role)

    with pytest.raises(errors.Forbidden):
        funds.adopt_policy(fund_id=world.fund.id, terms=TERMS, by=by, now=NOW)
    with pytest.raises(errors.Forbidden):
        funds.pause_intake(fund_id=world.fund.id, by=by, now=NOW)
    with pytest.raises(errors.Forbidden):
        funds.appoint(fund_id=world.fund.id, user_id=uuid4(), role=Role.BOARD, by=by, now=NOW)


def test_intake_is_paused_opened_and_closed(world):
    director = world.actor(Role.DIRECTOR)
    for step, state in (
        (funds.pause_intake, FundState.PAUSED),
        (funds.open_intake, FundState.OPEN),
        (funds.close_intake, FundState.INTAKE_CLOSED),
    ):
        step(fund_id=world.fund.id, by=director, now=NOW)
        assert state_of(world) == state

    with pytest.raises(errors.WrongState):
        funds.pause_intake(fund_id=world.fund.id, by=director, now=NOW)


def test_a_restriction_has_a_name_of_its_own(world):
    treasurer = world.actor(Role.TREASURER_PREPARES)
    funds.add_restriction(fund_id=world.fund.id, name="Grips", wording="For grips.", by=treasurer, now=NOW)

    with pytest.raises(errors.Duplicate):
        funds.add_restriction(fund_id=world.fund.id, name="Grips", wording="", by=treasurer, now=NOW)


def test_nobody_gives_a_role_to_oneself(world):
    director = world.actor(Role.DIRECTOR)

    with pytest.raises(errors.SelfApproval):
        funds.appoint(
            fund_id=world.fund.id, user_id=director.person_id, role=Role.APPROVER, by=director, now=NOW
        )


def test_a_program_appoints_nobody(world):
    owner = add_staff(world.fund, Role.BOARD, name="Owner")
    row = funds.register_client(
        fund_id=world.fund.id,
        name="Program",
        owner_id=owner.person_id,
        role=Role.DIRECTOR,
        scopes="",
        secret="not used here",
        by=world.actor(Role.DIRECTOR),
        now=NOW,
    )
    program = actors.client(row.id, owner_id=owner.person_id)

    with pytest.raises(errors.PersonRequired):
        funds.appoint(fund_id=world.fund.id, user_id=uuid4(), role=Role.BOARD, by=program, now=NOW)


def test_a_role_is_given_once_and_ended_once(world):
    director = world.actor(Role.DIRECTOR)
    auditor = world.actor(Role.AUDITOR)
    terms = {"fund_id": world.fund.id, "user_id": auditor.person_id, "role": Role.AUDITOR}
    with pytest.raises(errors.Duplicate):
        funds.appoint(**terms, by=director, now=NOW)
    row = Membership.objects.get(user_id=auditor.person_id)

    funds.end_membership(membership_id=row.id, by=director, now=NOW)

    assert access.roles_of(auditor, fund_id=world.fund.id) == frozenset()
    with pytest.raises(errors.WrongState):
        funds.end_membership(membership_id=row.id, by=director, now=NOW)
    funds.appoint(**terms, by=director, now=NOW)
    assert access.roles_of(auditor, fund_id=world.fund.id) == {Role.AUDITOR}


def test_a_fund_keeps_a_director(world):
    row = Membership.objects.get(fund=world.fund, role=Role.DIRECTOR)

    with pytest.raises(errors.WrongState):
        funds.end_membership(membership_id=row.id, by=actors.SYSTEM, now=NOW)
    with pytest.raises(errors.NotFound):
        funds.end_membership(membership_id=uuid4(), by=world.actor(Role.DIRECTOR), now=NOW)


def test_an_address_belongs_to_one_person_however_it_is_written(db):
    funds.make_staff(email="ana@example.org", name="Ana", by=actors.SYSTEM, now=NOW)

    with pytest.raises(errors.Duplicate):
        funds.make_staff(email="ANA@example.org", name="Ana", by=actors.SYSTEM, now=NOW)


def test_what_was_done_is_in_the_trail(world):
    verbs = list(Event.objects.filter(object_id=world.fund.id).order_by("link__sequence"))

    assert [event.verb for event in verbs] == ["fund.founded", "policy.adopted", "fund.open"]


def test_what_a_fund_says_of_itself_changes_by_name_alone(world):
    director = world.actor(Role.DIRECTOR)
    funds.describe(fund_id=world.fund.id, board="Lena Fox", help_mail="a@example.org", by=director, now=NOW)
    funds.describe(fund_id=world.fund.id, help_mail="", by=director, now=NOW)

    fund = Fund.objects.get(id=world.fund.id)
    assert (fund.board, fund.help_mail, fund.version) == ("Lena Fox", "", world.fund.version + 2)
    told = Event.objects.filter(verb="fund.described").order_by("link__sequence")
    named = [json.loads(bytes(event.body))["facts"]["fields"] for event in told]
    assert named == [["board", "help_mail"], ["help_mail"]]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"help_mail": "nowhere"}, "not_mail"),
        ({"board": "x" * 2001}, "too_long"),
        ({"ein": "1" * 21}, "too_long"),
    ],
)
def test_what_is_no_address_or_too_long_is_not_said(world, words, code):
    with pytest.raises(errors.InvalidInput) as refusal:
        funds.describe(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW, **words)

    assert [problem.code for problem in refusal.value.problems] == [code]


def test_only_the_director_says_what_the_fund_is(world):
    with pytest.raises(errors.Forbidden):
        funds.describe(fund_id=world.fund.id, board="Me", by=world.actor(Role.TREASURER_PREPARES), now=NOW)
