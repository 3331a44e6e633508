"""The ways to share on the demo's own people: page, API, board's paper and report agree to the cent."""

import html
import io
import re
from datetime import timedelta

import pytest
from builders import NOW, World, make_world, put_money_in
from calling import Caller, give_token, make_client
from console import Staff, text_of
from django.test import Client
from example_comparison import demo_needs, usual_documents
from pypdf import PdfReader
from waiting import make_requests

from fundmgr.domain import money
from fundmgr.domain.permissions import Role
from requests_app.exports.report_rows import percent
from requests_app.services import report_body, report_reading

CARD = re.compile(r"<h2>(.*?)</h2>(.*?)</dl>", re.DOTALL)
LINE = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.DOTALL)
LINES = (
    "People paid",
    "Get nothing",
    "Paid out",
    "Left over",
    "Lowest",
    "Median",
    "Highest",
    "Need met, mean",
)
PAID = [131, 366, 525, 1_205, 1_205]


@pytest.fixture
def world(committed_db: str) -> World:
    """The demo's money and its 1,205 eligible people, in the order in which they asked."""
    made = make_world()
    put_money_in(made, 50_000_000)
    make_requests(made, demo_needs(), submitted_at=NOW - timedelta(days=5))
    return made


def of_report(world: World) -> list[list[str]]:
    body = report_body.compose(report_reading.read(world.fund.id, clock=lambda: NOW))
    rows = body["sharing"]["scenarios"]
    assert [row["key"] for row in rows][2] == "flat_by_draw"
    assert rows[4]["level_cents"] == 41_377
    return [
        _shown(
            row["paid_count"],
            row["unpaid_count"],
            [row[f"{name}_cents"] for name in ("paid", "leftover", "lowest", "median", "highest")],
            row["need_met_bp"],
        )
        for row in rows
    ]


def of_page(world: World) -> tuple[list[list[str]], str]:
    desk = Staff(world, Role.BOARD)
    (address,) = re.findall(r'href="([^"]+)">Load the five ways', text_of(desk.get("rounds/workbench/")))
    page = html.unescape(text_of(desk.get(html.unescape(address))))
    cards = [dict(LINE.findall(card)) for _, card in CARD.findall(page) if "People paid" in card]
    (digest,) = re.findall(r'<code class="mono">([0-9a-f]{64})</code>', page)
    names = [name.replace("Median", "Median grant") for name in LINES]
    return [[card[name] for name in names] for card in cards], digest


def of_api(world: World) -> tuple[list[list[str]], str, Caller]:
    _, application = make_client(world, Role.BOARD)
    caller = Caller(Client(), {"Authorization": f"Bearer {give_token(application)}"})
    found = caller.post("rounds/preview", {"rules": usual_documents()}).json()
    names = ("paid", "leftover", "lowest", "median", "highest")
    rows = [
        _shown(
            row["paid_count"],
            row["people_count"] - row["paid_count"],
            [money.parse_cents(row[name]["amount"]) for name in names],
            row["need_met_bp"],
        )
        for row in found["data"]
    ]
    return rows, found["digest"], caller


def _shown(paid_count: int, unpaid_count: int, amounts: list[int], need_met_bp: int) -> list[str]:
    counts = [f"{paid_count:,}", f"{unpaid_count:,}"]
    return [*counts, *(money.dollars(cents) for cents in amounts), percent(need_met_bp)]


def test_the_table_of_ways_is_the_same_on_page_over_api_on_paper_and_in_the_report(world: World):
    report, (page, digest), (api, same_digest, caller) = of_report(world), of_page(world), of_api(world)

    assert page == api == report
    assert [int(row[0].replace(",", "")) for row in report] == PAID
    assert digest == same_digest
    answer = caller.post("rounds/preview", {"rules": usual_documents()}, Accept="application/pdf")
    (paper,) = PdfReader(io.BytesIO(answer.content)).pages
    words = " ".join(paper.extract_text().split())
    for place, label in enumerate(LINES):
        assert " ".join([label, *(row[place] for row in report)]) in words
    assert digest in words
