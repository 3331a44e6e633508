"""Leftovers: what is too old goes at night, what is in use or of weight stays."""

import json
import os
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from builders import NOW, make_donor, make_world, put_money_in
from calling import make_file
from casework import file_request
from django.contrib.sessions.models import Session
from django.db import connections, transaction
from oauth2_provider.models import AccessToken, Application
from offering import make_offer, prove_offer

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import DonorLink, DonorLinkAsk, Event, PledgeOffer, RememberedCall
from fundmgr.ports import files
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.services import funds
from requests_app.models import AssistanceRequest, Draft
from requests_app.services import drafts, leftovers, pledge_offers
from requests_app.services.pledge_offers import LINK_LASTS

NIGHT = NOW.replace(hour=10)
OLD = NIGHT - timedelta(days=30, seconds=1)
YOUNG = NIGHT - timedelta(days=30)
NONE = {
    "documents": 0,
    "drafts": 0,
    "link_asks": 0,
    "donor_links": 0,
    "pledge_offers": 0,
    "calls": 0,
    "tokens": 0,
    "sessions": 0,
    "files": 0,
}


@pytest.fixture(autouse=True)
def hour(settings) -> None:
    settings.NIGHTLY_REPORT_HOUR_UTC = 10


def start(world, at, **columns) -> Draft:
    """A draft that was last touched then."""
    row = drafts.start_draft(fund_id=world.fund.id, language="en", by=None, now=at)
    Draft.objects.filter(id=row.id).update(**columns)
    return row


def call(at, key: str) -> RememberedCall:
    return RememberedCall.objects.create(
        owner="user:1", key=key, route="route", body_hash="body", result_id=uuid4(), created_at=at
    )


def token(at, name: str) -> AccessToken:
    program, _ = Application.objects.get_or_create(
        client_type="confidential", authorization_grant_type="client-credentials", name="A program"
    )
    return AccessToken.objects.create(token=name, expires=at, application=program)


def remove() -> dict[str, int]:
    return leftovers.remove_nightly(clock=lambda: NIGHT)


def told(verb: str) -> list[tuple]:
    """What the trail says of a verb: the fund and the count."""
    rows = Event.objects.filter(verb=verb).order_by("created_at", "id")
    return [(row.fund_id, json.loads(bytes(row.body))["facts"]["count"]) for row in rows]


def test_drafts_that_were_never_sent_go_after_thirty_days(db):
    world = make_world()
    start(world, OLD)
    kept = {
        start(world, YOUNG).id,
        start(world, OLD, updated_at=NIGHT).id,
        start(world, OLD, submitted_request_id=uuid4()).id,
    }

    assert remove() == {**NONE, "drafts": 1}

    assert set(Draft.objects.values_list("id", flat=True)) == kept
    assert told("drafts.removed") == [(world.fund.id, 1)]


def test_asks_for_a_donors_link_go_after_thirty_days_and_links_thirty_days_after_they_ran_out(db):
    world = make_world()
    donor = make_donor(world)
    own = {"fund": world.fund, "contact_hash": "x"}
    for number, at in enumerate((OLD, YOUNG)):
        DonorLinkAsk.objects.create(id=uuid4(), created_at=at, **own)
        DonorLink.objects.create(
            id=uuid4(),
            created_at=OLD,
            expires_at=at,
            donor=donor,
            token_hash=str(number),
            most_opens=1,
            **own,
        )

    assert remove() == {**NONE, "link_asks": 1, "donor_links": 1}

    assert DonorLinkAsk.objects.get().created_at == DonorLink.objects.get().expires_at == YOUNG
    assert told("link_asks.removed") == told("donor_links.removed") == [(world.fund.id, 1)]


def test_promises_that_nobody_proved_or_that_were_decided_go_after_thirty_days(db):
    world = make_world()
    old = make_offer(world, now=OLD - LINK_LASTS)
    kept = {
        make_offer(world, now=YOUNG).id,
        prove_offer(world, now=OLD, amount_cents=7_000).id,
        _turned_down(world, at=YOUNG).id,
    }
    gone = {old.id, _turned_down(world, at=OLD).id}

    assert remove() == {**NONE, "pledge_offers": 2}

    left = set(PledgeOffer.objects.values_list("id", flat=True))
    assert (left, left & gone) == (kept, set())
    assert told("pledge_offers.removed") == [(world.fund.id, 2)]


