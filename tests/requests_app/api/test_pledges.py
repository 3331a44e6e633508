"""The life of a promise over the API."""

from datetime import timedelta

import builders
import pytest
from builders import NOW, TODAY
from calling import code_of, multipart
from papers import a_pdf, named

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.services import due_dates

USD = "USD"


def usd(amount):
    return {"amount": amount, "currency": USD}


def body(world, **said):
    donor = ids.public("don", builders.make_donor(world).id)
    return {"donor_id": donor, "amount": usd("300.00"), "pledged_on": TODAY.isoformat(), **said}


def dated(*amounts):
    return [
        {"due_on": (TODAY + timedelta(days=30 * number)).isoformat(), "amount": usd(amount)}
        for number, amount in enumerate(amounts)
    ]


@pytest.fixture
def treasury(program):
    return program(Role.TREASURER_PREPARES)


def test_a_promise_with_dates_is_recorded_and_shown(treasury, world):
    made = treasury.post("commitments", body(world, instalments=dated("100.00", "200.00")))

    assert made.status_code == 201, made.content
    shown = made.json()
    assert [part["amount"] for part in shown["instalments"]] == [usd("100.00"), usd("200.00")]
    assert (shown["due"], shown["owed"]) == (usd("300.00"), usd("300.00"))
    assert treasury.get(made["Location"].removeprefix("/api/v1/")).json() == shown


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"instalments": dated("100.00", "100.00")}, "#/instalments", "do_not_add_up"),
        ({"instalments": dated("-1.00")}, "#/instalments/0/amount/amount", "not_money"),
        ({"instalments": [{"due_on": "2020-01-01", "amount": usd("300.00")}]},
         "#/instalments/0/due_on", "before_pledge"),
        ({"instalments": [{"due_on": "soon", "amount": usd("300.00")}]},
         "#/instalments/0/due_on", "not_a_date"),
        ({"pledged_on": "1900-01-01"}, "#/pledged_on", "too_early"),
        ({"pledged_on": "2020-09-17"}, "#/pledged_on", "too_early"),
        ({"pledged_on": "2099-01-01"}, "#/pledged_on", "in_future"),
        ({"due_on": "2199-01-01"}, "#/due_on", "too_late"),
        ({"due_on": "1900-01-01"}, "#/due_on", "before_pledge"),
        ({"instalments": [{"due_on": "2023-12-01", "amount": usd("100.00")},
                          {"due_on": "2123-12-01", "amount": usd("200.00")}]},
         "#/instalments/1/due_on", "too_late"),
        ({"due_on": "2023-12-31", "instalments": dated("100.00", "200.00")}, "#/due_on", "said_twice"),
        ({"match_percent": 100}, "#/match_percent", "not_conditional"),
        ({"match_percent": 0}, "#/match_percent", "out_of_range"),
        ({"collection_percent": 101}, "#/collection_percent", "out_of_range"),
        ({"amount": {"amount": "300.00", "currency": "EUR"}}, "#/amount/currency", "wrong_currency"),
        ({"is_conditional": True}, "#/condition", "missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_promised_is_pointed_at(treasury, world, said, pointer, code):
    answer = treasury.post("commitments", body(world, **said))

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.content
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]
    assert treasury.get("commitments").json()["data"] == []


