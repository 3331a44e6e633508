"""The description of the API: whole, valid, with examples that fit, and true to what is answered."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from calling import make_things
from django.core.management import call_command

from fundmgr.domain.permissions import Role
from requests_app.api.openapi import TAGS, document
from requests_app.api.problems import PROBLEMS

CALLS = [
    pytest.param(path, method, call, id=call["operationId"])
    for path, methods in document()["paths"].items()
    for method, call in methods.items()
]
READINGS = [param for param in CALLS if param.values[1] == "get" and "problems" not in param.values[0]]


def fits(value: Any, shape: dict[str, Any]) -> None:
    """Check a value against a shape of the description."""
    whole = {**shape, "components": document()["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


def test_it_is_valid_and_gives_no_warning(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", "/dev/null")

    assert capsys.readouterr().err == ""


def test_it_is_openapi_3_1_and_describes_only_our_addresses():
    found = document()

    assert found["openapi"].startswith("3.1")
    assert all(re.fullmatch(r"/api/v1/[a-z0-9_{}/-]+[a-z}]", path) for path in found["paths"])
    assert {tag["name"] for tag in found["tags"]} == set(TAGS)
    assert {call.values[2]["tags"][0] for call in CALLS} == set(TAGS)


def test_no_name_is_used_twice():
    names = [call.values[2]["operationId"] for call in CALLS]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", name) for name in names)


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_every_call_is_told_in_words_and_examples(path, method, call):
    assert call["summary"]
    assert call["security"]
    for status, answer in call["responses"].items():
        for kind, content in answer.get("content", {}).items():
            if kind in ("text/csv", "application/pdf", "text/html", "application/octet-stream"):
                continue
            assert content["examples"], (status, kind)
            for example in content["examples"].values():
                fits(example["value"], content["schema"])
    for kind, content in call.get("requestBody", {}).get("content", {}).items():
        assert content["examples"], kind
        for example in content["examples"].values():
            fits(example["value"], content["schema"])


@pytest.mark.parametrize(("path", "method", "call"), CALLS)
def test_every_refusal_is_a_problem_with_known_codes(path, method, call):
    refusals = {status: answer for status, answer in call["responses"].items() if status >= "4"}
    needed = {"400", "405", "406", "500", "503"}
    if "oauth2" in call["security"][0]:
        needed |= {"401", "403", "404", "429"}
    if "requestBody" in call or any(one["name"] == "Idempotency-Key" for one in call.get("parameters", ())):
        needed |= {"413"} if path.endswith("token") else {"409", "413", "415", "422"}

    assert needed <= set(refusals)
    for status, answer in refusals.items():
        assert "application/problem+json" in answer["content"] or path.endswith("token")
        for code in re.findall(r"`([a-z_]+)`", answer["description"]):
            assert str(PROBLEMS[code].status) == status


@pytest.mark.parametrize(("path", "method", "call"), READINGS)
def test_an_answer_has_exactly_the_fields_that_are_described(path, method, call, program, world):
    things = make_things(world)
    role = Role.AUDITOR if "decisions" in path else Role.DIRECTOR
    answer = program(role).get(things.path(path.removeprefix("/api/v1/")))

    assert answer.status_code == 200, answer.content
    shape = call["responses"]["200"]["content"]["application/json"]["schema"]
    _same_fields(answer.json(), shape)
    fits(answer.json(), shape)


def _same_fields(value: Any, shape: dict[str, Any]) -> None:
    shape = _resolved(shape)
    if isinstance(value, dict) and "properties" in shape:
        assert set(shape.get("required", ())) <= set(value) <= set(shape["properties"])
        for name, below in value.items():
            _same_fields(below, shape["properties"][name])
    for item in value if isinstance(value, list) else ():
        _same_fields(item, shape["items"])


def _resolved(shape: dict[str, Any]) -> dict[str, Any]:
    for choice in (shape, *shape.get("allOf", ()), *shape.get("oneOf", ()), *shape.get("anyOf", ())):
        if "$ref" in choice:
            return document()["components"]["schemas"][choice["$ref"].rpartition("/")[2]]
    return shape


@pytest.mark.parametrize(("path", "method", "call"), READINGS)
def test_a_list_takes_the_cursor_that_it_gives(path, method, call):
    shape = _resolved(call["responses"]["200"]["content"].get("application/json", {}).get("schema", {}))
    taken = {parameter["name"] for parameter in call["parameters"]} if "parameters" in call else set()

    assert "next_cursor" not in shape.get("properties", {}) or {"cursor", "limit"} <= taken


def test_a_list_of_words_that_may_be_null_takes_null():
    """A schema's list of words holds for null as for any other value."""
    fits(None, document()["components"]["schemas"]["Rule"]["properties"]["tiers"])

    assert all(None in shape["enum"] for shape in _nullable_words(document()))


def _nullable_words(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict) and "enum" in node and "null" in node.get("type", ()):
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nullable_words(below)


def test_bodies_refuse_what_they_do_not_describe():
    shapes = document()["components"]["schemas"]

    sent = {
        content["schema"]["$ref"].rpartition("/")[2]
        for call in CALLS
        for kind, content in call.values[2].get("requestBody", {}).get("content", {}).items()
        if kind == "application/json"
    }
    assert sent
    assert all(shapes[name]["additionalProperties"] is False for name in sent)


def test_it_is_served_to_everybody(nobody):
    answer = nobody.get("openapi.json")

    assert answer.json() == document()
    assert nobody.get("openapi.json", Accept="application/vnd.oai.openapi+json").status_code == 200


def test_the_page_for_people_is_served_from_here_without_inline_parts(nobody):
    page = nobody.get("docs", Accept="text/html")
    text = page.content.decode()
    script = nobody.get("docs?script=")

    assert page.status_code == 200
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)
    assert all(place.startswith("/") for place in re.findall(r'(?:src|href)="([^"]+)"', text))
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/v1/openapi.json" in script.content.decode()
    assert "'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "DELETE"])
def test_the_page_for_people_is_only_read(nobody, method):
    answer = nobody.call(method, "docs")

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Allow"] == "GET, HEAD"
