"""Scenarios over the API: kept, opened on another day, renamed by version, taken away once."""

import io

import builders
import pytest
from calling import code_of
from pypdf import PdfReader
from waiting import make_requests

from fundmgr.domain.eligibility import Urgency
from fundmgr.domain.permissions import Role

EQUAL = {"version": 1, "rule": "equal_awards"}
WHOLE = {"version": 1, "rule": "queue", "last": "stop", "need_up_to_cents": 750_000}
SENT = {"name": "For Monday", "note": "With the whole need.", "rules": [EQUAL, WHOLE], "chosen": 1}


@pytest.fixture
def board(world, program):
    """A board member's program, where three people wait for less money than they need."""
    builders.put_money_in(world, 300_000)
    make_requests(world, [100_000, 200_000, 450_000])
    return program(Role.BOARD)


@pytest.fixture
def saved(board):
    return board.post("scenarios", SENT).json()


def test_a_scenario_is_kept_once_and_listed(board):
    first = board.post("scenarios", SENT, key="k")
    again = board.post("scenarios", SENT, key="k")

    assert first.status_code == 201, first.content
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert board.get("scenarios").json()["data"] == [first.json()]
    assert (first.json()["people_count"], first.json()["to_share"]["amount"]) == (3, "2940.00")
    assert [rule["need_up_to_cents"] for rule in first.json()["rules"]] == [150_000, 750_000]


def test_opened_it_is_the_preview_of_today_and_says_what_changed(board, world, saved):
    place = f"scenarios/{saved['id']}"
    same, preview = board.get(place).json(), board.post("rounds/preview", {"rules": SENT["rules"]}).json()
    builders.put_money_in(world, 50_000, bank_reference="WIRE-2")
    later = board.get(place)

    assert same["today"] == preview
    assert same["today"]["digest"] == saved["digest"]
    assert same["since"] == ["Nothing changed since it was saved: the same people, needs and money."]
    assert later.json()["today"]["digest"] != saved["digest"]
    assert later.json()["since"] == [
        "There is $490 more to share than when it was saved: $3,430, and it was $2,940."
    ]
    assert later["ETag"] == '"1"'


def test_a_scenario_stands_on_paper_too(board, saved):
    answer = board.get(f"scenarios/{saved['id']}", Accept="application/pdf")

    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    words = page.extract_text()
    assert saved["digest"] in words
    assert "Selected: First come, up to $7,500." in " ".join(words.split())


def test_the_paper_can_be_had_in_spanish(board, saved):
    place = f"scenarios/{saved['id']}"

    answer = board.get(f"{place}?language=es", Accept="application/pdf")
    preview = board.post(
        "rounds/preview", {"rules": saved["rules"], "language": "es"}, Accept="application/pdf"
    )

    for one in (answer, preview):
        (page,) = PdfReader(io.BytesIO(one.content)).pages
        words = " ".join(page.extract_text().split())
        assert "Orden de llegada, hasta $7,500" in words
        assert "Qué promete cada regla" in words
    assert "-es.pdf" in answer["Content-Disposition"]
    assert board.get(f"{place}?language=fr", Accept="application/pdf").status_code == 400


def test_a_name_changes_by_the_version_that_was_read(board, saved):
    place = f"scenarios/{saved['id']}"

    changed = board.call("PATCH", place, {"name": "For Tuesday"}, If_Match='"1"')
    stale = board.call("PATCH", place, {"name": "For Friday"}, If_Match='"1"')
    blind = board.call("PATCH", place, {"name": "For Friday"})
    empty = board.call("PATCH", place, {}, If_Match='"2"')

    assert (changed.status_code, changed.json()["name"], changed["ETag"]) == (200, "For Tuesday", '"2"')
    assert [code_of(answer) for answer in (stale, blind, empty)] == [
        "precondition_failed",
        "if_match_missing",
        "validation_failed",
    ]


def test_its_maker_or_a_director_takes_it_away(board, program, saved):
    place = f"scenarios/{saved['id']}"

    other = program(Role.APPROVER).post(f"{place}/removal")
    done = program(Role.DIRECTOR).post(f"{place}/removal", key="k")

    assert (other.status_code, code_of(other)) == (403, "forbidden")
    assert done.status_code == 200, done.content
    assert code_of(board.get(place)) == "not_found"
    assert board.get("scenarios").json()["data"] == []


def test_a_removal_sent_again_is_told_as_done(board, saved):
    first, again = (board.post(f"scenarios/{saved['id']}/removal", key="same") for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"name": "x" * 81}, "#/name"),
        ({"rules": []}, "#/rules"),
        ({"rules": [EQUAL] * 6}, "#/rules"),
        ({"rules": [{"version": 1, "rule": "lottery"}], "chosen": 0}, "#/rules/0/rule"),
        ({"chosen": 2}, "#/chosen"),
        ({"note": "\x00"}, "#/note"),
    ],
)
def test_what_cannot_be_kept_is_pointed_at(board, changed, pointer):
    answer = board.post("scenarios", {**SENT, **changed})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.content
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_an_auditor_reads_and_saves_none(board, program, saved):
    auditor = program(Role.AUDITOR)

    assert auditor.get(f"scenarios/{saved['id']}").status_code == 200
    assert code_of(auditor.post("scenarios", SENT)) == "forbidden"


def test_a_preview_and_a_scenario_take_the_same_part_of_those_who_wait(board, world):
    make_requests(world, [50_000] * 11, urgency=[Urgency.EVICTION])
    urgent = {"urgency": "URGENT"}
    before = board.post("rounds/preview", {"rules": [EQUAL], "population": urgent})
    kept = board.post("scenarios", {"name": "Urgent", "rules": [EQUAL], "population": urgent}).json()

    today = board.get(f"scenarios/{kept['id']}").json()["today"]

    assert before.status_code == 200, before.content
    assert before.json() == today
    assert (kept["population"], today["population"], today["everybody_count"]) == (urgent, urgent, 14)
    assert today["data"][0]["people_count"] == kept["people_count"] == 11
    assert today["digest"] == kept["digest"]


@pytest.mark.parametrize(
    ("population", "pointer"),
    [({"urgency": "SOON"}, "#/population/urgency"), ({"zip": "1"}, "#/population/zip"), ([], "#/population")],
)
def test_a_part_that_cannot_be_read_is_named(board, population, pointer):
    refused = board.post("rounds/preview", {"rules": [EQUAL], "population": population})

    assert refused.status_code == 422
    assert [problem["pointer"] for problem in refused.json()["errors"]] == [pointer]


def test_a_round_is_for_everybody_so_a_draft_takes_no_part(world, board, program):
    refused = program(Role.DIRECTOR).post("rounds", {"rule": EQUAL, "population": {"urgency": "URGENT"}})

    assert refused.status_code == 422
    assert [problem["code"] for problem in refused.json()["errors"]] == ["unknown_field"]
