"""My data, through the real pages as a browser without scripts uses them."""

import json
from datetime import timedelta

import pytest
from builders import World, make_world
from console import Staff
from django.utils import timezone
from walking import Walk, errors_of, heading_of

from fundmgr.domain.permissions import Role
from fundmgr.services import background
from requests_app.models import Applicant, Erasure

PAGE = "my-data/"


@pytest.fixture
def world(db: None) -> World:
    return make_world(now=timezone.now() - timedelta(days=1))


@pytest.fixture
def walk(world: World) -> Walk:
    """A worker who sent a request."""
    walk = Walk(world)
    walk.fill()
    walk.send()
    background.deliver(clock=timezone.now)
    return walk


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_all_of_it_comes_as_json_and_as_pdf(walk: Walk):
    assert "My data" in text_of(walk.get("request/"))
    assert "Ana Rivera" in text_of(walk.get(PAGE))

    as_json = walk.get(f"{PAGE}everything.json")
    found = json.loads(as_json.content)
    assert found["person"]["contact"] == "ana@example.com"
    assert found["requests"][0]["needs"] == {"FOOD": 60_000, "RENT": 240_000}
    assert "attachment" in as_json["Content-Disposition"]
    assert "no-store" in as_json["Cache-Control"]
    as_pdf = walk.get(f"{PAGE}everything.pdf")
    assert as_pdf.content.startswith(b"%PDF")


def test_the_name_is_changed(walk: Walk):
    page = walk.post(f"{PAGE}name/", {"full_name": " "})
    assert (page.status_code, errors_of(page)) == (422, ["Enter your full name"])

    assert walk.post(f"{PAGE}name/", {"full_name": "Ana Rivera Soto"}).status_code == 302
    assert "Ana Rivera Soto" in text_of(walk.get(PAGE))


def test_erasing_waits_while_a_request_is_open(walk: Walk):
    page = walk.get(f"{PAGE}erase/")

    assert "still open" in text_of(page)
    assert walk.post(f"{PAGE}erase/", {"sure": "on"}).status_code == 200
    assert not Erasure.objects.exists()


def test_erasing_takes_two_steps_and_signs_out(world: World, walk: Walk):
    walk.post("request/take-back/")
    page = text_of(walk.get(f"{PAGE}erase/"))
    assert "What stays" in page
    assert "You were never paid" in page
    unsure = walk.post(f"{PAGE}erase/")
    assert errors_of(unsure) == ["Tick the box to say you want us to erase it"]

    sent = walk.post(f"{PAGE}erase/", {"sure": "on"})
    assert sent.url.endswith("/my-data/erased/")
    assert heading_of(walk.get(f"{PAGE}erased/")) == "We erase your data"
    background.run_jobs(clock=timezone.now)

    assert Applicant.objects.get().contact == ""
    assert walk.get(PAGE).status_code == 302
    listed = text_of(Staff(world, Role.DIRECTOR).get("settings/erasures/"))
    assert "books and sums without a name" in listed
    assert Staff(world, Role.REVIEWER).get("settings/erasures/").status_code == 403


def test_nobody_else_gets_at_it(world: World, walk: Walk):
    nobody = Walk(world)
    assert nobody.get(PAGE).status_code == 302
    for page in ("everything.json", "everything.pdf", "name/", "erase/"):
        assert nobody.get(PAGE + page).status_code == 404
    stranger = Walk(world)
    stranger.prove("stranger@example.com", path="sign-in/")
    assert "Ana" not in text_of(stranger.get(f"{PAGE}everything.json"))
