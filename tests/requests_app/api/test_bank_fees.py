"""Bank fees over the API."""

import builders
from calling import code_of

from fundmgr.domain.permissions import Role
from fundmgr.queries import books

FEE = {
    "amount": {"amount": "25.00", "currency": "USD"},
    "bank_reference": "FEE-1",
    "charged_on": "2023-09-18",
}


def test_a_fee_is_recorded_listed_and_read(program, world):
    builders.put_money_in(world, 100_000)
    releaser = program(Role.TREASURER_RELEASES)

    answer = releaser.post("bank-fees", FEE)

    assert answer.status_code == 201
    assert books.available_cents(world.fund.id) == 95_500
    assert releaser.get("bank-fees").json()["data"] == [answer.json()]
    assert releaser.get(answer["Location"].removeprefix("/api/v1/")).json() == answer.json()
    assert code_of(releaser.post("bank-fees", FEE)) == "duplicate"


def test_a_fee_does_not_take_promised_money(program):
    answer = program(Role.TREASURER_RELEASES).post("bank-fees", FEE)

    assert (answer.status_code, code_of(answer)) == (409, "insufficient_funds")


def test_the_preparing_treasurer_enters_no_fee(program):
    answer = program(Role.TREASURER_PREPARES).post("bank-fees", FEE)

    assert (answer.status_code, code_of(answer)) == (403, "forbidden")
