"""Bank files as receipts: dry run, import, and never twice."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from bank_files import MAPPING, bank_file, many
from builders import NOW, make_commitment, make_donor, make_world

from fundmgr.domain import errors, ids
from fundmgr.domain.bank_csv import Outcome
from fundmgr.domain.lifecycle import ReceiptState
from fundmgr.domain.permissions import Role
from fundmgr.models import BankFile, BankImport, Event, Receipt
from fundmgr.queries import bank_imports as found
from fundmgr.services import bank_imports, receipt_batches, receipts

pytestmark = pytest.mark.django_db

FILE = bank_file(
    "2023-09-18,R1,12.50,Kenji Ōta,Thank you",
    "2023-09-18,R2,-3.00,The bank,Fee",
    "2023-09-17,R3,7.00,=cmd(),x",
)


def take_in(world, content=FILE, *, mapping=MAPPING, name="september.csv", role=Role.TREASURER_PREPARES):
    return bank_imports.take_in(
        fund_id=world.fund.id, name=name, content=content, mapping=mapping, by=world.actor(role), now=NOW
    )


def look_at(world, content=FILE, *, mapping=MAPPING, role=Role.TREASURER_PREPARES):
    return bank_imports.preview(
        fund_id=world.fund.id, content=content, mapping=mapping, by=world.actor(role), now=NOW
    )


def problems_of(refused):
    return [problem.sentence for problem in refused.value.problems]


def test_a_dry_run_writes_nothing():
    world = make_world()

    read = look_at(world)

    assert read.counts == {Outcome.NEW: 2, Outcome.DEBIT: 1}
    assert read.new_cents == 1_950
    assert not Receipt.objects.exists()
    assert not BankImport.objects.exists()


def test_new_rows_become_receipts_that_wait_for_another_person():
    world = make_world()

    row = take_in(world)

    assert (row.rows_count, row.new_count, row.known_count) == (3, 2, 0)
    first = Receipt.objects.get(bank_reference="R1")
    assert (first.amount_cents, first.payer, first.state) == (1_250, "Kenji Ōta", ReceiptState.RECEIVED)
    assert (first.recorded_by_id, first.bank_import_id) == (
        world.actor(Role.TREASURER_PREPARES).person_id,
        row.id,
    )
    assert Receipt.objects.get(bank_reference="R3").payer == "=cmd()"


def test_invariant_14_the_same_file_twice_is_a_no_op():
    world = make_world()
    first = take_in(world)
    events = Event.objects.count()

    assert take_in(world).id == first.id

    assert (Receipt.objects.count(), BankImport.objects.count(), Event.objects.count()) == (2, 1, events)


def test_invariant_14_the_same_rows_in_another_file_are_known():
    world = make_world()
    take_in(world)

    row = take_in(world, FILE + b"2023-09-18,R4,1.00,New,x\r\n")

    assert (row.new_count, row.known_count, Receipt.objects.count()) == (1, 2, 3)


def test_a_reference_with_another_amount_is_an_error():
    world = make_world()
    take_in(world)

    with pytest.raises(errors.InvalidInput) as refused:
        take_in(world, bank_file("2023-09-18,R1,99.00,x,x"))

    assert problems_of(refused) == ["Row 2: This reference was recorded before with another amount, $12.50."]


def test_nothing_is_half_imported():
    world = make_world()

    with pytest.raises(errors.InvalidInput) as refused:
        take_in(world, FILE + b"18/09/2023,R4,1.00,x,x\r\n2023-09-18,R5,0,x,x\r\n")

    assert refused.value.sentence == "2 of 5 rows cannot be used. Nothing was imported."
    assert [sentence[:6] for sentence in problems_of(refused)] == ["Row 5:", "Row 6:"]
    assert not Receipt.objects.exists()
    assert not BankImport.objects.exists()


def test_wrong_bytes_and_wrong_columns_are_said_in_words():
    world = make_world()

    with pytest.raises(errors.InvalidInput) as refused:
        take_in(world, b"Date,Name\n2023-09-18,\x81\x8d\n")
    assert "Row 2 holds bytes that are no letters" in problems_of(refused)[0]
    with pytest.raises(errors.InvalidInput) as refused:
        take_in(world, bank_file(columns="When,Ref,Money,A,B"), mapping=None)
    assert [problem.field for problem in refused.value.problems] == ["date", "amount"]


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-8"])
def test_a_mark_or_another_encoding_changes_nothing(codec):
    world = make_world()

    take_in(world, bank_file("2023-09-18,R1,12.50,José,x", codec=codec), mapping=None)

    assert Receipt.objects.get().payer == "José"


def test_the_mapping_of_the_last_import_is_remembered():
    world = make_world()
    columns = "Wann,Woher,Wieviel,Wer,Was"
    mapping = replace(
        MAPPING,
        date="Wann",
        reference="Woher",
        amount="Wieviel",
        payer="Wer",
        text="Was",
        amount_format="1.234,56",
    )
    take_in(world, bank_file('18.09.2023,R1,"1,50",x,x', columns=columns), mapping=mapping)

    read = look_at(world, bank_file("2023-09-18,R2,2,x,x", columns=columns), mapping=None)

    assert (read.mapping.reference, read.mapping.amount_format) == ("Woher", "1.234,56")
    assert read.counts[Outcome.NEW] == 1


def test_a_row_that_names_a_commitment_is_matched_where_it_fits():
    world = make_world()
    commitment = make_commitment(world, make_donor(world), 1_000)
    name = ids.public("com", commitment.id)
    other = ids.public("com", make_commitment(world, make_donor(world), 1_000).id)

    take_in(
        world,
        bank_file(
            f"2023-09-18,A,6.00,x,For {name.upper()} thanks",
            f"2023-09-18,B,5.00,x,{name}",
            f"2023-09-18,C,1.00,x,{name} {other}",
            f"2023-09-17,D,1.00,x,{name}",
            f"2023-09-18,E,1.00,x,com_{'0' * 32}",
        ),
    )

    matched = Receipt.objects.filter(commitment=commitment)
    assert [row.bank_reference for row in matched] == ["A"]
    assert matched[0].donor_id == commitment.donor_id
    receipts.reconcile(receipt_id=matched[0].id, by=world.actor(Role.TREASURER_RELEASES), now=NOW)


def test_an_import_is_reconciled_at_once_by_another():
    world = make_world()
    row = take_in(world)
    releaser = world.actor(Role.TREASURER_RELEASES)

    receipt_batches.reconcile_import(import_id=row.id, by=releaser, now=NOW)

    assert {receipt.state for receipt in Receipt.objects.all()} == {ReceiptState.UNMATCHED}
    with pytest.raises(errors.WrongState):
        receipt_batches.reconcile_import(import_id=row.id, by=releaser, now=NOW)


@pytest.mark.parametrize("role", [Role.TREASURER_RELEASES, Role.DIRECTOR, Role.AUDITOR])
def test_only_the_preparing_treasurer_imports(role):
    world = make_world()

    with pytest.raises(errors.Forbidden):
        take_in(world, role=role)
    with pytest.raises(errors.Forbidden):
        look_at(world, role=role)


def test_an_uploaded_file_is_kept_encrypted_until_it_is_imported():
    world = make_world()
    treasurer = world.actor(Role.TREASURER_PREPARES)

    def upload(now=NOW):
        return bank_imports.upload(fund_id=world.fund.id, name="a.csv", content=FILE, by=treasurer, now=now)

    upload(NOW - timedelta(days=2))
    kept = upload()
    assert [row.id for row in BankFile.objects.all()] == [kept.id]
    assert bank_imports.content_of(found.uploaded(treasurer, file_id=kept.id)) == FILE
    with pytest.raises(errors.Forbidden):
        found.uploaded(world.actor(Role.AUDITOR), file_id=kept.id)
    take_in(world)
    with pytest.raises(errors.NotFound):
        found.uploaded(treasurer, file_id=kept.id)


def test_imports_are_seen_by_those_who_read_money():
    world, other = make_world(), make_world(name="Another fund")
    row = take_in(world)

    assert found.visible_import(world.actor(Role.AUDITOR), import_id=row.id) == row
    assert list(found.visible_imports(world.actor(Role.BOARD), fund_id=world.fund.id)) == [row]
    with pytest.raises(errors.NotFound):
        found.visible_import(other.actor(Role.AUDITOR), import_id=row.id)


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_imported_in_half_a_minute():
    world = make_world()
    content = many(100_000)
    started = time.monotonic()

    row = take_in(world, content)

    seconds = time.monotonic() - started
    print(f"100,000 rows in {seconds:.1f} s")
    assert row.new_count == Receipt.objects.count() == 100_000
    assert seconds < 30
    with pytest.raises(errors.InvalidInput) as refused:
        take_in(world, many(100_001))
    assert problems_of(refused) == ["This file has more than 100,000 rows. Split it."]
