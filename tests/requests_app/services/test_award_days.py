"""Awards and the calendar: reminded in time, expired after their last day, never both."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from builders import NOW, make_world, put_money_in
from casework import accepted_awards, choose_bank, make_awards, worker_of
from django.db import connections

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import AwardState, RequestState
from fundmgr.domain.permissions import Role
from fundmgr.models import Event, OutboxMessage
from fundmgr.queries import books
from fundmgr.services import funds, proof
from fundmgr.services.founding import PolicyTerms
from requests_app.models import AssistanceRequest, Award, RequestTransition
from requests_app.services import award_days, awards, notices

# The end of October 18 in Los Angeles, thirty days after NOW.
LAST = datetime(2023, 10, 19, 6, 59, 59, tzinfo=UTC)
AFTER = LAST + timedelta(seconds=1)


@pytest.fixture
def world(db):
    world = make_world(reserve_bp=0)
    put_money_in(world, 500_000)
    return world


def fresh(award) -> Award:
    return Award.objects.get(id=award.id)


def told(kind: str) -> list[str]:
    """The effect keys of the notices that are owed, in their order."""
    rows = OutboxMessage.objects.filter(kind="notice", payload__kind=kind)
    return list(rows.order_by("created_at", "effect_key").values_list("effect_key", flat=True))


def test_an_award_can_be_accepted_until_the_end_of_a_day_in_the_funds_zone(world):
    (award,) = make_awards(world, [120_000])

    assert award.accept_by == LAST


@pytest.mark.parametrize("hours", [24, 36, 720])
def test_where_the_policy_counts_hours_an_award_can_be_accepted_for_so_many_from_its_moment_on(world, hours):
    terms = PolicyTerms(750_000, 150_000, 0, 10**9, "The board", accept_hours=hours)
    funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)
    (award,) = make_awards(world, [120_000])
    until = NOW + timedelta(hours=hours)
    assert award.accept_by == until

    assert award_days.expire(fund_id=world.fund.id, now=until) == 0
    assert award_days.expire(fund_id=world.fund.id, now=until + timedelta(seconds=1)) == 1

    assert fresh(award).state == AwardState.EXPIRED
    assert books.available_cents(world.fund.id) == 500_000


def test_messages_about_an_award_by_the_hour_say_the_time_of_day(world):
    said = []
    for moment in (LAST, NOW + timedelta(hours=36)):
        kinds = ("award_made", "award_reminder", "award_expired")
        letters = [
            notices.Letter(
                world.fund, None, "", language, kind, {"amount_cents": 120_000, "accept_by": moment}
            )
            for kind in kinds
            for language in ("en", "es")
        ]
        said.append([notices.written(letter)[1] for letter in letters])
    assert all("Wednesday, October 18" in mail and " pm" not in mail for mail in said[0][::2])
    assert all("Tuesday, September 19, 9:00 pm" in mail for mail in said[1][::2])
    assert all("19 de septiembre, 9:00 p. m." in mail and "m.." not in mail for mail in said[1][1::2])


def test_an_award_that_nobody_accepted_expires_and_its_money_is_available_again(world):
    (award,) = make_awards(world, [120_000])
    assert books.available_cents(world.fund.id) == 380_000
    assert award_days.expire(fund_id=world.fund.id, now=LAST) == 0

    assert award_days.expire(fund_id=world.fund.id, now=AFTER) == 1

    assert books.available_cents(world.fund.id) == 500_000
    assert (fresh(award).state, fresh(award).version) == (AwardState.EXPIRED, award.version + 1)
    request = AssistanceRequest.objects.get(id=award.request_id)
    assert (request.state, request.state_since) == (RequestState.CLOSED, AFTER)
    moved = RequestTransition.objects.get(request=request, new_state=RequestState.CLOSED)
    assert (moved.old_state, moved.reason, moved.actor) == (RequestState.AWARDED, "AWARD_EXPIRED", "system")
    assert told("award_expired") == [f"award_expired:{award.id}"]
    event = Event.objects.get(verb="award.expired")
    assert event.object_id == award.id
    assert json.loads(bytes(event.body))["facts"]["amount_cents"] == 120_000
    assert proof.check_books() == []
    # Once and for all.
    assert award_days.expire(fund_id=world.fund.id, now=AFTER) == 0


def test_an_accepted_award_never_expires(world):
    (award,) = accepted_awards(world, [120_000])

    assert award_days.run_daily(clock=lambda: AFTER + timedelta(days=400)) == {"expired": 0, "reminded": 0}

    assert fresh(award).state == AwardState.COMMITTED
    assert books.available_cents(world.fund.id) == 380_000


def test_an_award_from_before_there_were_last_days_stays(world):
    (award,) = make_awards(world, [120_000])
    Award.objects.update(accept_by=None)

    assert award_days.run_daily(clock=lambda: AFTER) == {"expired": 0, "reminded": 0}

    assert fresh(award).state == AwardState.RESERVED


def test_an_expired_award_can_be_neither_accepted_nor_declined(world):
    (award,) = make_awards(world, [120_000])
    award_days.expire(fund_id=world.fund.id, now=AFTER)

    with pytest.raises(errors.WrongState):
        choose_bank(world, award, now=AFTER)
    with pytest.raises(errors.WrongState):
        awards.decline(award_id=award.id, by=worker_of(award.request), now=AFTER)

    assert books.available_cents(world.fund.id) == 500_000


def test_many_expire_in_portions(world, monkeypatch):
    monkeypatch.setattr(award_days, "MOST", 2)
    make_awards(world, [10_000] * 5)

    assert award_days.run_daily(clock=lambda: AFTER)["expired"] == 5

    assert books.available_cents(world.fund.id) == 500_000
    assert proof.check_books() == []


def test_a_worker_is_reminded_after_three_and_seven_days_and_a_day_before_the_last(world):
    (award,) = make_awards(world, [120_000])
    third, seventh, last = NOW + timedelta(days=3), NOW + timedelta(days=7), LAST - timedelta(days=1)

    assert award_days.remind(fund_id=world.fund.id, now=third - timedelta(seconds=1)) == 0
    for now in (third, third + timedelta(hours=1), seventh, last, last + timedelta(hours=1)):
        assert award_days.remind(fund_id=world.fund.id, now=now) == 1

    assert told("award_reminder") == [
        f"award_reminder:{award.id}:{word}" for word in ("after3", "after7", "last")
    ]


def test_of_reminders_that_nobody_sent_in_time_the_latest_goes_out(world):
    (award,) = make_awards(world, [120_000])

    assert award_days.remind(fund_id=world.fund.id, now=NOW + timedelta(days=8)) == 1

    assert told("award_reminder") == [f"award_reminder:{award.id}:after7"]


def test_a_reminder_that_was_due_before_the_award_is_none(world):
    (award,) = make_awards(world, [120_000])
    Award.objects.update(accept_by=NOW + timedelta(days=2))

    assert award_days.remind(fund_id=world.fund.id, now=NOW + timedelta(hours=23)) == 0
    assert award_days.remind(fund_id=world.fund.id, now=NOW + timedelta(days=1)) == 1

    assert told("award_reminder") == [f"award_reminder:{award.id}:last"]


def test_each_fund_expires_its_own(world):
    other = make_world(name="Another fund", reserve_bp=0)
    (award,) = make_awards(world, [120_000])

    assert award_days.expire(fund_id=other.fund.id, now=AFTER) == 0

    assert fresh(award).state == AwardState.RESERVED


@pytest.mark.parametrize("was_late", [False, True])
def test_accepting_and_expiring_at_once_leaves_one_of_them(committed_db, was_late):
    """The control accepts a day before, where nothing stands in its way."""
    world = make_world(reserve_bp=0)
    put_money_in(world, 500_000)
    (award,) = make_awards(world, [120_000])
    now = AFTER if was_late else LAST - timedelta(days=1)
    start, outcomes = threading.Barrier(2), []

    def run(act) -> None:
        try:
            start.wait()
            outcomes.append(act())
        except errors.WrongState:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=[lambda: award_days.expire(fund_id=world.fund.id, now=now)]),
        threading.Thread(target=run, args=[lambda: bool(choose_bank(world, award, now=now)) and "accepted"]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    won = {AwardState.EXPIRED: [1, "refused"], AwardState.COMMITTED: [0, "accepted"]}
    state = AwardState(fresh(award).state)
    assert sorted(outcomes, key=str) == won[state]
    assert was_late or state is AwardState.COMMITTED
    assert books.available_cents(world.fund.id) == (500_000 if state is AwardState.EXPIRED else 380_000)
    assert proof.check_books() == []
