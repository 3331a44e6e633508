"""Receipts and refunds over the API."""

import builders
import pytest
from calling import code_of

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.queries import books

USD = {"amount": "50.00", "currency": "USD"}


@pytest.fixture
def treasury(program):
    return program(Role.TREASURER_PREPARES)


@pytest.fixture
def releaser(program):
    return program(Role.TREASURER_RELEASES)


@pytest.fixture
def donor(world):
    return ids.public("don", builders.make_donor(world).id)


@pytest.fixture
def commitment(world):
    return ids.public("com", builders.make_commitment(world, builders.make_donor(world), 5_000).id)


def receipt(**changes):
    return {"amount": USD, "bank_reference": "FED-1", "received_on": "2023-09-18", **changes}


def place_of(answer):
    return answer["Location"].removeprefix("/api/v1/")


def confirmed(treasury, releaser, **shape):
    """A receipt that two people recorded and reconciled; where it stands."""
    place = place_of(treasury.post("receipts", receipt(**shape)))
    releaser.post(f"{place}/reconciliation")
    return place


def test_a_gift_counts_once_another_confirmed_it(treasury, releaser, donor, world):
    recorded = treasury.post("receipts", receipt(donor_id=donor, method="CHECK"))
    place = place_of(recorded)
    done = releaser.post(f"{place}/reconciliation")

    assert (recorded.status_code, recorded.json()["donor_id"], recorded.json()["method"]) == (
        201,
        donor,
        "CHECK",
    )
    assert (done.status_code, done.json()["state"]) == (200, "RECONCILED")
    assert books.available_cents(world.fund.id) == 4_900
    assert treasury.get(place).json() == done.json()


def test_unmatched_money_is_matched_by_another(program, treasury, releaser, commitment):
    place = confirmed(treasury, releaser, payer="J. Doe")
    assert treasury.get(place).json()["state"] == "UNMATCHED"
    own = treasury.post(f"{place}/match", {"commitment_id": commitment})
    done = releaser.post(f"{place}/match", {"commitment_id": commitment}, key="m")
    again = releaser.post(f"{place}/match", {"commitment_id": commitment}, key="m")
    late = releaser.post(f"{place}/match", {"commitment_id": commitment})

    assert (own.status_code, code_of(own)) == (403, "self_approval")
    assert (done.status_code, done.json()["state"], done.json()["commitment_id"]) == (
        200,
        "RECONCILED",
        commitment,
    )
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert (late.status_code, code_of(late)) == (409, "wrong_state")


def test_receipts_are_listed_by_what_is_asked(treasury, releaser, donor, commitment):
    confirmed(treasury, releaser, donor_id=donor)
    treasury.post("receipts", receipt(bank_reference="FED-2"))
    treasury.post("receipts", receipt(bank_reference="FED-3", commitment_id=commitment))

    def references(query):
        return [row["bank_reference"] for row in treasury.get(f"receipts?{query}").json()["data"]]

    assert references("") == ["FED-3", "FED-2", "FED-1"]
    assert references("state=RECONCILED,UNMATCHED") == ["FED-1"]
    assert references(f"donor_id={donor}") == ["FED-1"]
    assert references(f"commitment_id={commitment}") == ["FED-3"]
    assert references("import_id=imp_" + "0" * 32) == []
    assert treasury.get("receipts?state=GONE").status_code == 400


@pytest.mark.parametrize(
    ("day", "code"),
    [("1900-01-01", "too_early"), ("2020-09-17", "too_early"), ("2199-12-31", "in_future")],
)
def test_a_day_that_cannot_be_is_pointed_at(treasury, donor, commitment, day, code):
    for whose in ({"donor_id": donor}, {"commitment_id": commitment}, {}):
        answer = treasury.post("receipts", receipt(received_on=day, **whose))

        assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("#/received_on", code)]
    assert treasury.get("receipts").json()["data"] == []


def test_promises_and_money_of_the_years_before_the_fund_move_in_with_it(treasury, donor):
    sent = treasury.post("receipts", receipt(received_on="2020-09-18", donor_id=donor))

    assert sent.status_code == 201, sent.content


def test_a_bounce_says_what_is_missing(treasury, releaser, donor):
    place = confirmed(treasury, releaser, donor_id=donor)

    answer = treasury.post(f"{place}/bounce", {"reason": "Returned unpaid."})

    nothing = {"amount": "0.00", "currency": "USD"}
    assert (answer.status_code, answer.json()["state"]) == (200, "REVERSED")
    assert (answer.json()["uncovered"], answer.json()["deficit"]) == (nothing, nothing)
    assert code_of(treasury.post(f"{place}/bounce", {"reason": "Again."})) == "wrong_state"


