"""The ledger's pages: every balance, every transfer, every statement, and the way of one dollar."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from builders import NOW, make_world, put_money_in
from casework import LATER, accepted_awards, build, release
from console import Staff, summary_of, text_of
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import Commitment
from fundmgr.models.ledger import Account, Transfer
from requests_app.models import Award, Payout
from requests_app.services import payouts

pytestmark = pytest.mark.django_db
DAYS = {"first": "2023-09-01", "last": "2023-09-30"}


@pytest.fixture
def paid():
    """A world where one dollar went all the way."""
    world = make_world()
    put_money_in(world, 10_000_000)
    accepted_awards(world, [120_000])
    batch = release(world, build(world, now=LATER), now=LATER)
    payouts.settle(
        payout_ids=[row.id for row in Payout.objects.filter(batch=batch)],
        by=world.actor(Role.TREASURER_PREPARES),
        now=LATER + timedelta(hours=1),
    )
    return world


def account(code: str) -> str:
    """The address of an account's statement."""
    return f"ledger/{ids.public('acc', Account.objects.get(code=code).id)}/"


def links(page: str) -> dict[str, str]:
    """Every link of a page by its words."""
    found = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {re.sub(r"<[^>]+>", "", words).strip(): href.replace("&amp;", "&") for href, words in found}


def test_the_chart_shows_every_account_with_its_balance(paid):
    page = text_of(Staff(paid, Role.TREASURER_RELEASES).get("ledger/"))

    assert "1000 Cash" in page
    assert ">98,800.00</a>" in page
    assert "9100 Available to award" in page
    assert "5000 Assistance to workers" in page


def test_a_statement_runs_from_its_opening_to_its_closing_balance(paid):
    page = text_of(Staff(paid, Role.AUDITOR).get(account("1000"), **DAYS))

    assert "$0.00" in page
    assert "$98,800.00" in page
    assert re.search(r"Money came in.*?100,000\.00.*?100,000\.00", page, re.DOTALL)
    assert re.search(r"A payment arrived.*?−1,200\.00.*?98,800\.00", page, re.DOTALL)


def test_the_opening_balance_holds_what_came_before(paid):
    page = text_of(Staff(paid, Role.AUDITOR).get(account("1000"), first="2023-09-20", last="2023-09-30"))

    assert "$100,000.00" in page
    assert "Money came in" not in page


def test_days_are_the_fund_s_own():
    world = make_world()
    put_money_in(world, 10_000_000)
    accepted_awards(world, [120_000])
    batch = release(world, build(world, now=LATER), now=LATER)
    # Half past eight in the evening of September 30 in Los Angeles.
    late = datetime(2023, 10, 1, 3, 30, tzinfo=UTC)
    rows = [row.id for row in Payout.objects.filter(batch=batch)]
    payouts.settle(payout_ids=rows, by=world.actor(Role.TREASURER_PREPARES), now=late)
    desk = Staff(world, Role.AUDITOR)

    assert "A payment arrived" in text_of(desk.get(account("1000"), **DAYS))
    october = text_of(desk.get(account("1000"), first="2023-10-01", last="2023-10-31"))
    assert "A payment arrived" not in october
    assert "$98,800.00" in october


def test_statement_pages_join_without_a_gap(paid):
    for number in range(60):
        put_money_in(paid, 100, bank_reference=f"SMALL-{number}")
    desk = Staff(paid, Role.AUDITOR)
    first = text_of(desk.get(account("1000"), **DAYS))
    second = text_of(desk.browser.get(links(first)["Next"]))
    number = re.compile(r">No\. (\d+)</a>")
    seen = number.findall(first) + number.findall(second)

    assert len(seen) == len(set(seen)) == 62
    assert "98,860.00" in second


def test_a_longer_statement_takes_no_more_queries_and_no_offset(paid):
    desk = Staff(paid, Role.AUDITOR)
    desk.get(account("1000"), **DAYS)
    with CaptureQueriesContext(
        connection,
    ) as few:
        desk.get(account("1000"), **DAYS)
    for number in range(30):
        put_money_in(paid, 100, bank_reference=f"SMALL-{number}")
    with CaptureQueriesContext(connection) as many:
        desk.get(account("1000"), **DAYS)

    assert len(many) == len(few)
    assert not [query for query in many if "OFFSET" in query["sql"]]


def test_csv_and_pdf_hold_the_whole_period(paid):
    desk = Staff(paid, Role.AUDITOR)
    csv = desk.get(account("1000") + "csv/", **DAYS)
    pdf = desk.get(account("1000") + "pdf/", **DAYS)

    lines = csv.content.decode().splitlines()
    assert lines[0] == "Date and time,Transfer,Move,Change,Balance"
    assert lines[1] == "2023-09-01,,OPENING BALANCE,,0.00"
    assert lines[-1] == "2023-09-30,,CLOSING BALANCE,,98800.00"
    assert csv["Content-Disposition"].endswith('"account-1000-2023-09-01-2023-09-30.csv"')
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf.content)).pages)
    assert "1000 Cash: General" in text
    assert "$98,800.00" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"first": "2023-09-30", "last": "2023-09-01"}, 422),
        ({"first": "yesterday"}, 422),
        ({"cursor": "made-up"}, 422),
    ],
)
def test_a_period_that_cannot_be_is_told(paid, query: dict[str, str], status: int):
    assert Staff(paid, Role.AUDITOR).get(account("1000"), **query).status_code == status


