"""Scenarios: kept as they were saved, opened on another day's people and money, changed by few."""

import json

import pytest
from builders import NOW, make_world, put_money_in
from django.db import IntegrityError, InternalError, transaction
from django.db.models import F
from waiting import make_requests

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from requests_app.exports import scenario_words
from requests_app.models import AssistanceRequest, Scenario
from requests_app.queries import scenarios as queries
from requests_app.services import scenarios, workbench

pytestmark = pytest.mark.django_db
EQUAL = {"version": 1, "rule": "equal_awards"}
WHOLE = {"version": 1, "rule": "queue", "last": "stop", "need_up_to_cents": 750_000}


@pytest.fixture
def world(db):
    made = make_world(reserve_bp=0)
    put_money_in(made, 300_000)
    make_requests(made, [100_000, 200_000, 450_000])
    return made


def saved(world, *, role=Role.BOARD, name="Before the meeting", **more):
    said = {"note": "Two ways.", "rules": [EQUAL, WHOLE], "chosen": 1} | more
    return scenarios.save(fund_id=world.fund.id, name=name, **said, by=world.actor(role), now=NOW)


def since(world, row):
    found = scenarios.reopen(row, by=world.actor(Role.BOARD), now=NOW)
    return scenario_words.since(row, found)


def test_a_scenario_keeps_rules_totals_and_digests_of_its_moment(world):
    row = saved(world)

    found = workbench.compare(
        fund_id=world.fund.id, rules=[EQUAL, WHOLE], by=world.actor(Role.BOARD), now=NOW
    )
    row.refresh_from_db()
    assert [rule["need_up_to_cents"] for rule in row.rules] == [150_000, 750_000]
    assert all(rule | wanted == rule for rule, wanted in zip(row.rules, [EQUAL, WHOLE], strict=True))
    assert (row.chosen, row.note) == (1, "Two ways.")
    assert (row.people_count, row.verified_cents, row.shared_cents) == (3, 750_000, 300_000)
    assert (row.snapshot_digest, row.digest) == (found.snapshot_digest, found.digest)
    event = Event.objects.get(verb="scenario.saved")
    assert (event.object_id, json.loads(bytes(event.body))["facts"]["people"]) == (row.id, 3)


def test_opened_again_it_is_the_same_and_says_so(world):
    row = saved(world)

    assert since(world, row) == [scenario_words.SAME]
    assert scenarios.reopen(row, by=world.actor(Role.BOARD), now=NOW).digest == row.digest


def test_what_changed_of_money_and_people_is_told_in_plain_lines(world):
    row = saved(world)
    put_money_in(world, 50_000, bank_reference="WIRE-2")
    make_requests(world, [60_000])

    assert since(world, row) == [
        "There is $500 more to share than when it was saved: $3,500, and it was $3,000.",
        "1 more person waits than when it was saved: 4, and it was 3.",
        "There is $600 more of verified need than when it was saved: $8,100, and it was $7,500.",
    ]


def test_a_change_that_no_total_shows_is_told_too(world):
    row = saved(world)
    more, less, _ = AssistanceRequest.objects.order_by("submitted_at")
    AssistanceRequest.objects.filter(id=more.id).update(verified_cents=F("verified_cents") + 1)
    AssistanceRequest.objects.filter(id=less.id).update(verified_cents=F("verified_cents") - 1)

    assert since(world, row) == [scenario_words.UNSEEN]


def test_two_scenarios_stand_side_by_side_on_one_ground(world):
    one, other = saved(world), saved(world, name="Another", rules=[EQUAL], chosen=0)

    found = scenarios.reopen(one, beside=other, by=world.actor(Role.BOARD), now=NOW)

    assert len(found.rules) == 3
    assert found.rules[0].row == found.rules[2].row


def test_its_maker_and_a_director_change_it_and_nobody_else(world):
    row = saved(world)

    for role in (Role.APPROVER, Role.TREASURER_PREPARES, Role.AUDITOR):
        with pytest.raises(errors.Forbidden):
            scenarios.remove(scenario_id=row.id, by=world.actor(role), now=NOW)
    renamed = scenarios.rename(
        scenario_id=row.id, version=1, name="For Monday", by=world.actor(Role.BOARD), now=NOW
    )
    noted = scenarios.rename(scenario_id=row.id, version=2, note="", by=world.actor(Role.DIRECTOR), now=NOW)

    assert (renamed.name, noted.note, noted.version) == ("For Monday", "", 3)
    assert Event.objects.filter(verb="scenario.renamed").count() == 2


def test_whoever_read_an_older_version_overwrites_nothing(world):
    row = saved(world)
    scenarios.rename(scenario_id=row.id, version=1, name="First", by=world.actor(Role.BOARD), now=NOW)

    with pytest.raises(errors.StaleVersion):
        scenarios.rename(scenario_id=row.id, version=1, name="Second", by=world.actor(Role.BOARD), now=NOW)


def test_one_taken_away_is_in_no_list_and_its_name_is_free_again(world):
    row = saved(world)

    scenarios.remove(scenario_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)

    with pytest.raises(errors.NotFound):
        queries.visible_scenario(world.actor(Role.BOARD), scenario_id=row.id)
    with pytest.raises(errors.NotFound):
        scenarios.remove(scenario_id=row.id, by=world.actor(Role.DIRECTOR), now=NOW)
    again = saved(world)
    assert list(queries.visible_scenarios(world.actor(Role.BOARD), fund_id=world.fund.id)) == [again]
    assert Event.objects.filter(verb="scenario.removed").count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "  "}, "missing_or_long"),
        ({"name": "x" * 81}, "missing_or_long"),
        ({"note": "x" * 501}, "too_long"),
        ({"rules": []}, "wrong_count"),
        ({"rules": [EQUAL] * 6}, "wrong_count"),
        ({"chosen": 2}, "no_such_rule"),
        ({"rules": [{"version": 1, "rule": "by_mood"}], "chosen": 0}, "unknown_rule"),
    ],
)
def test_what_cannot_be_kept_is_refused(world, changed, code):
    with pytest.raises(errors.InvalidInput) as refused:
        saved(world, **changed)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert not Scenario.objects.exists()


def test_a_name_stands_once(world):
    saved(world)

    with pytest.raises(errors.InvalidInput) as refused:
        saved(world)

    assert [problem.code for problem in refused.value.problems] == ["taken"]
    twin = Scenario.objects.get()
    twin.id = world.fund.id
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.REVIEWER, Role.INTAKE])
def test_whoever_shares_no_money_saves_none(world, role):
    with pytest.raises(errors.Forbidden):
        saved(world, role=role)


def test_another_funds_scenario_is_not_there(world):
    row, stranger = saved(world), make_world(name="Another").actor(Role.DIRECTOR)

    with pytest.raises(errors.NotFound):
        queries.visible_scenario(stranger, scenario_id=row.id)
    with pytest.raises(errors.NotFound):
        scenarios.remove(scenario_id=row.id, by=stranger, now=NOW)


@pytest.mark.parametrize("changed", [{"digest": "0" * 64}, {"rules": []}, {"shared_cents": 1}])
def test_the_database_keeps_what_was_saved(world, changed):
    row = saved(world)

    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Scenario.objects.filter(id=row.id).update(**changed)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Scenario.objects.filter(id=row.id).delete()
