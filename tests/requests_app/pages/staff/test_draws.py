"""The pages of a draw: prepared, hashed, told, proposed and approved without JavaScript."""

import re

import pytest
from builders import make_world, put_money_in
from console import Staff, summary_of, text_of
from waiting import make_requests

from fundmgr.allocation.draw import commitment
from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Role
from requests_app.models import AllocationRound, RoundList, RoundSecret

pytestmark = pytest.mark.django_db
FIRST, SECOND = "a secret of the director", "a secret of the approver"


@pytest.fixture
def world():
    made = make_world(reserve_bp=0)
    put_money_in(made, 200_000)
    make_requests(made, [100_000, 80_000, 50_000, 120_000])
    return made


def prepare(world, **sent):
    """Freeze the list through the page and return the round with its place."""
    desk = Staff(world, Role.DIRECTOR)
    answer = desk.post("rounds/draw/", {"last": "partial", "urgent_tickets": "3", "beacon": "", **sent})
    row = AllocationRound.objects.get()
    place = f"rounds/{public('rnd', row.id)}/"
    assert answer["Location"] == desk.address(f"{place}draw/")
    return row, place


def test_a_draw_is_made_by_two_people_on_its_page(world):
    _, place = prepare(world)
    director, approver = Staff(world, Role.DIRECTOR), Staff(world, Role.APPROVER)

    seen = text_of(director.get(f"{place}draw/"))
    assert RoundList.objects.get().list_root in seen
    assert "waits for two people" in seen
    for desk, secret in ((director, FIRST), (approver, SECOND)):
        done = desk.post(f"{place}draw/hash/", {"commitment": commitment(secret)})
        assert done["Location"] == desk.address(f"{place}draw/")
    half = text_of(director.get(f"{place}draw/"))
    assert commitment(SECOND) in half
    director.post(f"{place}draw/secret/", {"secret": FIRST})
    told = text_of(approver.get(f"{place}draw/"))
    assert FIRST not in told
    approver.post(f"{place}draw/secret/", {"secret": SECOND})
    drawn = text_of(director.get(f"{place}draw/"))
    assert FIRST in drawn
    assert RoundList.objects.get().seed in drawn
    proposed = director.post(f"{place}draw/propose/")

    assert proposed["Location"] == director.address(place)
    row = AllocationRound.objects.get()
    assert row.state == "PROPOSED"
    assert "How the order was made" in text_of(approver.get(place))
    approver.post(f"{place}approve/", {"result": row.result_digest})
    row.refresh_from_db()
    assert row.state == "COMMITTED"


def test_a_suggested_secret_fits_its_hash_is_new_each_time_and_kept_nowhere(world):
    _, place = prepare(world)
    desk = Staff(world, Role.DIRECTOR)
    pattern = re.compile(r"if you want one: ([0-9a-f]{32})\. Its hash: ([0-9a-f]{64})")

    found = [pattern.search(text_of(desk.get(f"{place}draw/"))).groups() for _ in range(2)]

    assert all(commitment(secret) == hashed for secret, hashed in found)
    assert found[0] != found[1]
    assert RoundSecret.objects.count() == 0


def test_the_prepare_page_is_for_directors(world):
    assert Staff(world, Role.DIRECTOR).get("rounds/draw/").status_code == 200
    assert "Prepare a draw" in text_of(Staff(world, Role.DIRECTOR).get("rounds/"))
    assert "Prepare a draw" not in text_of(Staff(world, Role.APPROVER).get("rounds/"))
    assert Staff(world, Role.APPROVER).get("rounds/draw/").status_code == 403


@pytest.mark.parametrize(
    "sent", [{"last": "never"}, {"urgent_tickets": "0"}, {"urgent_tickets": "x"}, {"beacon": "5"}]
)
def test_a_form_that_cannot_be_read_freezes_nothing(world, sent):
    whole = {"last": "partial", "urgent_tickets": "1", "beacon": "", **sent}

    assert Staff(world, Role.DIRECTOR).post("rounds/draw/", whole).status_code == 422
    assert AllocationRound.objects.count() == 0


def test_what_is_refused_is_told_at_the_top(world):
    _, place = prepare(world)
    director, approver = Staff(world, Role.DIRECTOR), Staff(world, Role.APPROVER)

    wrong = director.post(f"{place}draw/hash/", {"commitment": "abc"})
    assert wrong.status_code == 422
    assert "SHA-256" in summary_of(wrong)
    director.post(f"{place}draw/hash/", {"commitment": commitment(FIRST)})
    again = director.post(f"{place}draw/hash/", {"commitment": commitment(SECOND)})
    assert again.status_code == 409
    assert "Another person" in summary_of(again)
    approver.post(f"{place}draw/hash/", {"commitment": commitment(SECOND)})
    other = approver.post(f"{place}draw/secret/", {"secret": FIRST})
    assert other.status_code == 422
    assert "not the secret" in summary_of(other)
    # This draw names no beacon, so nobody is asked for its value.
    assert "Value of the beacon" not in text_of(other)
    early = director.post(f"{place}draw/propose/")
    assert early.status_code == 409
    assert "waits for the secret" in summary_of(early)


def test_a_beacon_is_named_by_the_hours_until_it_comes_out(world):
    _, place = prepare(world, beacon="24")

    assert RoundList.objects.get().beacon_round
    assert "drand quicknet, round" in text_of(Staff(world, Role.BOARD).get(f"{place}draw/"))


def test_an_auditor_sees_the_draw_and_has_nothing_to_do(world):
    _, place = prepare(world)
    seen = text_of(Staff(world, Role.AUDITOR).get(f"{place}draw/"))

    assert "Publish this hash" not in seen
    assert "waits for two people" in seen


def test_another_fund_has_no_such_page(world):
    row, _ = prepare(world)
    other = Staff(make_world(name="Another Fund"), Role.DIRECTOR)

    assert other.get(f"rounds/{public('rnd', row.id)}/draw/").status_code == 404
