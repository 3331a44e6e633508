"""Settings and the audit trail on the pages of the console."""

import re

import pytest
from builders import make_world, put_money_in
from calling import make_night
from casework import file_request
from console import Staff, new_token, summary_of, text_of
from django.db import connection
from oauth2_provider.models import Application

from fundmgr.domain.permissions import Role
from fundmgr.models import ApiClient, Fund, Membership, PolicyVersion, User
from fundmgr.services import background

pytestmark = pytest.mark.django_db

POLICY = {
    "award_cap": "2,000",
    "need_ceiling": "8000",
    "reserve_percent": "5",
    "two_approvers_from": "50000",
    "decision_days": "10",
    "accept_days": "21",
    "appeal_days": "14",
    "document_days": "90",
    "rule": "proportional",
    "adopted_by": "The board, on March 14",
}
PERSON = {"name": "Noor Haddad", "email": "Noor@Example.org", "role": "REVIEWER"}


def state_of(world) -> str:
    """The fund's state now."""
    return Fund.objects.get(id=world.fund.id).state


def test_a_director_pauses_and_opens_the_fund():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)

    desk.post("settings/state/", {"state": "pause"})
    assert state_of(world) == "PAUSED"
    assert "Open again" in text_of(desk.get("settings/"))
    desk.post("settings/state/", {"state": "open"})
    assert state_of(world) == "OPEN"
    again = desk.post("settings/state/", {"state": "open"})
    assert again.status_code == 409
    assert desk.post("settings/state/", {"state": "burn"}).status_code == 422
    assert Staff(world, Role.BOARD).post("settings/state/", {"state": "pause"}).status_code == 403


def test_a_new_policy_version_is_adopted_and_the_old_one_stays():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)
    assert 'value="1,500.00"' in text_of(desk.get("settings/policy/"))

    assert desk.post("settings/policy/", POLICY).status_code == 302

    newest = PolicyVersion.objects.order_by("-number").first()
    assert (newest.number, newest.award_cap_cents, newest.reserve_bp) == (2, 200_000, 500)
    assert (newest.decision_days, newest.accept_days, newest.appeal_days) == (10, 21, 14)
    assert newest.document_days == 90
    assert newest.rule == {"version": 1, "rule": "proportional"}
    assert PolicyVersion.objects.count() == 2
    assert "in force" in text_of(desk.get("settings/"))


@pytest.mark.parametrize(("typed", "hours"), [("", None), ("48", 48)])
def test_a_policy_may_count_hours_to_accept_an_award(typed, hours):
    desk = Staff(make_world(), Role.DIRECTOR)

    assert desk.post("settings/policy/", {**POLICY, "accept_hours": typed}).status_code == 302

    assert PolicyVersion.objects.order_by("-number").first().accept_hours == hours
    assert f'name="accept_hours" value="{typed}"' in text_of(desk.get("settings/policy/")) or not typed


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("award_cap", "9000", "cannot be above the need that counts"),
        ("reserve_percent", "-1", "whole number from 0 to 50"),
        ("reserve_percent", "1.5", "whole number from 0 to 50"),
        ("decision_days", "0", "from 1 to 90"),
        ("accept_days", "91", "from 1 to 90"),
        ("accept_hours", "23", "from 24 to 720"),
        ("accept_hours", "1.5", "from 24 to 720"),
        ("appeal_days", "0", "from 1 to 90"),
        ("document_days", "0", "from 1 to 3650"),
        ("rule", "magic", "valid choice"),
        ("adopted_by", "", "Enter who adopted the rules"),
        ("need_ceiling", "9" * 30, "That amount is too large"),
    ],
)
def test_a_policy_that_cannot_be_read_is_told(field, value, said):
    world = make_world()

    answer = Staff(world, Role.DIRECTOR).post("settings/policy/", {**POLICY, field: value})

    assert answer.status_code == 422
    assert said in summary_of(answer)
    assert PolicyVersion.objects.count() == 1


