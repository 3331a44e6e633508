"""Awards over the API: the program that filed a request says where its worker wants the money."""

import builders
import pytest
from calling import code_of

from fundmgr.domain.permissions import Role
from requests_app.api.awards import PAYEE_SENT
from requests_app.api.samples import REQUEST_SENT
from requests_app.models import PayeeAccount
from requests_app.services import rounds


@pytest.fixture
def intake(program):
    return program(Role.INTAKE)


@pytest.fixture
def award(intake, program, world):
    """The award of a request that the intake program filed."""
    builders.put_money_in(world, 500_000)
    request = intake.post("requests", REQUEST_SENT).json()["id"]
    decision = (
        program(Role.REVIEWER).post(f"requests/{request}/decisions", {"is_eligible": True}).json()["id"]
    )
    program(Role.APPROVER).post(f"decisions/{decision}/approval", {})
    row = rounds.propose_rule(
        fund_id=world.fund.id,
        rule={"version": 1, "rule": "queue"},
        by=world.actor(Role.DIRECTOR),
        now=builders.NOW,
    )
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=builders.NOW)
    return intake.get(f"requests/{request}").json()["awards"][0]["id"]


def test_the_first_choice_accepts_the_award(intake, award):
    chosen = intake.post(f"awards/{award}/payee", PAYEE_SENT, key="p")
    again = intake.post(f"awards/{award}/payee", PAYEE_SENT, key="p")

    assert (chosen.status_code, chosen.json()["award_state"]) == (200, "COMMITTED"), chosen.content
    assert (chosen.json()["method"], chosen.json()["last4"]) == ("BANK", "6789")
    assert PAYEE_SENT["account_number"] not in chosen.content.decode()
    assert (again.json(), again["Idempotent-Replayed"]) == (chosen.json(), "true")
    assert intake.get(f"awards/{award}").json()["state"] == "COMMITTED"
    assert PayeeAccount.objects.count() == 1


def test_an_award_is_declined(intake, award):
    answer = intake.post(f"awards/{award}/decline")

    assert (answer.status_code, answer.json()["state"]) == (200, "DECLINED"), answer.content


def test_nobody_else_chooses_for_the_worker(program, award):
    for role in (Role.INTAKE, Role.TREASURER_PREPARES, Role.DIRECTOR, Role.REVIEWER):
        answer = program(role).post(f"awards/{award}/payee", PAYEE_SENT)

        assert (answer.status_code, code_of(answer)) == (404, "not_found"), role


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"method": "CASH"}, "#/method"),
        ({"method": "BANK_TRANSFER"}, "#/method"),
        ({"method": None}, "#/method"),
        ({"routing_number": "021000022"}, "#/routing_number"),
        ({"routing_number": "٠٢١٠٠٠٠٢١"}, "#/routing_number"),
        ({"account_number": "12"}, "#/account_number"),
        ({"account_number": 123456}, "#/account_number"),
        ({"name_on_account": ""}, "#/name_on_account"),
        ({"name_on_account": "a\u202eb"}, "#/name_on_account"),
        ({"name_on_account": "🙂 1"}, "#/name_on_account"),
        ({"method": "CHECK", "address": ""}, "#/address"),
        ({"iban": "x"}, "#/iban"),
    ],
)
def test_what_cannot_be_used_is_pointed_at(intake, award, changes, pointer):
    answer = intake.post(f"awards/{award}/payee", {**PAYEE_SENT, **changes})

    assert (answer.status_code, code_of(answer)) == (422, "validation_failed"), answer.content
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
