"""My data, through the real pages as a browser without scripts uses them."""

import io
import json
import re
from datetime import timedelta

import pytest
from builders import World, make_world
from console import Staff
from django.utils import timezone
from pypdf import PdfReader
from walking import Walk, code_for, errors_of, heading_of

from fundmgr.domain.permissions import Role
from fundmgr.services import background
from requests_app.models import Applicant, ContactCode, Erasure

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


def test_the_pdf_names_the_work_in_the_language_of_its_reader(walk: Walk):
    walk.client.post("/language/", {"language": "es"})

    paper = PdfReader(io.BytesIO(walk.get(f"{PAGE}everything.pdf").content))

    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    assert "Todo lo que guardamos de usted" in text
    assert "Iluminación, Set lighting technician" in text


def test_the_name_is_changed(walk: Walk):
    for name in (" ", "🙂", "123", "\u200b"):
        page = walk.post(f"{PAGE}name/", {"full_name": name})
        assert (page.status_code, errors_of(page)) == (422, ["Enter your full name"])
    page = walk.post(f"{PAGE}name/", {"full_name": "Ana", "preferred_name": "x" * 200})
    assert errors_of(page) == ["What you wrote must be 80 letters or less (it has 200)"]

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
    # A code leads back to a page, and never into a file.
    for page, way in (("everything.json", PAGE), ("everything.pdf", PAGE), ("name/", "sign-in/")):
        assert nobody.get(PAGE + page).url == f"{nobody.root}{way}"
    assert nobody.get(f"{PAGE}erase/").url == f"{nobody.root}sign-in/"
    stranger = Walk(world)
    stranger.prove("stranger@example.com", path="sign-in/")
    assert "Ana" not in text_of(stranger.get(f"{PAGE}everything.json"))


def test_another_contact_is_proved_by_a_code_and_the_old_one_hears_of_it(walk: Walk):
    new = "ana.rivera@example.org"
    assert "Change how we reach you" in walk.get("my-data/contact/").content.decode()
    refused = walk.post("my-data/contact/", {"channel": "MAIL", "email": "nothing"})
    assert refused.status_code == 422
    assert "Enter an email address like name@example.com" in refused.content.decode()

    asked = walk.post("my-data/contact/", {"channel": "MAIL", "email": new})
    assert asked.url.endswith("my-data/contact/code/")
    assert Applicant.objects.get().contact == "ana@example.com"
    wrong = walk.post("my-data/contact/code/", {"code": "12"})
    assert wrong.status_code == 422
    right = walk.post("my-data/contact/code/", {"code": code_for(new)})

    assert right.url.endswith("my-data/")
    assert Applicant.objects.get().contact == new
    assert "From now on we write to you there." in walk.get("my-data/").content.decode()


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("my-data/contact/", {"channel": "MAIL", "email": "new@example.org"}),
        ("my-data/contact/", {"channel": "TEXT", "phone": "(213) 555-0177", "text_consent": "on"}),
        ("my-data/second-contact/", {"phone": "(213) 555-0177", "text_consent": "on"}),
    ],
)
def test_a_code_that_did_not_come_is_sent_again_by_one_press(walk: Walk, page: str, typed: dict[str, str]):
    sent = walk.post(page, typed)
    assert sent.status_code == 302
    before = ContactCode.objects.count()
    shown = walk.client.get(sent.url).content.decode()
    button = re.search(rf'<form method="post" action="{walk.root}{page}".*?</form>', shown, re.S)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', button.group()))

    again = walk.client.post(walk.root + page, fields)

    assert again.url == sent.url
    assert "We sent a new code." not in shown
    assert "We sent a new code." in walk.client.get(again.url).content.decode()
    assert ContactCode.objects.count() == before + 1
    first, second = ContactCode.objects.order_by("-created_at", "-id")[:2]
    assert first.contact == second.contact


def test_a_second_number_is_offered_for_when_emails_stop(walk: Walk):
    page = walk.get("my-data/second-contact/").content.decode()

    assert "or when you stop emails" in page


def test_a_contact_is_changed_by_its_worker_alone(walk: Walk):
    stranger = Walk(walk.world)

    for page in ("my-data/contact/", "my-data/contact/code/"):
        assert stranger.get(page).url == f"{stranger.root}sign-in/"
    assert walk.get("my-data/contact/code/").url.endswith("my-data/contact/")