def test_a_refund_takes_two_people(program, treasury, releaser, donor):
    place = confirmed(treasury, releaser, donor_id=donor)
    director = program(Role.DIRECTOR)
    half = {"amount": {"amount": "20.00", "currency": "USD"}, "reason": "Sent twice."}

    proposed = director.post(f"{place}/refunds", half)
    refund = place_of(proposed)
    alone = program(Role.TREASURER_RELEASES, owner=director.actor)
    own = alone.post(f"{refund}/decision", {"outcome": "MADE"})
    made = releaser.post(f"{refund}/decision", {"outcome": "MADE"})
    late = releaser.post(f"{refund}/decision", {"outcome": "REFUSED"})

    assert (proposed.status_code, proposed.json()["state"]) == (201, "PROPOSED")
    assert (own.status_code, code_of(own)) == (403, "self_approval")
    assert (made.status_code, made.json()["state"]) == (200, "MADE")
    assert (late.status_code, code_of(late)) == (409, "already_decided")
    assert treasury.get(place).json()["refunded"]["amount"] == "20.00"
    assert [row["state"] for row in treasury.get(f"{place}/refunds").json()["data"]] == ["MADE"]
    assert treasury.get(refund).json() == made.json()


def test_a_receipt_shows_its_letter_and_what_became_of_it(treasury, releaser, donor):
    place = confirmed(treasury, releaser, donor_id=donor)
    assert treasury.get(place).json()["letter"] is None
    letter = treasury.post(f"{place}/letters").json()
    stands = {"id": letter["id"], "number": 1, "state": "ISSUED", "void_reason": ""}
    assert treasury.get(place).json()["letter"] == stands

    bounced = treasury.post(f"{place}/bounce", {"reason": "Returned unpaid."})

    void = {**stands, "state": "VOID", "void_reason": "The bank took the money back."}
    assert bounced.json()["letter"] == void
    assert treasury.get(place).json()["letter"] == void
    assert [row["letter"] for row in treasury.get("receipts").json()["data"]] == [void]
    assert treasury.get(f"letters/{letter['id']}").json()["state"] == "VOID"


def test_a_refund_of_a_part_replaces_the_letter(program, treasury, releaser, donor):
    place = confirmed(treasury, releaser, donor_id=donor)
    treasury.post(f"{place}/letters")
    half = {"amount": {"amount": "20.00", "currency": "USD"}, "reason": "Sent twice."}
    refund = place_of(program(Role.DIRECTOR).post(f"{place}/refunds", half))

    releaser.post(f"{refund}/decision", {"outcome": "MADE"})

    shown = treasury.get(place).json()["letter"]
    assert (shown["number"], shown["state"]) == (2, "ISSUED")
    assert treasury.get(f"letters/{shown['id']}").json()["total"]["amount"] == "30.00"


def test_more_than_is_left_does_not_go_back(program, treasury, releaser, donor):
    place = confirmed(treasury, releaser, donor_id=donor)
    too_much = {"amount": {"amount": "50.01", "currency": "USD"}, "reason": "x"}

    answer = program(Role.DIRECTOR).post(f"{place}/refunds", too_much)

    assert (answer.status_code, [row["pointer"] for row in answer.json()["errors"]]) == (422, ["#/amount"])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"amount": {"amount": "0.00", "currency": "USD"}}, "#/amount/amount"),
        ({"amount": {"amount": "-5.00", "currency": "USD"}}, "#/amount/amount"),
        ({"amount": {"amount": "5.00", "currency": "EUR"}}, "#/amount/currency"),
        ({"bank_reference": ""}, "#/bank_reference"),
        ({"received_on": "0001-01-01"}, "#/received_on"),
        ({"received_on": "2123-01-01"}, "#/received_on"),
        ({"method": "GOLD"}, "#/method"),
        ({"restriction_id": "rst_" + "0" * 32}, "#/restriction_id"),
        ({"commitment_id": "com_" + "0" * 32, "donor_id": "don_" + "0" * 32}, "#/commitment_id"),
        ({"payer": "x" * 161}, "#/payer"),
    ],
)
def test_what_cannot_be_used_is_pointed_at(treasury, changes, pointer):
    answer = treasury.post("receipts", receipt(**changes))

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed")
    assert [row["pointer"] for row in answer.json()["errors"]] == [pointer]


def test_a_doubled_bank_reference_is_a_conflict(treasury):
    treasury.post("receipts", receipt())

    answer = treasury.post("receipts", receipt())

    assert (answer.status_code, code_of(answer)) == (409, "duplicate")


def test_a_reference_in_wide_letters_is_the_same_and_one_with_hidden_letters_is_refused(treasury):
    treasury.post("receipts", receipt())

    wide = treasury.post("receipts", receipt(bank_reference="ＦＥＤ－１"))
    hidden = treasury.post("receipts", receipt(bank_reference="FED\u200b-1"))

    assert (wide.status_code, code_of(wide)) == (409, "duplicate")
    assert (hidden.status_code, hidden.json()["errors"][0]["code"]) == (422, "unusable_text")


def test_money_moves_only_with_a_key(treasury):
    answer = treasury.post("receipts", receipt(), key=None)

    assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_missing")


def test_what_is_not_there_is_404(treasury, donor, program):
    unknown = "0" * 32
    director = program(Role.DIRECTOR)

    for answer in (
        treasury.get(f"receipts/rct_{unknown}"),
        treasury.get(f"refunds/rfd_{unknown}"),
        treasury.get(f"bank-fees/fee_{unknown}"),
        treasury.post(f"receipts/rct_{unknown}/match", {"donor_id": donor}),
        treasury.post(f"receipts/rct_{unknown}/bounce", {"reason": "x"}),
        director.post(f"receipts/rct_{unknown}/refunds", {"amount": USD, "reason": "x"}),
    ):
        assert (answer.status_code, code_of(answer)) == (404, "not_found")
