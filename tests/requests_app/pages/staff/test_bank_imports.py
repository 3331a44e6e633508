"""Bank files on the pages of the console."""

import csv
import io

import pytest
from bank_files import bank_file
from builders import make_world
from console import Staff, summary_of, text_of
from django.core.files.uploadedfile import SimpleUploadedFile

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import BankFile, BankImport, Receipt

pytestmark = pytest.mark.django_db

FILE = bank_file("2023-09-18,R1,12.50,J. Doe,x", "2023-09-18,R2,-3.00,Bank,Fee", "2023-09-17,R3,7.00,=A1,x")


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def preparer(world):
    return Staff(world, Role.TREASURER_PREPARES)


def send(staff, content=FILE):
    """Send a file; return the answer."""
    return staff.post("receipts/files/new/", {"file": SimpleUploadedFile("september.csv", content)})


def sent(staff, content=FILE):
    """Send a file; return the page where it is looked at."""
    answer = send(staff, content)
    assert answer.status_code == 302, summary_of(answer)
    return answer["Location"]


CHOSEN = {"date": "Date", "reference": "Reference", "amount": "Amount", "amount_format": "1,234.56"}


def test_a_file_is_looked_at_and_imported_without_javascript(world, preparer):
    assert "Send a bank file" in text_of(preparer.get("receipts/files/new/"))
    place = sent(preparer)
    words = text_of(preparer.get(place))
    assert "Import 2 receipts of $19.50" in words
    assert "Money out, left out" in words
    assert not Receipt.objects.exists()

    answer = preparer.post(place, CHOSEN)

    row = BankImport.objects.get()
    assert answer["Location"] == preparer.address(f"receipts/files/{public('imp', row.id)}/")
    assert Receipt.objects.count() == 2
    assert not BankFile.objects.exists()
    assert "You imported this. Another person must reconcile it." in text_of(preparer.get(answer["Location"]))
    assert "september.csv" in text_of(preparer.get("receipts/files/"))
    assert "R3" in text_of(preparer.get("receipts/", **{"import": public("imp", row.id)}))


def test_the_same_file_again_changes_nothing_and_says_so(world, preparer):
    preparer.post(sent(preparer), CHOSEN)

    answer = preparer.post(sent(preparer), CHOSEN)

    assert "This file was imported before. Nothing changed." in text_of(preparer.get(answer["Location"]))
    assert (Receipt.objects.count(), BankImport.objects.count()) == (2, 1)


def test_another_reconciles_all_of_it(world, preparer):
    place = preparer.post(sent(preparer), CHOSEN)["Location"]
    releaser = Staff(world, Role.TREASURER_RELEASES)
    assert "Reconcile 2" in text_of(releaser.get(place))

    assert releaser.post(f"{place}reconcile/").status_code == 302
    assert releaser.post(f"{place}reconcile/").status_code == 409
    assert preparer.post(f"{place}reconcile/").status_code == 403


def test_wrong_rows_are_shown_first_and_stop_the_import(preparer):
    place = sent(preparer, FILE + b"18.09.2023,R4,1.00,x,x\r\n2023-09-18,R1,1.00,x,x\r\n")

    words = text_of(preparer.get(place))
    refused = preparer.post(place, CHOSEN)

    assert words.index("is not a day written like 2026-12-31") < words.index("J. Doe")
    assert "Import 2 receipts" not in words
    assert refused.status_code == 422
    assert "Row 5:" in summary_of(refused)
    assert "stands in row 2 already" in summary_of(refused)
    assert not Receipt.objects.exists()


def test_the_meaning_of_columns_is_chosen(preparer):
    columns = "A,B,C"
    place = sent(preparer, bank_file('"1.234,56",18.09.2023,R1', columns=columns))
    assert "Choose what the columns mean" in text_of(preparer.get(place))
    chosen = {"date": "B", "reference": "C", "amount": "A", "amount_format": "1.234,56"}

    words = text_of(preparer.get(place, **chosen))

    assert "Import 1 receipt of $1,234.56" in words
    assert preparer.post(place, chosen).status_code == 302
    assert Receipt.objects.get().amount_cents == 123_456


def test_what_each_row_comes_to_is_downloaded_with_formulas_guarded(preparer):
    place = sent(preparer)

    answer = preparer.get(f"{place}rows/", **CHOSEN, payer="Name")

    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0][:3] == ["row", "outcome", "received_on"]
    assert [line[1] for line in lines[1:]] == ["NEW", "DEBIT", "NEW"]
    assert lines[3][5] == "'=A1"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"a,b\n1,\x81\x8d\n", "Row 2 holds bytes that are no letters"),
        (b"just words\n", "one column only"),
    ],
)
def test_a_file_that_is_no_use_says_why(preparer, content, words):
    answer = send(preparer, content)

    assert answer.status_code == 422
    assert words in summary_of(answer)
    assert not BankFile.objects.exists()


def test_a_form_without_a_file_is_refused(preparer):
    answer = preparer.post("receipts/files/new/")

    assert (answer.status_code, "Choose a file." in summary_of(answer)) == (422, True)


def test_a_file_is_for_those_who_record_receipts(world, preparer):
    place = sent(preparer)
    releaser = Staff(world, Role.TREASURER_RELEASES)

    assert releaser.get(place).status_code == 403
    assert releaser.get("receipts/files/new/").status_code == 403
    assert releaser.get("receipts/files/").status_code == 200
    assert preparer.get(f"receipts/files/bkf_{'0' * 32}/").status_code == 404
