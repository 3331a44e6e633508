"""Bodies that nobody should send, to every address that takes one: a clear refusal and nothing changed."""

import json

import pytest
from calling import code_of, make_things

from fundmgr.domain.permissions import Role
from fundmgr.models import Event
from requests_app.api.bank_imports import MOST_BODY_BYTES
from requests_app.api.errors import MOST_POINTER_LETTERS, MOST_PROBLEMS
from requests_app.api.openapi import document


def _takes_files(operation: dict) -> bool:
    """Whether an address takes a form with a file, and no JSON."""
    return "application/json" not in operation.get("requestBody", {"content": "application/json"})["content"]


POSTS = [
    (path.removeprefix("/api/v1/"), method.upper())
    for path, methods in document()["paths"].items()
    for method in methods
    if method in ("post", "patch") and not path.endswith("/token") and not _takes_files(methods[method])
]
LARGER = {"POST bank-imports"}
MALFORMED = {
    "not json": b"{",
    "words": b"hello",
    "not utf-8": b'{"name": "\xff\xfe"}',
    "utf-16": '{"name": "x"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"name": "x"}',
    "nan": b'{"name": NaN}',
    "infinity": b'{"name": -Infinity}',
    "a key twice": b'{"name": "x", "name": "y"}',
    "half a character": b'{"name": "\\ud800"}',
    "half a character in a key": b'{"\\udfff": 1}',
    "two values": b"{} {}",
    "deep list": b'{"name": ' + b"[" * 40 + b"]" * 40 + b"}",
    "very deep list": b"[" * 100_000,
    "very deep object": b'{"a":' * 50_000,
    "nul byte": b'{"name": "a\x00b"}',
    "single quotes": b"{'name': 1}",
    "comment": b'{"name": 1} // why',
}
UNUSABLE = {
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"1",
    "null": b"null",
    "an unknown field": b'{"surprise": 1}',
    "an empty name": b'{"": 1}',
    "a huge number": b'{"surprise": ' + b"9" * 5000 + b"}",
    "an exponent": b'{"surprise": 1e400}',
    "a float": b'{"surprise": 0.1}',
    "a strange name": json.dumps({"a/b~c\u202e": 1}).encode(),
    "an escaped nul": b'{"surprise\\u0000": "a\\u0000b"}',
}


@pytest.fixture
def send(program, world):
    """Send a body to every address, and prove that nothing was written."""
    things = make_things(world)
    caller = program(Role.DIRECTOR)

    def to_all(body: bytes, **headers: str):
        before = Event.objects.count()
        for path, method in POSTS:
            answer = caller.call(method, things.path(path), body, key="once", If_Match='"1"', **headers)
            yield f"{method} {path}", answer
        assert Event.objects.count() == before

    return to_all


@pytest.mark.parametrize("kind", MALFORMED)
def test_what_is_not_json_is_refused(send, kind):
    for place, answer in send(MALFORMED[kind]):
        assert answer.status_code == 400, (place, answer.content)
        assert code_of(answer) == "malformed_body"


@pytest.mark.parametrize("kind", UNUSABLE)
def test_json_that_means_nothing_here_is_refused(send, kind):
    for place, answer in send(UNUSABLE[kind]):
        assert answer.status_code == 422, (place, answer.content)
        assert code_of(answer) == "validation_failed"
        assert all(error["pointer"].startswith("#") for error in answer.json()["errors"])


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "", "x"]
)
def test_a_body_of_another_type_is_refused(send, kind):
    for place, answer in send(b'{"name": "x"}', Content_Type=kind):
        assert answer.status_code == 415, (place, answer.content)
        assert code_of(answer) == "unsupported_media_type"


def test_ten_megabytes_are_refused(send):
    """One address takes a whole file, up to a limit of its own: there these bytes are read, and refused."""
    for place, answer in send(b'{"name": "' + b"x" * 10_000_000 + b'"}'):
        wanted = (422, "validation_failed") if place in LARGER else (413, "body_too_large")
        assert (answer.status_code, code_of(answer)) == wanted, (place, answer.content)


def test_the_address_that_takes_files_has_a_limit_too(program):
    body = b'{"name": "' + b"x" * MOST_BODY_BYTES + b'"}'

    answer = program(Role.DIRECTOR).post("bank-imports", body)

    assert (answer.status_code, code_of(answer)) == (413, "body_too_large")


def test_a_pointer_escapes_what_json_pointers_escape(program, world):
    answer = program(Role.DIRECTOR).post("donors", {"a/b~c": 1, "name": "x"})

    assert answer.json()["errors"] == [
        {"pointer": "#/a~1b~0c", "code": "unknown_field", "detail": "This field is not known."}
    ]


def test_a_body_of_many_unknown_names_gets_a_short_answer(program, world):
    """An answer many times as long as the call would be a lever for whoever wants to load the server."""
    body = {f"name {number}": 1 for number in range(20_000)}

    answer = program(Role.DIRECTOR).post("donors", body)

    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == MOST_PROBLEMS
    assert len(answer.content) < 20_000


def test_a_very_long_name_is_told_by_its_beginning(program, world):
    answer = program(Role.DIRECTOR).post("donors", {"k" * 100_000: 1, "name": "x"})

    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/{'k' * MOST_POINTER_LETTERS}…"]


def test_what_is_missing_and_what_is_no_list_is_told_in_plain_words(program, world):
    caller = program(Role.DIRECTOR)
    said = [
        {"": "Send one JSON object."},
        {},
        {"rules": None},
        {"rules": "x"},
        {"rules": []},
        {"rules": [{"version": 1, "rule": "talmud"}] * 11},
    ]

    words = [caller.post("rounds/preview", body).json()["errors"][-1]["detail"] for body in said]

    assert words == [
        "This field is not known.",
        "This is needed.",
        "This cannot be null.",
        "Send a list here.",
        "Send at least 1 here.",
        "Send at most 10 here.",
    ]


def test_the_limit_that_is_told_is_the_one_of_the_address(program, world):
    body = b"x" * (MOST_BODY_BYTES + 1)

    told = program(Role.DIRECTOR).post("bank-imports", body).json()["detail"]

    assert told == "The body is larger than 40 megabytes."
