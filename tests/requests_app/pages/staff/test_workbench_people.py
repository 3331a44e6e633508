"""Choosing whom the workbench looks at, on its page, on paper and over the API; never whom a round is for."""

import html
import io
import re

import pytest
from builders import make_world, put_money_in
from console import Staff, new_token, text_of
from pypdf import PdfReader
from waiting import make_requests

from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.permissions import Role
from requests_app.models import AllocationRound, Scenario
from requests_app.pages.staff.workbench_people import FOR_EVERYBODY

pytestmark = pytest.mark.django_db
URGENT = {"who-urgency": "URGENT"}


@pytest.fixture
def world():
    made = make_world(reserve_bp=0)
    put_money_in(made, 300_000)
    make_requests(made, [100_000] * 12)
    make_requests(made, [50_000] * 11, urgency=[Urgency.EVICTION], craft="Sound Mixer")
    return made


def page_of(desk, **sent):
    return html.unescape(text_of(desk.get("rounds/workbench/", **sent)))


def test_the_boxes_offer_what_people_can_be_told_apart_by_with_counts(world):
    page = page_of(Staff(world, Role.BOARD))

    assert re.findall(r'<option value="([^"]*)"[^>]*>([^<]+ \(\d+\))', page) == [
        ("Badge 27", "Badge 27 (23)"),
        ("Grip", "Grip (12)"),
        ("Sound Mixer", "Sound Mixer (11)"),
        ("OTHER", "Not urgent (12)"),
        ("URGENT", "Urgent (11)"),
    ]
    assert "Everybody who waits" in page
    assert "Show everybody" not in page


def test_a_part_is_told_and_stays_through_every_link_and_form(world):
    desk = Staff(world, Role.DIRECTOR)
    page = page_of(desk, **URGENT, **{"who-craft": "sound mixer", "rules": "equal_awards,queue"})

    assert "11 eligible" in page
    assert "Of 23 who wait" in page
    assert "All the money is tried on 11 of 23 people: craft sound mixer, urgent requests." in page
    assert "The other 12 would get nothing of it." in page
    assert '<option value="Sound Mixer" selected>' in page
    leading = re.findall(r'href="([^"]*(?:chosen=|rules=|paper/)[^"]*)"', page)
    (back,) = [one for one in leading if "who-" not in one and "Load" not in page.split(one)[1][:40]]
    assert page.split(back)[1].startswith('">Show everybody')
    assert 'name="who-urgency" value="URGENT"' in page


def test_a_part_cannot_be_proposed_and_the_page_says_why(world):
    desk = Staff(world, Role.DIRECTOR)
    page = page_of(desk, **URGENT)
    sent = {"chosen": "equal_awards", "rules": "equal_awards", "token": new_token()}

    answer = desk.post("rounds/workbench/propose/", {**sent, **URGENT})

    assert FOR_EVERYBODY in page
    assert "Propose for approval" not in page
    assert "Freezes the list" not in page
    assert answer.status_code == 422
    assert FOR_EVERYBODY in html.unescape(text_of(answer))
    assert not AllocationRound.objects.exists()
    assert "Propose for approval" in page_of(desk)


def test_a_part_is_saved_and_opened_and_stands_on_paper_in_both_languages(world):
    desk = Staff(world, Role.BOARD)
    sent = {"rules": "equal_awards", "name": "The urgent", "note": "", "token": new_token()}
    desk.post("rounds/workbench/save/", {**sent, **URGENT})
    row = Scenario.objects.get()
    opened = html.unescape(text_of(desk.get(f"rounds/scenarios/scn_{row.id.hex}/")))
    papers = [
        desk.get("rounds/workbench/paper/", rules="equal_awards", language=code, **URGENT)
        for code in ("en", "es")
    ]

    english, spanish = (
        " ".join(PdfReader(io.BytesIO(one.content)).pages[0].extract_text().split()) for one in papers
    )

    assert row.population == {"urgency": "URGENT"}
    assert "urgent requests" in opened
    assert "who-urgency=URGENT" in opened
    assert (
        "a part only: urgent requests. They are 11 of the 23 who wait; a round is for all of them." in english
    )
    assert "Sharing $3,000 among 11 people" in english
    assert "solo una parte: solicitudes urgentes. Son 11 de las 23 personas que esperan" in spanish
    assert "urgent requests" not in spanish


def test_too_small_a_part_is_told_to_a_board_member_at_once(world):
    make_requests(world, [70_000], craft="Armorer")

    answer = Staff(world, Role.BOARD).get("rounds/workbench/", **{"who-craft": "Armorer"})

    assert answer.status_code == 422
    assert "Fewer than 10 people are in this part" in text_of(answer)
    assert "$700" not in text_of(answer)
    assert "1 eligible" in page_of(Staff(world, Role.DIRECTOR), **{"who-craft": "Armorer"})