def _turned_down(world, *, at):
    row = prove_offer(world, now=OLD, contact="b@example.org")
    director = world.actor(Role.DIRECTOR)
    return pledge_offers.turn_down(offer_id=row.id, reason="A test.", by=director, now=at)


def test_each_funds_drafts_stand_in_its_own_trail(db):
    first, second = make_world(), make_world(name="Another fund")
    start(first, OLD)
    start(second, OLD)
    start(second, OLD)

    assert remove()["drafts"] == 3

    assert sorted(told("drafts.removed")) == sorted([(first.fund.id, 1), (second.fund.id, 2)])


def test_old_calls_are_forgotten_and_their_keys_are_free_again(db):
    world = make_world()
    once, by = Once("user:1", "key", "route", "body"), world.actor(Role.DIRECTOR)
    funds.pause_intake(fund_id=world.fund.id, by=by, now=OLD, once=once)
    call(YOUNG, "young")
    with pytest.raises(Replay):
        funds.pause_intake(fund_id=world.fund.id, by=by, now=NIGHT, once=once)

    assert remove()["calls"] == 1

    # No replay any more: the call is made, and refused by the state that it finds.
    with pytest.raises(errors.WrongState):
        funds.pause_intake(fund_id=world.fund.id, by=by, now=NIGHT, once=once)
    assert RememberedCall.objects.filter(key="young").exists()
    assert told("calls.forgotten") == [(world.fund.id, 1)]


def test_tokens_go_thirty_days_after_they_ran_out(db):
    world = make_world()
    token(OLD, "old")
    token(YOUNG, "young")
    token(NIGHT + timedelta(minutes=15), "alive")

    assert remove()["tokens"] == 1

    assert set(AccessToken.objects.values_list("token", flat=True)) == {"young", "alive"}
    assert told("tokens.removed") == [(world.fund.id, 1)]


def test_sessions_go_the_night_after_they_ran_out(db):
    world = make_world()
    for key, left in (("over", -1), ("alive", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NIGHT + timedelta(minutes=left))

    assert remove()["sessions"] == 1

    assert Session.objects.get().session_key == "alive"
    assert told("sessions.removed") == [(world.fund.id, 1)]


def test_a_file_that_no_row_names_goes_and_one_that_has_a_row_or_is_of_today_stays(db, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    world = make_world()
    kept = make_file(world, put_money_in(world, 1_000).commitment).place
    stray, fresh = files.keep(b"stray"), files.keep(b"fresh")
    for place in (kept, stray):
        os.utime(settings.FILES_DIR / place[:2] / place, (OLD.timestamp(), OLD.timestamp()))

    assert remove()["files"] == 1

    assert {path.name for path in settings.FILES_DIR.glob("??/*")} == {kept, fresh}
    assert told("files.removed") == [(world.fund.id, 1)]
    assert remove()["files"] == 0


def test_many_go_in_portions(db, monkeypatch):
    monkeypatch.setattr(leftovers, "MOST", 2)
    world = make_world()
    for number in range(5):
        call(OLD, str(number))

    assert remove()["calls"] == 5

    assert sorted(told("calls.forgotten")) == [(world.fund.id, count) for count in (1, 2, 2)]


def test_it_runs_in_its_hour_and_finds_nothing_twice(db):
    world = make_world()
    start(world, OLD)

    assert leftovers.remove_nightly(clock=lambda: NIGHT + timedelta(hours=1)) == {}
    assert remove()["drafts"] == 1
    assert remove() == NONE
    assert len(told("drafts.removed")) == 1


def test_before_there_is_a_fund_nothing_is_removed(db):
    call(OLD, "old")

    assert remove() == NONE


def test_requests_stay(db):
    world = make_world()
    file_request(world)

    leftovers.remove_nightly(clock=lambda: NIGHT + timedelta(days=400))

    assert AssistanceRequest.objects.count() == 1


def test_a_draft_that_its_worker_saves_at_this_moment_stays(committed_db):
    world = make_world()
    draft = start(world, OLD)
    removed = []

    def sweep() -> None:
        try:
            removed.append(remove()["drafts"])
        finally:
            connections.close_all()

    with transaction.atomic():
        Draft.objects.select_for_update().get(id=draft.id)
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(30)

    assert removed == [0]
    # The control: nobody holds it now.
    assert remove()["drafts"] == 1
