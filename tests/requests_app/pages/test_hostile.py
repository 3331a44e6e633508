"""What no browser would send, to every page of a worker: words, no fault, and nothing of it kept."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import builders
import pytest
import site_map
from builders import World
from django.conf import settings
from django.test import Client
from django.utils import timezone
from walking import AFTER_CODE, BEFORE_CODE, Walk

from requests_app.models import AssistanceRequest, Document
from requests_app.pages import public_urls

FORM = "application/x-www-form-urlencoded"
# fmt: off
BOXES = [
    "show", "job_title", "full_name", "known_as", "adults", "children",
    "statement", "text", "contact", "email", "phone", "code",
    "helper_name", "preferred_name", "name_on_account", "routing_number", "account_number", "address",
    "opinion", "ground", "texts", "then", "version", "seen",
    "form_token", "losing_month", "amount_RENT", "other_amount", "last_month", "last_year",
    "return_to", "need", "method", "channel", "true", "sure",
    "name", "amount", "month", "day", "year", "wish", "shows_name",
]
# fmt: on
BODIES = {
    "nothing": (FORM, b""),
    "words": ("text/plain", b"hello"),
    "json": ("application/json", b'{"text": "x"}'),
    "no kind": ("", b"text=x"),
    "nul": (FORM, "&".join(f"{name}=a%00b" for name in BOXES).encode()),
    "half a character": (FORM, "&".join(f"{name}=%ed%a0%80" for name in BOXES).encode()),
    "not utf-8": (FORM, "&".join(f"{name}=%ff%fe" for name in BOXES).encode()),
    "turned around": (FORM, "&".join(f"{name}=%e2%80%aeabc" for name in BOXES).encode()),
    "numbers": (FORM, "&".join(f"{name}=99999999999999999999" for name in BOXES).encode()),
    "twice": (FORM, "&".join(f"{name}=a&{name}=b" for name in BOXES).encode()),
    "markup": (FORM, "&".join(f"{name}=%3Cscript%3Ealert%3C/script%3E" for name in BOXES).encode()),
    "long": (FORM, "&".join(f"{name}={'x' * 9_000}" for name in BOXES).encode()),
    "too long": (FORM, b"text=" + b"x" * 1_200_000),
    "too many": (FORM, b"&".join(b"text=x" for _ in range(3_000))),
    "no boundary": ("multipart/form-data", b"x"),
    "broken off": ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="te'),
    "odd charset": (f"{FORM}; charset=utf-7", b"text=%2BADw-"),
    "no such charset": (f"{FORM}; charset=nonsense", b"text=x"),
}
KEYS = {"page": ("need", "nothing"), "method": ("bank", "cash"), "kind": ("json", "exe")}
TEXT = "<script>alert</script>"


def addresses(world: World) -> Iterator[str]:
    """Every address of a worker's page in the fund."""
    values = {**KEYS, "slug": [world.fund.slug], "document_id": [str(uuid4())], "token": ["no-token"]}
    for route in site_map.routes(public_urls.urlpatterns):
        if route.startswith("f/<slug:slug>/") and "rounds/<" not in route and "donor/" not in route:
            yield from site_map.filled(route, values)


@pytest.fixture
def world(db: None) -> World:
    return builders.make_world(now=timezone.now() - timedelta(days=1))


def _nobody(world: World) -> Walk:
    return Walk(world)


def _draft(world: World) -> Walk:
    walk = Walk(world)
    walk.start()
    walk.answer(*BEFORE_CODE)
    walk.prove()
    walk.answer(*AFTER_CODE)
    return walk


def _sent(world: World) -> Walk:
    walk = _draft(world)
    walk.send()
    return walk


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("stage", [_nobody, _draft, _sent], ids=["nobody", "draft", "sent"])
def test_no_body_brings_a_page_down(world: World, stage, name: str):
    walk, (kind, body) = stage(world), BODIES[name]
    walk.client.raise_request_exception = False
    sent_before = AssistanceRequest.objects.count()

    found = []
    for address in addresses(world):
        answer = walk.client.generic("POST", address, body, content_type=kind)
        page = b"" if answer.streaming else answer.content
        if answer.status_code >= 500 or TEXT.encode() in page:
            found.append((address, answer.status_code))
        if answer.status_code in {400, 403, 413, 422} and b"<main" not in page:
            found.append((address, answer.status_code, page[:80]))

    assert found == []
    assert AssistanceRequest.objects.count() == sent_before
    assert not Document.objects.exists()


ODD = {
    "session": {settings.SESSION_COOKIE_NAME: "\x7f'; --"},
    "draft": {"draft": "garbage:1:2"},
    "contact": {"contact": "a" * 5_000},
    "language": {"django_language": "../../etc"},
    "csrf": {"csrftoken": "x"},
    "sender": {"sender": "::::"},
}


@pytest.mark.parametrize("name", ODD)
def test_no_cookie_brings_a_page_down(world: World, name: str):
    client = Client(raise_request_exception=False)
    for key, value in ODD[name].items():
        client.cookies[key] = value

    answers = [(address, client.get(address).status_code) for address in addresses(world)]

    assert [each for each in answers if each[1] >= 500] == []


@pytest.mark.parametrize(
    "query", ["%00", "saved=%ff", "return_to=%00", "return_to=//evil.example", "x=" + "y" * 7_000, "&&&=&"]
)
def test_no_query_brings_a_page_down(world: World, query: str):
    walk = _draft(world)
    walk.client.raise_request_exception = False

    answers = [walk.client.get(f"{address}?{query}") for address in addresses(world)]

    assert [one for one in answers if one.status_code >= 500] == []
    assert not any("evil.example" in one.get("Location", "") for one in answers)


def test_an_address_that_is_only_sent_to_is_no_blank_page(world: World):
    walk = _sent(world)

    for path in ("sign-out/", "sign-in/code/again/", "my-data/second-contact/remove/"):
        answer = walk.get(path)

        assert (answer.status_code, answer["Allow"]) == (405, "POST")
        assert "We could not find that page" in answer.content.decode()
    assert walk.get("request/").status_code == 200


@pytest.mark.parametrize("name", BODIES)
def test_no_body_brings_the_guard_of_forms_down(world: World, name: str):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get(f"/f/{world.fund.slug}/")
    kind, body = BODIES[name]

    answers = {
        address: client.generic("POST", address, body, content_type=kind, follow=False)
        for address in [*addresses(world), "/language/", "/setup/", "/staff/account/login/"]
    }

    assert {address: one.status_code for address, one in answers.items() if one.status_code >= 500} == {}
    refused = [one for one in answers.values() if one.status_code in {400, 403, 413}]
    assert all(b"<main" in one.content for one in refused)
