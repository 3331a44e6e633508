"""Awards in the worker's hands: payment details that are checked, kept apart and held when they change."""

from datetime import timedelta
from uuid import uuid4

import pytest
from builders import NOW, make_world, put_money_in
from casework import (
    ACCOUNT,
    LATER,
    ROUTING,
    accepted_awards,
    build,
    choose_bank,
    file_request,
    make_awards,
    release,
    worker_of,
)
from django.db import connection

from fundmgr.domain import errors
from fundmgr.domain.chart import Code
from fundmgr.domain.lifecycle import AwardState, BatchState, PayoutState, RequestState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.queries import books
from fundmgr.services import proof
from requests_app.models import AssistanceRequest, Award, Batch, PayeeAccount, Payout
from requests_app.services import awards, payouts


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 500_000)
    return made


@pytest.fixture
def award(world):
    return make_awards(world, [120_000])[0]


def balance(world, code):
    return sum(cents for found, _, cents in books.balances(world.fund.id) if found == code)


def fresh(row):
    return type(row).objects.get(id=row.id)


def choose(world, award, **terms):
    terms.setdefault("by", world.actor(Role.INTAKE))
    return awards.choose_payee(award_id=award.id, now=NOW, **terms)


def refused_fields(world, award, **terms):
    with pytest.raises(errors.InvalidInput) as refused:
        choose(world, award, **terms)
    return [problem.field for problem in refused.value.problems]


def test_the_first_details_accept_the_award_and_book_the_obligation(world, award):
    payee = choose_bank(world, award, by=worker_of(award.request))

    assert fresh(award).state == AwardState.COMMITTED
    assert (payee.last4, payee.usable_at) == ("6789", NOW)
    assert balance(world, Code.RESERVED) == 0
    assert balance(world, Code.COMMITTED) == balance(world, Code.AWARDS_PAYABLE) == 120_000
    verbs = list(Event.objects.filter(object_id=award.id).order_by("id").values_list("verb", flat=True))
    assert {"award.accepted", "payee.chosen"} <= set(verbs)
    assert proof.check_books() == []


def test_account_numbers_are_not_readable_in_the_database(world, award):
    payee = choose_bank(world, award)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM requests_app_payeeaccount WHERE id = %s", [payee.id])
        stored = b"".join(
            bytes(value) if isinstance(value, memoryview) else str(value).encode()
            for value in cursor.fetchone()
        )

    assert ACCOUNT.encode() not in stored
    assert ROUTING.encode() not in stored
    kept = PayeeAccount.objects.get(id=payee.id)
    assert (kept.routing_number, kept.account_number) == (ROUTING, ACCOUNT)


def test_a_prepaid_card_goes_to_a_name_and_an_address(world, award):
    assert refused_fields(world, award, method="CARD") == ["name_on_account", "address"]

    card = choose(
        world,
        award,
        method="CARD",
        name_on_account="Ana Rivera",
        address="1 Main St",
        account_number="not kept",
    )

    assert (card.method, card.address, card.account_number) == ("CARD", "1 Main St", None)


def test_a_way_that_the_operator_does_not_offer_is_refused(world, award, settings):
    settings.PAY_WAYS = frozenset({"BANK", "CHECK"})

    assert refused_fields(world, award, method="CARD") == ["method"]
    assert refused_fields(world, award, method="PICK_UP") == ["method"]


def test_a_check_needs_name_and_address_and_pick_up_needs_nothing(world, award):
    assert refused_fields(world, award, method="CHECK") == ["name_on_account", "address"]

    pick_up = choose(world, award, method="PICK_UP", account_number="not kept")

    assert (pick_up.method, pick_up.account_number, pick_up.last4) == ("PICK_UP", None, "")


@pytest.mark.parametrize(
    ("routing", "account", "fields"),
    [
        ("021000022", ACCOUNT, ["routing_number"]),
        ("", "", ["routing_number", "account_number"]),
        ("٠٢١٠٠٠٠٢١", "٠٠٠١٢٣", ["routing_number", "account_number"]),
        ("02100002", ACCOUNT, ["routing_number"]),
        (ROUTING, "123", ["account_number"]),
        (ROUTING, "1" * 18, ["account_number"]),
        (ROUTING, "12=34", ["account_number"]),
    ],
)
def test_bank_details_are_checked_field_by_field(world, award, routing, account, fields):
    found = refused_fields(
        world,
        award,
        method="BANK",
        name_on_account="River Stone",
        routing_number=routing,
        account_number=account,
    )

    assert found == fields
    assert fresh(award).state == AwardState.RESERVED


def test_spaces_and_dashes_in_numbers_are_forgiven(world, award):
    payee = choose(
        world,
        award,
        method="BANK",
        name_on_account="  Q  ",
        routing_number="0210-0002 1",
        account_number="0001 2345-6789",
    )

    assert (payee.name_on_account, payee.routing_number, payee.account_number) == ("Q", ROUTING, ACCOUNT)


@pytest.mark.parametrize("method", ["", "bank", "CASH", "BANK\x00"])
def test_an_unknown_method_is_refused(world, award, method):
    assert refused_fields(world, award, method=method) == ["method"]


def test_a_name_with_control_characters_is_refused(world, award):
    assert refused_fields(world, award, method="CHECK", name_on_account="River\x00", address="1 Main St") == [
        "name_on_account"
    ]


