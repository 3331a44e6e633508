"""Two for one dollar, one thing delivered many times: one wins, and the others are told."""

from uuid import UUID

from builders import NOW, make_world, put_money_in
from django.db import transaction
from racing import in_processes

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import Code
from fundmgr.models.ledger import Transfer
from fundmgr.ports import ledger
from fundmgr.queries import books, funds
from fundmgr.services import proof

ROUNDS, DOLLAR_CENTS = 12, 100


def enter(posting, fund_id):
    """Post and return what the caller is told."""
    try:
        with transaction.atomic(durable=True):
            ledger.post(posting, fund_id=fund_id, by=actors.SYSTEM, now=NOW)
    except errors.FundError as error:
        return error.code
    return "done"


def approve_the_last_dollar(number, fund_id, restriction_ids):
    """Each of the two approves another award out of each restriction's last dollar."""
    return [
        enter(postings.hold(award_id=UUID(int=number + 1000 * place), shares=[(key, DOLLAR_CENTS)]), fund_id)
        for place, key in enumerate(restriction_ids, start=1)
    ]


def deliver(_number, fund_id, restriction_id):
    """Post the same awards as every other process does."""
    made = [
        postings.hold(award_id=UUID(int=place), shares=[(restriction_id, 1)]) for place in range(1, ROUNDS)
    ]
    return [enter(posting, fund_id) for posting in made]


def test_invariant_28_of_two_approvals_against_the_last_dollar_exactly_one_wins(committed_db):
    from fundmgr.services import funds as services

    world = make_world(reserve_bp=0)
    keys = []
    for place in range(ROUNDS):
        row = services.add_restriction(
            fund_id=world.fund.id, name=f"Dollar {place}", wording="", by=actors.SYSTEM, now=NOW
        )
        put_money_in(world, DOLLAR_CENTS, bank_reference=f"W{place}", restriction_id=row.id)
        keys.append(row.id)

    one, other = in_processes(approve_the_last_dollar, world.fund.id, keys, processes=2)

    for pair in zip(one, other, strict=True):
        assert sorted(pair) == ["done", "insufficient_funds"]
    assert books.available_cents(world.fund.id) == 0
    assert proof.check_books() == []


def test_invariant_28_a_task_that_is_delivered_five_times_together_posts_once(committed_db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 1_000)
    restriction_id = funds.general_restriction(world.fund.id).id

    found = in_processes(deliver, world.fund.id, restriction_id, processes=5)

    for told in zip(*found, strict=True):
        assert sorted(told) == ["already_posted"] * 4 + ["done"]
    assert Transfer.objects.filter(move="HOLD").count() == ROUNDS - 1
    held = ledger.balance(Code.RESERVED, restriction_id=restriction_id, fund_id=world.fund.id)
    assert held == ROUNDS - 1
    assert proof.check_books() == []