def test_a_director_gives_a_person_a_role_and_ends_it():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)

    assert desk.post("settings/people/", PERSON).status_code == 302
    person = User.objects.get(email="noor@example.org")
    assert not person.has_usable_password()
    assert "Noor Haddad" in text_of(desk.get("settings/"))
    again = desk.post("settings/people/", PERSON)
    assert again.status_code == 409
    assert "has that role already" in summary_of(again)

    member = Membership.objects.get(user=person)
    desk.post("settings/end/", {"membership": str(member.id)})
    member.refresh_from_db()
    assert member.ended_at is not None
    assert desk.post("settings/end/", {"membership": str(member.id)}).status_code == 409
    assert desk.post("settings/end/", {"membership": "x"}).status_code == 422


def test_nobody_gives_or_ends_a_role_of_ones_own():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)
    me = User.objects.get(id=desk.actor.person_id)

    answer = desk.post("settings/people/", {"name": me.name, "email": me.email, "role": "TREASURER_RELEASES"})
    assert answer.status_code == 403
    assert "Another director must give you a role." in summary_of(answer)
    mine = Membership.objects.get(user=me)
    assert desk.post("settings/end/", {"membership": str(mine.id)}).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "noor"),
        ("email", ""),
        ("name", ""),
        ("role", "KING"),
        ("name", "a\u202eb"),
        ("name", "🙂 7"),
    ],
)
def test_a_person_that_cannot_be_read_is_told(field, value):
    world = make_world()

    answer = Staff(world, Role.DIRECTOR).post("settings/people/", {**PERSON, field: value})

    assert answer.status_code == 422
    assert summary_of(answer)
    assert not User.objects.filter(email="noor@example.org").exists()


def test_a_programs_secret_is_shown_once():
    world = make_world()
    desk, token = Staff(world, Role.DIRECTOR), new_token()
    sent = {
        "name": "Review desk",
        "owner": str(world.actor(Role.REVIEWER).person_id),
        "role": "REVIEWER",
        "scopes": ["requests:read", "decisions:write"],
    }

    first = desk.post("settings/program/", sent, token=token)
    second = desk.post("settings/program/", sent, token=token)

    client = ApiClient.objects.get()
    codes = re.findall(r"<code>([^<]+)</code>", text_of(first))
    assert codes[0] == client.oauth_client_id
    assert client.scopes == "requests:read decisions:write"
    stored = Application.objects.get(client_id=client.oauth_client_id).client_secret
    assert codes[1] not in stored
    assert codes[1] not in text_of(second)
    assert "the secret was shown then" in text_of(second)
    assert first["Cache-Control"] == "no-store"
    assert "Review desk" in text_of(desk.get("settings/"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("owner", "me"), ("owner", ""), ("scopes", ["all"]), ("scopes", []), ("role", ""), ("name", "")],
)
def test_a_program_that_cannot_be_read_is_told(field, value):
    world = make_world()
    sent = {
        "name": "Review desk",
        "owner": str(world.actor(Role.REVIEWER).person_id),
        "role": "REVIEWER",
        "scopes": ["requests:read"],
    }

    answer = Staff(world, Role.DIRECTOR).post("settings/program/", {**sent, field: value})

    assert answer.status_code == 422
    assert not ApiClient.objects.exists()


def test_a_director_cannot_answer_for_the_program_that_the_same_director_registers():
    world = make_world()
    desk = Staff(world, Role.DIRECTOR)

    assert str(desk.actor.person_id) not in text_of(desk.get("settings/program/"))


def test_programs_are_shown_to_directors_only():
    world = make_world()

    assert "Programs" not in text_of(Staff(world, Role.AUDITOR).get("settings/"))


def test_the_trail_shows_who_did_what_and_its_place():
    world = make_world()
    put_money_in(world, 50_000_000)
    row = file_request(world)
    background.link_events()
    desk = Staff(world, Role.AUDITOR)

    words = text_of(desk.get("audit/"))

    assert "reconciled a receipt of $500,000" in words
    assert f"sent {row.reference}" in words
    assert "River Stone" not in words
    only = text_of(desk.get("audit/", about="receipt."))
    assert "reconciled a receipt" in only
    assert row.reference not in only
    assert desk.get("audit/", about="'; DROP").status_code == 200


