"""The calls that move money, each made ready anew for one point of the fault programme."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import builders
import casework
from builders import NOW, TODAY, World
from calling import give_token, make_client
from django.test import Client
from fault_ground import Call

from fundmgr.domain import ids
from fundmgr.domain.permissions import Role
from fundmgr.models import User
from fundmgr.services import receipts, refunds
from requests_app.api.awards import PAYEE_SENT
from requests_app.api.samples import REQUEST_SENT
from requests_app.models import Award
from requests_app.services import rounds

CENTS = 5_000
USD = {"amount": "50.00", "currency": "USD"}
HOURS = timedelta(hours=3)


@dataclass
class Callers:
    """A fund with money in it, and the headers of one who calls for each role."""

    world: World

    def __post_init__(self) -> None:
        """Put money in and give each role a program."""
        self.numbers = itertools.count(1)
        builders.put_money_in(self.world, 50_000_000, bank_reference="START")
        self.donor = builders.make_donor(self.world)
        self.tokens = {role: self._program(role) for role in Role}

    def _program(self, role: Role) -> dict[str, str]:
        _row, application = make_client(self.world, role)
        return {"Authorization": f"Bearer {give_token(application, lifetime=HOURS)}"}

    def person(self, role: Role) -> dict[str, str]:
        """The headers of a signed-in person of a role."""
        http = Client()
        http.force_login(User.objects.get(id=self.world.actor(role).person_id))
        form = "f" * 32
        cookies = f"sessionid={http.cookies['sessionid'].value}; csrftoken={form}"
        return {"Cookie": cookies, "X-CSRFToken": form}

    def call(self, role: Role, path: str, body: Any = None) -> Call:
        """A call by the program of a role."""
        return Call(path, body, self.tokens[role])

    def receipt(self) -> Any:
        """A receipt on record that nobody has confirmed."""
        return receipts.record(
            fund_id=self.world.fund.id,
            donor_id=self.donor.id,
            amount_cents=CENTS,
            bank_reference=f"B-{next(self.numbers)}",
            received_on=TODAY,
            by=self.world.actor(Role.TREASURER_PREPARES),
            now=NOW,
        )

    def reconciled(self) -> Any:
        """A receipt that counts."""
        row = self.receipt()
        return receipts.reconcile(receipt_id=row.id, by=self.world.actor(Role.TREASURER_RELEASES), now=NOW)

    def request(self) -> Any:
        """A request that was just filed."""
        number = next(self.numbers)
        return casework.file_request(self.world, CENTS, contact=f"worker-{number}@example.org")

    def proposed(self) -> Any:
        """A round over one request, put forward."""
        casework.make_eligible(self.world, [self.request()])
        by = self.world.actor(Role.DIRECTOR)
        return rounds.propose_rule(fund_id=self.world.fund.id, rule=casework.EQUAL, by=by, now=NOW)

    def award(self) -> Award:
        """An award that its worker has not accepted."""
        row = self.proposed()
        rounds.approve(round_id=row.id, result_digest=None, by=self.world.actor(Role.APPROVER), now=NOW)
        return Award.objects.get(round=row)

    def accepted(self) -> Award:
        """An award that its worker has accepted."""
        award = self.award()
        casework.choose_bank(self.world, award, account=f"{next(self.numbers):09d}")
        return award

    def batch(self) -> Any:
        """A batch of one payout."""
        return casework.build(self.world, award_ids=[self.accepted().id])

    def released(self) -> Any:
        """A payout on its way."""
        return casework.release(self.world, self.batch()).payouts.get()


def _public(prefix: str, row: Any) -> str:
    return ids.public(prefix, row.id)


def _record(by: Callers) -> Call:
    body = {"amount": USD, "bank_reference": f"R-{next(by.numbers)}", "received_on": "2023-09-18"}
    body["donor_id"] = _public("don", by.donor)
    return by.call(Role.TREASURER_PREPARES, "receipts", body)


def _pledge(by: Callers) -> Call:
    body = {"donor_id": _public("don", by.donor), "amount": USD, "pledged_on": "2023-09-18"}
    return by.call(Role.TREASURER_PREPARES, "commitments", body)


def _refund(by: Callers) -> Call:
    row = refunds.propose(
        receipt_id=by.reconciled().id,
        amount_cents=CENTS,
        reason="The donor asked.",
        by=by.world.actor(Role.DIRECTOR),
        now=NOW,
    )
    path = f"refunds/{_public('rfd', row)}/decision"
    return by.call(Role.TREASURER_RELEASES, path, {"outcome": "MADE"})


def _file(by: Callers) -> Call:
    contact = {"email": f"new-{next(by.numbers)}@example.org"}
    return by.call(Role.INTAKE, "requests", {**REQUEST_SENT, "contact": contact})


def _approve(by: Callers) -> Call:
    row = by.proposed()
    path = f"rounds/{_public('rnd', row)}/approvals"
    return by.call(Role.APPROVER, path, {"result_digest": row.result_digest})


def _release(by: Callers) -> Call:
    path = f"batches/{_public('bat', by.batch())}/release"
    return Call(path, None, by.person(Role.TREASURER_RELEASES))


# By the function that the faults are counted in; a step of each is a statement that it sends.
MOVES: dict[str, Callable[[Callers], Call]] = {
    "receipts.record": _record,
    "receipts.reconcile": lambda by: by.call(
        Role.TREASURER_RELEASES, f"receipts/{_public('rct', by.receipt())}/reconciliation"
    ),
    "receipts.bounce": lambda by: by.call(
        Role.TREASURER_PREPARES, f"receipts/{_public('rct', by.reconciled())}/bounce", {"reason": "Unpaid."}
    ),
    "refunds.make": _refund,
    "commitments.make": _pledge,
    "intake.submit": _file,
    "rounds.approve": _approve,
    # Only the helper who filed the request may say how its worker is paid.
    "awards.choose_payee": lambda by: Call(
        f"awards/{_public('awd', by.award())}/payee", PAYEE_SENT, by.person(Role.INTAKE)
    ),
    "payouts.build_batch": lambda by: by.call(
        Role.TREASURER_PREPARES, "batches", {"award_ids": [_public("awd", by.accepted())]}
    ),
    "payouts.release": _release,
    "payouts.settle": lambda by: by.call(
        Role.TREASURER_PREPARES, f"payouts/{_public('pay', by.released())}/settlement"
    ),
    "payouts.record_return": lambda by: by.call(
        Role.TREASURER_PREPARES, f"payouts/{_public('pay', by.released())}/return", {"code": "R03"}
    ),
}
