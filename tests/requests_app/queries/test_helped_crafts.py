"""How far the money went by craft: nobody is found by taking what is shown from the whole."""

import pytest
from builders import make_world, put_money_in
from casework import make_awards
from django.core.cache import cache
from django.test import Client
from waiting import make_requests

from requests_app.queries import helped_crafts
from requests_app.queries.helped_crafts import Craft, together


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], []),
        ([Craft("Camera", 10, 20)], []),
        ([Craft("Sound", 0, 12), Craft("Camera", 10, 20)], [Craft("Camera", 10, 20), Craft("Sound", 0, 12)]),
        # Three of Editing alone would be the whole less the two others.
        (
            [Craft("Camera", 10, 20), Craft("Sound", 0, 12), Craft("Editing", 1, 2)],
            [],
        ),
        (
            [Craft("Camera", 30, 20), Craft("Cast", 20, 20), Craft("Sound", 12, 12), Craft("Editing", 1, 2)],
            [Craft("Camera", 30, 20), Craft("Cast", 20, 20), Craft("", 13, 14)],
        ),
        (
            [Craft("Camera", 30, 20), Craft("Editing", 6, 7), Craft("Hair", 5, 5)],
            [Craft("Camera", 30, 20), Craft("", 11, 12)],
        ),
        ([Craft("Camera", 10, 9), Craft("Sound", 1, 2)], []),
        ([Craft("", 12, 30), Craft("Camera", 10, 20)], [Craft("Camera", 10, 20), Craft("", 12, 30)]),
    ],
)
def test_crafts_of_few_people_are_told_together(found, told):
    assert together(found) == told


@pytest.mark.django_db
def test_the_page_tells_it_in_the_readers_words():
    cache.clear()
    world = make_world()
    put_money_in(world, 5_000_000)
    make_awards(world, [10_000] * 12)
    make_requests(world, [50_000] * 15, craft="Sound")
    make_requests(world, [50_000] * 11, craft="Camera")
    make_requests(world, [50_000] * 4, craft="Rigging")

    found = helped_crafts.read(world.fund.id)
    page = Client().get(f"/f/{world.fund.slug}/", headers={"Accept-Language": "es"}).content.decode()

    assert sum(one.whole_count for one in found) == 42
    assert all(one.is_many for one in found)
    assert "Rigging" not in page
    assert "<summary>Por departamento</summary>" in page
    assert '<th scope="row">Sonido</th><td class="n">15</td><td class="n">0</td>' in page