def test_a_late_promise_gets_new_dates_then_defaults_and_is_written_off(treasury, program, world):
    made = treasury.post("commitments", body(world, due_on=TODAY.isoformat())).json()
    path = f"commitments/{made['id']}"
    director, releaser = program(Role.DIRECTOR), program(Role.TREASURER_RELEASES)
    early = director.post(f"{path}/schedule", {"instalments": dated("300.00"), "reason": "x"})
    due_dates.mark_overdue(fund_id=world.fund.id, now=NOW + timedelta(days=3))

    assert (early.status_code, code_of(early)) in {(409, "wrong_state"), (422, "validation_failed")}
    assert treasury.get(path).json()["state"] == "OVERDUE"
    proposed = director.post(f"{path}/default", {"reason": "Gone."})
    assert (proposed.status_code, proposed.json()["state"]) == (201, "PROPOSED"), proposed.content
    turn = f"turns/{proposed.json()['id']}"
    twice = director.post(f"{path}/default", {"reason": "Gone."})
    assert (twice.status_code, code_of(twice)) == (409, "duplicate")
    assert director.post(f"{turn}/decision", {"outcome": "MADE"}).status_code == 403
    assert treasury.get(path).json()["state"] == "OVERDUE"
    signed = releaser.post(f"{turn}/decision", {"outcome": "MADE"})
    assert signed.json()["state"] == "MADE", signed.content
    assert treasury.get(path).json()["state"] == "DEFAULTED"
    again = releaser.post(f"{turn}/decision", {"outcome": "REFUSED"})
    assert (again.status_code, code_of(again)) == (409, "already_decided")
    assert [row["turn"] for row in treasury.get(f"{path}/turns").json()["data"]] == ["DEFAULT"]
    refused = director.post(f"{path}/write-off", {"board_note": "Minutes."})
    assert refused.status_code == 403
    done = releaser.post(f"{path}/write-off", {"board_note": "Minutes."})
    assert (done.json()["state"], done.json()["written_off"]) == ("WRITTEN_OFF", usd("300.00"))


def test_a_condition_is_met_by_two_programs_of_two_owners(treasury, program, world):
    made = treasury.post("commitments", body(world, is_conditional=True, condition="A sign.")).json()
    proofs = f"commitments/{made['id']}/condition-proofs"

    proposed = treasury.post(proofs, {"amount": usd("250.00"), "proof": "Seen."})
    assert proposed.status_code == 201, proposed.content
    decided = program(Role.TREASURER_RELEASES).post(
        f"condition-proofs/{proposed.json()['id']}/decision", {"is_met": True}
    )

    assert decided.json()["state"] == "MADE", decided.content
    assert treasury.get(f"commitments/{made['id']}").json()["due"] == usd("250.00")
    assert [row["state"] for row in treasury.get(proofs).json()["data"]] == ["MADE"]


def test_a_condition_names_evidence_of_its_own_commitment(treasury, world):
    made, other = (
        treasury.post("commitments", body(world, is_conditional=True, condition="A sign.")).json()
        for _ in range(2)
    )
    path = f"commitments/{made['id']}/condition-proofs"
    own, strange = (
        treasury.post(
            f"commitments/{row['id']}/evidence", **multipart({"file": named("seen.pdf", a_pdf())})
        ).json()["id"]
        for row in (made, other)
    )
    said = {"amount": usd("250.00"), "proof": "Seen."}

    refused = treasury.post(path, {**said, "evidence_id": strange})
    proposed = treasury.post(path, {**said, "evidence_id": own})

    assert (refused.status_code, code_of(refused)) == (422, "validation_failed")
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("#/evidence_id", "not_its_evidence")
    ]
    assert (proposed.status_code, proposed.json()["evidence_id"]) == (201, own)


def test_receivables_are_told_by_age(treasury, world):
    treasury.post("commitments", body(world, due_on=(TODAY - timedelta(days=0)).isoformat()))

    answer = treasury.get("receivables")

    assert answer.status_code == 200, answer.content
    assert answer.json()["owed"] == usd("300.00")
    (row,) = answer.json()["rows"]
    assert row["donor_name"] == "The founder"
    assert answer.json()["top_donor_share"] == "1.0000"


def test_nobody_without_the_role_changes_a_promise(program, treasury, world):
    made = treasury.post("commitments", body(world)).json()

    for place, said in (
        ("default", {"reason": "x"}),
        ("write-off", {"board_note": "x"}),
        ("schedule", {"instalments": dated("300.00"), "reason": "x"}),
    ):
        answer = program(Role.AUDITOR).post(f"commitments/{made['id']}/{place}", said)
        assert answer.status_code == 403, (place, answer.content)
