"""Letters on the pages of the console."""

import pytest
from builders import make_world, put_money_in
from console import Staff, summary_of, text_of

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import Fund, Letter

pytestmark = pytest.mark.django_db


def test_a_gift_is_acknowledged_and_its_letter_replaced_and_made_void():
    world = make_world()
    receipt = put_money_in(world, 25_000)
    desk = Staff(world, Role.TREASURER_PREPARES)
    assert "Not acknowledged yet" in text_of(desk.get("letters/"))

    desk.post("letters/issue/", {"receipt": public("rct", receipt.id)})
    first = Letter.objects.get()
    page = f"letters/{public('let', first.id)}/"
    assert desk.get(f"{page}paper/").content.startswith(b"%PDF")
    refused = desk.post(f"{page}replace/", {"reason": ""})
    assert "Write why." in summary_of(refused)
    desk.post(f"{page}replace/", {"reason": "The name was wrong."})
    second = Letter.objects.get(number=2)
    desk.post(f"letters/{public('let', second.id)}/void/", {"reason": "A mistake."})

    shown = text_of(desk.get("letters/"))
    assert "replaces 1" in shown
    assert "A mistake." in shown
    assert "Not acknowledged yet" in shown


def test_a_receipt_that_bounces_shows_that_its_letter_is_void():
    world = make_world()
    receipt = put_money_in(world, 25_000)
    desk = Staff(world, Role.TREASURER_PREPARES)
    desk.post("letters/issue/", {"receipt": public("rct", receipt.id)})
    page = f"receipts/{public('rct', receipt.id)}/"
    assert "Letter 1" in text_of(desk.get(page))

    Staff(world, Role.TREASURER_RELEASES).post(f"{page}bounce/", {"reason": "No funds."})

    shown = text_of(desk.get(page))
    assert "Void. The bank took the money back." in shown
    assert "made a letter to a donor void" in shown
    assert "The bank took the money back." in text_of(desk.get("letters/"))


def test_a_year_is_stated_from_the_donors_page():
    world = make_world()
    receipt = put_money_in(world, 25_000)
    desk = Staff(world, Role.DIRECTOR)

    done = desk.post(f"donors/{public('don', receipt.donor_id)}/statement/", {"year": "2023"})
    early = desk.post(f"donors/{public('don', receipt.donor_id)}/statement/", {"year": "2199"})

    assert done.status_code == 302
    assert "Choose a year that has ended." in summary_of(early)
    assert Letter.objects.get().year == 2023


def test_the_director_sets_the_letterhead():
    world = make_world()
    Staff(world, Role.DIRECTOR).post("letters/head/", {"sponsor": "Riverside Charities", "ein": "12-3456789"})

    assert Fund.objects.get(id=world.fund.id).sponsor == "Riverside Charities"
    assert Staff(world, Role.AUDITOR).get("letters/head/").status_code == 403
