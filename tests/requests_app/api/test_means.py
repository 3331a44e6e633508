"""A fund that raised $860,000 and can use $391,200 of it: through the API, and on the page."""

from datetime import timedelta

import pytest
from builders import TODAY
from console import Staff, text_of
from waiting import make_requests

from fundmgr.domain import ids
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.permissions import Role


def usd(dollars):
    return {"amount": f"{dollars}.00", "currency": "USD"}


@pytest.fixture
def treasury(program):
    return program(Role.TREASURER_PREPARES)


def pledge(treasury, name, dollars, **said):
    donor = treasury.post("donors", {"name": name}).json()["id"]
    sent = {"donor_id": donor, "amount": usd(dollars), "pledged_on": TODAY.isoformat(), **said}
    answer = treasury.post("commitments", sent)
    assert answer.status_code == 201, answer.content
    return answer.json()["id"]


def receive(treasury, releaser, reference, dollars, **said):
    sent = {"amount": usd(dollars), "bank_reference": reference, "received_on": TODAY.isoformat(), **said}
    made = treasury.post("receipts", sent)
    assert made.status_code == 201, made.content
    done = releaser.post(f"receipts/{made.json()['id']}/reconciliation")
    assert done.status_code == 200, done.content


def test_raised_is_not_usable(world, treasury, program):
    releaser, director = program(Role.TREASURER_RELEASES), program(Role.DIRECTOR)
    due = [
        {"due_on": TODAY.isoformat(), "amount": usd(300_000)},
        {"due_on": (TODAY + timedelta(days=30)).isoformat(), "amount": usd(200_000)},
    ]
    founder = pledge(treasury, "The founder", 500_000, instalments=due, collection_percent=95)
    pledge(
        treasury,
        "Marlowe Camera Rental",
        250_000,
        is_conditional=True,
        condition="A dollar for each dollar of public gifts.",
        match_percent=100,
        collection_percent=90,
    )
    health = treasury.post(
        "restrictions",
        {"name": "Health", "wording": "For crew health premiums.", "rule": {"categories": ["HEALTH"]}},
    ).json()["id"]
    tied = pledge(treasury, "Ardsley Foundation", 50_000, restriction_id=health)
    receive(treasury, releaser, "W-1", 300_000, commitment_id=founder)
    receive(treasury, releaser, "W-2", 50_000, commitment_id=tied)
    giver = treasury.post("donors", {"name": "The public"}).json()["id"]
    receive(treasury, releaser, "W-3", 60_000, donor_id=giver)
    # Verified need of $4,111,069 in all, $38,400 of it for health premiums.
    make_requests(world, [3_840_000], need_lines=[(NeedCategory.HEALTH, 3_840_000)])
    make_requests(world, [10_000_000] * 40, need_lines=[(NeedCategory.RENT, 10_000_000)])
    make_requests(world, [7_266_900], need_lines=[(NeedCategory.RENT, 7_266_900)])

    means = director.get(f"funds/{ids.public('fund', world.fund.id)}/means")

    assert means.status_code == 200, means.content
    told = means.json()
    figures = {name: told[name]["amount"] for name in told if isinstance(told[name], dict)}
    assert figures == {
        "raised": "860000.00",
        "cash": "410000.00",
        "refundable_advance": "0.00",
        "receivable": "260000.00",
        "conditional": "190000.00",
        "reserve": "7200.00",
        "unrestricted_available": "352800.00",
        "stranded": "11600.00",
        "usable": "391200.00",
        "expected": "654000.00",
    }
    assert told["usable_share"] == "0.0952"
    page = text_of(Staff(world, Role.DIRECTOR).get("money/"))
    for shown in ("$410,000", "$260,000", "$190,000", "$352,800", "$11,600", "$391,200", "$654,000"):
        assert shown in page
    assert "$860,000 was given and promised. $391,200 of it can be awarded today" in page
    assert "9.5% of the verified need" in page


def test_money_that_came_before_its_condition_is_raised_once_and_not_at_all_where_it_is_owed_back(
    world, treasury, program
):
    releaser, director = program(Role.TREASURER_RELEASES), program(Role.DIRECTOR)
    promise = pledge(treasury, "Ana", 1_000, is_conditional=True, condition="The union adds.")

    def shown():
        body = director.get(f"funds/{ids.public('fund', world.fund.id)}/means").json()
        return [body[name]["amount"] for name in ("raised", "cash", "conditional", "refundable_advance")]

    assert shown() == ["1000.00", "0.00", "1000.00", "0.00"]
    receive(treasury, releaser, "EARLY-1", 400, commitment_id=promise)
    assert shown() == ["1000.00", "400.00", "1000.00", "400.00"]
    ended = director.post(f"commitments/{promise}/cancellation", {"reason": "Its day went by."})
    assert ended.status_code == 200, ended.content
    assert shown() == ["0.00", "400.00", "0.00", "400.00"]
