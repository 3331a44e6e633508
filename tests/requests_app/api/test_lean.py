"""The short way of programs gives what the long way gives, and nothing of a session."""

import pytest
from django.test.utils import override_settings

from fundmgr.domain.permissions import Role
from requests_app.api.samples import REQUEST_SENT

SAME = {"Cache-Control", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Content-Length"}


def test_an_answer_carries_the_headers_of_the_long_way(program, person):
    short, long = program(Role.AUDITOR).get("donors"), person(Role.AUDITOR).get("donors")

    assert short.content == long.content
    for name in SAME:
        assert short[name] == long[name], name
    assert short["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert short["X-Request-Id"]
    assert not short.cookies


def test_a_page_of_the_api_is_rendered_too(program):
    answer = program(Role.AUDITOR).get("docs", Accept="text/html")

    assert answer.status_code == 200
    assert b"swagger-ui" in answer.content


def test_a_token_counts_more_than_a_session(person):
    caller = person(Role.AUDITOR)

    assert caller.get("donors", Authorization="Bearer stale").status_code == 401


@pytest.mark.parametrize("path", ["nothing", "donors/x"])
def test_a_place_that_is_not_ours_stays_not_found(program, path):
    answer = program(Role.AUDITOR).get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@override_settings(LANGUAGE_CODE="en")
def test_sentences_are_in_the_sites_language_whatever_the_thread_spoke(program):
    from django.utils import translation

    translation.activate("es")

    answer = program(Role.INTAKE).post("requests", {"adults_count": 99})

    assert "number from 1 to 20" in answer.content.decode()


def test_what_breaks_a_rule_of_the_form_is_said_in_the_language_that_is_asked_for(program):
    """The worker's pages have the sentence too, and a program may show it; the code is the same."""
    caller, body = program(Role.INTAKE), {**REQUEST_SENT, "need_lines": []}

    (spanish,) = caller.post("requests", body, Accept_Language="es-MX,es;q=0.9,en;q=0.5").json()["errors"]
    (english,) = caller.post("requests", body).json()["errors"]

    assert english["detail"] == "Choose at least one thing you need help with"
    assert spanish["detail"].startswith("Elija")
    assert (spanish["pointer"], spanish["code"]) == (english["pointer"], english["code"])


@pytest.mark.parametrize(
    "wanted",
    ["", "*", "xx", "de, fr;q=0.5", "es;q=0", ";;;", "\xff", "e" * 5000, "en;q=nan", "es-" + "x" * 600],
)
def test_a_language_that_we_do_not_have_is_english(program, wanted):
    answer = program(Role.INTAKE).post("requests", {"adults_count": 99}, Accept_Language=wanted)

    assert answer.status_code == 422
    assert "number from 1 to 20" in answer.content.decode()
