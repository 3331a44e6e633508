"""How far the money went by craft and by urgency: nobody is found by taking what is shown from the whole."""

import pytest
from builders import make_world, put_money_in
from casework import make_awards
from django.core.cache import cache
from django.test import Client
from waiting import make_requests

from requests_app.queries import helped_groups
from requests_app.queries.helped_groups import NOT_URGENT, URGENT, Group, tiers, together


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], []),
        ([Group("Camera", 10, 20)], []),
        ([Group("Sound", 0, 12), Group("Camera", 10, 20)], [Group("Camera", 10, 20), Group("Sound", 0, 12)]),
        # Three of Editing alone would be the whole less the two others.
        (
            [Group("Camera", 10, 20), Group("Sound", 0, 12), Group("Editing", 1, 2)],
            [],
        ),
        (
            [Group("Camera", 30, 20), Group("Cast", 20, 20), Group("Sound", 12, 12), Group("Editing", 1, 2)],
            [Group("Camera", 30, 20), Group("Cast", 20, 20), Group("", 13, 14)],
        ),
        (
            [Group("Camera", 30, 20), Group("Editing", 6, 7), Group("Hair", 5, 5)],
            [Group("Camera", 30, 20), Group("", 11, 12)],
        ),
        ([Group("Camera", 10, 9), Group("Sound", 1, 2)], []),
        ([Group("", 12, 30), Group("Camera", 10, 20)], [Group("Camera", 10, 20), Group("", 12, 30)]),
    ],
)
def test_crafts_of_few_people_are_told_together(found, told):
    assert together(found) == told


def urgent(awarded, waiting):
    return Group(URGENT, awarded, waiting)


@pytest.mark.parametrize(
    ("few", "everybody", "told"),
    [
        (urgent(10, 20), [Group("Camera", 20, 20), Group("Sound", 12, 12)], (22, 12)),
        (urgent(10, 20), [Group("Camera", 20, 20)], (10, 0)),
        (urgent(30, 0), [Group("Camera", 30, 40)], (0, 40)),
        # Few urgent ones, few others, no urgent ones, nobody else, and nobody at all.
        (urgent(9, 20), [Group("Camera", 30, 40)], None),
        (urgent(10, 20), [Group("Camera", 19, 40)], None),
        (urgent(0, 0), [Group("Camera", 30, 40)], None),
        (urgent(30, 40), [Group("Camera", 30, 40)], None),
        (urgent(0, 0), [], None),
    ],
)
def test_tiers_are_told_only_where_neither_is_of_few_people(few, everybody, told):
    assert tiers(few, everybody) == ([few, Group(NOT_URGENT, *told)] if told else [])


@pytest.mark.django_db
def test_the_page_tells_it_by_urgency_as_department_and_urgency_count_the_same_people():
    cache.clear()
    world = make_world()
    put_money_in(world, 5_000_000)
    make_awards(world, [10_000] * 12)
    make_requests(world, [50_000] * 15, craft="Sound", urgency=["EVICTION"])
    make_requests(world, [50_000] * 11, craft="Camera")

    found = helped_groups.read(world.fund.id)
    page = Client().get(f"/f/{world.fund.slug}/").content.decode()

    assert found.tiers == [Group(URGENT, 0, 15), Group(NOT_URGENT, 12, 11)]
    assert sum(one.whole_count for one in found.crafts) == 38
    assert "<summary>By urgency</summary>" in page
    assert '<th scope="row">Urgent requests</th><td class="n">15</td><td class="n">0</td>' in page
    assert '<th scope="row">Other requests</th><td class="n">23</td><td class="n">12</td>' in page


@pytest.mark.django_db
def test_the_page_tells_it_in_the_readers_words():
    cache.clear()
    world = make_world()
    put_money_in(world, 5_000_000)
    make_awards(world, [10_000] * 12)
    make_requests(world, [50_000] * 15, craft="Sound")
    make_requests(world, [50_000] * 11, craft="Camera")
    make_requests(world, [50_000] * 4, craft="Rigging")

    found = helped_groups.read(world.fund.id).crafts
    page = Client().get(f"/f/{world.fund.slug}/", headers={"Accept-Language": "es"}).content.decode()

    assert sum(one.whole_count for one in found) == 42
    assert all(one.is_many for one in found)
    assert "Rigging" not in page
    assert "<summary>Por departamento</summary>" in page
    assert '<th scope="row">Sonido</th><td class="n">15</td><td class="n">0</td>' in page
