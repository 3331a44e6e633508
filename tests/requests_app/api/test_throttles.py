"""Calls a minute."""

import pytest
from calling import code_of

from fundmgr.domain.permissions import Role
from requests_app.api import throttles
from requests_app.api.errors import RateLimited


def test_every_answer_tells_what_is_left(program, settings):
    settings.API_REQUESTS_PER_MINUTE = 3
    caller = program(Role.AUDITOR)

    answers = [caller.get("funds") for _ in range(4)]

    assert [answer["RateLimit-Remaining"] for answer in answers[:3]] == ["2", "1", "0"]
    assert {answer["RateLimit-Limit"] for answer in answers[:3]} == {"3"}
    assert (answers[3].status_code, code_of(answers[3])) == (429, "rate_limited")
    assert answers[3]["RateLimit-Remaining"] == "0"
    assert 1 <= int(answers[3]["Retry-After"]) <= 60


def test_each_caller_has_a_minute_of_its_own(program, settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    first, second = program(Role.AUDITOR), program(Role.AUDITOR)

    assert first.get("funds").status_code == 200
    assert second.get("funds").status_code == 200
    assert first.get("funds").status_code == 429


def test_the_next_minute_begins_anew():
    throttles.take("x", limit=1, clock=0)
    with pytest.raises(RateLimited):
        throttles.take("x", limit=1, clock=59.9)

    assert throttles.take("x", limit=1, clock=60).remaining == 0


def test_old_callers_are_forgotten(monkeypatch):
    monkeypatch.setattr(throttles, "_MOST_CALLERS", 3)
    for number in range(4):
        throttles.take(f"old {number}", limit=5, clock=0)

    throttles.take("new", limit=5, clock=120)

    assert set(throttles._counts) == {"new"}


def test_a_look_counts_nothing():
    for _ in range(3):
        throttles.take("x", limit=2, calls=0, clock=0)
    throttles.count("x", clock=0)
    assert throttles.take("x", limit=2, calls=0, clock=0).remaining == 1
    throttles.count("x", clock=0)

    with pytest.raises(RateLimited):
        throttles.take("x", limit=2, calls=0, clock=0)