@pytest.mark.parametrize("kind", ["csv", "pdf"])
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"first": "yesterday"}, "From: Write the day as year, month, day, like 2026-03-14."),
        ({"first": "2023-09-01", "last": "31.9."}, "To: Write the day as year, month, day"),
        ({"last": "0001-01-01"}, "To: Choose a day from 1990 to 2099."),
        ({"first": "2023-09-30", "last": "2023-09-01"}, "To: The last day must not come before the first."),
        ({"first": "2098-01-01"}, "From: Choose a first day that has come, or a last day too."),
    ],
)
def test_no_file_of_other_days_than_those_asked_for(paid, kind: str, query: dict[str, str], sentence: str):
    answer = Staff(paid, Role.AUDITOR).get(account("1000") + f"{kind}/", **query)

    assert answer.status_code == 422
    assert "Content-Disposition" not in answer
    assert sentence in text_of(answer)


@pytest.mark.parametrize(
    ("query", "box", "sentence"),
    [
        ({"first": "yesterday", "last": "2023-09-30"}, "first", "Write the day as year, month, day"),
        (
            {"first": "2023-09-30", "last": "2023-09-01"},
            "last",
            "The last day must not come before the first",
        ),
        ({"first": "2098-01-01"}, "first", "Choose a first day that has come"),
    ],
)
def test_a_day_that_cannot_be_is_told_beside_its_box(paid, query: dict[str, str], box: str, sentence: str):
    answer = Staff(paid, Role.AUDITOR).get(account("1000"), **query)

    assert answer.status_code == 422
    assert sentence in summary_of(answer)
    assert re.search(rf'id="[^"]*{box}[^"]*-error"[^>]*>[^<]*(<[^>]+>[^<]*)*{sentence}', text_of(answer))


def test_a_transfer_shows_its_entries_and_its_cause(paid):
    row = Transfer.objects.get(move="AWARD")
    page = text_of(Staff(paid, Role.DIRECTOR).get(f"ledger/transfers/{ids.public('trf', row.id)}/"))

    assert "An award is owed" in page
    assert "2000 Awards payable" in page
    assert f"Award {Award.objects.get().request.reference}" in page
    assert "Resolves transfer" in page
    assert "Transfers of its payout" in page


def test_the_way_of_one_dollar_can_be_clicked_from_pledge_to_payout_and_back(paid):
    desk = Staff(paid, Role.DIRECTOR)

    def click(page: str, words: str) -> str:
        href = next(href for text, href in links(page).items() if re.search(words, text))
        answer = desk.browser.get(href)
        assert answer.status_code == 200, href
        return text_of(answer)

    commitment = ids.public("com", Commitment.objects.get().id)
    page = text_of(desk.get(f"commitments/{commitment}/"))
    page = click(click(page, "^WIRE-1$"), "^2$")
    assert "Money came in" in page
    assert "Nothing came in yet" not in click(click(page, "^Receipt WIRE-1$"), "^2$")
    page = click(page, "9100 Available to award")
    hold = Transfer.objects.get(move="HOLD")
    page = click(page, rf"No\. {hold.sequence}$")
    assert "Held for an award" in page
    award = click(click(page, "Is resolved or reversed by"), "Transfers of its payout")
    settled, released = (Transfer.objects.get(move=move).sequence for move in ("SETTLEMENT", "RELEASE"))
    page = click(award, rf"No\. {released}$")
    assert "A payment was sent" in page
    page = click(award, rf"No\. {settled}$")
    assert "A payment arrived" in page
    assert "Batch 1" in page
    page = click(page, "Transfers of its award")
    page = click(click(page, rf"No\. {hold.sequence}$"), "^Award ")
    assert "Its award in the ledger" in page


@pytest.mark.parametrize("role", [Role.INTAKE, Role.REVIEWER])
def test_roles_without_money_see_none_of_it(paid, role: Role):
    desk = Staff(paid, role)
    transfer = ids.public("trf", Transfer.objects.earliest("sequence").id)

    for path in ("ledger/", "ledger/transfers/", f"ledger/transfers/{transfer}/", account("1000")):
        assert desk.get(path).status_code == 403, path


def test_another_fund_s_ledger_is_not_there(paid):
    own, transfer = account("1000"), ids.public("trf", Transfer.objects.earliest("sequence").id)
    other = Staff(make_world(name="Another fund", now=NOW), Role.AUDITOR)

    for path in (own, f"{own}csv/", f"{own}pdf/", f"ledger/transfers/{transfer}/"):
        assert other.get(path).status_code == 404, path
    assert other.get("ledger/transfers/", cause=str(Commitment.objects.get().id)).content.count(b"No. ") == 0


def test_an_address_that_names_no_cause_is_told(paid):
    assert Staff(paid, Role.AUDITOR).get("ledger/transfers/", cause="nonsense").status_code == 422
