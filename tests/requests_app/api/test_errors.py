"""Every failure is a problem with a code, whatever fails."""

import logging

import pytest
from calling import Caller, code_of
from django.db import OperationalError
from django.test import Client

from fundmgr.domain import errors
from fundmgr.domain.permissions import Role
from requests_app.api import errors as door_errors
from requests_app.api.errors import DoorRefusal, pointer
from requests_app.api.funds import Funds
from requests_app.api.problems import PROBLEMS, status_of
from requests_app.api.rounds import Rounds


def below(kind: type) -> set[type]:
    """Every class that stands below another."""
    return {kind, *(lower for child in kind.__subclasses__() for lower in below(child))}


@pytest.mark.parametrize(
    "path",
    [
        "nothing",
        "funds/fund_1",
        "funds/x/y/z",
        "requests/req_../x",
        "FUNDS",
        "donors//",
        "%00",
        "%ff",
        "a" * 2000,
    ],
)
def test_an_address_that_is_not_ours_is_not_found(nobody, path):
    answer = nobody.get(path)

    assert (answer.status_code, code_of(answer)) == (404, "not_found")
    assert "Allow" not in answer


def test_other_versions_of_the_api_are_not_found(db):
    answer = Client().post("/api/v2/requests")

    assert (answer.status_code, code_of(answer)) == (404, "not_found")


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/html", "application/xml", "application/json;q=0", "application/yaml, text/plain"],
)
def test_a_format_that_is_not_on_offer_is_refused_as_a_problem(program, accept):
    answer = program(Role.AUDITOR).get("funds", Accept=accept)

    assert (answer.status_code, code_of(answer)) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/*",
        "application/json",
        "text/html, */*;q=0.1",
        "application/problem+json",
        "",
        "application/json; charset=utf-8",
    ],
)
def test_a_format_on_offer_is_given(program, accept):
    assert program(Role.AUDITOR).get("funds", Accept=accept).status_code == 200


def test_a_fault_of_ours_is_a_problem_and_goes_to_the_log(program, monkeypatch, caplog):
    def broken(_self, _request):
        raise ZeroDivisionError("secret detail")

    broken.rules = Funds.get.rules
    monkeypatch.setattr(Funds, "get", broken)

    with caplog.at_level(logging.ERROR):
        answer = program(Role.AUDITOR).get("funds")

    assert (answer.status_code, code_of(answer)) == (500, "internal_error")
    assert "secret" not in answer.content.decode()
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_does_not_answer_is_a_problem(program, monkeypatch):
    def broken(_self, _request):
        raise OperationalError("connection refused")

    broken.rules = Funds.get.rules
    monkeypatch.setattr(Funds, "get", broken)

    answer = program(Role.AUDITOR).get("funds")

    assert (answer.status_code, code_of(answer), answer["Retry-After"]) == (503, "try_again", "1")


def test_a_line_that_breaks_after_something_was_written_is_no_promise_that_nothing_was(program, monkeypatch):
    def broken(_self, _request):
        raise OperationalError("server closed the connection unexpectedly")

    broken.rules = Rounds.post.rules
    monkeypatch.setattr(Rounds, "post", broken)

    answer = program(Role.DIRECTOR).post("rounds", {})

    assert (answer.status_code, code_of(answer), answer["Retry-After"]) == (503, "outcome_unknown", "1")


def test_every_refusal_of_a_use_case_has_words_and_its_status():
    for refusal in below(errors.FundError):
        assert refusal.code in PROBLEMS, refusal
        if refusal.code != "conflict":
            assert PROBLEMS[refusal.code].status == status_of(refusal()), refusal


def test_every_refusal_of_a_door_has_words():
    assert {refusal.code for refusal in below(DoorRefusal)} <= set(PROBLEMS)
    assert {code for _, code, _ in door_errors._FROM_FRAMEWORK} <= set(PROBLEMS)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("", "#"),
        ("name", "#/name"),
        ("need_lines.0.amount", "#/need_lines/0/amount"),
        ("other_aid_cents", "#/other_aid"),
        ("a/b", "#/a~1b"),
    ],
)
def test_a_field_is_written_as_a_pointer(field, expected):
    assert pointer(field) == expected


def test_a_request_id_of_the_proxy_comes_back(db):
    answer = Caller(Client()).get("nothing", X_Request_Id="proxy-12345678")

    assert answer.json()["request_id"] == "proxy-12345678"


def test_head_answers_like_get_without_a_body(program):
    answer = program(Role.AUDITOR).call("HEAD", "funds")

    assert answer.status_code == 200
