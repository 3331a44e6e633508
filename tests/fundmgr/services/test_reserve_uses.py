"""The reserve is used by two people, for what it is kept for, out of what it holds, once."""

from uuid import uuid4

import pytest
from builders import NOW, make_world, put_money_in
from casework import add_role
from django.db import IntegrityError, connection, transaction
from reserves import make_use, propose_reserve_use

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import ProposalState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, ReserveUse
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import proof, receipts, reserve_uses

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two thousand cents are kept back of 100,000."""
    made = make_world()
    put_money_in(made, 100_000)
    return made


def propose(world, cents=1_500, **said):
    return propose_reserve_use(world, cents, is_there=True, **said)


def general(world):
    return funds.general_restriction(world.fund.id)


def of(world, code):
    return next(cents for key, _name, cents in books.balances(world.fund.id) if key == code)


def test_what_is_used_of_the_reserve_may_be_awarded(world):
    assert (of(world, Code.RESERVE), books.available_cents(world.fund.id)) == (2_000, 98_000)

    row = make_use(world, propose(world))

    assert row.state == ProposalState.MADE
    assert (of(world, Code.RESERVE), books.available_cents(world.fund.id)) == (500, 99_500)
    assert proof.check_books() == []
    (transfer,) = books.transfers_of(row.id)
    assert (transfer.move, transfer.cause_type) == ("RESERVE_USE", "reserve_use")


def test_nothing_moves_until_another_person_decides(world):
    row = propose(world)

    assert (books.transfers_of(row.id), of(world, Code.RESERVE)) == ([], 2_000)


def test_whoever_proposed_it_decides_nothing(world):
    director = world.actor(Role.DIRECTOR)
    row = propose(world)
    add_role(world, director, Role.TREASURER_RELEASES)

    for decide in (reserve_uses.make, reserve_uses.refuse):
        with pytest.raises(errors.SelfApproval):
            decide(use_id=row.id, by=director, now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TREASURER_RELEASES}))
def test_only_a_treasurer_who_releases_decides(world, role):
    row = propose(world)

    with pytest.raises(errors.Forbidden):
        reserve_uses.make(use_id=row.id, by=world.actor(role), now=NOW)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DIRECTOR}))
def test_only_the_director_proposes(world, role):
    with pytest.raises(errors.Forbidden):
        propose(world, by=world.actor(role))


def test_the_program_itself_proposes_and_decides_nothing(world):
    with pytest.raises(errors.PersonRequired):
        propose(world, by=actors.SYSTEM)
    row = propose(world)
    with pytest.raises(errors.PersonRequired):
        reserve_uses.make(use_id=row.id, by=actors.SYSTEM, now=NOW)


def test_a_use_is_decided_once(world):
    row = make_use(world, propose(world))

    for decide in (reserve_uses.make, reserve_uses.refuse):
        with pytest.raises(errors.AlreadyDecided):
            decide(use_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)
    assert len(books.transfers_of(row.id)) == 1


def test_a_refused_use_moves_nothing(world):
    row = propose(world)

    done = reserve_uses.refuse(use_id=row.id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)

    assert (done.state, books.transfers_of(row.id)) == (ProposalState.REFUSED, [])
    assert proof.check_books() == []


@pytest.mark.parametrize(
    ("amount_cents", "code"), [(0, "not_positive"), (-5, "not_positive"), (2_001, "more_than_reserve")]
)
def test_an_amount_that_is_not_there_is_refused(world, amount_cents, code):
    with pytest.raises(errors.InvalidInput) as refused:
        propose(world, amount_cents)

    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_reason_is_needed(world):
    with pytest.raises(errors.InvalidInput) as refused:
        propose(world, reason=" ")

    assert refused.value.problems[0].field == "reason"


def test_two_uses_never_take_more_than_the_reserve_holds(world):
    first, second = propose(world), propose(world)
    make_use(world, first)

    with pytest.raises(errors.InsufficientFunds, match=r"holds \$5\.00"):
        make_use(world, second)
    assert ReserveUse.objects.get(id=second.id).state == ProposalState.PROPOSED
    assert of(world, Code.RESERVE) == 500


def test_what_a_bounced_gift_took_of_the_reserve_is_gone_from_it(world):
    gift = put_money_in(world, 1_000, bank_reference="WIRE-B")
    hold = postings.hold(award_id=uuid4(), shares=[(general(world).id, 98_980)])
    ledger.post(hold, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)
    row = propose(world, 2_020)
    by = world.actor(Role.TREASURER_PREPARES)
    receipts.bounce(receipt_id=gift.id, reason="Unpaid.", by=by, now=NOW)

    with pytest.raises(errors.InsufficientFunds, match=r"holds \$10\.20"):
        make_use(world, row)
    make_use(world, propose(world, 1_020))

    assert (of(world, Code.RESERVE), books.available_cents(world.fund.id)) == (0, 1_020)
    assert proof.check_books() == []


def test_each_step_is_in_the_trail(world):
    row = make_use(world, propose(world))

    events = Event.objects.filter(object_id=row.id).order_by("link__sequence")
    assert [(event.verb, event.actor) for event in events] == [
        ("reserve_use.proposed", world.actor(Role.DIRECTOR).key),
        ("reserve_use.made", world.actor(Role.TREASURER_RELEASES).key),
    ]


def test_another_funds_use_is_not_there(world):
    row = propose(world)
    other = make_world(name="Harbor Relief")

    for key in (row.id, uuid4()):
        with pytest.raises(errors.NotFound):
            reserve_uses.make(use_id=key, by=other.actor(Role.TREASURER_RELEASES), now=NOW)


def bend(statement, *values):
    """Change a row behind the use cases, to the end of a transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def post_alone(world, posting):
    """Post without a row that was decided."""
    with transaction.atomic(), connection.cursor() as cursor:
        ledger.post(posting, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_itself_refuses_a_use_that_two_people_did_not_decide(world):
    row = propose(world)
    by = world.actor(Role.TREASURER_RELEASES).person_id
    table = "UPDATE fundmgr_reserveuse SET"

    with pytest.raises(IntegrityError, match="by a decision of two people"):
        bend(f"{table} state = 'MADE', decided_by_id = %s, decided_at = now() WHERE id = %s", by, row.id)
    with pytest.raises(IntegrityError, match="decided once"):
        bend(f"{table} amount_cents = 1 WHERE id = %s", row.id)
    posting = postings.reserve_use(use_id=uuid4(), restriction_id=general(world).id, amount_cents=10)
    with pytest.raises(IntegrityError, match="by a decision of two people"):
        post_alone(world, posting)
