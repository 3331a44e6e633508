"""Second looks in the console: the queue, one of them, the answer."""

import builders
import pytest
from builders import World, make_world
from calling import make_appeal
from console import Staff

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from requests_app.models import Appeal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def appeal(world: World) -> Appeal:
    return make_appeal(world)


@pytest.fixture
def reader(world: World) -> Staff:
    return Staff(world, builders.add_staff(world.fund, Role.APPROVER, name="Second Reader"))


def page_of(appeal: Appeal) -> str:
    return f"appeals/{ids.public('apl', appeal.id)}/"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_home_page_counts_them_and_the_queue_lists_them(world: World, appeal: Appeal, reader: Staff):
    assert "Second looks" in text_of(reader.get())
    queue = text_of(reader.get("appeals/"))
    assert appeal.request.reference in queue
    assert ", late" in queue
    assert appeal.request.reference not in text_of(reader.get("appeals/", state="upheld"))


def test_it_is_taken_and_answered(world: World, appeal: Appeal, reader: Staff):
    page = text_of(reader.get(page_of(appeal)))
    assert "There is a pay stub." in page
    assert "I read it" in page

    assert reader.post(f"{page_of(appeal)}take/").status_code == 302
    sent = {"outcome": "overturn", "answer": "You are right."}
    assert reader.post(f"{page_of(appeal)}answer/", sent).status_code == 302

    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer, appeal.request.state) == (
        "OVERTURNED",
        "You are right.",
        "IN_REVIEW",
    )
    assert "1 of 1 (100%)" in text_of(reader.get("appeals/"))


def test_an_answer_needs_an_outcome_and_words(appeal: Appeal, reader: Staff):
    page = reader.post(f"{page_of(appeal)}answer/", {})

    assert page.status_code == 422
    assert "Choose what you found." in text_of(page)
    assert "Write to the worker why." in text_of(page)


def test_one_who_decided_before_sees_why_not(world: World, appeal: Appeal):
    first = Staff(world, Role.APPROVER)

    assert "You took part in this request before" in text_of(first.get(page_of(appeal)))
    sent = {"outcome": "uphold", "answer": "No."}
    assert first.post(f"{page_of(appeal)}answer/", sent).status_code == 403
    appeal.refresh_from_db()
    assert appeal.state == "FILED"


def test_others_read_without_answering_or_not_at_all(world: World, appeal: Appeal):
    auditor = text_of(Staff(world, Role.AUDITOR).get(page_of(appeal)))
    assert "This waits for a reviewer or an approver" in auditor
    assert Staff(world, Role.BOARD).get("appeals/").status_code == 403
    assert Staff(make_world(name="Other"), Role.REVIEWER).get(page_of(appeal)).status_code == 404