def test_strangers_and_staff_do_not_find_the_award(world, award):
    stranger = worker_of(file_request(world, contact="else@example.org"))

    for actor in (stranger, *(world.actor(role) for role in Role if role is not Role.INTAKE)):
        with pytest.raises(errors.NotFound):
            choose_bank(world, award, by=actor)
        with pytest.raises(errors.NotFound):
            awards.decline(award_id=award.id, by=actor, now=NOW)
    with pytest.raises(errors.NotFound):
        awards.decline(award_id=uuid4(), by=stranger, now=NOW)


def test_a_changed_account_waits_and_the_old_contact_is_told(world, award):
    first = choose_bank(world, award)

    changed = choose_bank(world, award, account="55554444", now=LATER)

    assert changed.usable_at == LATER + timedelta(hours=72)
    assert OutboxMessage.objects.filter(effect_key=f"payee_changed:{changed.id}").count() == 1
    assert not OutboxMessage.objects.filter(effect_key=f"payee_changed:{first.id}").exists()
    assert balance(world, Code.COMMITTED) == 120_000


def test_the_same_details_again_change_nothing(world, award):
    first = choose_bank(world, award)

    assert choose_bank(world, award, now=LATER).id == first.id
    assert PayeeAccount.objects.count() == 1


def test_the_same_call_again_is_a_replay(world, award):
    once = Once("user:1", "key", "payee", "body")
    payee = choose_bank(world, award, once=once)

    with pytest.raises(Replay) as replayed:
        choose_bank(world, award, once=once)

    assert replayed.value.result_id == payee.id


def test_a_change_takes_the_payout_out_of_its_batch(world):
    first, second = accepted_awards(world, [100_000, 50_000])
    batch = build(world)

    choose_bank(world, first, account="55554444")

    row = fresh(batch)
    assert (row.state, row.payouts_count, row.total_cents) == (BatchState.BUILT, 1, 50_000)
    assert row.version == batch.version + 1
    assert Payout.objects.get(award=first).state == PayoutState.REMOVED
    released = release(world, batch)
    assert Payout.objects.get(award=second).state == PayoutState.RELEASED
    assert released.total_cents == 50_000
    assert "55554444" not in released.payment_list


def test_a_batch_left_empty_is_cancelled(world):
    (award,) = accepted_awards(world, [100_000])
    batch = build(world)

    choose_bank(world, award, account="55554444")

    assert fresh(batch).state == BatchState.CANCELLED
    with pytest.raises(errors.WrongState):
        release(world, batch)


def test_a_payment_that_left_takes_no_new_details(world):
    (award,) = accepted_awards(world, [100_000])
    batch = release(world, build(world))

    with pytest.raises(errors.WrongState):
        choose_bank(world, award, account="55554444")

    assert Payout.objects.get(award=award).state == PayoutState.RELEASED
    assert fresh(batch).state == BatchState.RELEASED


def test_a_paid_award_takes_no_new_details(world):
    (award,) = accepted_awards(world, [100_000])
    release(world, build(world))
    payout = Payout.objects.get(award=award)
    payouts.settle(payout_ids=[payout.id], by=world.actor(Role.TREASURER_PREPARES), now=NOW)

    with pytest.raises(errors.WrongState):
        choose_bank(world, award, account="55554444")


@pytest.mark.parametrize("is_accepted", [False, True])
def test_declining_gives_the_money_back_and_closes_the_request(world, award, is_accepted):
    if is_accepted:
        choose_bank(world, award)
    assert books.available_cents(world.fund.id) == 380_000

    awards.decline(award_id=award.id, by=worker_of(award.request), now=NOW)

    assert books.available_cents(world.fund.id) == 500_000
    assert fresh(award).state == AwardState.DECLINED
    assert AssistanceRequest.objects.get(id=award.request_id).state == RequestState.CLOSED
    assert balance(world, Code.AWARDS_PAYABLE) == balance(world, Code.ASSISTANCE) == 0
    assert proof.check_books() == []
    with pytest.raises(errors.WrongState):
        awards.decline(award_id=award.id, by=world.actor(Role.INTAKE), now=NOW)


def test_declining_takes_the_payout_out_of_its_batch(world):
    (award,) = accepted_awards(world, [100_000])
    batch = build(world)

    awards.decline(award_id=award.id, by=world.actor(Role.INTAKE), now=NOW)

    assert Batch.objects.get(id=batch.id).state == BatchState.CANCELLED
    assert Payout.objects.get(award=award).state == PayoutState.REMOVED
    assert books.available_cents(world.fund.id) == 500_000


def test_declining_is_too_late_once_the_payment_left(world):
    (award,) = accepted_awards(world, [100_000])
    release(world, build(world))

    with pytest.raises(errors.WrongState):
        awards.decline(award_id=award.id, by=world.actor(Role.INTAKE), now=NOW)


@pytest.mark.parametrize("was_settled", [False, True])
def test_declining_after_a_return_clears_what_the_bank_sent_back(world, was_settled):
    (award,) = accepted_awards(world, [100_000])
    release(world, build(world))
    payout, treasurer = Payout.objects.get(award=award), world.actor(Role.TREASURER_PREPARES)
    if was_settled:
        payouts.settle(payout_ids=[payout.id], by=treasurer, now=NOW)
    payouts.record_return(payout_id=payout.id, code="R03", by=treasurer, now=NOW)

    awards.decline(award_id=award.id, by=world.actor(Role.INTAKE), now=NOW)

    assert balance(world, Code.RETURNED_PAYABLE) == balance(world, Code.ASSISTANCE) == 0
    assert books.available_cents(world.fund.id) == 500_000
    assert Award.objects.get(id=award.id).state == AwardState.DECLINED
    assert proof.check_books() == []
