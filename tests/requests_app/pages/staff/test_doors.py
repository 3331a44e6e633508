"""Every console page opens to whom it should, and tells everybody else why not."""

import pytest
from builders import NOW, make_donor, make_world, put_money_in
from casework import accepted_awards, add_role, build, file_request, make_awards
from console import Staff, new_token, sign_in, summary_of, text_of
from django.test import Client

from fundmgr.domain.ids import public
from fundmgr.domain.permissions import Action, Role, allows
from fundmgr.models import Commitment, Donor, Membership
from fundmgr.services import funds
from requests_app.models import AllocationRound, Award

pytestmark = pytest.mark.django_db

PAGES = {
    "": Action.FUND_READ,
    "requests/": Action.REQUEST_READ,
    "requests/{request}/": Action.REQUEST_READ,
    "requests/{request}/contact/": Action.REQUEST_READ_IDENTITY,
    "requests/{request}/hold/": Action.REQUEST_HOLD,
    "requests/{request}/reopen/": Action.REQUEST_HOLD,
    "approvals/": Action.FUND_READ,
    "rounds/": Action.ROUND_READ,
    "rounds/workbench/": Action.ROUND_READ,
    "rounds/{round}/": Action.ROUND_READ,
    "rounds/{round}/members/": Action.ROUND_READ,
    "awards/": Action.PAYOUT_READ,
    "payouts/": Action.PAYOUT_READ,
    "batches/": Action.PAYOUT_READ,
    "batches/new/": Action.BATCH_BUILD,
    "batches/{batch}/": Action.PAYOUT_READ,
    "money/": Action.MONEY_READ,
    "donors/": Action.MONEY_READ,
    "donors/new/": Action.COMMITMENT_WRITE,
    "donors/{donor}/": Action.MONEY_READ,
    "commitments/": Action.MONEY_READ,
    "commitments/new/": Action.COMMITMENT_WRITE,
    "commitments/{commitment}/": Action.MONEY_READ,
    "commitments/owed/": Action.MONEY_READ,
    "letters/": Action.MONEY_READ,
    "receipts/": Action.MONEY_READ,
    "audit/": Action.AUDIT_READ,
    "audit/verify/": Action.AUDIT_READ,
    "settings/": Action.FUND_READ,
    "settings/policy/": Action.FUND_CONFIGURE,
    "settings/people/": Action.MEMBER_APPOINT,
    "settings/program/": Action.MEMBER_APPOINT,
    "money/restriction/": Action.COMMITMENT_WRITE,
}
# A round and a batch of another person's hide behind 404 where the role may not see that there is one.
HIDDEN = {"rounds/{round}/", "rounds/{round}/members/", "batches/{batch}/"}


def busy_world():
    """A fund where something of each kind exists."""
    world = make_world()
    put_money_in(world, 50_000_000)
    awards = accepted_awards(world, [240_000, 120_000])
    batch = build(world)
    keys = {
        "request": public("req", awards[0].request_id),
        "round": public("rnd", AllocationRound.objects.get().id),
        "batch": public("bat", batch.id),
        "donor": public("don", Donor.objects.first().id),
        "commitment": public("com", Commitment.objects.first().id),
    }
    return world, keys


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_no_others(role):
    world, keys = busy_world()
    desk = Staff(world, role)

    for pattern, action in PAGES.items():
        path = pattern.format(**keys)
        answer = desk.get(path)

        refused = {403, 404} if pattern in HIDDEN else {403}
        expected = {200} if allows({role}, action) else refused
        assert answer.status_code in expected, (path, role, answer.status_code)
        assert "Traceback" not in text_of(answer)
        assert answer["Cache-Control"] == "no-store"


def test_a_stranger_is_sent_to_sign_in_and_comes_back():
    world = make_world()

    answer = Client().get(f"/staff/{world.fund.slug}/donors/")

    assert answer.status_code == 302
    assert answer["Location"] == f"/staff/account/login/?next=/staff/{world.fund.slug}/donors/"


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page():
    world = make_world()

    answer = Client().post(f"/staff/{world.fund.slug}/receipts/reconcile/", {"form_token": new_token()})

    assert answer["Location"].endswith(f"next=/staff/{world.fund.slug}/receipts/")


def test_a_person_of_another_fund_finds_nothing():
    world, other = make_world(), make_world(name="Another fund")
    desk = Staff(other, Role.DIRECTOR)

    answer = desk.get(f"/staff/{world.fund.slug}/")

    assert answer.status_code == 404
    assert "There is nothing here" in text_of(answer)


def test_things_of_another_fund_are_not_found_under_this_one():
    _, keys = busy_world()
    other = make_world(name="Another fund")
    desk = Staff(other, Role.DIRECTOR)

    for pattern in ("donors/{donor}/", "commitments/{commitment}/", "rounds/{round}/", "batches/{batch}/"):
        assert desk.get(pattern.format(**keys)).status_code == 404, pattern
    assert desk.get("requests/{request}/".format(**keys)).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["requests/req_0/", "requests/dec_" + "0" * 32 + "/", "donors/don_" + "g" * 32 + "/", "no-such-page/"],
)
def test_a_wrong_address_is_not_found(path):
    world = make_world()

    assert Staff(world, Role.DIRECTOR).get(path).status_code == 404