def test_verifying_says_that_the_chain_holds():
    world = make_world()
    background.link_events()

    assert "The chain holds" in text_of(Staff(world, Role.AUDITOR).get("audit/verify/"))


def test_verifying_names_the_first_bad_link():
    world = make_world()
    background.link_events()
    with connection.cursor() as cursor:
        # The app role may not change the trail; a link that does not fit is added instead.
        cursor.execute(
            "INSERT INTO fundmgr_event (id, fund_id, created_at, verb, actor, object_type, object_id, body) "
            "SELECT gen_random_uuid(), fund_id, created_at, verb, actor, object_type, object_id, body "
            "FROM fundmgr_event LIMIT 1 RETURNING id"
        )
        (event_id,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO fundmgr_eventlink (sequence, event_id, version, previous_hash, hash) "
            "SELECT MAX(sequence) + 1, %s, 1, %s, %s FROM fundmgr_eventlink",
            [event_id, b"0", b"0"],
        )

    words = text_of(Staff(world, Role.AUDITOR).get("audit/verify/"))

    assert "The chain is broken at link" in words


def test_the_home_page_shows_the_work_and_the_gap():
    world = make_world()
    put_money_in(world, 50_000_000)
    file_request(world, 10_000_000)

    words = text_of(Staff(world, Role.DIRECTOR).get())

    assert "1 requests so far" not in words
    assert "To read" in words
    assert "Lately" in words
    assert "reconciled a receipt of $500,000" in words
    treasurer = text_of(Staff(world, Role.TREASURER_PREPARES).get())
    assert "Receipts to reconcile" in treasurer
    assert "To read" not in treasurer


def test_past_nightly_proofs_can_be_read():
    world = make_world()
    auditor = Staff(world, Role.AUDITOR)
    assert "No proof yet" in text_of(auditor.get("audit/proofs/"))
    make_night(world)

    words = text_of(auditor.get("audit/proofs/"))

    assert "Holds" in words
    assert "Nothing" in words
    assert Staff(world, Role.REVIEWER).get("audit/proofs/").status_code in {403, 404}


@pytest.mark.parametrize(
    ("role", "is_shown"), [(Role.DIRECTOR, True), (Role.BOARD, True), (Role.REVIEWER, False)]
)
def test_the_end_of_the_fund_is_linked_for_those_who_may_see_it(role, is_shown):
    staff = Staff(make_world(), role)

    assert ("The end of the fund" in text_of(staff.get("settings/"))) is is_shown
    assert (staff.get("settings/closing/").status_code == 200) is is_shown


def test_a_director_writes_what_everybody_reads_of_the_fund():
    world = make_world()
    typed = {
        "purpose": "Rent and food",
        "help_phone": "(213) 555-0100",
        "help_hours": "9 to 5",
        "help_mail": "help@example.org",
        "board": "Kwame Ortiz, chair\r\nLena Fox",
    }

    done = Staff(world, Role.DIRECTOR).post("settings/description/", typed)

    fund = Fund.objects.get(id=world.fund.id)
    assert done.status_code == 302
    assert (fund.help_mail, fund.board.split("\n")) == (
        "help@example.org",
        ["Kwame Ortiz, chair", "Lena Fox"],
    )
    assert "help@example.org" in text_of(Staff(world, Role.AUDITOR).get("settings/"))
    assert "changed what the fund says of itself" in text_of(Staff(world, Role.AUDITOR).get("audit/"))


def test_a_wrong_address_is_told_with_what_was_typed_kept():
    world = make_world()

    told = Staff(world, Role.DIRECTOR).post(
        "settings/description/", {"help_mail": "help at home", "board": "Lena Fox"}
    )

    assert "Enter an address like name@example.com." in summary_of(told)
    assert "Lena Fox" in told.content.decode()
    assert Fund.objects.get(id=world.fund.id).board == ""


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.TREASURER_PREPARES, Role.BOARD, Role.AUDITOR])
def test_nobody_else_writes_what_everybody_reads(role):
    world = make_world()
    staff = Staff(world, role)

    assert staff.get("settings/description/").status_code == 403
    assert staff.post("settings/description/", {"board": "Me"}).status_code == 403
    assert Fund.objects.get(id=world.fund.id).board == ""
