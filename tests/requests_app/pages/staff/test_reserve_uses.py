"""The reserve on the page of general money: proposed by one person, put to use by another."""

import pytest
from builders import make_world, put_money_in
from console import Staff, summary_of, text_of

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from fundmgr.models import ReserveUse
from fundmgr.queries import books, funds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    made = make_world()
    put_money_in(made, 100_000)
    return made


@pytest.fixture
def page(world):
    return f"money/{public('rst', funds.general_restriction(world.fund.id).id)}/"


def typed(**changes):
    return {"amount": "15", "ground": "HARDSHIP", "reason": "Two families are out of their homes.", **changes}


def test_one_person_proposes_and_another_puts_it_to_use(world, page):
    director, treasurer = Staff(world, Role.DIRECTOR), Staff(world, Role.TREASURER_RELEASES)
    first = text_of(director.get(page))
    assert "The reserve was not used" in first
    assert "Use the reserve" in first
    assert "The reserve holds $20.00." in text_of(director.get(f"{page}reserve/"))

    sent = director.post(f"{page}reserve/", typed())

    assert sent["Location"] == director.address(page)
    row = ReserveUse.objects.get()
    assert "You proposed to use the reserve. Another person must decide it." in text_of(director.get(page))
    assert "Of the reserve" in text_of(treasurer.get("approvals/"))
    assert "Use $15.00" in text_of(treasurer.get(page))
    treasurer.post(f"{page}{public('rsu', row.id)}-make/")
    words = text_of(treasurer.get(page))
    assert "A hardship that cannot wait" in words
    assert f"{row.proposed_by}, then {ReserveUse.objects.get().decided_by}" in words
    assert books.available_cents(world.fund.id) == 99_500


def test_a_use_is_refused_and_the_money_stays(world, page):
    director, treasurer = Staff(world, Role.DIRECTOR), Staff(world, Role.TREASURER_RELEASES)
    director.post(f"{page}reserve/", typed())
    row = ReserveUse.objects.get()

    treasurer.post(f"{page}{public('rsu', row.id)}-refuse/")

    assert ReserveUse.objects.get().state == "REFUSED"
    assert books.available_cents(world.fund.id) == 98_000


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "20.01"}, "The reserve holds $20.00."),
        ({"amount": "much"}, "amount"),
        ({"ground": ""}, "Choose what it is used for."),
        ({"reason": ""}, "Write what the money is used for."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(world, page, changes, sentence):
    answer = Staff(world, Role.DIRECTOR).post(f"{page}reserve/", typed(**changes))

    assert answer.status_code == 422
    assert sentence in str(summary_of(answer))
    assert not ReserveUse.objects.exists()


def test_who_may_not_propose_has_no_such_page(world, page):
    assert Staff(world, Role.AUDITOR).get(f"{page}reserve/").status_code == 403
    assert "Use the reserve" not in text_of(Staff(world, Role.AUDITOR).get(page))
