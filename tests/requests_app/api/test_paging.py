"""Pages by cursor, and addresses read strictly."""

from datetime import timedelta

import builders
import pytest
from calling import code_of, file_request

from fundmgr.domain.permissions import Role


@pytest.fixture
def donors(world):
    return [builders.make_donor(world, name=f"Donor {number}") for number in range(5)]


def test_pages_follow_each_other_without_gap_or_repeat(program, donors):
    caller, path, seen = program(Role.AUDITOR), "donors?limit=2", []

    while path:
        answer = caller.get(path)
        body = answer.json()
        assert set(body) == {"data", "next_cursor", "has_more"}
        assert body["has_more"] == (body["next_cursor"] is not None)
        seen += [row["name"] for row in body["data"]]
        path = f"donors?limit=2&cursor={body['next_cursor']}" if body["has_more"] else ""

    assert sorted(seen) == [f"Donor {number}" for number in range(5)]
    assert len(seen) == 5


def test_the_link_header_leads_to_the_next_page(program, donors):
    caller = program(Role.AUDITOR)
    first = caller.get("donors?limit=3")
    link = first["Link"].split(";")[0].strip("<>")

    second = caller.get(link.removeprefix("/api/v1/"))

    assert 'rel="next"' in first["Link"]
    assert len(second.json()["data"]) == 2
    assert 'rel="prev"' in second["Link"]


def test_a_page_stays_right_while_rows_arrive(program, world, donors):
    caller = program(Role.AUDITOR)
    first = caller.get("donors?limit=2").json()
    builders.make_donor(world, name="Late", now=builders.NOW + timedelta(seconds=1))

    second = caller.get(f"donors?limit=200&cursor={first['next_cursor']}").json()

    assert len(second["data"]) == 3
    assert "Late" not in [row["name"] for row in second["data"]]


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: c + "x", lambda c: "x", lambda c: "%00", lambda c: c.swapcase()]
)
def test_a_changed_cursor_is_refused(program, donors, change):
    caller = program(Role.AUDITOR)
    cursor = caller.get("donors?limit=2").json()["next_cursor"]

    answer = caller.get(f"donors?cursor={change(cursor)}")

    assert answer.status_code == 400
    assert code_of(answer) in {"invalid_cursor", "invalid_parameter"}


def test_a_cursor_of_another_list_is_refused(program, world, donors):
    for number in range(2):
        file_request(world, f"w{number}@example.org")
    caller = program(Role.AUDITOR)
    cursor = caller.get("donors?limit=2").json()["next_cursor"]

    for path in ("commitments", "requests", "rounds", "payouts"):
        answer = caller.get(f"{path}?cursor={cursor}")

        assert (answer.status_code, code_of(answer)) == (400, "invalid_cursor"), path


def test_a_misspelt_parameter_is_named_with_its_near_miss(program):
    answer = program(Role.AUDITOR).get("requests?stat=SUBMITTED&zzz=1")

    assert (answer.status_code, code_of(answer)) == (400, "unknown_parameter")
    errors = answer.json()["errors"]
    assert [error["parameter"] for error in errors] == ["stat", "zzz"]
    assert "Did you mean state?" in errors[0]["detail"]


@pytest.mark.parametrize("path", ["funds/{}", "donors?limit=2&page=3", "oauth/token?x=1", "problems?x=1"])
def test_no_address_takes_what_it_does_not_read(program, world, path):
    caller = program(Role.AUDITOR)
    if "{}" in path:
        path = f"{caller.get('funds').json()['data'][0]['id']}?x=1"
        path = f"funds/{path}"
    method = "POST" if path.startswith("oauth") else "GET"

    answer = caller.call(method, path)

    assert (answer.status_code, code_of(answer)) == (400, "unknown_parameter")


def test_lists_never_count(program, donors, django_assert_max_num_queries):
    caller = program(Role.AUDITOR)

    with django_assert_max_num_queries(3) as seen:
        caller.get("donors?limit=2")

    assert not any("COUNT(" in query["sql"] for query in seen)
