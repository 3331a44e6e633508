"""The ways to share on the demo's own people: page, API, board's paper and report agree to the cent."""

import html
import io
import re
from datetime import timedelta

from builders import NOW, World, make_world, put_money_in
from calling import Caller, give_token, make_client
from console import Staff, text_of
from django.test import Client
from example_comparison import demo_needs, usual_documents
from pypdf import PdfReader
from waiting import make_requests

from fundmgr.domain import money
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.permissions import Role
from fundmgr.services import funds
from requests_app.exports.report_rows import percent
from requests_app.services import report_body, report_reading

CARD = re.compile(r"<h2>(.*?)</h2>(.*?)</dl>", re.DOTALL)
LINE = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>", re.DOTALL)
LEFT = {"Left over": "leftover"}
LEFT_OF_POTS = {"General money left": "general_left", "Tied money left": "tied_left"}
API_NAMES = {"general_left": "general_leftover", "tied_left": "tied_leftover"}
AMOUNTS = {"Lowest": "lowest", "Median": "median", "Highest": "highest"}
PAID = [131, 366, 525, 1_205, 1_205]


def make_demo() -> World:
    """The demo's money and its 1,205 eligible people, in the order in which they asked."""
    made = make_world()
    put_money_in(made, 50_000_000)
    make_requests(made, demo_needs(), submitted_at=NOW - timedelta(days=5))
    return made


def make_restricted() -> World:
    """Some of the people, with money for health, which may pay a part of each need, and for one craft."""
    made, needs = make_world(), demo_needs()
    put_money_in(made, 900_000)
    for name, cents, rule in (
        ("Health", 4_000_000, {"categories": ["HEALTH"]}), ("Wigs", 700_000, {"crafts": ["wigs"]})
    ):  # fmt: skip
        row = funds.add_restriction(
            fund_id=made.fund.id, name=name, wording="", rule=rule, by=made.actor(Role.DIRECTOR), now=NOW
        )
        put_money_in(made, cents, bank_reference=name, restriction_id=row.id)
    make_requests(made, needs[:60], need_lines=[(NeedCategory.HEALTH, 35_000)])
    make_requests(made, needs[60:75], craft="Wigs", submitted_at=NOW - timedelta(days=4))
    return made


def amounts_of(left: dict[str, str]) -> dict[str, str]:
    """The amounts that all places tell, by the label that each has on a card."""
    return {"Paid out": "paid", **left, **AMOUNTS}


def of_report(world: World, left: dict[str, str]) -> list[list[str]]:
    body = report_body.compose(report_reading.read(world.fund.id, clock=lambda: NOW))
    rows = body["sharing"]["scenarios"]
    assert [row["key"] for row in rows][2] == "flat_by_draw"
    return [
        _shown(
            row["paid_count"],
            row["unpaid_count"],
            [row[f"{name}_cents"] for name in amounts_of(left).values()],
            row["need_met_bp"],
        )
        for row in rows
    ]


def of_page(world: World, lines: list[str]) -> tuple[list[list[str]], str]:
    desk = Staff(world, Role.BOARD)
    (address,) = re.findall(r'href="([^"]+)">Load the five ways', text_of(desk.get("rounds/workbench/")))
    page = html.unescape(text_of(desk.get(html.unescape(address))))
    cards = [dict(LINE.findall(card)) for _, card in CARD.findall(page) if "People paid" in card]
    (digest,) = re.findall(r'<code class="mono">([0-9a-f]{64})</code>', page)
    names = [f"{name} paid" if name in AMOUNTS else name for name in lines]
    return [[card[name] for name in names] for card in cards], digest


def of_api(world: World, left: dict[str, str]) -> tuple[list[list[str]], str, Caller]:
    _, application = make_client(world, Role.BOARD)
    caller = Caller(Client(), {"Authorization": f"Bearer {give_token(application)}"})
    found = caller.post("rounds/preview", {"rules": usual_documents()}).json()
    names = [API_NAMES.get(name, name) for name in amounts_of(left).values()]
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


def told_alike(world: World, left: dict[str, str]) -> list[list[str]]:
    """The rows of the report, once page, API and paper turned out to tell the same."""
    lines = ["People paid", "Get nothing", *amounts_of(left), "Need met, mean"]
    report, (page, digest) = of_report(world, left), of_page(world, lines)
    api, same_digest, caller = of_api(world, left)
    assert page == api == report
    assert digest == same_digest
    answer = caller.post("rounds/preview", {"rules": usual_documents()}, Accept="application/pdf")
    words = " ".join(
        " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages
    )
    for place, label in enumerate(lines):
        assert " ".join([label, *(row[place] for row in report)]) in words
    assert digest in words
    return report


def test_the_table_of_ways_is_the_same_on_page_over_api_on_paper_and_in_the_report(committed_db: str):
    report = told_alike(make_demo(), LEFT)

    assert [int(row[0].replace(",", "")) for row in report] == PAID


def test_with_money_tied_to_purposes_they_are_the_same_as_well(committed_db: str):
    world = make_restricted()

    report = told_alike(world, LEFT_OF_POTS)

    # First come and the draw keep to the general money; the last two share all, health only in part.
    tied_left = [row[4] for row in report]
    assert tied_left[:3] == ["$47,000.00"] * 3
    assert tied_left[3] != tied_left[0]
    body = report_body.compose(report_reading.read(world.fund.id, clock=lambda: NOW))
    assert body["sharing"]["tied_cents"] == 4_700_000
    assert (body["version"], body["sharing"]["scenarios"][4]["paid_count"]) == (3, 75)