def test_an_id_that_was_never_given_is_a_page_of_the_console():
    world = make_world()

    answer = Staff(world, Role.DIRECTOR).get("donors/don_" + "0" * 32 + "/")

    assert answer.status_code == 404
    assert "Go to the fund" in text_of(answer)


def test_staff_of_one_fund_come_to_its_home_and_of_two_choose():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)

    assert desk.get("/staff/")["Location"] == f"/staff/{world.fund.slug}/"

    other = make_world(name="Another fund")
    add_role(other, world.actor(Role.DIRECTOR), Role.BOARD)
    answer = desk.get("/staff/")
    assert answer.status_code == 200
    assert "Another fund" in text_of(answer)


def test_a_form_sent_twice_makes_one_row():
    world = make_world()
    desk, token = Staff(world, Role.TREASURER_PREPARES), new_token()
    sent = {"name": "The founder", "kind": "person"}

    first = desk.post("donors/new/", sent, token=token)
    second = desk.post("donors/new/", sent, token=token)

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Donor.objects.count() == 1


def test_a_form_sent_again_with_other_words_is_shown_again_with_them():
    world = make_world()
    desk, token = Staff(world, Role.TREASURER_PREPARES), new_token()
    desk.post("donors/new/", {"name": "The founder", "kind": "person"}, token=token)

    answer = desk.post("donors/new/", {"name": "Somebody else", "kind": "person"}, token=token)

    assert answer.status_code == 422
    assert "sent before with other words" in summary_of(answer)
    assert 'value="Somebody else"' in text_of(answer)
    assert Donor.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "a" * 65, "../../etc/passwd-----", "\x00" * 20])
def test_a_form_without_its_token_is_asked_for_again(token):
    world = make_world()

    answer = Staff(world, Role.TREASURER_PREPARES).post(
        "donors/new/", {"name": "A", "kind": "person"}, token=token
    )

    assert answer.status_code == 422
    assert "did not arrive whole" in summary_of(answer)
    assert Donor.objects.count() == 0


def test_a_form_without_the_csrf_token_is_refused():
    world = make_world()
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, world.actor(Role.TREASURER_PREPARES).person_id)

    answer = browser.post(
        f"/staff/{world.fund.slug}/donors/new/", {"form_token": new_token(), "name": "A", "kind": "person"}
    )

    assert answer.status_code == 403
    assert Donor.objects.count() == 0


def test_only_pages_that_take_a_form_take_one():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)

    assert desk.post("donors/").status_code == 405
    assert desk.browser.put(desk.address("donors/new/")).status_code == 405
    assert desk.get("receipts/reconcile/")["Location"] == desk.address("receipts/")


def test_hostile_names_are_only_letters():
    world = make_world()
    name = "<script>alert(\"x\")</script> & 'Null'"
    make_donor(world, name=name)
    file_request(world, full_name=name)

    desk = Staff(world, Role.DIRECTOR)
    for path in ("donors/", "requests/"):
        words = text_of(desk.get(path))
        assert "<script>alert" not in words
        assert "&lt;script&gt;alert" in words


def test_the_frame_shows_the_money_and_the_way_around():
    world = make_world()
    put_money_in(world, 5_000_000)
    file_request(world, 100_000_00)

    words = text_of(Staff(world, Role.DIRECTOR).get())

    for said in ("$49,000", "Available to award", "Held for awards", "$100,000", "49 cents"):
        assert said in words
    assert 'aria-current="page"' in words
    assert 'data-go="h"' in words


def test_money_held_for_awards_stands_in_the_frame():
    world = make_world()
    put_money_in(world, 50_000_000)
    make_awards(world, [100_000])

    words = text_of(Staff(world, Role.DIRECTOR).get())

    assert "$489,000" in words
    assert "$1,000" in words
    assert Award.objects.count() == 1


def test_the_navigation_leaves_out_what_the_role_does_not_open():
    world = make_world()

    words = text_of(Staff(world, Role.BOARD).get())

    assert "/requests/" not in words
    assert "/audit/" not in words
    assert "/rounds/" in words


@pytest.mark.parametrize(
    "path", ["donors/", "requests/", "audit/", "payouts/", "rounds/", "receipts/", "batches/"]
)
def test_a_cursor_that_we_did_not_make_is_told_in_words(path):
    desk = Staff(make_world(), Role.DIRECTOR)

    for cursor in ("x", "a.b.c", "\x00", "é" * 50):
        answer = desk.get(path, cursor=cursor)

        assert answer.status_code == 422
        assert "This cursor does not fit here" in text_of(answer)


def test_an_ended_role_closes_the_desk():
    world = make_world()
    desk = Staff(world, Role.REVIEWER)
    row = Membership.objects.get(user_id=desk.actor.person_id)
    funds.end_membership(membership_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)

    assert desk.get("requests/").status_code == 404


@pytest.mark.parametrize("path", ["", "rounds/workbench/", "requests/"])
def test_the_console_is_in_one_language_whatever_the_browser_asks_for(path):
    desk = Staff(make_world(), Role.DIRECTOR)
    desk.browser.cookies["django_language"] = "es"

    spanish = desk.browser.get(desk.address(path), headers={"accept-language": "es"})

    assert spanish["Content-Language"] == "en"
    assert '<html lang="en"' in text_of(spanish)
    assert "Salir" not in text_of(spanish)
