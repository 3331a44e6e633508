"""The pages that explain the codes."""

import pytest
from calling import code_of

from requests_app.api.problems import PROBLEMS


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_code_is_explained_to_programs_and_people(nobody, code):
    as_json = nobody.get(f"problems/{code}")
    as_page = nobody.get(f"problems/{code}", Accept="text/html,application/xhtml+xml,*/*;q=0.8")

    assert as_json.json() == {"code": code, **vars(PROBLEMS[code])}
    assert as_page["Content-Type"].startswith("text/html")
    assert PROBLEMS[code].status in range(400, 600)
    assert f"<code>{code}</code>" in as_page.content.decode()
    assert "<style" not in as_page.content.decode()


def test_all_codes_are_listed(nobody):
    assert [row["code"] for row in nobody.get("problems").json()["data"]] == list(PROBLEMS)


def test_a_code_that_we_do_not_use_is_not_found(nobody):
    answer = nobody.get("problems/nothing")

    assert (answer.status_code, code_of(answer)) == (404, "not_found")
