"""The figures of the fund's page as files: what the page says, and as little of few people as there."""

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from builders import NOW, World, make_world, put_money_in
from django.core.cache import cache
from django.test import Client

from requests_app.pages import public_figures
from requests_app.queries import public
from requests_app.queries.helped_groups import Group, Groups

MANY = Groups(
    crafts=[Group("Camera", 40, 60), Group("", 12, 20)],
    tiers=[Group("URGENT", 30, 10), Group("NOT_URGENT", 22, 70)],
)


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    return make_world()


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch, world: World) -> Groups:
    """Groups as the page would tell them."""
    monkeypatch.setattr(public.helped_groups, "read", lambda _fund_id: MANY)
    monkeypatch.setattr(public, "_may_show", lambda _helped: True)
    return MANY


def rows_of(client: Client, world: World) -> list[list[str]]:
    text = client.get(f"/f/{world.fund.slug}/figures.csv").content.decode()
    return list(csv.reader(io.StringIO(text)))


def found(client: Client, world: World) -> dict[str, Any]:
    read: dict[str, Any] = client.get(f"/f/{world.fund.slug}/figures.json").json()
    return read


def test_how_far_the_money_went_in_each_group_stands_in_both_files(
    client: Client, world: World, groups: Groups
) -> None:
    assert found(client, world)["groups"] == {
        "urgency": [
            {"name": "URGENT", "people_who_met_the_rules": 40, "people_with_an_award": 30},
            {"name": "NOT_URGENT", "people_who_met_the_rules": 92, "people_with_an_award": 22},
        ],
        "department": [
            {"name": "Camera", "people_who_met_the_rules": 100, "people_with_an_award": 40},
            {"name": "OTHERS", "people_who_met_the_rules": 32, "people_with_an_award": 12},
        ],
    }
    rows = rows_of(client, world)
    assert ["people_who_met_the_rules, urgency URGENT", "40", "people"] in rows
    assert ["people_with_an_award, department OTHERS", "12", "people"] in rows


def test_the_page_and_the_files_tell_the_same_groups(client: Client, world: World, groups: Groups) -> None:
    page = client.get(f"/f/{world.fund.slug}/").content.decode()
    shown = re.findall(
        r'<tr><th scope="row">[^<]+</th><td class="n">(\d+)</td><td class="n">(\d+)</td></tr>', page
    )

    told = [
        (str(one["people_who_met_the_rules"]), str(one["people_with_an_award"]))
        for kind in ("urgency", "department")
        for one in found(client, world)["groups"][kind]
    ]
    assert told == shown


def test_no_groups_of_few_people_are_told(client: Client, world: World) -> None:
    put_money_in(world, 50_000_000)

    assert found(client, world)["groups"] == {"urgency": [], "department": []}
    assert not [name for name, _value, _unit in rows_of(client, world) if "urgency" in name]


def test_a_figure_below_zero_stays_a_number(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Less than a dollar below zero too; and no apostrophe, which keeps words from being run, before it."""
    page = public.fund_page(world.fund.slug, now=NOW)
    split = replace(page.figures.split, available_cents=-50)
    below = replace(page, figures=replace(page.figures, split=split))
    monkeypatch.setattr(public_figures.public, "fund_page", lambda _slug, now: below)

    assert ["still_to_be_shared", "-0.50", "USD"] in rows_of(client, world)


@pytest.mark.parametrize("name", ["figures.json", "figures.csv", "rule.json"])
def test_what_is_the_same_for_all_may_be_kept_for_five_minutes(
    client: Client, world: World, name: str
) -> None:
    assert client.get(f"/f/{world.fund.slug}/{name}")["Cache-Control"] == "public, max-age=300"


def test_moments_end_with_a_z(client: Client, world: World) -> None:
    assert re.fullmatch(r"[0-9T:.-]+Z", found(client, world)["as_of"])
