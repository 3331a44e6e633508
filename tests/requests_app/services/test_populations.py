"""Rules tried on a part of those who wait: by show, craft, local and urgency, and never on too few."""

from dataclasses import replace

import pytest
from builders import NOW, make_world, put_money_in
from waiting import make_requests

from fundmgr.domain import errors, ids
from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.permissions import Role
from fundmgr.domain.populations import EVERYBODY, Population
from requests_app.models import AssistanceRequest, Production
from requests_app.queries import populations, rounds
from requests_app.queries.populations import LEAST_PEOPLE, Part
from requests_app.services import scenarios, workbench

pytestmark = pytest.mark.django_db
EQUAL = {"version": 1, "rule": "equal_awards"}


@pytest.fixture
def world():
    made = make_world(reserve_bp=0)
    put_money_in(made, 300_000)
    make_requests(made, [100_000] * 12)
    make_requests(made, [50_000] * 11, urgency=[Urgency.EVICTION])
    return made


def tried(world, population, *, role=Role.DIRECTOR):
    return workbench.compare(
        fund_id=world.fund.id, rules=[EQUAL], population=population, by=world.actor(role), now=NOW
    )


def test_all_the_money_is_tried_on_a_part_alone(world):
    found = tried(world, Population(urgency="URGENT"))

    assert (found.ground.people_count, found.ground.everybody_count) == (11, 23)
    assert found.ground.verified_cents == 550_000
    assert found.rules[0].row.spread.paid_cents == 300_000
    assert found.rules[0].row.spread.highest_cents == 27_273
    assert tried(world, EVERYBODY).snapshot_digest != found.snapshot_digest


@pytest.mark.parametrize(
    ("word", "value"),
    [("craft", "sound mixer"), ("union_local", "LOCAL 695"), ("show", "harbor"), ("urgency", "OTHER")],
)
def test_each_word_narrows_in_any_spelling_and_two_narrow_together(world, word, value):
    others = list(AssistanceRequest.objects.filter(urgency=[]).values_list("id", flat=True))
    AssistanceRequest.objects.filter(id__in=others).update(
        craft="Sound Mixer", union_local="Local 695", production_name="Harbor", production=None
    )
    AssistanceRequest.objects.filter(id=others[0]).update(craft="Grip")

    one = tried(world, Population(**{word: value})).ground
    both = tried(world, replace(Population(craft="GRIP"), **{word: value})).ground

    assert one.people_count == (11 if word == "craft" else 12)
    assert both.people_count == (11 if word == "craft" else 1)


def test_a_show_of_the_list_counts_by_its_name_there(world):
    show = Production.objects.create(id=ids.new_id(NOW), fund=world.fund, created_at=NOW, name="Night Shift")
    AssistanceRequest.objects.filter(urgency=[]).update(production=show, production_name="nite shift")

    assert tried(world, Population(show="Night Shift")).ground.people_count == 12
    assert tried(world, Population(show="nite shift")).ground.people_count == 0


def test_nobody_in_a_part_is_a_part_of_nobody(world):
    found = tried(world, Population(craft="Astronaut"), role=Role.BOARD)

    assert (found.ground.people_count, found.rules[0].row.spread.paid_count) == (0, 0)


def test_who_may_not_open_requests_sees_no_part_of_a_few(world):
    few = AssistanceRequest.objects.filter(urgency=[]).values_list("id", flat=True)[: LEAST_PEOPLE - 1]
    AssistanceRequest.objects.filter(id__in=list(few)).update(craft="Armorer")

    assert tried(world, Population(craft="Armorer")).ground.people_count == 9
    with pytest.raises(errors.InvalidInput, match="Fewer than 10 people") as refused:
        tried(world, Population(craft="Armorer"), role=Role.BOARD)
    assert [problem.code for problem in refused.value.problems] == ["too_few_people"]
    crafts = {
        role: populations.parts(world.actor(role), fund_id=world.fund.id, states=rounds.UNAWARDED)["craft"]
        for role in (Role.DIRECTOR, Role.BOARD)
    }
    assert Part("Armorer", 9) in crafts[Role.DIRECTOR]
    assert [part.people_count for part in crafts[Role.BOARD]] == [14]


@pytest.mark.parametrize("population", [Population(urgency="SOON"), Population(show="a\x00b")])
def test_a_word_that_nothing_has_is_refused(world, population):
    with pytest.raises(errors.InvalidInput):
        tried(world, population)


def test_a_scenario_keeps_its_part_and_is_opened_on_it(world):
    urgent = Population(urgency="URGENT")
    by = world.actor(Role.BOARD)
    row = scenarios.save(
        fund_id=world.fund.id, name="Urgent", rules=[EQUAL], population=urgent, by=by, now=NOW
    )
    make_requests(world, [70_000])
    row.refresh_from_db()

    again = scenarios.reopen(row, by=by, now=NOW)

    assert (row.population, row.people_count) == ({"urgency": "URGENT"}, 11)
    assert (again.ground.people_count, again.ground.everybody_count) == (11, 24)
    assert again.digest == row.digest
