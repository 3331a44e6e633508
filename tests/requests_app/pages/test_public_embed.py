"""The picture of the two numbers: the page's own figures, readable without eyes, harmless on any site."""

import base64
import hashlib
from xml.etree import ElementTree

import pytest
from builders import make_world, put_money_in
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from waiting import make_requests

from fundmgr.models import Fund
from requests_app.pages import kept_pages

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def no_copies(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(kept_pages, "_pages", {})
    cache.clear()


@pytest.fixture
def world():
    made = make_world(reserve_bp=0)
    put_money_in(made, 100_000)
    make_requests(made, [50_000] * 40)
    return made


def get(world, language="en", **options):
    return Client().get(f"/f/{world.fund.slug}/embed/{language}.svg", **options)


def parts(answer):
    return ElementTree.fromstring(answer.content)  # noqa: S314 parses only what the site drew


def test_it_shows_the_two_numbers_of_the_page(world):
    answer = get(world)

    picture = parts(answer)
    bars = [one.get("width") for one in picture.findall(f"{SVG}rect")]
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert bars == ["479", "440", "22"]
    assert picture.find(f"{SVG}title").text.endswith(": The fund has 5 cents for each dollar asked for")
    assert picture.find(f"{SVG}desc").text.startswith("$1,000 in the fund. $20,000 asked for. Updated on ")
    assert picture.get("role") == "img"
    assert picture.get("aria-labelledby") == "t d"


def test_it_is_small_holds_no_program_and_its_only_style_is_let_in_by_its_hash(world):
    answer = get(world)

    style = parts(answer).find(f"{SVG}style").text
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert len(answer.content) < 3_000
    assert b"<script" not in answer.content
    assert b"http" not in answer.content.replace(b"http://www.w3.org/2000/svg", b"")
    assert answer["Content-Security-Policy"].count("'sha256-") == 1
    assert f"'sha256-{hashed}'" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "prefers-color-scheme:dark" in style


def test_each_language_has_its_picture_and_no_other(world):
    assert "El fondo tiene 5 centavos por cada" in get(world, "es").content.decode()
    assert get(world, "fr").status_code == 404
    assert Client().get("/f/no-such-fund/embed/en.svg").status_code == 404
    assert Client().post(f"/f/{world.fund.slug}/embed/en.svg").status_code == 405


def test_before_twenty_asked_it_is_too_early_and_an_empty_fund_has_an_empty_bar():
    empty = make_world()

    picture = parts(get(empty))

    assert picture.find(f"{SVG}title").text.endswith(": It is too early to say")
    assert [one.get("width") for one in picture.findall(f"{SVG}rect")] == ["479", "440", "0"]


def test_a_fund_with_more_than_was_asked_stays_in_its_frame():
    rich = make_world(reserve_bp=0)
    put_money_in(rich, 4_000_000)
    make_requests(rich, [50_000] * 40)

    picture = parts(get(rich))

    assert [one.get("width") for one in picture.findall(f"{SVG}rect")] == ["479", "220", "440"]


def test_a_long_sentence_is_fitted_and_a_long_name_cut(world):
    Fund.objects.update(name="<Crew> & " + "very " * 20)

    picture = parts(get(world, "es"))

    title = picture.find(f"{SVG}title").text
    assert title.startswith("<Crew> & very")
    assert "…:" in title
    shown = [one.text for one in picture.findall(f"{SVG}text")]
    assert " ".join(shown[1:3]) == title.split(": ", 1)[1]
    assert max(map(len, shown[1:3])) <= 40


def test_it_may_be_kept_for_five_minutes_by_anybody(world):
    first = get(world)

    assert first["Cache-Control"] == "public, max-age=300"
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    assert get(world, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_last_one_is_served_while_the_database_is_away(world, monkeypatch):
    first = get(world)

    def gone(*_args, **_keys):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", gone)
    cache.clear()

    assert get(world).content == first.content


def test_a_page_says_which_line_to_copy(world, settings):
    settings.SITE_URL = "https://fund.example"

    page = Client().get(f"/f/{world.fund.slug}/embed/").content.decode()

    for language in ("en", "es"):
        path = f"/f/{world.fund.slug}/embed/{language}.svg"
        assert f'<img src="{path}"' in page
        assert f'&lt;img src="https://fund.example{path}"' in page
    assert Client().get("/f/no-such-fund/embed/").status_code == 404
