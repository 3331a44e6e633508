"""The one door to the books: all or nothing, never below the floor, each key once, no gap in sequence."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest
from builders import NOW, close_fund, make_world, put_money_in
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from fundmgr.domain import actors, errors, postings
from fundmgr.domain.chart import GUARDED, Code
from fundmgr.domain.move import Move
from fundmgr.models.ledger import Balance, Entry, Transfer
from fundmgr.ports import ledger
from fundmgr.ports.locks import NoTransaction
from fundmgr.queries import books, funds
from fundmgr.services import funds as fund_services
from fundmgr.services import proof


def make_books(cents=100_000):
    world = make_world(reserve_bp=0)
    put_money_in(world, cents)
    return world, funds.general_restriction(world.fund.id).id


@pytest.fixture
def books_of(db):
    return make_books()


def post(world, *made):
    with transaction.atomic():
        return ledger.post_many(made, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW)


def balance(world, code):
    return sum(cents for found, _, cents in books.balances(world.fund.id) if found == code)


def hold(restriction_id, cents, award_id=None):
    return postings.hold(award_id=award_id or uuid4(), shares=[(restriction_id, cents)])


def test_a_restriction_opens_the_whole_chart_at_zero(books_of):
    world, _ = books_of
    fund_services.add_restriction(
        fund_id=world.fund.id, name="Grips only", wording="For grips.", by=actors.SYSTEM, now=NOW
    )

    opened = [(code, cents) for code, name, cents in books.balances(world.fund.id) if name == "Grips only"]

    assert opened == [(code, 0) for code in sorted(Code, key=lambda code: code.value)]
    guarded = Balance.objects.filter(fund=world.fund, is_guarded=True)
    assert set(guarded.values_list("account__code", flat=True)) == set(GUARDED)


def test_a_posting_moves_balances_and_leaves_entries(books_of):
    world, general = books_of
    posting = hold(general, 30_000)

    (transfer_id,) = post(world, posting)

    assert (balance(world, Code.AVAILABLE), balance(world, Code.RESERVED)) == (70_000, 30_000)
    assert set(books.lines_of(transfer_id)) == set(posting.lines)
    (transfer,) = books.transfers_of(posting.cause_id)
    assert (transfer.id, transfer.actor, transfer.move) == (transfer_id, "system", "HOLD")
    assert proof.check_books() == []


def test_invariant_03_the_last_cent_can_be_held_and_not_one_more(books_of):
    world, general = books_of
    post(world, hold(general, 99_999))

    with pytest.raises(errors.InsufficientFunds):
        post(world, hold(general, 2))
    post(world, hold(general, 1))

    assert balance(world, Code.AVAILABLE) == 0


def test_many_postings_are_entered_together_or_not_at_all(books_of):
    world, general = books_of
    before = books.last_sequence(world.fund.id)

    with pytest.raises(errors.InsufficientFunds):
        post(world, hold(general, 60_000), hold(general, 60_000))

    assert books.last_sequence(world.fund.id) == before
    assert balance(world, Code.RESERVED) == 0
    assert len(post(world, hold(general, 60_000), hold(general, 40_000))) == 2


def test_money_of_one_restriction_never_pays_for_another(books_of):
    world, _ = books_of
    other = fund_services.add_restriction(
        fund_id=world.fund.id, name="Grips only", wording="", by=actors.SYSTEM, now=NOW
    )

    with pytest.raises(errors.InsufficientFunds):
        post(world, hold(other.id, 1))


def test_invariant_14_a_key_is_used_once_for_ever(books_of):
    world, general = books_of
    award_id = uuid4()
    post(world, hold(general, 10, award_id))

    with pytest.raises(errors.AlreadyPosted):
        post(world, hold(general, 10, award_id))

    assert balance(world, Code.RESERVED) == 10


def test_a_hold_is_resolved_once(books_of):
    world, general = books_of
    award_id, shares = uuid4(), [(general, 10)]
    (hold_id,) = post(world, hold(general, 10, award_id), hold(general, 500))[:1]
    post(world, postings.award(award_id=award_id, hold_id=hold_id, shares=shares))

    with pytest.raises(errors.AlreadyResolved):
        post(world, postings.hold_void(award_id=award_id, hold_id=hold_id, shares=shares))

    assert balance(world, Code.COMMITTED) == 10


def test_a_transfer_is_reversed_once_and_stays_in_the_books(books_of):
    world, general = books_of
    posting = hold(general, 10)
    transfer_id, _ = post(world, posting, hold(general, 500))
    undone = {"fund_id": world.fund.id, "by": actors.SYSTEM, "now": NOW}
    with transaction.atomic():
        ledger.reverse(transfer_id, **undone)

    assert balance(world, Code.AVAILABLE) == 99_500
    assert Transfer.objects.filter(id=transfer_id).exists()
    assert books.transfers_of(posting.cause_id)[-1].reverses_id == transfer_id
    with pytest.raises(errors.AlreadyPosted), transaction.atomic():
        ledger.reverse(transfer_id, **undone)


def test_a_hold_is_posted_or_voided_whole_by_its_id_alone(books_of):
    world, general = books_of
    acting = {"fund_id": world.fund.id, "by": actors.SYSTEM, "now": NOW}
    with transaction.atomic():
        kept, given = (
            ledger.hold(award_id=uuid4(), shares=[(general, cents)], **acting) for cents in (300, 20)
        )
        ledger.post_hold(kept, **acting)
        ledger.void_hold(given, **acting)
        ledger.hold(award_id=uuid4(), shares=[(general, 500)], **acting)

    assert (balance(world, Code.RESERVED), balance(world, Code.COMMITTED)) == (500, 300)
    assert ledger.balance(Code.AVAILABLE, restriction_id=general, fund_id=world.fund.id) == 99_200
    for again in (ledger.post_hold, ledger.void_hold):
        with pytest.raises((errors.AlreadyPosted, errors.AlreadyResolved)), transaction.atomic():
            again(kept, **acting)
    assert proof.check_books() == []


def test_what_another_fund_holds_is_not_there(books_of):
    world, general = books_of
    (hold_id,) = post(world, hold(general, 10))
    acting = {"fund_id": make_world(name="Another fund").fund.id, "by": actors.SYSTEM, "now": NOW}

    for act in (ledger.post_hold, ledger.void_hold, ledger.reverse):
        with pytest.raises(errors.NotFound), transaction.atomic():
            act(hold_id, **acting)
    with pytest.raises(errors.NotFound):
        ledger.balance(Code.CASH, restriction_id=general, fund_id=acting["fund_id"])


def test_each_fund_counts_its_own_transfers_without_a_gap(books_of):
    world, general = books_of
    other = make_world(name="Another fund", reserve_bp=0)
    put_money_in(other, 5_000)
    post(world, hold(general, 1), hold(general, 2))
    with pytest.raises(errors.InsufficientFunds):
        post(world, hold(general, 10**9))
    post(world, hold(general, 3))

    for fund in (world.fund, other.fund):
        sequences = list(
            Transfer.objects.filter(fund=fund).order_by("sequence").values_list("sequence", flat=True)
        )
        assert sequences == list(range(1, len(sequences) + 1))


def test_nothing_to_post_is_nothing_done(books_of):
    world, _ = books_of

    assert post(world) == []


def test_many_postings_take_few_statements(books_of, django_assert_max_num_queries):
    world, general = books_of

    # A savepoint, its end, one statement that locks and one that writes.
    with django_assert_max_num_queries(4):
        post(world, *(hold(general, 1) for _ in range(300)))


def test_outside_a_transaction_nothing_is_posted(committed_db):
    with pytest.raises(NoTransaction):
        ledger.post_many([hold(uuid4(), 1)], fund_id=uuid4(), by=actors.SYSTEM, now=timezone.now())


def test_threads_that_post_at_one_moment_lose_no_update_and_leave_no_gap(committed_db):
    world, general = make_books()
    barrier, refused = threading.Barrier(8), []

    def spend():
        barrier.wait()
        for _ in range(20):
            try:
                post(world, hold(general, 1_000))
            except errors.InsufficientFunds as error:
                refused.append(error)
        connections.close_all()

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 160 - 100
    assert (balance(world, Code.AVAILABLE), balance(world, Code.RESERVED)) == (0, 100_000)
    assert Entry.objects.filter(transfer__move="HOLD").count() == 200
    assert proof.check_books() == []


def test_opposite_moves_at_one_moment_do_not_block_each_other_for_ever(committed_db):
    """Holds take from AVAILABLE what voids give back: one lock order keeps them from waiting in a circle."""
    world, general = make_books()
    barrier, ended = threading.Barrier(6), []

    def hold_and_void():
        barrier.wait()
        for _ in range(15):
            award_id = uuid4()
            (hold_id,) = post(world, hold(general, 10, award_id))
            post(world, postings.hold_void(award_id=award_id, hold_id=hold_id, shares=[(general, 10)]))
        ended.append(True)
        connections.close_all()

    threads = [threading.Thread(target=hold_and_void) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ended) == 6
    assert balance(world, Code.AVAILABLE) == 100_000
    assert proof.check_books() == []


def test_invariant_15_every_amount_in_the_books_is_a_whole_number_of_cents(db):
    amounts = {
        field.name: field.get_internal_type()
        for model in (Entry, Balance)
        for field in model._meta.fields
        if field.name.endswith("cents")
    }

    assert amounts == {"amount_cents": "BigIntegerField", "balance_cents": "BigIntegerField"}


@pytest.mark.parametrize("move", Move)
def test_invariant_24_a_closed_fund_takes_recoveries_and_unclaimed_money_alone(books_of, move):
    world, general = books_of
    # A correction needs two signatures beside it: services/test_reversals.py.
    still = {"CLAWBACK", "CLAWBACK_RECEIVED", "UNCASHED", "ESCHEAT"}
    posting = replace(hold(general, 10), move=move)
    close_fund(world)

    if move in still:
        post(world, posting)
    else:
        with pytest.raises(errors.WrongState), transaction.atomic():
            post(world, posting)

    assert balance(world, Code.RESERVED) == (10 if move in still else 0)


def test_invariant_24_the_database_itself_refuses_a_transfer_in_a_closed_fund(books_of):
    world, _ = books_of
    close_fund(world)

    with pytest.raises(IntegrityError, match="closed fund"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO fundmgr_transfer (id, fund_id, created_at, actor, sequence, move, key, cause_type, "
            "cause_id) VALUES (gen_random_uuid(), %s, now(), 'system', 900, 'HOLD', 'k', 'award', "
            "gen_random_uuid())",
            [world.fund.id],
        )
