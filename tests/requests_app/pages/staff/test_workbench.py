"""The board's paper from the workbench, over its page and over the API."""

import io
import re

import pytest
from builders import NOW, make_world, put_money_in
from console import Staff, text_of
from pypdf import PdfReader
from waiting import make_requests

from fundmgr.domain.permissions import Role
from requests_app.services import board_papers

pytestmark = pytest.mark.django_db
EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture
def world():
    made = make_world(reserve_bp=0)
    put_money_in(made, 200_000)
    make_requests(made, [240_000, 90_000, 30_000])
    return made


def words_of(answer):
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(page.extract_text().split())


def test_the_page_leads_to_one_page_with_its_figures_and_its_digest(world):
    desk = Staff(world, Role.BOARD)
    page = text_of(desk.get("rounds/workbench/", **{"equal_awards-floor": "100", "chosen": "queue"}))
    (address,) = re.findall(r'href="([^"]+)">Board paper', page)

    answer = desk.get(address.replace("&amp;", "&"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="rules-')
    words = words_of(answer)
    assert "Looked at first: First come." in words
    assert "Equal awards, from $100" in words
    (digest,) = re.findall(r'<code class="mono">([0-9a-f]{64})</code>', page)
    assert digest in words
    assert "Ana Rivera" not in words


def test_a_number_that_cannot_be_read_leads_back_to_the_workbench(world):
    answer = Staff(world, Role.BOARD).get("rounds/workbench/paper/", **{"queue-need": "lots"})

    assert answer.status_code == 422
    assert "Write the amount" in text_of(answer)


def test_whoever_may_not_read_rounds_gets_no_paper(world):
    assert Staff(world, Role.REVIEWER).get("rounds/workbench/paper/").status_code == 403


def test_more_rules_than_a_page_holds_are_refused(world):
    with pytest.raises(Exception, match="cannot be used") as refused:
        board_papers.make(fund_id=world.fund.id, rules=[EQUAL] * 6, by=world.actor(Role.BOARD), now=NOW)

    assert [problem.code for problem in refused.value.problems] == ["wrong_count"]
